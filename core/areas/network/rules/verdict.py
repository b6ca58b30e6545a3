"""How a location is doing: the health verdict, its findings and the mark of each pod (plume.md 7).

The verdict is decided in one order: UNKNOWN (no data), RED, ORANGE, YELLOW, GREEN. With complete and plain
data it equals the public rule (7.1); where the two differ, 7.2 holds.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from core.areas.network.model import Connection, Health, Location, Node, ServiceLevel
from core.areas.network.rules.findings import (
    HEALTH_FINDINGS,
    Finding,
    node_findings,
    node_name,
    service_findings,
)
from core.message import Message, _, plural
from core.page import Freshness
from core.units import Severity, State

__all__ = ["Assessment", "Verdict", "assess", "backhaul_label", "node_state", "severity_rank"]


class Verdict(enum.Enum):
    """How a location is doing, in one word.

    - UNKNOWN, said as UNKNOWN: nothing current is known; this is neither good nor bad news.
    - GREEN, OPERATIONAL: every pod is connected and nothing counts against the location.
    - YELLOW, DEGRADED: every pod that we can read is connected, and something wants a look.
    - ORANGE, PODS DOWN: some pods are down while others serve, or the service is suspended
      (then `Assessment.state` says SUSPENDED).
    - RED, OFFLINE: no pod is known to be connected.
    """

    UNKNOWN = "unknown"
    GREEN = "green"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def state(self) -> State:
        """The severity and the word shown for it."""
        return _STATES[self]


_STATES = {
    Verdict.UNKNOWN: State(Severity.UNKNOWN, _("UNKNOWN")),
    Verdict.GREEN: State(Severity.GOOD, _("OPERATIONAL")),
    Verdict.YELLOW: State(Severity.WARNING, _("DEGRADED")),
    Verdict.ORANGE: State(Severity.SERIOUS, _("PODS DOWN")),
    Verdict.RED: State(Severity.CRITICAL, _("OFFLINE")),
}
_SUSPENDED = State(Severity.SERIOUS, _("SUSPENDED"))
_CONTRADICTORY = State(Severity.NOTICE, _("CONTRADICTORY DATA"))
_NO_CURRENT_DATA = frozenset({Freshness.UNKNOWN, Freshness.NEVER})


@dataclass(frozen=True, slots=True)
class Assessment:
    """The verdict on a location and what it rests on.

    `findings` come worst first, the uncounted ones last. `pods_affected` counts distinct pods with a
    counted finding. `devices` is the number of connected devices, `None` when nobody reports it.
    `contradictory` means that the gateway is said to be down while a pod behind it is said to be connected.
    Without a readable list of pods `pods_known` is false and the three counts say nothing. When the verdict
    is UNKNOWN because the data is old, everything else still describes the last data received: show its age.
    """

    verdict: Verdict
    headline: Message
    findings: tuple[Finding, ...]
    pods: int
    pods_online: int
    pods_affected: int
    devices: int | None
    suspended: bool
    contradictory: bool
    pods_known: bool = True

    @property
    def state(self) -> State:
        """The verdict's state; its word is SUSPENDED where the suspension alone made it ORANGE."""
        if self.verdict is Verdict.ORANGE and self.suspended and not _pods_down(self.findings):
            return _SUSPENDED
        return self.verdict.state

    @property
    def badges(self) -> tuple[State, ...]:
        """What is shown beside the verdict, whatever it is."""
        suspended = (_SUSPENDED,) if self.suspended else ()
        return (*suspended, _CONTRADICTORY) if self.contradictory else suspended

    @property
    def open_findings(self) -> int:
        """How many findings count."""
        return sum(finding.counted for finding in self.findings)


def assess(location: Location | None, nodes: Sequence[Node] | None, freshness: Freshness) -> Assessment:
    """The verdict on a location (plume.md 7.2).

    `nodes` is `None` when the list of pods could not be read, which is not the same as an empty list.
    Without a `location` its service level is unknown, which does not lower the verdict. Stale data still
    gives a verdict; data older than three polls does not.
    """
    level = ServiceLevel.UNKNOWN if location is None else location.service_level
    pods = tuple(nodes or ())
    found = [*service_findings(level), *(finding for node in pods for finding in node_findings(node))]
    findings = tuple(sorted(found, key=lambda finding: (not finding.counted, -finding.severity)))
    lost_gateway = _lost_gateway(pods)
    verdict = _verdict(None if nodes is None else pods, freshness, findings)
    return Assessment(
        verdict=verdict,
        headline=_headline(verdict, None if nodes is None else pods, freshness, findings, lost_gateway),
        findings=findings,
        pods=len(pods),
        pods_online=_count(pods, Connection.CONNECTED),
        pods_affected=_affected(findings),
        devices=_devices(location, pods),
        suspended=level is ServiceLevel.NONE,
        contradictory=lost_gateway is not None,
        pods_known=nodes is not None,
    )


def node_state(node: Node) -> State:
    """The mark of a pod's line: red when not connected, yellow when its health is fair or poor.

    Alerts do not change the mark (plume.md 7.1); they stand among the findings. A word that we don't know,
    for the connection or for the health, is shown as it came under a neutral mark (7.2).
    """
    if node.connection is Connection.DISCONNECTED:
        return State(Severity.CRITICAL, _("offline"))
    if node.connection is Connection.UNKNOWN:
        return State(Severity.UNKNOWN, node.word or _("unknown"))
    if node.health in HEALTH_FINDINGS:
        return State(Severity.WARNING, HEALTH_FINDINGS[node.health])
    if node.health is Health.UNKNOWN:
        return State(Severity.UNKNOWN, node.health_word or _("unknown health"))
    return State(Severity.GOOD, _("online"))


