"""Going back in time: how far one step goes, and which time range comes next."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from core.command import Command

__all__ = ["RANGE_PARAMETER", "next_range", "step_back", "step_for", "step_forward"]

RANGE_PARAMETER = "span"
"""The parameter by which commands offer time ranges."""

_STEPS = (
    (timedelta(hours=6), timedelta(minutes=15)),
    (timedelta(days=2), timedelta(hours=1)),
    (timedelta(days=10), timedelta(hours=6)),
)
_LONGEST_STEP = timedelta(days=1)
_UNITS = {"m": 60, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800, "mo": 2_592_000, "y": 31_536_000}


def step_for(span: str | None) -> timedelta:
    """How far one step goes with the range `span` ("3h", "30d"); a quarter of an hour without one."""
    found = re.fullmatch(r"(\d{1,4})\s*(m|min|h|d|w|mo|y)", (span or "").strip().lower())
    if found is None:
        return _STEPS[0][1]
    length = timedelta(seconds=int(found[1]) * _UNITS[found[2]])
    return next((step for longest, step in _STEPS if length <= longest), _LONGEST_STEP)


def step_back(at: datetime | None, now: datetime, step: timedelta) -> datetime:
    """The moment one step before `at`, or before now, on a round multiple of the step."""
    start = at or now
    seconds = int(step.total_seconds())
    whole = int(start.timestamp())
    rounded = whole - whole % seconds
    if rounded == whole and start.microsecond == 0:
        rounded -= seconds
    return datetime.fromtimestamp(rounded, tz=start.tzinfo)


def step_forward(at: datetime, now: datetime, step: timedelta) -> datetime | None:
    """The moment one step after `at`; nothing when that reaches the present."""
    later = at + step
    return later if later < now else None


def next_range(command: Command | None, arguments: dict[str, str]) -> str | None:
    """The time range after the present one, in the order the command declares; nothing when it has none."""
    parameter = command.parameter(RANGE_PARAMETER) if command else None
    values = [choice.value for choice in parameter.type.choices] if parameter else []
    if parameter is None or len(values) < 2:
        return None
    present = arguments.get(RANGE_PARAMETER, parameter.default)
    return values[(values.index(present) + 1) % len(values)] if present in values else values[0]
