"""Reading single fields out of JSON that promises nothing (plume.md 3 and 4).

Each reader takes whatever the cloud sent and answers a clean value or its absence. Only the two that
look for the shape of a whole answer raise, and then `BadAnswerError`.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import cast

from core.errors import BadAnswerError
from core.json_fields import JsonObject, as_list, as_object, flag
from core.message import Message, _
from core.moment import from_epoch, parse_moment, to_epoch
from core.text import cell

__all__ = [
    "JsonObject",
    "as_list",
    "as_object",
    "count",
    "epoch",
    "flag",
    "hardware_address",
    "identifier",
    "moment",
    "number",
    "rows",
    "single",
    "text",
    "word",
]

_LIST_NAMES = ("data", "items", "results")
_OBJECT_NAMES = ("data", "item", "result")
_DEPTH = 4  # The vendor nests twice; a cloud may wrap that once more.

_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{0,30})?([eE][+-]?\d{1,3})?", re.ASCII)
_HARDWARE_ADDRESS = re.compile(r"[0-9a-f]{12}", re.ASCII)
_LONGEST_ID = 128
_EARLIEST = to_epoch(datetime(2000, 1, 1, tzinfo=UTC))
_LATEST = to_epoch(datetime(2100, 1, 1, tzinfo=UTC))
_MILLISECONDS_FROM = 1e11  # As seconds this is the year 5138, as milliseconds 1973.


def rows(body: object, *names: str, things: Message, null_is_empty: bool = True) -> list[JsonObject]:
    """The objects of a list answer, in any envelope of plume.md 3; what is no object is left out.

    `names` are the keys under which this endpoint keeps its list; they are looked for before the general
    ones. A null under one of them is an empty list, unless `null_is_empty` says that nothing may be
    concluded from it.

    Raises:
        BadAnswerError: there is no list, or one without a single object in it.
    """
    found = _find_list(body, names, null_is_empty=null_is_empty, depth=_DEPTH)
    if found is None:
        raise BadAnswerError(_("Plume's answer can't be read: it holds no list of {things}.", things=things))
    objects = [row for each in found if (row := as_object(each))]
    if found and not objects:
        raise BadAnswerError(_("Plume's answer can't be read: its list holds no {things}.", things=things))
    return objects


def _find_list(
    value: object, names: tuple[str, ...], *, null_is_empty: bool, depth: int
) -> list[object] | None:
    if isinstance(value, list):
        return cast("list[object]", value)
    if depth == 0:
        return None
    envelope = as_object(value)
    for name in (*names, *_LIST_NAMES):
        if name not in envelope:
            continue
        inner = envelope[name]
        if inner is None and name in names and null_is_empty:
            return []
        found = _find_list(inner, names, null_is_empty=null_is_empty, depth=depth - 1)
        if found is not None:
            return found
    return None


def single(body: object, *names: str, thing: Message) -> JsonObject:
    """The one object an answer is about, taken out of its envelope; `names` as with `rows`.

    Raises:
        BadAnswerError: the answer is no object.
    """
    if not isinstance(body, dict):
        raise BadAnswerError(_("Plume's answer can't be read: it does not describe {thing}.", thing=thing))
    found = cast("JsonObject", body)
    for _level in range(_DEPTH):
        if "id" in found:
            break
        inner = next(
            (found[name] for name in (*names, *_OBJECT_NAMES) if isinstance(found.get(name), dict)), None
        )
        if inner is None:
            break
        found = as_object(inner)
    return found


def text(row: JsonObject, *names: str, limit: int = 120) -> str:
    """The first of these fields that holds text or a number, as safe text; else the empty string."""
    return next((shown for name in names if (shown := _shown(row.get(name), limit))), "")


def _shown(value: object, limit: int) -> str:
    if isinstance(value, str):
        return cell(value, limit)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    figure = number(value)
    if figure is None or abs(figure) >= 1e15:
        return ""
    return str(int(figure)) if figure == int(figure) else str(figure)


def word(row: JsonObject, *names: str) -> str:
    """Like `text`, for one of a closed set of words, whose letter case can't be relied on (plume.md 3)."""
    return text(row, *names, limit=60).lower()


def identifier(row: JsonObject, *names: str) -> str:
    """The first of these fields that can serve as an id; ids are opaque, so a doubtful one is none.

    Never shortened and never cleaned, since either would make it the id of something else.
    """
    for name in names:
        value = row.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**18:
            return str(value)
        if isinstance(value, str) and len(value) <= _LONGEST_ID:
            candidate = value.strip()
            if candidate and cell(candidate) == candidate:
                return candidate
    return ""


def hardware_address(row: JsonObject, *names: str) -> str:
    """The first of these fields that holds a MAC address, in lower case with colons.

    Text that is not twelve hexadecimal digits is kept as it came: clouds also send masked addresses.
    """
    shown = text(row, *names, limit=40).lower()
    digits = shown.replace(":", "").replace("-", "").replace(".", "")
    if not _HARDWARE_ADDRESS.fullmatch(digits):
        return shown
    return ":".join(digits[start : start + 2] for start in range(0, 12, 2))


def number(value: object, low: float | None = None, high: float | None = None) -> float | None:
    """A finite number, also one written as text, within `low` and `high`; anything else is absent."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        value = value.strip() if len(value) <= 100 else ""
        if not _NUMBER.fullmatch(value):
            return None
    try:
        figure = float(value)
    except OverflowError:
        return None
    if (
        not math.isfinite(figure)
        or (low is not None and figure < low)
        or (high is not None and figure > high)
    ):
        return None
    return figure


def count(value: object) -> int | None:
    """How many there are of something."""
    figure = number(value, 0, 1e9)
    return None if figure is None else int(figure)


def moment(value: object) -> datetime | None:
    """A moment in any form of plume.md 3: ISO 8601 with `Z` or an offset, epoch seconds or milliseconds.

    Moments outside this century's plausible range, such as the year 1, stand for none.
    """
    seconds = _seconds(value)
    return None if seconds is None else from_epoch(seconds)


def epoch(value: object) -> int | None:
    """Like `moment`, in whole seconds since 1970."""
    seconds = _seconds(value)
    return None if seconds is None else math.floor(seconds)


def _seconds(value: object) -> float | None:
    figure = number(value)
    if figure is not None:
        seconds = figure / 1000 if abs(figure) >= _MILLISECONDS_FROM else figure
    elif isinstance(value, str) and len(value) <= 64:
        try:
            seconds = parse_moment(value).timestamp()
        except (ValueError, OverflowError):
            return None
    else:
        return None
    return seconds if _EARLIEST <= seconds < _LATEST else None
