"""What the pages about tickets have in common: words for states, and a clock as text, meter and row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from core.areas.tickets.model import Case, Category, Entry, Priority, Side, Status, Ticket
from core.areas.tickets.rules.events import clock_name
from core.areas.tickets.rules.queue import Arithmetic, Place
from core.message import Message, _, plural
from core.page import Action, Column, Conversation, Kind, Meter, Row, Table, Threshold, Utterance
from core.page import Place as Spot
from core.sla import WARNING_SHARE, ClockState
from core.units import Absent, Instant, Quantity, Severity, Span, State, Unit, Value

__all__ = [
    "category_label",
    "clock_meter",
    "clock_state",
    "clocks_table",
    "conversation_block",
    "due_value",
    "headline",
    "left_state",
    "left_text",
    "open_action",
    "priority_state",
    "queue_state",
    "remaining_value",
    "status_state",
]

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_NOTHING = timedelta(0)


def status_state(status: Status) -> State:
    """A ticket's state as glyph and word."""
    match status:
        case Status.NEW:
            return State(Severity.NOTICE, _("new"))
        case Status.OPEN:
            return State(Severity.GOOD, _("open"))
        case Status.PENDING:
            return State(Severity.IDLE, _("pending"))
        case Status.ON_HOLD:
            return State(Severity.IDLE, _("on hold"))
        case Status.SOLVED:
            return State(Severity.GOOD, _("solved"))
        case Status.CLOSED:
            return State(Severity.IDLE, _("closed"))


def priority_state(ticket: Ticket) -> State:
    """A ticket's priority, whoever decided it."""
    return State(*_PRIORITIES[ticket.priority])


_PRIORITIES = {
    Priority.LOW: (Severity.IDLE, _("low")),
    Priority.NORMAL: (Severity.IDLE, _("normal")),
    Priority.HIGH: (Severity.NOTICE, _("high")),
    Priority.URGENT: (Severity.WARNING, _("urgent")),
}

_CATEGORIES = {
    Category.GETTING_STARTED: _("getting started"),
    Category.AI_FEATURES: _("AI features"),
    Category.TROUBLESHOOTING: _("troubleshooting"),
    Category.ACCOUNT: _("account"),
    Category.OTHER: _("other"),
}


def category_label(category: Category) -> Message:
    """A category's name."""
    return _CATEGORIES[category]


def queue_state(places: Sequence[Place]) -> State:
    """How the queue is doing: the worst of its clocks that no agent has answered yet."""
    if not places:
        return State(Severity.GOOD, _("CLEAR"))
    worst = max((clock_state(each.next).severity for each in places if each.next is not None), default=None)
    if worst is Severity.SERIOUS:
        return State(Severity.SERIOUS, _("OVERDUE"))
    if worst is Severity.WARNING:
        return State(Severity.WARNING, _("DUE SOON"))
    return State(Severity.GOOD, _("IN TIME"))


def headline(places: Sequence[Place]) -> Message:
    """The ticket whose promise breaks first, and when that is."""
    if not places:
        return _("No ticket is open.")
    first = places[0]
    if first.next is None:
        return plural(
            "{count} open ticket, none with a promise.",
            "{count} open tickets, none with a promise.",
            len(places),
        )
    words = {"ticket": first.case.ticket.id, "clock": clock_name(first.next.cycle.kind)}
    return _("{ticket}, {clock}: {left}", left=left_text(first.next), **words)


def clock_state(each: Arithmetic) -> State:
    """How a clock stands, as glyph and word."""
    found = each.standing
    if each.cycle.cancelled_at is not None and not found.breached:
        return State(Severity.IDLE, _("cancelled"))
    if found.breached:
        late = found.state is ClockState.BREACHED
        return State(Severity.SERIOUS, _("stopped too late") if late else _("overdue"))
    if found.state is ClockState.MET:
        return State(Severity.GOOD, _("met") if each.cycle.clock.target else _("done"))
    if found.state is ClockState.PAUSED:
        return State(Severity.IDLE, _("paused"))
    if found.ratio is not None and found.ratio <= WARNING_SHARE:
        return State(Severity.WARNING, _("due soon"))
    return State(Severity.GOOD, _("running"))


def left_text(each: Arithmetic) -> Message:
    """What is left of a clock, in words."""
    found = each.standing
    if found.remaining is None:
        return _("no time was promised")
    length = _brief(abs(found.remaining))
    if found.remaining < _NOTHING:
        return _("{length} over", length=length)
    if found.state is ClockState.PAUSED:
        return _("paused, {length} left", length=length)
    return _("{length} left", length=length)


def left_state(each: Arithmetic | None) -> Value:
    """What is left of a clock, coloured by how it stands; absent where nothing was promised."""
    if each is None or each.standing.remaining is None:
        return Absent(_("no time was promised"))
    remaining = each.standing.remaining
    words = {"length": Span(_brief(abs(remaining)))}
    if remaining < _NOTHING:
        word = _("{length} over", **words)
    elif each.standing.state is ClockState.PAUSED:
        word = _("{length} paused", **words)
    else:
        word = _("{length}", **words)
    return State(clock_state(each).severity, word)


