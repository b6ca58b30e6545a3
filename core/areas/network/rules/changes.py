"""What a new poll of a location means: the events between two states of it.

Pure: the collector hands over what was known and what is known now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.areas.network.model import Connection, Location, Node, OnlineWord, ServiceLevel, SpeedTest
from core.areas.network.rules.labels import service_state
from core.areas.network.rules.online import Incident, OnlineAnalysis
from core.areas.network.rules.verdict import Assessment, Verdict
from core.event import Event
from core.message import Message, _
from core.moment import to_epoch
from core.units import Quantity, Severity, Unit

__all__ = [
    "RECOVERY_MARGIN",
    "SATURATION_KINDS",
    "VERDICT_CHANGED",
    "outage_events",
    "pod_events",
    "saturation_events",
    "service_events",
    "speed_test_events",
    "verdict_events",
]

RECOVERY_MARGIN = 15.0
"""Percentage points below the threshold at which a saturated line counts as recovered."""

VERDICT_CHANGED = "network.verdict.changed"
"""The kind of event that tells of another verdict."""

_LINE_SATURATED = "network.wan.saturated"
_LINE_RECOVERED = "network.wan.recovered"
SATURATION_KINDS = (_LINE_SATURATED, _LINE_RECOVERED)
"""The kinds of event that say whether a line is full."""


def pod_events(
    location: Location, before: Sequence[Node], after: Sequence[Node], *, since: datetime, at: datetime
) -> list[Event]:
    """Pods that went offline or came back. A pod seen for the first time is no news.

    `since` and `at` are the polls before and after: a change that the cloud dates outside of them is
    dated `at`.
    """
    known = {node.id: node for node in before}
    events: list[Event] = []
    for node in after:
        old = known.get(node.id)
        if old is None or old.connection is node.connection:
            continue
        dated = node.changed_at is not None and since <= node.changed_at <= at
        when = node.changed_at if dated and node.changed_at is not None else at
        kind, severity, title = _pod_news(node, location.name or location.id)
        facts = {"location": location.id, "pod": node.id}
        events.append(Event(kind, "network", f"location:{location.id}", severity, title, when, facts))
    return events


def _pod_news(node: Node, location: str) -> tuple[str, Severity, Message]:
    """The kind, severity and title of the event that a pod's new state is."""
    if node.connection is Connection.CONNECTED:
        kind = "network.gateway.online" if node.gateway else "network.pod.online"
        return kind, Severity.GOOD, _("Pod {pod} is back at {location}", pod=node.name, location=location)
    if node.connection is Connection.UNKNOWN:
        title = _("Pod {pod} at {location}: state unknown", pod=node.name, location=location)
        return "network.pod.unknown", Severity.NOTICE, title
    if node.gateway:
        title = _("Gateway {pod} went offline at {location}", pod=node.name, location=location)
        return "network.gateway.offline", Severity.CRITICAL, title
    title = _("Pod {pod} went offline at {location}", pod=node.name, location=location)
    return "network.pod.offline", Severity.SERIOUS, title


def verdict_events(
    location: Location, before: Verdict | None, after: Assessment, at: datetime
) -> list[Event]:
    """The location's verdict turned to another.

    `before` is the last that was known; without one, all but an operational location is news. That a
    verdict can't be given for a while is none.
    """
    if after.verdict in (before or Verdict.GREEN, Verdict.UNKNOWN):
        return []
    title = _("{location}: {headline}", location=location.name or location.id, headline=after.headline)
    facts = {
        "location": location.id,
        "before": (before or Verdict.UNKNOWN).name,
        "after": after.verdict.name,
    }
    severity = after.state.severity
    return [Event(VERDICT_CHANGED, "network", f"location:{location.id}", severity, title, at, facts)]


