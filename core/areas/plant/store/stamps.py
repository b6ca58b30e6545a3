"""Moments that may not have come, as they are stored."""

from __future__ import annotations

from datetime import datetime

from core.store.metadata import from_microseconds, to_microseconds

__all__ = ["maybe_moment", "maybe_stamp"]


def maybe_stamp(moment: datetime | None) -> int | None:
    """The stored form of a moment, where there is one."""
    return None if moment is None else to_microseconds(moment)


def maybe_moment(stamp: int | None) -> datetime | None:
    """The moment of a stored form, where there is one."""
    return None if stamp is None else from_microseconds(stamp)