def backhaul_label(node: Node) -> Message | None:
    """How the pod reaches the gateway, in words (plume.md 7.1); `None` when that isn't reported."""
    word = node.backhaul.casefold()
    if not word:
        return None
    if word == "wifi":
        return _("Mesh")
    return _("Ethernet") if word == "ethernet" else _("{word}", word=node.backhaul.capitalize())


def severity_rank(assessment: Assessment) -> tuple[int, int, int]:
    """A sorting key for fleets that puts the worst first.

    By verdict (RED, ORANGE, YELLOW, UNKNOWN, GREEN: what is known to be bad comes before what isn't
    known), then by pods affected, then by counted findings.
    """
    severity = assessment.verdict.state.severity
    return (-severity, -assessment.pods_affected, -assessment.open_findings)


def _verdict(pods: Sequence[Node] | None, freshness: Freshness, findings: Sequence[Finding]) -> Verdict:
    if pods is None or freshness in _NO_CURRENT_DATA:
        return Verdict.UNKNOWN
    if pods and _count(pods, Connection.UNKNOWN) == len(pods):
        return Verdict.UNKNOWN
    if not _count(pods, Connection.CONNECTED):
        return Verdict.RED
    worst = max((finding.severity for finding in findings if finding.counted), default=Severity.GOOD)
    if worst >= Severity.SERIOUS:
        return Verdict.ORANGE
    return Verdict.YELLOW if worst >= Severity.WARNING else Verdict.GREEN


def _headline(
    verdict: Verdict,
    pods: Sequence[Node] | None,
    freshness: Freshness,
    findings: Sequence[Finding],
    lost_gateway: Node | None,
) -> Message:
    if verdict is Verdict.UNKNOWN or pods is None:
        return _headline_unknown(pods, freshness)
    if verdict is Verdict.RED:
        return _headline_red(pods)
    if verdict is Verdict.ORANGE:
        return _headline_orange(pods, lost_gateway)
    if verdict is Verdict.YELLOW:
        return _headline_yellow(findings)
    return plural("All operational: {count} pod online", "All operational: {count} pods online", len(pods))


def _headline_unknown(pods: Sequence[Node] | None, freshness: Freshness) -> Message:
    if freshness is Freshness.NEVER:
        return _("No data yet")
    if freshness is Freshness.UNKNOWN:
        return _("No current data: three polls or more were missed")
    if pods is None:
        return _("The list of pods could not be read")
    return plural(
        "The state of the only pod is unknown", "The states of all {count} pods are unknown", len(pods)
    )


def _headline_red(pods: Sequence[Node]) -> Message:
    if not pods:
        return _("No pods at this location")
    unknown = _count(pods, Connection.UNKNOWN)
    if unknown:
        return _(
            "Offline: pods disconnected: {down}, unknown: {unknown}",
            down=len(pods) - unknown,
            unknown=unknown,
        )
    return plural(
        "Offline: the only pod is disconnected", "Offline: all {count} pods disconnected", len(pods)
    )


def _headline_orange(pods: Sequence[Node], lost_gateway: Node | None) -> Message:
    if lost_gateway is not None:
        return plural(
            "Gateway {gateway} is disconnected, yet {count} pod says it is connected",
            "Gateway {gateway} is disconnected, yet {count} pods say they are connected",
            _count(pods, Connection.CONNECTED),
            gateway=node_name(lost_gateway),
        )
    down = _count(pods, Connection.DISCONNECTED)
    if not down:
        return _("Service suspended")
    return plural(
        "Online, {count} of {pods} pods disconnected",
        "Online, {count} of {pods} pods disconnected",
        down,
        pods=len(pods),
    )


def _headline_yellow(findings: Sequence[Finding]) -> Message:
    affected = _affected(findings)
    if not affected:
        return _("Online with basic service only")
    return plural(
        "Online, {count} finding, pods affected: {pods}",
        "Online, {count} findings, pods affected: {pods}",
        sum(finding.counted for finding in findings),
        pods=affected,
    )


def _lost_gateway(pods: Sequence[Node]) -> Node | None:
    """The gateway that is down although a pod, and no other gateway, says it is connected."""
    gateways = [node for node in pods if node.gateway]
    if _count(gateways, Connection.CONNECTED) or not _count(pods, Connection.CONNECTED):
        return None
    return next((node for node in gateways if node.connection is Connection.DISCONNECTED), None)


def _devices(location: Location | None, pods: Sequence[Node]) -> int | None:
    """The cloud's own total, else the sum over the connected pods that report one (plume.md 4.9)."""
    if location is not None and location.connected_devices is not None:
        return location.connected_devices
    connected = [node.connected_devices for node in pods if node.connection is Connection.CONNECTED]
    reported = [count for count in connected if count is not None]
    return sum(reported) if reported else None


def _pods_down(findings: Sequence[Finding]) -> bool:
    return any(
        finding.counted and finding.subject and finding.severity >= Severity.SERIOUS for finding in findings
    )


def _affected(findings: Sequence[Finding]) -> int:
    return len({finding.subject for finding in findings if finding.counted and finding.subject})


def _count(pods: Sequence[Node], connection: Connection) -> int:
    return sum(node.connection is connection for node in pods)
