"""Parts that the pages about defects, failures of procedures and bills share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from core.areas.plant.model.history import HistoryEntry
from core.message import Message, _
from core.page import Place, Timeline, TimelineEntry
from core.units import Absent, Instant, Quantity, Severity, State, Unit, Value

__all__ = ["amount", "change_value", "history_timeline", "moment_or", "text_or"]


def history_timeline(entries: Sequence[HistoryEntry]) -> Timeline:
    """What was done to something, the newest first, each with who did it and what they wrote."""
    found = tuple(
        TimelineEntry(str(line), each.at, State(Severity.NOTICE, each.by), _told(each))
        for line, each in reversed(list(enumerate(entries, 1)))
    )
    return Timeline("history", _("What was done"), found, place=Place.WIDE)


def text_or(text: str, reason: Message) -> Value:
    """A text, or why there is none."""
    return text or Absent(reason)


def moment_or(moment: datetime | None, reason: Message) -> Value:
    """A moment, or why there is none."""
    return Absent(reason) if moment is None else Instant(moment)


def amount(value: Decimal) -> Quantity:
    """A number with as many decimals as it has."""
    exponent = value.normalize().as_tuple().exponent
    return Quantity(float(value), Unit.COUNT, max(0, -exponent) if isinstance(exponent, int) else 0)


def change_value(change: Decimal | None) -> Value:
    """By how many percent a cost changes."""
    if change is None:
        return Absent(_("it cost nothing before"))
    return Quantity(float(change), Unit.PERCENT, 1)


def _told(entry: HistoryEntry) -> Message:
    if not entry.note:
        return entry.what
    return _("{what} “{note}”", what=entry.what, note=entry.note)