def remaining_value(each: Arithmetic) -> Value:
    """What is left to the second, or by how much it is over; absent where nothing was promised."""
    remaining = each.standing.remaining
    if remaining is None:
        return Absent(_("no time was promised"))
    if remaining < _NOTHING:
        return _("{length} over", length=Span(-remaining // _SECOND * _SECOND))
    return Span(remaining)


def due_value(each: Arithmetic | None) -> Value:
    """When a clock runs out, or why that can't be said."""
    if each is None or each.standing.remaining is None:
        return Absent(_("no time was promised"))
    if each.standing.due is not None:
        return Instant(each.standing.due)
    if each.standing.state is ClockState.PAUSED:
        return Absent(left_text(each))
    return Absent(_("stopped"))


def clock_meter(ticket: str, each: Arithmetic) -> Meter:
    """How much of a clock's target is used; it must have one."""
    target = each.cycle.clock.target or _MINUTE
    limit = target / _MINUTE
    note = left_text(each)
    if each.standing.due is not None:
        note = _("{left}, due {due}", left=note, due=Instant(each.standing.due))
    return Meter(
        key=f"meter.{ticket}.{each.cycle.kind.value}.{each.cycle.number}",
        title=_("{ticket}: {clock}", ticket=ticket, clock=clock_name(each.cycle.kind)),
        value=Quantity(each.standing.elapsed // _MINUTE, Unit.MINUTE, 0),  # whole ones, as in the table
        limit=Quantity(limit, Unit.MINUTE, 0),
        thresholds=(
            Threshold(limit * (1 - WARNING_SHARE), _("a quarter is left")),
            Threshold(limit, _("overdue"), Severity.SERIOUS),
        ),
        note=note,
    )


def clocks_table(clocks: Iterable[tuple[Case, Arithmetic]], *, named: bool) -> Table:
    """The arithmetic of the clocks, one a row; with the tickets' ids where they are `named`."""
    columns = [
        Column("clock", _("Clock"), Kind.TEXT, 1),
        Column("state", _("State"), Kind.STATE, 1),
        Column("start", _("Started"), Kind.MOMENT, 2),
        Column("target", _("Target"), Kind.NUMBER, 1),
        Column("paused", _("Not counted"), Kind.NUMBER, 2),
        Column("elapsed", _("Elapsed"), Kind.NUMBER, 1),
        Column("remaining", _("Remaining"), Kind.NUMBER, 1),
        Column("due", _("Due"), Kind.MOMENT, 2),
        Column("hours", _("Hours"), Kind.TEXT, 3),
    ]
    if named:
        columns.insert(0, Column("ticket", _("Ticket"), Kind.TEXT, 1))
    rows = tuple(_clock_row(case, each, named=named) for case, each in clocks)
    return Table(
        "clocks",
        _("Clocks: remaining = target − (now − started − not counted)"),
        tuple(columns),
        rows,
        len(rows),
        len(rows),
        _("No clock runs."),
        place=Spot.WIDE,
    )


def _clock_row(case: Case, each: Arithmetic, *, named: bool) -> Row:
    clock, ticket = each.cycle.clock, case.ticket.id
    hours = clock.hours
    cells: tuple[Value, ...] = (
        clock_name(each.cycle.kind),
        clock_state(each),
        Instant(clock.start),
        Span(clock.target) if clock.target else Absent(_("no time was promised")),
        Span(each.paused),
        Span(each.standing.elapsed),
        remaining_value(each),
        due_value(each),
        _("around the clock")
        if hours is None
        else _(
            "{opens}–{closes}, {zone}",
            opens=f"{hours.opens:%H:%M}",
            closes=f"{hours.closes:%H:%M}",
            zone=hours.zone.key,
        ),
    )
    key = f"{ticket}.{each.cycle.kind.value}.{each.cycle.number}"
    return Row(key, (ticket, *cells), open_action(case.ticket)) if named else Row(key, cells)


def open_action(ticket: Ticket) -> Action:
    """Opening the ticket."""
    return Action("ticket", _("Open the ticket"), (("ticket", ticket.id),))


def conversation_block(entries: Iterable[Entry]) -> Conversation:
    """What was said, each entry with who said it and by which channel."""
    return Conversation(
        "conversation",
        _("Conversation"),
        tuple(Utterance(each.at, _author(each), each.text, each.internal) for each in entries),
    )


def _author(entry: Entry) -> str:
    return entry.author if entry.side is Side.SYSTEM else f"{entry.author} · {entry.channel}"


def _brief(length: timedelta) -> timedelta:
    """A length in whole minutes, in seconds only below one, so that words don't change every second."""
    unit = _MINUTE if length >= _MINUTE else _SECOND
    return length // unit * unit
