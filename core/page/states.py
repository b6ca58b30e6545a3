"""Blocks of states: lights, what happened, what is to be done, stretches of work."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.event import RecordedEvent
from core.message import Message, _
from core.page.lowered import Action, Column, Kind, Place, Row, Table
from core.units import Absent, Instant, Severity, Span, State, Value

__all__ = ["Checklist", "ChecklistItem", "Gantt", "GanttBar", "Light", "Lights", "Timeline", "TimelineEntry"]


@dataclass(frozen=True, slots=True)
class Light:
    """The state of one thing, with a remark and what opening it does."""

    key: str
    name: Message | str
    state: State
    note: Message | str | None = None
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Lights:
    """States at a glance."""

    key: str
    title: Message
    lights: tuple[Light, ...]
    place: Place = Place.MAIN

    def lower(self) -> Table:
        columns = (
            Column("state", _("State"), Kind.STATE, 1),
            Column("name", _("Name"), Kind.TEXT, 1),
            Column("note", _("Note"), Kind.TEXT, 2),
        )
        rows = tuple(
            Row(each.key, (each.state, each.name, each.note or ""), each.action) for each in self.lights
        )
        return Table(self.key, self.title, columns, rows, len(rows), len(rows), place=self.place)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that began at `start` and, when `length` is given, lasted so long."""

    key: str
    start: datetime
    state: State
    text: Message | str
    length: timedelta | None = None
    open: bool = False
    action: Action | None = None

    @classmethod
    def of(cls, recorded: RecordedEvent) -> TimelineEntry:
        """The entry of an event."""
        event = recorded.event
        return cls(str(recorded.number), event.at, State(event.severity, event.severity.word), event.title)


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened, newest first."""

    key: str
    title: Message
    entries: tuple[TimelineEntry, ...]
    empty: Message = field(default_factory=lambda: _("Nothing happened."))
    place: Place = Place.MAIN

    def lower(self) -> Table:
        columns = (
            Column("start", _("Time"), Kind.MOMENT, 1),
            Column("state", _("State"), Kind.STATE, 1),
            Column("text", _("What"), Kind.TEXT, 1),
            Column("length", _("Lasted"), Kind.NUMBER, 2),
        )
        rows = tuple(
            Row(e.key, (Instant(e.start), e.state, e.text, _lasted(e)), e.action) for e in self.entries
        )
        return Table(self.key, self.title, columns, rows, len(rows), len(rows), self.empty, place=self.place)


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to do, and who did it when."""

    key: str
    text: Message | str
    done: bool
    by: str = ""
    at: datetime | None = None
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """Things to do, done or not."""

    key: str
    title: Message
    items: tuple[ChecklistItem, ...]
    place: Place = Place.MAIN

    def lower(self) -> Table:
        columns = (
            Column("state", _("State"), Kind.STATE, 1),
            Column("text", _("What"), Kind.TEXT, 1),
            Column("by", _("By"), Kind.TEXT, 2),
            Column("at", _("When"), Kind.MOMENT, 2),
        )
        not_done = Absent(_("not done yet"))
        rows = tuple(
            Row(
                item.key,
                (
                    State(Severity.GOOD, _("done")) if item.done else State(Severity.IDLE, _("open")),
                    item.text,
                    item.by or not_done,
                    Instant(item.at) if item.at else not_done,
                ),
                item.action,
            )
            for item in self.items
        )
        return Table(self.key, self.title, columns, rows, len(rows), len(rows), place=self.place)


@dataclass(frozen=True, slots=True)
class GanttBar:
    """A stretch of planned or done work.

    `due` is when it should have been over, where it isn't over by then: what lies after it is late.
    """

    key: str
    name: str
    start: datetime
    end: datetime
    state: State
    action: Action | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gantt:
    """Stretches of work against time."""

    key: str
    title: Message
    start: datetime
    end: datetime
    bars: tuple[GanttBar, ...]
    place: Place = Place.WIDE

    def lower(self) -> Table:
        columns = (
            Column("name", _("Name"), Kind.TEXT, 1),
            Column("state", _("State"), Kind.STATE, 1),
            Column("start", _("From"), Kind.MOMENT, 1),
            Column("end", _("To"), Kind.MOMENT, 1),
        )
        rows = tuple(
            Row(bar.key, (bar.name, bar.state, Instant(bar.start), Instant(bar.end)), bar.action)
            for bar in self.bars
        )
        return Table(self.key, self.title, columns, rows, len(rows), len(rows), place=self.place)


def _lasted(entry: TimelineEntry) -> Value:
    if entry.length is not None:
        return Span(entry.length)
    return Absent(_("still open") if entry.open else _("a moment"))
