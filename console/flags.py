"""What the flags that may stand anywhere on the command line come to."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from core.errors import InputError
from core.message import _
from core.moment import Clock, ShiftedClock, SystemClock, parse_moment

__all__ = ["SEED", "VECTORS_NOW", "StillClock", "read_clock", "read_flags", "read_moment"]

SEED = 7
"""The demo world's seed where none is given."""

VECTORS_NOW = parse_moment("2026-01-22T11:00:00Z")
"""The moment that `--vectors` shows, unless `--now` says otherwise: that of production.md 8."""


class StillClock(SystemClock):
    """A clock that always shows the same moment while durations stay real.

    For a run that answers once: whatever it records and shows is of that one moment, so that the same
    line gives the same answer again, and time limits still end what takes too long.
    """

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self._moment


def read_moment(text: str | None, option: str) -> datetime | None:
    """The moment an option gives, if it was given.

    Raises:
        InputError: it isn't a moment.
    """
    if text is None:
        return None
    try:
        return parse_moment(text)
    except ValueError:
        raise InputError(
            _(
                "{option} isn't a moment: “{text}”. Write it as 2026-01-31T17:00Z.",
                option=option,
                text=text[:60],
            )
        ) from None


def read_clock(options: argparse.Namespace, *, still: bool = False) -> Clock:
    """The machine's clock, or one that begins at `--now`; a `still` one stays there."""
    now = read_moment(getattr(options, "now", None), "--now")
    if now is None and getattr(options, "vectors", False):
        now = VECTORS_NOW
    if now is None:
        return SystemClock()
    return StillClock(now) if still else ShiftedClock(now)


def read_flags(options: argparse.Namespace) -> dict[str, str]:
    """The settings given by `--set`.

    Raises:
        InputError: one isn't of the form NAME=VALUE.
    """
    flags: dict[str, str] = {}
    for text in getattr(options, "set", None) or ():
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise InputError(_("--set takes NAME=VALUE, not “{text}”.", text=text[:60]))
        flags[name.strip()] = value
    return flags