def service_events(before: Location | None, after: Location, at: datetime) -> list[Event]:
    """The operator changed the location's service level."""
    if before is None or before.service_level is after.service_level:
        return []
    if ServiceLevel.UNKNOWN in (before.service_level, after.service_level):
        return []
    state = service_state(after.service_level)
    assert state is not None
    title = _("Service at {location} is now: {level}", location=after.name or after.id, level=state.word)
    facts = {"location": after.id, "before": before.service_level.value, "after": after.service_level.value}
    subject = f"location:{after.id}"
    return [Event("network.service.changed", "network", subject, state.severity, title, at, facts)]


def saturation_events(
    location: Location, percent: float, threshold: float, last_kind: str | None, at: datetime
) -> list[Event]:
    """The line filled up, or has room again, with hysteresis; `last_kind` is the last such event's kind."""
    subject, name = f"location:{location.id}", location.name or location.id
    facts = {"location": location.id, "percent": round(percent, 1)}
    amount = Quantity(percent, Unit.PERCENT, 0)
    if percent >= threshold and last_kind != _LINE_SATURATED:
        title = _("The line at {location} is saturated: {percent} in use", location=name, percent=amount)
        return [Event(_LINE_SATURATED, "network", subject, Severity.WARNING, title, at, facts)]
    if percent <= threshold - RECOVERY_MARGIN and last_kind == _LINE_SATURATED:
        title = _("The line at {location} has room again: {percent} in use", location=name, percent=amount)
        return [Event(_LINE_RECOVERED, "network", subject, Severity.GOOD, title, at, facts)]
    return []


def speed_test_events(location: Location, test: SpeedTest, at: datetime) -> list[Event]:
    """A speed test finished; each is told of once."""
    ended = test.ended_at or at
    if test.succeeded and test.download is not None and test.upload is not None:
        title = _(
            "Speed test at {location}: {download} down, {upload} up",
            location=location.name or location.id,
            download=Quantity(test.download, Unit.MEGABIT_PER_SECOND),
            upload=Quantity(test.upload, Unit.MEGABIT_PER_SECOND),
        )
        severity = Severity.GOOD
    else:
        title, severity = (
            _("A speed test at {location} failed", location=location.name or location.id),
            Severity.NOTICE,
        )
    key = f"network.speed_test:{location.id}:{to_epoch(ended)}"
    facts = {
        "location": location.id,
        "download": test.download,
        "upload": test.upload,
        "latency": test.latency,
    }
    subject = f"location:{location.id}"
    return [Event("network.speed_test.finished", "network", subject, severity, title, ended, facts, key)]


def outage_events(location: Location, analysis: OnlineAnalysis, since: datetime) -> list[Event]:
    """Outages of the whole location that began or ended after `since`; each is told of once."""
    events: list[Event] = []
    for incident in analysis.incidents:
        key = f"network.outage:{location.id}:{to_epoch(incident.start)}"
        if incident.start > since and not incident.open_at_start:
            title = _("{location} lost its connection", location=location.name or location.id)
            began = "network.outage.began"
            events.append(_outage_event(location, began, Severity.CRITICAL, title, incident.start, key))
        back = _back_online(incident, analysis)
        if back is not None and back > since:
            title = _("{location} is connected again", location=location.name or location.id)
            ended = "network.outage.ended"
            events.append(_outage_event(location, ended, Severity.GOOD, title, back, f"{key}:end"))
    return events


def _back_online(incident: Incident, analysis: OnlineAnalysis) -> datetime | None:
    """When the location was seen online after an incident: at its end, or after the gap that hid it."""
    if incident.end is None or not incident.ended_in_gap:
        return incident.end
    later = (each.start for each in analysis.stretches if each.word is OnlineWord.ONLINE)
    return next((start for start in later if start >= incident.end), None)


def _outage_event(
    location: Location, kind: str, severity: Severity, title: Message, at: datetime, key: str
) -> Event:
    subject = f"location:{location.id}"
    return Event(kind, "network", subject, severity, title, at, {"location": location.id}, key)
