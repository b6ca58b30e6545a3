"""Page and its blocks: what a person sees, as data.

Blocks carry typed values (`core.units`), never formatted text. The set of blocks is closed, and each can
lower itself to `Facts`, `Table` or `Document`, so that a renderer must know only those three and may do
better on the others.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.event import RecordedEvent
from core.message import Message, _
from core.query import TableQuery
from core.units import Absent, Instant, Quantity, Severity, Span, State, Unit, Value

__all__ = [
    "Action",
    "Block",
    "Chart",
    "ChartSeries",
    "Checklist",
    "ChecklistItem",
    "Code",
    "Column",
    "Conversation",
    "Document",
    "Fact",
    "Facts",
    "Freshness",
    "Gantt",
    "GanttBar",
    "Kind",
    "Light",
    "Lights",
    "Lowered",
    "Meter",
    "Note",
    "Page",
    "Place",
    "Row",
    "SourceState",
    "Table",
    "Threshold",
    "Timeline",
    "TimelineEntry",
    "Utterance",
]


class Place(enum.Enum):
    """Where a block stands when there is room for two columns; with room for one, all follow in order."""

    MAIN = "main"
    SIDE = "side"
    WIDE = "wide"


class Kind(enum.Enum):
    """What a column holds: it decides alignment and how values sort."""

    TEXT = "text"
    NUMBER = "number"
    STATE = "state"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Action:
    """A command with its arguments, as something a person can choose.

    `unavailable` says why it can't be run now; it stays visible all the same.
    """

    command: str
    label: Message
    arguments: tuple[tuple[str, str], ...] = ()
    unavailable: Message | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value, with a remark where it needs one."""

    label: Message | str
    value: Value
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled values."""

    key: str
    title: Message
    facts: tuple[Fact, ...]
    place: Place = Place.SIDE

    def lower(self) -> Facts:
        return self


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column. `priority` 1 is kept longest when there is little room, 3 goes first."""

    key: str
    title: Message
    kind: Kind = Kind.TEXT
    priority: int = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A table's row: a stable key, a cell for each column, and what opening it does."""

    key: str
    cells: tuple[Value, ...]
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of typed cells.

    `total` counts the rows that match `query`, of which `rows` may be only the first; `unfiltered` counts
    all. `empty` is what to say when there are none.
    """

    key: str
    title: Message
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: int
    unfiltered: int
    empty: Message = field(default_factory=lambda: _("Nothing to show."))
    query: TableQuery = field(default_factory=TableQuery)
    place: Place = Place.MAIN

    def lower(self) -> Table:
        return self


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One line of a chart: values at moments in seconds since 1970, `None` where there is a gap.

    `low` and `high`, where given, are the extremes within each point's bucket.
    """

    name: Message | str
    points: tuple[tuple[int, float | None], ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Threshold:
    """A level worth a line across a chart or a mark on a meter."""

    value: float
    label: Message
    severity: Severity = Severity.WARNING


@dataclass(frozen=True, slots=True)
class Chart:
    """Series over time from `start` to `end`, with the figures that say the same in text.

    `step` is the seconds between two points when none is missing.
    """

    key: str
    title: Message
    unit: Unit
    start: datetime
    end: datetime
    step: int
    series: tuple[ChartSeries, ...]
    thresholds: tuple[Threshold, ...] = ()
    figures: tuple[Fact, ...] = ()
    empty: Message = field(default_factory=lambda: _("No data in this range."))
    place: Place = Place.WIDE

    def lower(self) -> Table:
        """A row for each moment, a column for each series; gaps stay gaps."""
        values: dict[int, list[Value]] = {}
        gap = Absent(_("gap"))
        for index, series in enumerate(self.series):
            for moment, value in series.points:
                row = values.setdefault(moment, [gap] * len(self.series))
                row[index] = gap if value is None else Quantity(value, self.unit, 2)
        columns = (
            Column("time", _("Time"), Kind.MOMENT, 1),
            *(Column(f"series{i}", _as_message(s.name), Kind.NUMBER, 1) for i, s in enumerate(self.series)),
        )
        rows = tuple(
            Row(str(moment), (Instant(datetime.fromtimestamp(moment, self.start.tzinfo)), *cells))
            for moment, cells in sorted(values.items())
        )
        return Table(self.key, self.title, columns, rows, len(rows), len(rows), self.empty, place=self.place)


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of a limit is used; `share` is 0 to 1, or absent."""

    key: str
    title: Message
    value: Quantity | Absent
    limit: Quantity
    thresholds: tuple[Threshold, ...] = ()
    note: Message | None = None
    place: Place = Place.SIDE

    @property
    def share(self) -> float | None:
        """The used part of the limit, or nothing when the value is absent or the limit is zero."""
        if isinstance(self.value, Absent) or not self.limit.value:
            return None
        return self.value.value / self.limit.value

    @property
    def severity(self) -> Severity:
        """The worst threshold reached."""
        if isinstance(self.value, Absent):
            return Severity.UNKNOWN
        reached = [t.severity for t in self.thresholds if self.value.value >= t.value]
        return max(reached, default=Severity.GOOD)

    def lower(self) -> Facts:
        facts = (Fact(self.title, self.value, self.note), Fact(_("Limit"), self.limit))
        return Facts(self.key, self.title, facts, self.place)


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
    """A stretch of planned or done work."""

    key: str
    name: str
    start: datetime
    end: datetime
    state: State
    action: Action | None = None


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


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one side of a conversation said."""

    at: datetime
    author: str
    text: str
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said, oldest first."""

    key: str
    title: Message
    utterances: tuple[Utterance, ...]
    place: Place = Place.MAIN

    def lower(self) -> Table:
        columns = (
            Column("at", _("Time"), Kind.MOMENT, 1),
            Column("author", _("From"), Kind.TEXT, 1),
            Column("text", _("Text"), Kind.TEXT, 1),
        )
        rows = tuple(
            Row(str(index), (Instant(said.at), said.author, said.text))
            for index, said in enumerate(self.utterances)
        )
        return Table(self.key, self.title, columns, rows, len(rows), len(rows), place=self.place)


@dataclass(frozen=True, slots=True)
class Code:
    """A pairing code, which a surface may also draw as a QR code of `link`."""

    key: str
    title: Message
    code: str
    link: str
    expires: datetime
    place: Place = Place.SIDE

    def lower(self) -> Facts:
        facts = (Fact(_("Code"), self.code), Fact(_("Valid until"), Instant(self.expires)))
        return Facts(self.key, self.title, facts, self.place)


@dataclass(frozen=True, slots=True)
class Document:
    """A longer text of plain paragraphs: a procedure, a post-mortem, a help page."""

    key: str
    title: Message
    paragraphs: tuple[Message | str, ...]
    place: Place = Place.WIDE

    def lower(self) -> Document:
        return self


@dataclass(frozen=True, slots=True)
class Note:
    """A remark: one sentence with a severity."""

    key: str
    text: Message
    severity: Severity = Severity.NOTICE
    place: Place = Place.WIDE

    @property
    def title(self) -> Message:
        return _("Note")

    def lower(self) -> Document:
        return Document(self.key, self.title, (self.text,), self.place)


Lowered = Facts | Table | Document
Block = (
    Facts
    | Table
    | Chart
    | Meter
    | Lights
    | Timeline
    | Checklist
    | Gantt
    | Conversation
    | Code
    | Document
    | Note
)


class Freshness(enum.Enum):
    """How far a page can be trusted to be the present."""

    LIVE = "live"
    STALE = "stale"
    UNKNOWN = "unknown"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class SourceState:
    """How the source behind a page is doing.

    `STALE` after two missed polls, `UNKNOWN` after three, `NEVER` before the first. `reason` is the last
    error where there is one, and `next_try` when it will be asked again.
    """

    freshness: Freshness = Freshness.LIVE
    last_good: datetime | None = None
    reason: Message | None = None
    next_try: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A view, as data.

    `key` says what it is of, the same from one refresh to the next. `as_of` is when its newest data was
    recorded; `at`, where given, is the past moment it was wound back to. `crumb` is the subject after
    the title ("Network · Harbour Office").
    """

    key: str
    title: Message
    verdict: State
    blocks: tuple[Block, ...]
    actions: tuple[Action, ...] = ()
    as_of: datetime | None = None
    source_state: SourceState = field(default_factory=SourceState)
    crumb: Message | str = ""
    at: datetime | None = None


def _as_message(name: Message | str) -> Message:
    return name if isinstance(name, Message) else Message("{name}", (("name", name),))


def _lasted(entry: TimelineEntry) -> Value:
    if entry.length is not None:
        return Span(entry.length)
    return Absent(_("still open") if entry.open else _("a moment"))
