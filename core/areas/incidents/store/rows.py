"""The incidents area's values as rows of its tables, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import RowMapping

from core.areas.incidents.model import (
    Actor,
    Entry,
    EntryKind,
    Impact,
    Incident,
    IncidentSeverity,
    Level,
    PublicStatus,
    SeveritySource,
    Source,
    Status,
    Visibility,
)
from core.areas.incidents.rules.postmortem import (
    ActionItem,
    ActionKind,
    PostMortem,
    PostMortemStatus,
    Section,
)
from core.encoding import decode, encode
from core.message import Message
from core.sla import Clock, Pause
from core.store.metadata import from_microseconds, to_microseconds

__all__ = [
    "entry_of",
    "entry_row",
    "incident_of",
    "incident_row",
    "postmortem_of",
    "postmortem_row",
]

_MICROSECOND = timedelta(microseconds=1)
_MOMENTS = (
    *("published_at", "created_at", "detected_at", "acknowledged_at", "mitigated_at", "resolved_at"),
    *("closed_at", "scheduled_for", "scheduling_warned_at", "updated_at", "escalating_since"),
)
_LISTS = ("components", "responders", "tickets", "alerts")
_CLOCKS = ("response", "resolution")
_SAME = (
    *("id", "title", "description", "rule", "public_title", "public_text", "impact_overridden"),
    *("dedup_key", "acknowledged_by", "resolved_by", "opened_by", "commander", "escalations", "parent"),
    *("customer_visible", "workaround"),
)


def incident_row(incident: Incident) -> dict[str, object]:
    """The row of an incident."""
    return {
        **{name: getattr(incident, name) for name in _SAME},
        **{name: _stamp(getattr(incident, name)) for name in _MOMENTS},
        **{name: json.dumps(getattr(incident, name), ensure_ascii=False) for name in _LISTS},
        **{name: _clock_text(getattr(incident, name)) for name in _CLOCKS},
        "severity": incident.severity.value,
        "severity_source": incident.severity_source.value,
        "rule_severity": incident.rule_severity.value,
        "status": incident.status.value,
        "public_status": None if incident.public_status is None else incident.public_status.value,
        "impact": incident.impact.value,
        "source": incident.source.value,
        "level": incident.level.value,
    }


def incident_of(row: RowMapping) -> Incident:
    """The incident of a row."""
    values: dict[str, Any] = {name: row[name] for name in _SAME}
    values |= {name: _moment(row[name]) for name in _MOMENTS}
    values |= {name: tuple(json.loads(row[name])) for name in _LISTS}
    values |= {name: _clock(name, row[name]) for name in _CLOCKS}
    public = row["public_status"]
    return Incident(
        **values,
        severity=IncidentSeverity(row["severity"]),
        severity_source=SeveritySource(row["severity_source"]),
        rule_severity=IncidentSeverity(row["rule_severity"]),
        status=Status(row["status"]),
        public_status=None if public is None else PublicStatus(public),
        impact=Impact(row["impact"]),
        source=Source(row["source"]),
        level=Level(row["level"]),
    )


def entry_row(incident: str, entry: Entry, recorded_at: datetime) -> dict[str, object]:
    """The row of a line of an incident's timeline."""
    return {
        "incident": incident,
        "number": entry.number,
        "recorded_at": to_microseconds(recorded_at),
        "at": to_microseconds(entry.at),
        "actor": entry.actor.name,
        "person": entry.actor.person,
        "kind": entry.kind.value,
        "before": entry.before,
        "after": entry.after,
        "text": encode(entry.text),
        "visibility": entry.visibility.value,
    }


def entry_of(row: RowMapping) -> Entry:
    """The line of the timeline in a row."""
    return Entry(
        number=row["number"],
        at=from_microseconds(row["at"]),
        actor=Actor(row["actor"], person=row["person"]),
        kind=EntryKind(row["kind"]),
        text=cast("Message | str", decode(row["text"])),
        before=row["before"],
        after=row["after"],
        visibility=Visibility(row["visibility"]),
    )


def postmortem_row(postmortem: PostMortem) -> dict[str, object]:
    """The row of a post-mortem."""
    sections = {section.value: text for section, text in postmortem.sections.items()}
    return {
        "incident": postmortem.incident,
        "owner": postmortem.owner,
        "status": postmortem.status.value,
        "authors": json.dumps(postmortem.authors, ensure_ascii=False),
        "sections": json.dumps(sections, ensure_ascii=False),
        "actions": json.dumps([_action_object(item) for item in postmortem.actions], ensure_ascii=False),
    }


def postmortem_of(row: RowMapping) -> PostMortem:
    """The post-mortem of a row."""
    sections = cast("Mapping[str, str]", json.loads(row["sections"]))
    return PostMortem(
        incident=row["incident"],
        owner=row["owner"],
        status=PostMortemStatus(row["status"]),
        authors=tuple(json.loads(row["authors"])),
        sections={Section(name): text for name, text in sections.items()},
        actions=tuple(_action(each) for each in json.loads(row["actions"])),
    )


def _action_object(item: ActionItem) -> dict[str, object]:
    return {
        "number": item.number,
        "text": item.text,
        "kind": item.kind.value,
        "owner": item.owner,
        "due": item.due,
        "ticket": item.ticket,
        "done": item.done,
    }


def _action(values: Mapping[str, Any]) -> ActionItem:
    fields = {**values}
    kind = ActionKind(fields.pop("kind"))
    return ActionItem(kind=kind, **fields)


def _clock_text(clock: Clock) -> str:
    """A clock as JSON: moments in microseconds since 1970, the target in microseconds."""
    return json.dumps(
        {
            "start": _stamp(clock.start),
            "target": None if clock.target is None else clock.target // _MICROSECOND,
            "pauses": [[_stamp(each.start), _stamp(each.end)] for each in clock.pauses],
            "stopped_at": _stamp(clock.stopped_at),
            "warned_at": _stamp(clock.warned_at),
            "breached_at": _stamp(clock.breached_at),
        }
    )


def _clock(name: str, text: str) -> Clock:
    values: dict[str, Any] = json.loads(text)
    target = values["target"]
    return Clock(
        name=name,
        start=from_microseconds(values["start"]),
        target=None if target is None else target * _MICROSECOND,
        pauses=tuple(Pause(from_microseconds(start), _moment(end)) for start, end in values["pauses"]),
        stopped_at=_moment(values["stopped_at"]),
        warned_at=_moment(values["warned_at"]),
        breached_at=_moment(values["breached_at"]),
    )


def _stamp(moment: datetime | None) -> int | None:
    return None if moment is None else to_microseconds(moment)


def _moment(stamp: int | None) -> datetime | None:
    return None if stamp is None else from_microseconds(stamp)
