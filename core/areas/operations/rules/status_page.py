"""What the status page says as a whole, and of incidents (operations.md 7.2 and 7.4)."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.areas.operations.model_components import ComponentState, PageComponent, StatusPageLayout
from core.areas.operations.rules.redaction import public_text
from core.event import Event, RecordedEvent
from core.message import Message, _
from core.units import Severity, State

__all__ = [
    "HISTORY",
    "INCIDENT_KINDS",
    "Impact",
    "PublicIncident",
    "PublicStatus",
    "PublicUpdate",
    "headline",
    "impact_of",
    "public_incidents",
    "shown_incidents",
]

HISTORY = timedelta(days=14)
"""How long a resolved incident or finished maintenance stays on the page."""

INCIDENT_KINDS = tuple(
    f"incident.{word}"
    for word in (
        "opened",
        "acknowledged",
        "mitigated",
        "changed",
        "resolved",
        "reopened",
        "closed",
        "cancelled",
        "merged",
        "published",
        "escalated",
    )
)
"""The events that incidents are known by."""

_ALL = {
    ComponentState.MAJOR_OUTAGE: State(Severity.CRITICAL, _("Major System Outage")),
    ComponentState.PARTIAL_OUTAGE: State(Severity.SERIOUS, _("Partial System Outage")),
    ComponentState.DEGRADED_PERFORMANCE: State(Severity.WARNING, _("Degraded System Service")),
    ComponentState.UNDER_MAINTENANCE: State(Severity.NOTICE, _("System Under Maintenance")),
}
_SOME = {
    ComponentState.MAJOR_OUTAGE: State(Severity.SERIOUS, _("Partial System Outage")),
    ComponentState.PARTIAL_OUTAGE: State(Severity.WARNING, _("Minor Service Outage")),
    ComponentState.DEGRADED_PERFORMANCE: State(Severity.NOTICE, _("Partially Degraded Service")),
    ComponentState.UNDER_MAINTENANCE: State(Severity.NOTICE, _("Service Under Maintenance")),
}
_FIRST_MATCH = (
    ComponentState.MAJOR_OUTAGE,
    ComponentState.PARTIAL_OUTAGE,
    ComponentState.DEGRADED_PERFORMANCE,
    ComponentState.UNDER_MAINTENANCE,
)
_OPERATIONAL = State(Severity.GOOD, _("All Systems Operational"))
_UNKNOWN = State(Severity.UNKNOWN, _("Status Not Known"))


class Impact(enum.Enum):
    """What users notice of an incident, which is not how urgently we respond to it."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"

    @property
    def state(self) -> State:
        """The impact with its colour and word."""
        return _IMPACTS[self]


_IMPACTS = {
    Impact.NONE: State(Severity.IDLE, _("no impact")),
    Impact.MINOR: State(Severity.NOTICE, _("minor impact")),
    Impact.MAJOR: State(Severity.WARNING, _("major impact")),
    Impact.CRITICAL: State(Severity.CRITICAL, _("critical impact")),
}

_IMPACT_OF = {
    ComponentState.DEGRADED_PERFORMANCE: Impact.MINOR,
    ComponentState.PARTIAL_OUTAGE: Impact.MAJOR,
    ComponentState.MAJOR_OUTAGE: Impact.CRITICAL,
}


