"""The time ranges of the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.areas.usage.rules.days import day_edges
from core.message import Message, _
from core.moment import Window, from_epoch, to_epoch

__all__ = ["SPANS", "Span"]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A time range on offer, what it is called, and the stretches in which its use is summed up."""

    value: str
    label: Message
    length: timedelta
    stretch: timedelta
    title: Message

    def edges(self, moment: datetime, zone: ZoneInfo) -> list[datetime]:
        """Where the stretches begin, oldest first, and where the one that is still filling will end.

        Whole days are those of the zone, shorter stretches begin at whole hours of UTC.
        """
        if self.stretch >= _DAY:
            return day_edges(moment, self.length // _DAY, zone)
        seconds = int(self.stretch.total_seconds())
        end = (to_epoch(moment) // seconds + 1) * seconds
        count = self.length // self.stretch
        return [from_epoch(end - seconds * (count - index)) for index in range(count + 1)]

    def window(self, moment: datetime, zone: ZoneInfo) -> Window:
        """The range from the first stretch's beginning to the last one's end."""
        edges = self.edges(moment, zone)
        return Window(edges[0], edges[-1])


SPANS = {
    span.value: span
    for span in (
        Span("24h", _("last 24 hours"), timedelta(hours=24), timedelta(hours=1), _("Used in each hour")),
        Span("7d", _("last 7 days"), timedelta(days=7), timedelta(hours=6), _("Used in each 6 hours")),
        Span("30d", _("last 30 days"), timedelta(days=30), _DAY, _("Used in each day")),
        Span("1y", _("last year"), timedelta(days=365), _DAY, _("Used in each day")),
    )
}
"""The ranges by the words that ask for them."""
