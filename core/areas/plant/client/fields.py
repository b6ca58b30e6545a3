"""Reading single fields out of the backend's rows, which promise nothing; nothing here raises."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar
from zoneinfo import ZoneInfo

from core.areas.plant.rules.due import due_at, read_due
from core.errors import InputError
from core.json_fields import JsonObject
from core.moment import parse_moment
from core.text import clean

__all__ = ["LONGEST", "amount", "count", "due", "identifier", "moment", "number", "text", "word"]

W = TypeVar("W", bound=enum.Enum)

LONGEST = 500
"""Characters of what somebody wrote: a reason, a remark."""

_MOST_PIECES = 10_000_000
_MOST_AMOUNT = Decimal(10) ** 12


def text(row: JsonObject, name: str, longest: int = 200) -> str:
    """Words, safe to show; empty where there are none."""
    value = row.get(name)
    return clean(str(value), longest) if isinstance(value, str | int | float) else ""


def identifier(row: JsonObject, name: str) -> int | None:
    """The id of another row."""
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def count(row: JsonObject, name: str) -> int:
    """How many pieces; none where it doesn't say."""
    value = row.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= _MOST_PIECES:
        return 0
    return int(value)


def amount(row: JsonObject, name: str) -> Decimal | None:
    """An exact amount, where there is one."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 40:
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found <= _MOST_AMOUNT else None


def moment(row: JsonObject, name: str) -> datetime | None:
    """A moment; one without an offset is in UTC."""
    value = row.get(name)
    if not isinstance(value, str) or len(value) > 64:
        return None
    try:
        return parse_moment(value)
    except ValueError:
        return None


def due(row: JsonObject, name: str, zone: ZoneInfo) -> datetime | None:
    """The last moment of what is promised for a moment, or for a day alone."""
    value = row.get(name)
    if not isinstance(value, str) or len(value) > 64:
        return None
    try:
        return due_at(read_due(value), zone)
    except ValueError:
        return None


def word(row: JsonObject, name: str, words: type[W]) -> W | None:
    """One of the words of an enumeration; nothing for any other."""
    value = text(row, name, 60).casefold()
    return next((each for each in words if each.value == value), None)


def number(row: JsonObject, name: str, read: Callable[[str], str | None]) -> str | None:
    """The number that people use for the row, in our one form; nothing where it can't be one."""
    value = row.get(name)
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        return read(value)
    except InputError:
        return None
