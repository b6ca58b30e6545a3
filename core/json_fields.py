"""Reading JSON that promises nothing: each reader takes whatever was sent, and none raises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, cast

__all__ = ["JsonObject", "as_list", "as_object", "flag"]

JsonObject: TypeAlias = Mapping[str, object]
"""One JSON object of an answer, its values unread."""


def as_object(value: object) -> JsonObject:
    """The value when it is an object, else an empty one."""
    return cast("JsonObject", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """The value when it is a list, else an empty one."""
    return cast("list[object]", value) if isinstance(value, list) else []


def flag(value: object) -> bool | None:
    """Yes, no, or not said."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return None
