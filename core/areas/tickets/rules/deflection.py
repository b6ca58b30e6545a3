"""How often the FAQ spared somebody a ticket (operations.md 5.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.tickets.model import FaqView
from core.moment import Window

__all__ = ["Deflection", "deflection"]

_WAIT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Deflection:
    """Of the views after a search, how many were followed by no ticket of that reader within 24 hours."""

    searched: int
    deflected: int

    @property
    def share(self) -> float | None:
        """The share, 0 to 1; absent when nobody searched."""
        return self.deflected / self.searched if self.searched else None


def deflection(
    views: Sequence[FaqView], opened: Mapping[str, Sequence[datetime]], window: Window
) -> Deflection:
    """What came of the views of the window that are old enough to tell.

    `opened` is when each requester opened tickets.
    """
    told = [each for each in views if each.searched and each.at in window and each.at + _WAIT <= window.end]
    followed = sum(
        any(each.at < moment <= each.at + _WAIT for moment in opened.get(each.viewer, ())) for each in told
    )
    return Deflection(len(told), len(told) - followed)
