"""How an incident begins: its clocks started, its severity classified, its timeline's first line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.areas.incidents.model import Actor, EntryKind, Impact, Incident, Source
from core.areas.incidents.rules.classification import Classified
from core.areas.incidents.rules.step import Draft, Happening, Step
from core.areas.incidents.rules.targets import TARGETS, resolution_target, severity_state
from core.message import _
from core.sla import Clock

__all__ = ["RESOLUTION", "RESPONSE", "Opening", "open_incident"]

RESPONSE = "response"
"""The clock that an acknowledgement by a person stops."""

RESOLUTION = "resolution"
"""The clock that the resolution stops."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What is said when an incident is opened. `key` is that of the alert it comes from, if it does."""

    title: str
    source: Source
    detected_at: datetime
    description: str = ""
    components: tuple[str, ...] = ()
    impact: Impact = Impact.NONE
    key: str = ""
    tickets: tuple[str, ...] = ()


def open_incident(id_: str, opening: Opening, found: Classified, by: Actor, now: datetime) -> Step:
    """The incident as it begins. Both clocks start now, whenever the trouble itself was detected."""
    incident = Incident(
        id=id_,
        title=opening.title,
        description=opening.description,
        severity=found.severity,
        rule=found.rule,
        rule_severity=found.severity,
        source=opening.source,
        created_at=now,
        detected_at=min(opening.detected_at, now),
        response=Clock(RESPONSE, now, TARGETS[found.severity].response),
        resolution=Clock(RESOLUTION, now, resolution_target(found.severity, now, None)),
        updated_at=now,
        escalating_since=now,
        impact=opening.impact,
        components=opening.components,
        dedup_key=opening.key,
        alerts=(opening.key,) if opening.key else (),
        tickets=opening.tickets,
        opened_by=by.name,
    )
    text = _(
        "Opened as {severity} by the rule {rule}",
        severity=severity_state(found.severity).word,
        rule=found.rule,
    )
    draft = Draft(EntryKind.CREATED, text, after=incident.status)
    return Step(incident, by, (draft,), (Happening.OPENED,))
