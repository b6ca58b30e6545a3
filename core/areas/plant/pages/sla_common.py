"""What pages about promises have in common: the time left, as value, words, meter and row."""

from __future__ import annotations

from datetime import timedelta

from core.areas.plant.rules.sla import CRITICAL_SHARE, WARNING_SHARE, SlaStanding, TicketKind, Verdict
from core.areas.plant.rules.sla_words import running_word, verdict_state
from core.message import Message, _
from core.page import Action, Meter, Note, Threshold
from core.units import Absent, Instant, Quantity, Severity, Span, State, Unit, Value

__all__ = [
    "exactly",
    "left_state",
    "left_value",
    "opened_by",
    "promise_meter",
    "promise_notes",
    "verdict_shown",
]

_NOTHING = timedelta(0)
_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

_COMMANDS = {
    TicketKind.MAINTENANCE: ("maintenance show", "ticket"),
    TicketKind.DEFECT: ("defect show", "defect"),
    TicketKind.SOP: ("sop", "sop"),
}
"""The command, and its argument, that shows a ticket of each kind."""


def opened_by(found: SlaStanding) -> Action:
    """Opening the ticket itself."""
    command, argument = _COMMANDS[found.ticket.kind]
    return Action(command, _("Open the ticket"), ((argument, found.ticket.number),))


def left_value(found: SlaStanding) -> Value:
    """The time that is left, to the second, or that was left of a settled ticket; none of a cancelled one."""
    if found.verdict is Verdict.CANCELLED:
        return Absent(_("it was cancelled, and nothing runs"))
    left = found.remaining // _SECOND * _SECOND
    return Span(left) if left >= _NOTHING else _("{length} over", length=Span(-left))


def exactly(found: SlaStanding) -> Message | None:
    """The time that is left in hours, minutes and seconds, as phones show it (A2.5)."""
    if found.verdict is Verdict.CANCELLED:
        return None
    seconds = abs(found.remaining) // _SECOND
    words = {"hours": seconds // 3600, "minutes": seconds // 60 % 60, "seconds": seconds % 60}
    if found.remaining < _NOTHING:
        return _("{hours}h {minutes}m {seconds}s over", **words)
    return _("{hours}h {minutes}m {seconds}s", **words)


def left_state(found: SlaStanding) -> Value:
    """The time that is left, in whole minutes and coloured by how it stands."""
    if found.settled:
        return Absent(_("settled"))
    length = Span(abs(found.remaining) // _MINUTE * _MINUTE)
    over = found.remaining <= _NOTHING
    word = _("{length} over", length=length) if over else _("{length}", length=length)
    return State(found.severity, word)


def verdict_shown(found: SlaStanding) -> State:
    """The verdict for a list; of what is on track, with little of its time left, that it runs out."""
    if found.verdict is Verdict.ON_TRACK and found.severity >= Severity.WARNING:
        return State(found.severity, _("running out"))
    return verdict_state(found)


def promise_notes(found: SlaStanding) -> tuple[Note, ...]:
    """What a ticket's own page says first: that its promise is broken, or nearly so."""
    if found.settled or found.severity < Severity.WARNING:
        return ()
    left = Span(abs(found.remaining) // _MINUTE * _MINUTE)
    which = running_word(found.ticket.running)
    word = verdict_shown(found).word
    if found.remaining <= _NOTHING:
        text = _("{verdict}: the {which} is {left} over its time.", verdict=word, which=which, left=left)
    else:
        text = _("{verdict}: {left} left for the {which}.", verdict=word, which=which, left=left)
    return (Note("promise", text, found.severity),)


def promise_meter(found: SlaStanding) -> Meter:
    """How much of the promised time is used; with the timer's bands at a quarter and a tenth left."""
    limit = found.ticket.target / _HOUR
    used = (found.ticket.target - found.remaining) // _MINUTE * _MINUTE / _HOUR
    return Meter(
        key=f"meter.{found.ticket.number}",
        title=_(
            "{ticket}: {running}", ticket=found.ticket.number, running=running_word(found.ticket.running)
        ),
        value=_hours(used),
        limit=_hours(limit),
        thresholds=(
            Threshold(limit * (1 - WARNING_SHARE), _("a quarter is left")),
            Threshold(limit * (1 - CRITICAL_SHARE), _("a tenth is left"), Severity.SERIOUS),
            Threshold(limit, _("nothing is left"), Severity.SERIOUS),
        ),
        note=_("due {due}", due=Instant(found.ticket.deadline)),
    )


def _hours(hours: float) -> Quantity:
    return Quantity(hours, Unit.HOUR, 0 if hours.is_integer() else 1)
