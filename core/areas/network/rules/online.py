"""Connection history: how long a location was online, its incidents and its trend (plume.md 9.2).

Everything is weighed by time. A row's word holds until the next row, but at most 1.5 times the usual
spacing of the rows; what no row vouches for is unknown, and unknown time is neither uptime nor downtime.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor
from typing import Generic, TypeVar

from core.areas.network.model import OnlineRow, OnlineWord
from core.areas.network.rules.online_timeline import Stretch, clip, timeline, usual_spacing
from core.message import Message, _
from core.moment import Window, from_epoch
from core.units import Severity, State

__all__ = [
    "BAR_CELLS",
    "ByWord",
    "Incident",
    "OnlineAnalysis",
    "Rating",
    "Trend",
    "analyse",
    "bar_cells",
]

T = TypeVar("T")

BAR_CELLS = 8
"""The cells of an uptime bar."""

_GAP_THAT_ENDS_AN_INCIDENT = 2
_TREND_MARGIN = 0.05
_FULL_BAR_FROM = 0.9995
_ROUNDING = 1e-9
_NOTHING = timedelta()


class Rating(enum.Enum):
    """How good an uptime is: from 99.5, 98, 95 and 90 percent up, and below."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    CRITICAL = "critical"
    NO_DATA = "no data"

    @property
    def state(self) -> State:
        """The severity and the word shown for it."""
        return _RATING_STATES[self]


_RATING_STATES = {
    Rating.EXCELLENT: State(Severity.GOOD, _("Excellent")),
    Rating.GOOD: State(Severity.GOOD, _("Good")),
    Rating.FAIR: State(Severity.WARNING, _("Fair")),
    Rating.POOR: State(Severity.SERIOUS, _("Poor")),
    Rating.CRITICAL: State(Severity.CRITICAL, _("Critical")),
    Rating.NO_DATA: State(Severity.UNKNOWN, _("No data")),
}
_RATINGS_FROM = (
    (0.995, Rating.EXCELLENT),
    (0.98, Rating.GOOD),
    (0.95, Rating.FAIR),
    (0.90, Rating.POOR),
)


class Trend(enum.Enum):
    """Where the uptime is going, from the first half of the known time span to the second."""

    IMPROVING = "improving"
    STABLE = "stable"
    DECLINING = "declining"

    @property
    def label(self) -> Message:
        """The word shown for it."""
        return _TREND_LABELS[self]


_TREND_LABELS = {
    Trend.IMPROVING: _("improving"),
    Trend.STABLE: _("stable"),
    Trend.DECLINING: _("declining"),
}


@dataclass(frozen=True, slots=True)
class ByWord(Generic[T]):
    """One value for each word of the connection history."""

    online: T
    offline: T
    intermittent: T
    unknown: T


@dataclass(frozen=True, slots=True)
class Incident:
    """A time without service, intermittent moments and short gaps inside it included.

    `end` is `None` while it is `still_open` at the window's end; `length` then runs up to there. It is
    `open_at_start` when it began before the window, or when nothing known in the data precedes it, so that
    its true start is earlier or unknown. `ended_in_gap` when no row showed its end: data stopped at `end`.
    """

    start: datetime
    end: datetime | None
    length: timedelta
    open_at_start: bool
    still_open: bool
    ended_in_gap: bool


@dataclass(frozen=True, slots=True)
class OnlineAnalysis:
    """What the connection history says about `window`.

    `uptime` is online ÷ known time, `None` when nothing is known; `coverage` known ÷ all time. `time` adds
    up to the window exactly. `rows` counts the rows that start in the window. `stretches` cover the window
    without holes, earliest first, neighbours of one word joined.
    """

    window: Window
    uptime: float | None
    coverage: float
    time: ByWord[timedelta]
    rows: ByWord[int]
    spacing: timedelta
    incidents: tuple[Incident, ...]
    trend: Trend
    rating: Rating
    stretches: tuple[Stretch, ...]

    @property
    def bar_cells(self) -> int:
        """How many of the bar's cells are filled."""
        return bar_cells(self.uptime)


