"""“Can I download 80 GB before the renewal?”: the answer with its arithmetic (taara.md 11)."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from decimal import Decimal

from core.areas.usage.model import GIGABYTE
from core.areas.usage.rules.forecast import Forecast
from core.areas.usage.rules.pace import safe_daily_budget
from core.errors import InputError
from core.message import _

__all__ = ["Answer", "Download", "parse_size", "plan_download"]

_BYTES = {"": GIGABYTE, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_SIZE = re.compile(r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(b|kb|mb|gb|tb)?", re.IGNORECASE)
_LARGEST = 1_000 * 10**12
_LARGEST_SHARE = 0.5
"""A download of more than this share of what is left is advised against where the rest won't last."""


class Answer(enum.Enum):
    """Whether a download is a good idea."""

    YES = "yes"
    YES_BUT = "yes, but"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Download:
    """A download of `size` bytes set against a plan.

    Volumes are in bytes, paces in bytes a day; each is `None` where it can't be told. `left` is there now,
    `expected` is what will be used until the renewal at the present pace, `spare` what is left then after
    the download (negative: what is missing). `budget_after` is the safe daily budget once it is done, and
    `days_after` how long the rest lasts at the present pace.
    """

    size: int
    answer: Answer
    left: int | None
    days_left: int | None
    average: float | None
    expected: float | None
    remains: float | None
    spare: float | None
    budget_now: float | None
    budget_after: float | None
    days_after: float | None


def parse_size(text: str) -> int:
    """The bytes that a person means by “80 GB”, “500MB”, “1.2 TB” or “80”, which is in GB.

    Raises:
        InputError: the text is no size, or none that could be downloaded.
    """
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise InputError(
            _("“{text}” isn't a size; write it like 80 GB, 500 MB or 1.2 TB.", text=text.strip()[:60])
        )
    number, unit = found.groups()
    size = int(Decimal(number.replace(",", "")) * _BYTES[(unit or "").lower()])
    if not 0 < size <= _LARGEST:
        raise InputError(_("The size must be more than nothing and at most 1,000 TB."))
    return size


def plan_download(size: int, found: Forecast, *, unlimited: bool = False) -> Download:
    """Whether `size` bytes can be downloaded before the plan's renewal.

    Yes when the present pace can go on as well; yes, but when the pace has to drop or isn't known; no
    when more is wanted than is left, or more than half of it while the rest then won't last.
    """
    left, days = found.balance, found.expires_in_days
    expected = None if found.average is None or days is None else found.average * days
    remains = None if left is None else left - size
    affordable = None if remains is None else max(remains, 0)
    budget_after = safe_daily_budget(affordable, days)
    return Download(
        size=size,
        answer=Answer.YES if unlimited else _answer(size, left, expected),
        left=left,
        days_left=days,
        average=found.average,
        expected=expected,
        remains=remains,
        spare=None if remains is None or expected is None else remains - expected,
        budget_now=found.safe_daily_budget,
        budget_after=budget_after,
        days_after=affordable / found.average if affordable is not None and found.average else None,
    )


def _answer(size: int, left: int | None, expected: float | None) -> Answer:
    if left is None:
        return Answer.UNKNOWN
    if size > left:
        return Answer.NO
    if expected is not None and expected <= left - size:
        return Answer.YES
    return Answer.NO if expected is not None and size > _LARGEST_SHARE * left else Answer.YES_BUT
