"""Which events of all areas are laid beside an incident, and how far they are from its detection.

Quiet events (a video is finished, someone signed in) stay out, unless they are about something that was in
trouble in the same window: how that ended belongs to the story.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.event import RecordedEvent
from core.message import Message, _
from core.moment import Window
from core.units import Severity

__all__ = ["MOST", "Related", "distance", "relate", "window_of"]

MOST = 200
"""Events that are shown at most; those nearest to detection stay."""

_REPEATS = ("alert.",)
"""Kinds that only repeat what another event beside them says."""

_HOURS_FROM = 120


@dataclass(frozen=True, slots=True)
class Related:
    """The events to show, oldest first, and how many quiet or distant ones were left out."""

    events: tuple[RecordedEvent, ...]
    left_out: int


def window_of(detected_at: datetime, until: datetime, before: timedelta) -> Window:
    """The stretch from `before` detection up to and including `until`."""
    return Window(detected_at - before, max(detected_at, until) + timedelta(microseconds=1))


def relate(events: Sequence[RecordedEvent], detected_at: datetime, own: str) -> Related:
    """Those of the window's events that tell something; the incident's `own` ones are in its timeline."""
    others = [
        each for each in events if each.event.subject != own and not each.event.kind.startswith(_REPEATS)
    ]
    troubled = {each.event.subject for each in others if each.event.severity > Severity.GOOD}
    telling = [each for each in others if each.event.subject in troubled]
    nearest = sorted(telling, key=lambda each: abs(each.event.at - detected_at))[:MOST]
    shown = sorted(nearest, key=lambda each: (each.event.at, each.number))
    return Related(tuple(shown), len(others) - len(shown))


def distance(at: datetime, detected_at: datetime) -> Message:
    """How long before (−) or after (+) detection something was."""
    minutes = round((at - detected_at) / timedelta(minutes=1))
    sign = "−" if minutes < 0 else "+" if minutes else ""
    count = abs(minutes)
    if count < _HOURS_FROM:
        return _("{sign}{count} min", sign=sign, count=count)
    return _("{sign}{hours} h {minutes} min", sign=sign, hours=count // 60, minutes=count % 60)
