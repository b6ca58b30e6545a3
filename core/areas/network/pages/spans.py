"""The time ranges that can be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.network.model import SLOT
from core.message import Message, _
from core.moment import Window, from_epoch, to_epoch

__all__ = ["SPANS", "Span"]


@dataclass(frozen=True, slots=True)
class Span:
    """A time range on offer, what it is called, and the step at which it is drawn."""

    value: str
    label: Message
    length: timedelta
    step: timedelta

    def window(self, moment: datetime) -> Window:
        """The range that ends with the last finished step before `moment`.

        The slot (or day) that is still filling would count as a whole one in every figure, so it isn't in it.
        """
        seconds = int(self.step.total_seconds())
        return Window.last(self.length, from_epoch(to_epoch(moment) // seconds * seconds))

    def drawn(self, moment: datetime) -> Window:
        """The range that ends with the step that is still filling at `moment`, for drawing.

        It moves from step to step, so that a chart stays as it is until there is something new on it.
        """
        seconds = int(self.step.total_seconds())
        return Window.last(self.length, from_epoch(-(-to_epoch(moment) // seconds) * seconds))


SPANS = {
    span.value: span
    for span in (
        Span("3h", _("last 3 hours"), timedelta(hours=3), SLOT),
        Span("24h", _("last 24 hours"), timedelta(hours=24), SLOT),
        Span("7d", _("last 7 days"), timedelta(days=7), SLOT),
        Span("30d", _("last 30 days"), timedelta(days=30), timedelta(hours=1)),
        Span("1y", _("last year"), timedelta(days=365), timedelta(days=1)),
    )
}
"""The ranges of WAN statistics by the words that ask for them; beyond a week they come from roll-ups.

The connection history has the first three (plume.md 9.1).
"""