def analyse(rows: Sequence[OnlineRow], window: Window) -> OnlineAnalysis:
    """The figures of `rows`, in whatever order they come, for `window`; of two at one start the last wins.

    Rows before the window still hold into it, and tell whether an incident was open when it began.
    """
    words = {row.start: row.word for row in rows}
    history = [(from_epoch(start), words[start]) for start in sorted(words)]
    spacing = usual_spacing([start for start, _word in history])
    whole = timeline(history, spacing, window)
    stretches = clip(whole, window)
    time = _time_by_word(stretches)
    uptime = _uptime(stretches)
    known = window.length - time.unknown
    inside = [word for start, word in history if start in window]
    return OnlineAnalysis(
        window=window,
        uptime=uptime,
        coverage=known / window.length if window.length > _NOTHING else 0.0,
        time=time,
        rows=_by_word(inside.count),
        spacing=spacing,
        incidents=tuple(_incidents(whole, spacing * _GAP_THAT_ENDS_AN_INCIDENT, window)),
        trend=_trend(stretches) if len(inside) > 1 else Trend.STABLE,
        rating=_rating(uptime),
        stretches=stretches,
    )


def bar_cells(uptime: float | None) -> int:
    """The filled cells of an uptime bar: rounded half up, all of them only from 99.95 percent."""
    if uptime is None:
        return 0
    filled = floor(uptime * BAR_CELLS + 0.5)
    return filled if uptime >= _FULL_BAR_FROM else min(filled, BAR_CELLS - 1)


def _by_word(value: Callable[[OnlineWord], T]) -> ByWord[T]:
    return ByWord(
        online=value(OnlineWord.ONLINE),
        offline=value(OnlineWord.OFFLINE),
        intermittent=value(OnlineWord.INTERMITTENT),
        unknown=value(OnlineWord.UNKNOWN),
    )


def _time_by_word(stretches: Sequence[Stretch]) -> ByWord[timedelta]:
    return _by_word(lambda word: sum((each.length for each in stretches if each.word is word), _NOTHING))


def _uptime(stretches: Sequence[Stretch]) -> float | None:
    """Online ÷ known time; `None` when nothing is known."""
    time = _time_by_word(stretches)
    known = time.online + time.offline + time.intermittent
    return time.online / known if known > _NOTHING else None


def _rating(uptime: float | None) -> Rating:
    if uptime is None:
        return Rating.NO_DATA
    return next((rating for least, rating in _RATINGS_FROM if uptime >= least), Rating.CRITICAL)


def _trend(stretches: Sequence[Stretch]) -> Trend:
    """Compares the two halves of the span from the first to the last known moment."""
    known = [each for each in stretches if each.word is not OnlineWord.UNKNOWN]
    if not known:
        return Trend.STABLE
    start, end = known[0].start, known[-1].end
    middle = start + (end - start) / 2
    earlier = _uptime(clip(known, Window(start, middle)))
    later = _uptime(clip(known, Window(middle, end)))
    if earlier is None or later is None:
        return Trend.STABLE
    if later - earlier > _TREND_MARGIN + _ROUNDING:
        return Trend.IMPROVING
    return Trend.DECLINING if earlier - later > _TREND_MARGIN + _ROUNDING else Trend.STABLE


def _incidents(whole: Sequence[Stretch], longest_gap: timedelta, window: Window) -> Iterator[Incident]:
    """Every incident that reaches into `window`.

    One begins at `offline` and ends only at `online` or at unknown time longer than `longest_gap`. The
    timeline may begin before the window, so that an older incident is seen from its start.
    """
    begun: datetime | None = None
    seen_anything = seen_before = False
    for stretch in clip(whole, Window(whole[0].start, window.end)) if whole else ():
        in_gap = stretch.word is OnlineWord.UNKNOWN and stretch.length > longest_gap
        if begun is not None and (in_gap or stretch.word is OnlineWord.ONLINE):
            if stretch.start > window.start:
                yield _incident(begun, stretch.start, seen_before, window, ended_in_gap=in_gap)
            begun = None
        elif begun is None and stretch.word is OnlineWord.OFFLINE:
            begun, seen_before = stretch.start, seen_anything
        seen_anything = seen_anything or stretch.word is not OnlineWord.UNKNOWN
    if begun is not None and window.length > _NOTHING:
        yield _incident(begun, None, seen_before, window, ended_in_gap=False)


def _incident(
    begun: datetime, end: datetime | None, seen_before: bool, window: Window, *, ended_in_gap: bool
) -> Incident:
    start = max(begun, window.start)
    return Incident(
        start=start,
        end=end,
        length=(end or window.end) - start,
        open_at_start=begun < window.start or not seen_before,
        still_open=end is None,
        ended_in_gap=ended_in_gap,
    )
