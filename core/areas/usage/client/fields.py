"""Reading single fields out of Taara's JSON, which promises nothing (taara.md 3.1).

Each reader takes whatever was sent and answers a clean value or its absence; none raises.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from core.json_fields import JsonObject, as_list, as_object
from core.text import cell
from core.units import Money

__all__ = [
    "JsonObject",
    "as_list",
    "as_object",
    "flag",
    "identifier",
    "money",
    "text",
    "whole",
    "written_date",
]

_LARGEST = 10**18  # What every database holds as a whole number.
_LONGEST_ID = 128
_NANOS = 10**9
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_DIGITS = re.compile(r"-?\d{1,19}", re.ASCII)
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def text(row: JsonObject, name: str, limit: int = 120) -> str:
    """The field as safe text on one line; the empty string when it holds none."""
    value = row.get(name)
    return cell(value, limit) if isinstance(value, str) else ""


def identifier(row: JsonObject, name: str) -> str:
    """The field when it can serve as an id, else the empty string; ids are neither shortened nor cleaned."""
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _LARGEST:
        return str(value)
    if isinstance(value, str) and len(value) <= _LONGEST_ID:
        candidate = value.strip()
        if cell(candidate) == candidate:
            return candidate
    return ""


def flag(row: JsonObject, name: str) -> bool | None:
    """Yes, no, or not said."""
    value = row.get(name)
    return value if isinstance(value, bool) else None


def whole(row: JsonObject, name: str) -> int | None:
    """A whole number from 0 up, also one written as text, as large ones are in some JSON."""
    value = row.get(name)
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST:
        return None
    return value


def money(row: JsonObject, name: str) -> Money | None:
    """A price in whole units plus billionths of one (taara.md 3.1)."""
    price = as_object(row.get(name))
    units = whole(price, "units")
    nanos = 0 if price.get("nanos") is None else whole(price, "nanos")
    currency = text(price, "currencyCode")
    if units is None or nanos is None or nanos >= _NANOS or not _CURRENCY.fullmatch(currency):
        return None
    return Money(units + Decimal(nanos) / _NANOS, currency)


def written_date(row: JsonObject, name: str) -> date | None:
    """A date written MM/DD/YYYY, as Taara does, or YYYY-MM-DD."""
    written = text(row, name)
    try:
        if match := _US_DATE.fullmatch(written):
            month, day, year = map(int, match.groups())
            return date(year, month, day)
        return date.fromisoformat(written[:10]) if _ISO_DATE.match(written) else None
    except ValueError:
        return None
