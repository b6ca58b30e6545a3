"""What went wrong in the database, in words that say what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from core.errors import (
    OpsdeckError,
    StoreBusyError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from core.message import Message, _
from core.text import clean, redact

__all__ = ["sqlite_failure", "translate", "translating"]


@contextmanager
def translating(place: str) -> Iterator[None]:
    """Turn what the database driver raises inside the block into `StoreError`s that name `place`."""
    try:
        yield
    except OpsdeckError:
        raise
    except (SQLAlchemyError, OSError) as error:
        failure = translate(error, place)
        if failure is None:
            raise
        raise failure from error


def translate(error: Exception, place: str) -> StoreError | None:
    """The `StoreError` for a driver's error; nothing for a mistake in the program, which is not translated."""
    if isinstance(error, PoolTimeoutError):
        return _busy(place)
    if isinstance(error, OSError):
        return StoreError(
            _("The database {place} can't be reached: {reason}.", place=place, reason=_reason(error))
        )
    original = error.orig if isinstance(error, DBAPIError) else None
    if original is None:
        return None
    state = getattr(original, "sqlstate", None)
    if isinstance(state, str):
        return _postgresql_failure(state, place, original)
    return sqlite_failure(original, place)


def sqlite_failure(error: BaseException, place: str) -> StoreError | None:
    """The `StoreError` for an error of SQLite, by the name of its result code."""
    name: str = getattr(error, "sqlite_errorname", None) or _named_by_text(str(error))
    match name.removeprefix("SQLITE_").split("_")[0]:
        case "BUSY" | "LOCKED":
            return _busy(place)
        case "FULL":
            return StoreFullError(
                _(
                    "There is no room left for the database {place}. Free some space on its disk; nothing was lost.",
                    place=place,
                )
            )
        case "READONLY" | "CANTOPEN" | "PERM" | "AUTH":
            return StoreReadOnlyError(
                _(
                    "The database {place} can't be written. Check who owns it and its folder, and their permissions.",
                    place=place,
                )
            )
        case "CORRUPT" | "NOTADB":
            return StoreCorruptError(
                _(
                    "The database {place} is damaged. Restore the newest backup with “opsdeck restore”.",
                    place=place,
                )
            )
        case "IOERR":
            return StoreError(
                _(
                    "The disk did not do its part for the database {place}: {reason}.",
                    place=place,
                    reason=_reason(error),
                )
            )
        case _:
            return None


def _named_by_text(text: str) -> str:
    """The result code's name where the driver raised an error of its own without one."""
    known = {
        "locked": "BUSY",
        "full": "FULL",
        "readonly": "READONLY",
        "unable to open": "CANTOPEN",
        "not a database": "NOTADB",
    }
    return next((name for words, name in known.items() if words in text), "")


def _postgresql_failure(state: str, place: str, error: BaseException) -> StoreError | None:
    """The `StoreError` for an SQLSTATE (PostgreSQL manual, appendix A)."""
    if state in ("55P03", "40001", "40P01", "57014", "53300"):
        return _busy(place)
    if state == "53100":
        return StoreFullError(
            _("There is no room left for the database {place}. Free some space on its server.", place=place)
        )
    if state in ("25006", "42501"):
        return StoreReadOnlyError(
            _(
                "The database {place} can't be written. Grant its user the right to, or use the primary server.",
                place=place,
            )
        )
    if state.startswith("XX"):
        return StoreCorruptError(
            _(
                "The database {place} is damaged: {reason}. Restore it from a dump.",
                place=place,
                reason=_reason(error),
            )
        )
    if state.startswith("28") or state == "3D000":
        return StoreError(
            _(
                "The database {place} refused us: {reason}. Check DATABASE_URL.",
                place=place,
                reason=_reason(error),
            )
        )
    if state.startswith(("08", "57", "53")):
        return StoreError(
            _("The database {place} can't be reached: {reason}.", place=place, reason=_reason(error))
        )
    return None


def _busy(place: str) -> StoreBusyError:
    return StoreBusyError(
        _("The database {place} is busy with another program. Nothing was changed; try again.", place=place)
    )


def _reason(error: BaseException) -> Message | str:
    return redact(clean(str(error), 200)).rstrip(".") or type(error).__name__
