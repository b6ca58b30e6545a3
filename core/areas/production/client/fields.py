"""Reading single fields out of JSON that promises nothing (production.md 2 and 8).

Each reader takes whatever was sent and answers a clean value or its absence. What is odd but can be lived
with is told to a `OnAnomaly`, never raised.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from core.json_fields import JsonObject, as_list, as_object, flag
from core.moment import from_epoch, parse_moment
from core.text import cell
from core.units import Money

__all__ = [
    "JsonObject",
    "OnAnomaly",
    "as_list",
    "as_object",
    "count",
    "decimal",
    "flag",
    "identifier",
    "moment",
    "money",
    "seconds",
    "text",
    "word",
]

OnAnomaly: TypeAlias = Callable[[str], None]
"""Takes one line, fit for a log, about something that was left out or guessed."""

_LONGEST_ID = 128
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{0,30})?([eE][+-]?\d{1,2})?", re.ASCII)
_LARGEST = Decimal(10) ** 15
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = Decimal(10) ** 11  # As seconds this is the year 5138, as milliseconds 1973.


def text(row: JsonObject, *names: str, limit: int = 120) -> str:
    """The first of these fields that holds text or a number, as safe text; else the empty string."""
    for name in names:
        value = row.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            continue
        shown = value if isinstance(value, str) else _figure_text(value)
        if cleaned := cell(shown, limit):
            return cleaned
    return ""


def word(row: JsonObject, *names: str) -> str:
    """Like `text`, for one of a set of words, in lower case."""
    return text(row, *names, limit=60).lower()


def identifier(row: JsonObject, *names: str) -> str:
    """The first of these fields that can serve as an id; a doubtful one is none.

    Never shortened and never cleaned, since either would make it the id of something else.
    """
    for name in names:
        value = row.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**18:
            return str(value)
        if isinstance(value, str) and len(value) <= _LONGEST_ID:
            candidate = value.strip()
            if candidate and cell(candidate) == candidate:
                return candidate
    return ""


def decimal(value: object, low: Decimal | None = None) -> Decimal | None:
    """A finite number, also one written as text, not below `low`; anything else is absent."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    written = value.strip() if isinstance(value, str) and len(value) <= 100 else _figure_text(value)
    if not _NUMBER.fullmatch(written):
        return None
    try:
        figure = Decimal(written)
    except InvalidOperation:
        return None
    if abs(figure) > _LARGEST or (low is not None and figure < low):
        return None
    return figure


def count(value: object) -> int | None:
    """How many there are of something."""
    figure = decimal(value, Decimal(0))
    return None if figure is None or figure > 10**9 else int(figure)


def seconds(value: object) -> float | None:
    """A length of time."""
    figure = decimal(value, Decimal(0))
    return None if figure is None else float(figure)


def moment(value: object) -> datetime | None:
    """A moment in UTC: RFC 3339 (section 2), or epoch seconds or milliseconds; implausible ones are none."""
    figure = decimal(value)
    try:
        if figure is not None:
            found = from_epoch(float(figure / 1000 if abs(figure) >= _MILLISECONDS_FROM else figure))
        elif isinstance(value, str) and len(value) <= 64:
            found = parse_moment(value)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return found if _EARLIEST <= found < _LATEST else None


def money(value: object) -> Money | None:
    """`{"amount": "1.00", "currency": "USD"}`; an amount without its currency is no money."""
    row = as_object(value)
    amount = decimal(row.get("amount"))
    currency = text(row, "currency", limit=10).upper()
    if amount is None or not _CURRENCY.fullmatch(currency):
        return None
    return Money(amount, currency)


def _figure_text(value: object) -> str:
    """A number as text; what is too long to be one of ours as nothing, before Python spells it out."""
    if isinstance(value, int) and abs(value) > 10**30:
        return ""
    return str(value) if isinstance(value, int | float | Decimal) else ""
