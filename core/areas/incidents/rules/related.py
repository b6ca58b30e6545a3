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

_TURNS = frozenset({f"incident.{word}" for word in ("opened", "reopened", "resolved", "cancelled")})
"""What is told of other incidents: that they began and ended, not every note."""

_OUR_OWN = ("alert.", "notify.")
"""What alerting and delivery say of themselves, which is no fact of any area."""

_HOURS_FROM = timedelta(hours=2)
_DAYS_FROM = timedelta(days=2)


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
    others = [each for each in events if each.event.subject != own and not _only_repeats(each.event.kind)]
    troubled = {each.event.subject for each in others if each.event.severity > Severity.GOOD}
    telling = [each for each in others if each.event.subject in troubled]
    nearest = sorted(telling, key=lambda each: (_is_turn(each), abs(each.event.at - detected_at)))[:MOST]
    shown = sorted(nearest, key=lambda each: (each.event.at, each.number))
    return Related(tuple(shown), len(others) - len(shown))


def distance(at: datetime, detected_at: datetime) -> Message:
    """How long before (−) or after (+) detection something was."""
    length = abs(at - detected_at)
    sign = "" if length < timedelta(seconds=30) else "−" if at < detected_at else "+"
    minutes = round(length / timedelta(minutes=1))
    if length < _HOURS_FROM:
        return _("{sign}{count} min", sign=sign, count=minutes)
    hours = minutes // 60
    if length < _DAYS_FROM:
        return _("{sign}{hours} h {minutes} min", sign=sign, hours=hours, minutes=minutes % 60)
    return _("{sign}{days} d {hours} h", sign=sign, days=hours // 24, hours=hours % 24)


def _is_turn(each: RecordedEvent) -> bool:
    """Whether it is another incident's: the areas' own facts have the room first."""
    return each.event.kind in _TURNS


def _only_repeats(kind: str) -> bool:
    """Whether an event of that kind only says again what another beside it says, or how we told of that."""
    if kind.startswith(_OUR_OWN):
        return True
    return kind.startswith("incident.") and kind not in _TURNS
