"""What went wrong in the database, in words that say what to do about it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from core.errors import (
    StoreBusyError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from core.message import Message, _
from core.text import clean, redact

__all__ = ["cannot_write", "connecting", "sqlite_failure", "translate", "translating"]

_CODES_BY_WORDS = {
    "locked": "BUSY",
    "full": "FULL",
    "readonly": "READONLY",
    "unable to open": "CANTOPEN",
    "not a database": "NOTADB",
    "malformed": "CORRUPT",
}
"""The result code of an error that came without one."""


@contextmanager
def translating(place: str) -> Generator[None]:
    """Turn what SQLAlchemy raises inside the block into `StoreError`s that name `place`."""
    try:
        yield
    except SQLAlchemyError as error:
        failure = translate(error, place)
        if failure is None:
            raise
        raise failure from error


@contextmanager
def connecting(place: str) -> Generator[None]:
    """Turn what goes wrong on the way to a database server into a `StoreError`; wrap nothing else in it."""
    try:
        yield
    except OSError as error:
        raise StoreError(_cannot_reach(place, error)) from error
    except Exception as error:  # what PostgreSQL answers at the door comes from its driver as it is
        state = getattr(error, "sqlstate", None)
        failure = _postgresql_failure(state, place, error) if isinstance(state, str) else None
        if failure is None:
            raise
        raise failure from error


def translate(error: SQLAlchemyError, place: str) -> StoreError | None:
    """The `StoreError` for a driver's error; nothing for a mistake in the program, which stays as it is."""
    if isinstance(error, PoolTimeoutError):
        return StoreBusyError(_busy(place))
    original = error.orig if isinstance(error, DBAPIError) else None
    if original is None:
        return None
    state = getattr(original, "sqlstate", None)
    if isinstance(state, str):
        return _postgresql_failure(state, place, original)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return StoreError(_cannot_reach(place, original))
    return sqlite_failure(original, place)


def sqlite_failure(error: BaseException, place: str) -> StoreError | None:
    """The `StoreError` for an error of SQLite, by the name of its result code."""
    name: str = getattr(error, "sqlite_errorname", "") or _code_by_words(str(error))
    match name.removeprefix("SQLITE_").split("_")[0]:
        case "BUSY" | "LOCKED":
            return StoreBusyError(_busy(place))
        case "FULL":
            return StoreFullError(_full(place))
        case "READONLY" | "CANTOPEN" | "PERM" | "AUTH":
            return StoreReadOnlyError(cannot_write(place))
        case "CORRUPT" | "NOTADB":
            return StoreCorruptError(_damaged(place))
        case "IOERR":
            return StoreError(
                _("The disk failed the database {place}: {reason}.", place=place, reason=_reason(error))
            )
        case _:
            return None


def cannot_write(place: str) -> Message:
    """That the database or its folder may not be written, and what to do."""
    return _(
        "The database {place} can't be written. Check who owns it and its folder, and their permissions.",
        place=place,
    )


def _postgresql_failure(state: str, place: str, error: BaseException) -> StoreError | None:
    """The `StoreError` for an SQLSTATE (PostgreSQL manual, appendix A)."""
    if state in ("55P03", "40001", "40P01", "57014", "53300", "23505"):  # the last: two made the same thing
        return StoreBusyError(_busy(place))
    if state == "53100":
        return StoreFullError(_full(place))
    if state in ("25006", "42501"):
        return StoreReadOnlyError(
            _("The database {place} can't be written. Give its user the right to write.", place=place)
        )
    if state.startswith("XX"):
        return StoreCorruptError(_damaged(place))
    if state.startswith("28") or state == "3D000":
        reason = _reason(error)
        return StoreError(
            _("The database {place} refused us: {reason}. Check DATABASE_URL.", place=place, reason=reason)
        )
    if state.startswith(("08", "57", "53")):
        return StoreError(_cannot_reach(place, error))
    return None


def _busy(place: str) -> Message:
    return _(
        "The database {place} is busy with another program. Nothing was changed; try again.", place=place
    )


def _full(place: str) -> Message:
    return _(
        "There is no room left for the database {place}. Nothing was changed; free some space.", place=place
    )


def _damaged(place: str) -> Message:
    return _("The database {place} is damaged. Restore the newest backup.", place=place)


def _cannot_reach(place: str, error: BaseException) -> Message:
    return _("The database {place} can't be reached: {reason}.", place=place, reason=_reason(error))


def _reason(error: BaseException) -> str:
    return redact(clean(str(error), 200)).rstrip(".") or type(error).__name__


def _code_by_words(text: str) -> str:
    return next((code for words, code in _CODES_BY_WORDS.items() if words in text), "")
