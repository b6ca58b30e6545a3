"""How maintenance goes on, by people and by the clock, and what is told of it (operations.md 7.4)."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.areas.operations.model_maintenance import MaintenanceStatus, MaintenanceWindow
from core.errors import InputError
from core.message import _

__all__ = ["DAY_BEFORE", "Announcement", "Step", "advance", "cancel", "check_times", "end", "extend", "start"]

DAY_BEFORE = timedelta(hours=24)
_LONGEST = timedelta(days=14)
"""A window longer than this is a mistake in a date."""


class Announcement(enum.Enum):
    """What is told, each at most once for a window as it is then planned."""

    CREATED = "created"
    DAY_BEFORE = "day before"
    STARTED = "started"
    EXTENDED = "extended"
    ENDING = "ending"
    OVERDUE = "overdue"
    ENDED = "ended"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Step:
    """What follows for a window: how it is now, and what to tell, with the moment each thing happened."""

    window: MaintenanceWindow
    announcements: tuple[tuple[Announcement, datetime], ...] = ()


def check_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """See that a window can be planned for these times.

    Raises:
        InputError: it ends before it starts, is over already, or is implausibly long.
    """
    if ends_at <= starts_at:
        raise InputError(_("Maintenance must end after it starts."))
    if ends_at <= now:
        raise InputError(_("That end lies in the past."))
    if ends_at - starts_at > _LONGEST:
        raise InputError(_("Maintenance may last {days} days at most.", days=_LONGEST.days))


def start(window: MaintenanceWindow, now: datetime) -> Step:
    """Begin now, earlier or later than planned.

    Raises:
        InputError: it isn't waiting to begin.
    """
    _expect(window, MaintenanceStatus.SCHEDULED)
    started = replace(window, status=MaintenanceStatus.IN_PROGRESS, started_at=now)
    return Step(started, ((Announcement.STARTED, now),))


def extend(window: MaintenanceWindow, ends_at: datetime, now: datetime) -> Step:
    """Plan another end.

    Raises:
        InputError: it is over, or the end won't do.
    """
    _expect(window, MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS, MaintenanceStatus.VERIFYING)
    check_times(window.starts_at, ends_at, now)
    return Step(replace(window, ends_at=ends_at), ((Announcement.EXTENDED, now),))


def end(window: MaintenanceWindow, now: datetime, *, verify: bool = False) -> Step:
    """The work is done: verify what it did, or be through with it.

    Raises:
        InputError: no work goes on, or it is being verified already.
    """
    if verify:
        _expect(window, MaintenanceStatus.IN_PROGRESS)
        verifying = replace(window, status=MaintenanceStatus.VERIFYING)
        return Step(verifying, ((Announcement.ENDING, now),))
    _expect(window, MaintenanceStatus.IN_PROGRESS, MaintenanceStatus.VERIFYING)
    ended = replace(window, status=MaintenanceStatus.COMPLETED, ended_at=now)
    return Step(ended, ((Announcement.ENDED, now),))


def cancel(window: MaintenanceWindow, reason: str, now: datetime) -> Step:
    """It won't happen, or is broken off.

    Raises:
        InputError: it is over already.
    """
    _expect(window, MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS, MaintenanceStatus.VERIFYING)
    ended_at = now if window.status.active else None
    cancelled = replace(window, status=MaintenanceStatus.CANCELLED, ended_at=ended_at, reason=reason)
    return Step(cancelled, ((Announcement.CANCELLED, now),))


def advance(window: MaintenanceWindow, now: datetime) -> Step:
    """What the clock makes of a window by `now`; the same announcements however often it is asked."""
    told: list[tuple[Announcement, datetime]] = []
    if window.status is MaintenanceStatus.SCHEDULED:
        day_before = window.starts_at - DAY_BEFORE
        if window.created_at < day_before <= now < window.starts_at:
            told.append((Announcement.DAY_BEFORE, day_before))
        if window.automatic and now >= window.starts_at:
            at = max(window.starts_at, window.created_at)
            window = replace(window, status=MaintenanceStatus.IN_PROGRESS, started_at=at)
            told.append((Announcement.STARTED, at))
    if window.status.active and now >= window.ends_at:
        if window.automatic:
            window = replace(window, status=MaintenanceStatus.COMPLETED, ended_at=window.ends_at)
            told.append((Announcement.ENDED, window.ends_at))
        elif window.overdue(now):
            told.append((Announcement.OVERDUE, window.ends_at))
    return Step(window, tuple(told))


def _expect(window: MaintenanceWindow, *allowed: MaintenanceStatus) -> None:
    if window.status not in allowed:
        raise InputError(
            _(
                "“{title}” is {status}; this can’t be done to it.",
                title=window.title,
                status=window.status.state.word,
            )
        )
