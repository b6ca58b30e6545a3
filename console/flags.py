"""What the flags that may stand anywhere on the command line come to."""

from __future__ import annotations

import argparse
from datetime import datetime

from core.errors import InputError
from core.message import _
from core.moment import Clock, ShiftedClock, SystemClock, parse_moment

__all__ = ["SEED", "read_clock", "read_flags", "read_moment"]

SEED = 7
"""The demo world's seed where none is given."""


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


def read_clock(options: argparse.Namespace) -> Clock:
    """The machine's clock, or one that begins at `--now`."""
    now = read_moment(getattr(options, "now", None), "--now")
    return SystemClock() if now is None else ShiftedClock(now)


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
