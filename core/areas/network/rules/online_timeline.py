"""Rows of the connection history as stretches of time without holes (plume.md 9.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from core.areas.network.model import OnlineWord
from core.moment import Window

__all__ = ["Stretch", "clip", "timeline", "usual_spacing"]

_ASSUMED_SPACING = timedelta(minutes=15)
_LONGEST_HOLD = 1.5
_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Stretch:
    """The word that held from `start` up to `end`; UNKNOWN where nothing vouches for any."""

    start: datetime
    end: datetime
    word: OnlineWord

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def usual_spacing(starts: Sequence[datetime]) -> timedelta:
    """The median distance of neighbouring rows; a quarter of an hour is assumed where there is none."""
    if len(starts) < 2:
        return _ASSUMED_SPACING
    return timedelta(seconds=median((later - earlier).total_seconds() for earlier, later in pairwise(starts)))


def timeline(
    history: Sequence[tuple[datetime, OnlineWord]], spacing: timedelta, window: Window
) -> tuple[Stretch, ...]:
    """What held when, without holes: from the first row or the window's start, whichever is earlier.

    `history` are the rows in order of time, each start once; a word holds until the next row, at most 1.5
    times the `spacing`.
    """
    hold = spacing * _LONGEST_HOLD
    reached = min(window.start, history[0][0]) if history else window.start
    ends = [start for start, _word in history[1:]]
    pieces: list[Stretch] = []
    for index, (start, word) in enumerate(history):
        end = min(start + hold, ends[index]) if index < len(ends) else start + hold
        pieces += (Stretch(reached, start, OnlineWord.UNKNOWN), Stretch(start, end, word))
        reached = end
    pieces.append(Stretch(reached, max(reached, window.end), OnlineWord.UNKNOWN))
    return _joined(pieces)


def _joined(pieces: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same without empty pieces, and neighbours of one word made one."""
    joined: list[Stretch] = []
    for piece in pieces:
        if piece.length <= _NOTHING:
            continue
        if joined and joined[-1].word is piece.word:
            piece = Stretch(joined.pop().start, piece.end, piece.word)  # noqa: PLW2901
        joined.append(piece)
    return tuple(joined)


def clip(stretches: Iterable[Stretch], window: Window) -> tuple[Stretch, ...]:
    """The parts that lie in `window`."""
    cut = (Stretch(max(each.start, window.start), min(each.end, window.end), each.word) for each in stretches)
    return tuple(each for each in cut if each.length > _NOTHING)