class PublicStatus(enum.Enum):
    """How far an incident is, in the public's words."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"

    @property
    def active(self) -> bool:
        """Whether it still goes on."""
        return self not in (PublicStatus.RESOLVED, PublicStatus.POSTMORTEM)

    @property
    def word(self) -> Message:
        """The word for it."""
        return _PUBLIC_WORDS[self]


_PUBLIC_WORDS = {
    PublicStatus.INVESTIGATING: _("investigating"),
    PublicStatus.IDENTIFIED: _("identified"),
    PublicStatus.MONITORING: _("monitoring"),
    PublicStatus.RESOLVED: _("resolved"),
    PublicStatus.POSTMORTEM: _("post-mortem published"),
}


@dataclass(frozen=True, slots=True)
class PublicUpdate:
    """What was told of an incident at a moment."""

    at: datetime
    status: PublicStatus
    text: str


@dataclass(frozen=True, slots=True)
class PublicIncident:
    """An incident as everybody may know it. `key` tells incidents of one page apart and is no internal id."""

    key: str
    title: Message | str
    status: PublicStatus
    impact: Impact
    components: tuple[PageComponent, ...]
    since: datetime
    updated_at: datetime
    false_alarm: bool = False
    updates: tuple[PublicUpdate, ...] = ()

    @property
    def active(self) -> bool:
        """Whether it still goes on."""
        return self.status.active and not self.false_alarm


@dataclass(frozen=True, slots=True)
class _Told:
    """What the events said of one incident so far."""

    since: datetime
    updated_at: datetime
    facts: Mapping[str, object]
    kind: str
    was_public: bool
    updates: tuple[PublicUpdate, ...] = ()


def headline(states: Sequence[ComponentState | None]) -> State:
    """The page's one label; the first rule that matches (operations.md 7.2).

    "All" means every component: one whose state isn't known keeps it from being all of them.
    """
    known = [state for state in states if state is not None]
    if not known:
        return _UNKNOWN
    for state in _FIRST_MATCH:
        if all(each is state for each in states):
            return _ALL[state]
        if state in known:
            return _SOME[state]
    return _OPERATIONAL


def impact_of(states: Iterable[ComponentState | None]) -> Impact:
    """What the worst affected component comes to."""
    worst = max((each for each in states if each is not None), key=lambda each: each.badness, default=None)
    return Impact.NONE if worst is None else _IMPACT_OF.get(worst, Impact.NONE)


def public_incidents(
    events: Iterable[RecordedEvent],
    layout: StatusPageLayout,
    states: Mapping[str, ComponentState | None],
) -> tuple[PublicIncident, ...]:
    """The incidents customers may know of, out of the events about them, newest first.

    Of an event only what is meant for the public is taken. One without a public title is named by its
    impact. Merged ones are told by the incident they were merged into.
    """
    told: dict[str, _Told] = {}
    for recorded in sorted(events, key=lambda each: each.number):
        id_ = str(recorded.event.facts.get("id") or recorded.event.subject)
        told[id_] = _heard(told.get(id_), recorded)
    found = [
        _public(f"incident{number}", each, layout, states)
        for number, each in enumerate(told.values(), 1)
        if each.was_public and each.kind != "incident.merged"
    ]
    return tuple(sorted(found, key=lambda each: each.since, reverse=True))


def shown_incidents(
    incidents: Iterable[PublicIncident], now: datetime
) -> tuple[tuple[PublicIncident, ...], tuple[PublicIncident, ...]]:
    """Those that go on, and those that ended within the history the page keeps."""
    known = tuple(incidents)
    active = tuple(each for each in known if each.active)
    ended = tuple(each for each in known if not each.active and each.updated_at > now - HISTORY)
    return active, ended


def _heard(before: _Told | None, recorded: RecordedEvent) -> _Told:
    """What is known after one more event; facts it leaves out stay as they were."""
    event = recorded.event
    visible = bool(event.facts.get("customer_visible", before is not None and before.was_public))
    if before is None:
        return _Told(event.at, event.at, dict(event.facts), event.kind, visible, _update(event, visible))
    facts = {**before.facts, **event.facts}
    changed = any(
        facts.get(name) != before.facts.get(name)
        for name in ("public_status", "public_title", "impact", "components", "customer_visible")
    )
    news = changed or event.kind in ("incident.published", "incident.cancelled")
    return replace(
        before,
        updated_at=event.at if news else before.updated_at,
        facts=facts,
        kind=event.kind,
        was_public=visible,
        updates=(*_update(event, visible), *before.updates),
    )


def _update(event: Event, visible: bool) -> tuple[PublicUpdate, ...]:
    """What the event tells the public, if it does; of one that isn't visible nothing was ever told."""
    text = public_text(str(event.facts.get("public_text") or ""))
    if not visible or event.kind != "incident.published" or not text:
        return ()
    return (PublicUpdate(event.at, _status(event.facts.get("public_status")), text),)


def _public(
    key: str, told: _Told, layout: StatusPageLayout, states: Mapping[str, ComponentState | None]
) -> PublicIncident:
    words = str(told.facts.get("components") or "").split(",")
    components = tuple(dict.fromkeys(each for word in words if word.strip() for each in layout.named(word)))
    impact = _impact(told.facts.get("impact"))
    if impact is None:
        impact = impact_of(states.get(each.id) for each in components)
    false_alarm = told.kind == "incident.cancelled"
    return PublicIncident(
        key=key,
        title=_title(told.facts.get("public_title"), impact),
        status=PublicStatus.RESOLVED if false_alarm else _status(told.facts.get("public_status")),
        impact=impact,
        components=components,
        since=told.since,
        updated_at=told.updated_at,
        false_alarm=false_alarm,
        updates=told.updates,
    )


def _title(written: object, impact: Impact) -> Message | str:
    title = public_text(str(written or ""))
    if title:
        return title
    return _("Service disruption") if impact in (Impact.MAJOR, Impact.CRITICAL) else _("Service degradation")


def _impact(word: object) -> Impact | None:
    return next((each for each in Impact if each.value == word), None)


def _status(word: object) -> PublicStatus:
    return next((each for each in PublicStatus if each.value == word), PublicStatus.INVESTIGATING)
