"""What there is to say against a location and its pods (plume.md 7.1, 7.2); `verdict` weighs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.areas.network.model import Alert, Connection, Health, Node, ServiceLevel
from core.message import Message, _
from core.units import Severity

__all__ = ["HEALTH_FINDINGS", "Finding", "node_findings", "node_name", "service_findings"]

HEALTH_FINDINGS = {Health.FAIR: _("fair health"), Health.POOR: _("poor health")}
"""The health words that count against a pod, and how they are said."""

_ALERT_NAMES = {"poorhealth": _("poor health"), "highinterference": _("high interference")}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth saying about a location.

    `subject` is the id of the pod it is about, or empty for the location as a whole. A counted finding's
    severity is the verdict it asks for by itself: WARNING for YELLOW, SERIOUS for ORANGE. One that isn't
    counted is only shown: IDLE (dim) for a muted alert, NOTICE for an alert on a disconnected pod, UNKNOWN
    for a health word that we don't know.
    """

    severity: Severity
    subject: str
    text: Message
    counted: bool = True


def service_findings(level: ServiceLevel) -> Iterator[Finding]:
    """What the commercial state of the location has against it; full and unknown service have nothing."""
    if level is ServiceLevel.NONE:
        yield Finding(Severity.SERIOUS, "", _("Service suspended: Wi-Fi is stopped by the operator"))
    elif level is ServiceLevel.BASIC:
        text = _("Basic service: adaptive and security features are off")
        yield Finding(Severity.WARNING, "", text)


def node_findings(node: Node) -> Iterator[Finding]:
    """What a pod has against it. A fair pod with one alert has two findings (plume.md 7.1)."""
    pod = node_name(node)
    if node.connection is Connection.DISCONNECTED:
        yield Finding(Severity.SERIOUS, node.id, _("{pod}: disconnected", pod=pod))
    elif node.connection is Connection.UNKNOWN:
        unknown = _("{pod}: connection state unknown", pod=pod)
        if node.word:
            unknown = _("{pod}: connection state “{word}” is not known", pod=pod, word=node.word)
        yield Finding(Severity.WARNING, node.id, unknown)
    else:
        yield from _health_findings(node, pod)
    for alert in node.alerts:
        yield _alert_finding(node, pod, alert)


def _health_findings(node: Node, pod: str) -> Iterator[Finding]:
    if node.health in HEALTH_FINDINGS:
        text = _("{pod}: {health}", pod=pod, health=HEALTH_FINDINGS[node.health])
        yield Finding(Severity.WARNING, node.id, text)
    elif node.health is Health.UNKNOWN:
        text = _("{pod}: health “{word}” is not known", pod=pod, word=node.health_word or "?")
        yield Finding(Severity.UNKNOWN, node.id, text, counted=False)


def _alert_finding(node: Node, pod: str, alert: Alert) -> Finding:
    known = _ALERT_NAMES.get(alert.type.casefold())
    name: Message | str = known or alert.type or _("without a name")
    if alert.muted:
        return Finding(
            Severity.IDLE, node.id, _("{pod}: muted alert: {alert}", pod=pod, alert=name), counted=False
        )
    text = _("{pod}: alert: {alert}", pod=pod, alert=name)
    if node.connection is Connection.DISCONNECTED:
        return Finding(Severity.NOTICE, node.id, text, counted=False)
    return Finding(Severity.WARNING, node.id, text)


def node_name(node: Node) -> str:
    """What to call a pod: its name, or its id where it has none."""
    return node.name or node.id
