"""What Taara's words for a balance and for an expiry mean (taara.md 3.2 and 3.3).

Pure and total: any value at all is read, and what isn't understood is unknown with a warning, never 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.message import Message, _
from core.moment import parse_moment
from core.text import clean

__all__ = ["BalanceText", "ExpiryText", "parse_balance", "parse_expiry"]

_SHOWN = 60  # Characters of a text that a warning repeats.
_LARGEST = 10**18
_LONGEST_EXPIRY = 36_500

_UNITS = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_VOLUME = re.compile(
    r"(?P<whole>\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.(?P<part>\d{1,12}))? ?(?P<unit>[kmgt]?b)",
    re.ASCII | re.IGNORECASE,
)
_UNLIMITED = frozenset({"unlimited", "∞"})

_STRETCH = re.compile(
    r"(?P<count>\d{1,6}) ?(?P<unit>week|day|hour|hr|minute|min)s?(?:,? and |, ?| |$)",
    re.ASCII | re.IGNORECASE,
)
_LENGTHS = {
    "week": timedelta(weeks=1),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "hr": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "min": timedelta(minutes=1),
}
_WORDS = {"expired": 0, "today": 0, "tomorrow": 1}
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class BalanceText:
    """A balance that was shown as text.

    `bytes` is what it says; the true value lies within `margin` bytes of it, half of the last digit shown.
    """

    bytes: int | None
    margin: Decimal = Decimal(0)
    unlimited: bool = False
    warning: Message | None = None

    def agrees_with(self, stated: int | None) -> bool:
        """Whether `stated`, in bytes, is what this text would be the rounding of."""
        return stated is not None and self.bytes is not None and abs(stated - self.bytes) <= self.margin


@dataclass(frozen=True, slots=True)
class ExpiryText:
    """An expiry that was shown as text: whole days left, rounded down, 0 from the last day on."""

    days: int | None
    warning: Message | None = None


def parse_balance(value: object) -> BalanceText:
    """A volume such as "412.7 GB", "1,024 MB" or "Unlimited"; a gigabyte is 10^9 bytes."""
    if value is None:
        return BalanceText(None, warning=_("Taara doesn't say how much is left."))
    shown = clean(value, _SHOWN) if isinstance(value, str) else ""
    if shown.casefold() in _UNLIMITED:
        return BalanceText(None, unlimited=True)
    match = _VOLUME.fullmatch(shown)
    if match is None:
        return BalanceText(None, warning=_unreadable_balance(value))
    part = match["part"] or ""
    unit = _UNITS[match["unit"].lower()]
    figure = Decimal(f"{match['whole'].replace(',', '')}.{part or '0'}") * unit
    if figure > _LARGEST:
        return BalanceText(None, warning=_unreadable_balance(value))
    return BalanceText(int(figure), margin=Decimal(unit).scaleb(-len(part)) / 2)


def parse_expiry(value: object, today: date | None = None) -> ExpiryText:
    """A time left such as "28 days", "12 hours", "Tomorrow" or "Expired", or the date of the last day.

    A date can only be read by who says what day is `today`.
    """
    if value is None:
        return ExpiryText(None, _("Taara doesn't say when it expires."))
    shown = clean(value, _SHOWN) if isinstance(value, str) else ""
    days = _WORDS.get(shown.casefold())
    if days is None:
        days = _stretch(shown)
    if days is None and today is not None:
        days = _until(shown, today)
    if days is None or days > _LONGEST_EXPIRY:
        return ExpiryText(None, _("The expiry “{text}” can't be read.", text=_said(value)))
    return ExpiryText(days)


def _stretch(shown: str) -> int | None:
    """The days of "1 day", "2 days 3 hours" and the like."""
    end, length = 0, timedelta()
    while match := _STRETCH.match(shown, end):
        length += int(match["count"]) * _LENGTHS[match["unit"].lower()]
        end = match.end()
    return length.days if end and end == len(shown) else None


def _until(shown: str, today: date) -> int | None:
    if not _ISO_DATE.match(shown):
        return None
    try:
        last = date.fromisoformat(shown) if len(shown) == 10 else parse_moment(shown).date()
    except ValueError:
        return None
    return max((last - today).days, 0)


def _unreadable_balance(value: object) -> Message:
    return _("The balance “{text}” can't be read.", text=_said(value))


def _said(value: object) -> str:
    """A value as a warning repeats it; of a whole structure nothing."""
    return clean(str(value), _SHOWN) if isinstance(value, str | int | float) else "…"
