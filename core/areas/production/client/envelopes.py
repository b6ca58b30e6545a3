"""Taking the things an answer of the production system is about out of whatever it is wrapped in.

Lists come bare, or under their own name, or a usual one (production.md 8 leaves it open). Only an answer
whose whole shape is another raises; an item that can't be read never costs the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from core.areas.production.client.fields import JsonObject, as_object
from core.errors import BadAnswerError
from core.message import Message, _

__all__ = ["cursor", "items", "single", "unique"]

T = TypeVar("T")

_LIST_NAMES = ("items", "data", "results")
_LONGEST_CURSOR = 1_000


def single(body: object, thing: Message) -> JsonObject:
    """The object that the answer is.

    Raises:
        BadAnswerError: it is none.
    """
    if isinstance(body, dict):
        return cast("JsonObject", body)
    raise BadAnswerError(_("Production's answer can't be read: it doesn't tell {thing}.", thing=thing))


def items(body: object, name: str, things: Message, *others: str) -> list[object]:
    """The items of a list answer: bare, or under its name, another one, or a usual one.

    Raises:
        BadAnswerError: there is no list.
    """
    row = as_object(body)
    for found in (body, *(row.get(key) for key in (name, *others, *_LIST_NAMES))):
        if isinstance(found, list):
            return cast("list[object]", found)
    raise BadAnswerError(_("Production's answer can't be read: it holds no list of {things}.", things=things))


def unique(rows: list[object], parse: Callable[[object], T | None], key: Callable[[T], str]) -> tuple[T, ...]:
    """What could be read, the first of each key, in order."""
    kept: dict[str, T] = {}
    for row in rows:
        value = parse(row)
        if value is not None:
            kept.setdefault(key(value), value)
    return tuple(kept.values())


def cursor(body: object) -> str:
    """The cursor of the next page as it came: it is opaque, so a doubtful one is none."""
    told = next((found for name in ("next_cursor", "cursor") if (found := as_object(body).get(name))), "")
    if isinstance(told, str) and len(told) <= _LONGEST_CURSOR and told.isprintable():
        return told
    return ""
