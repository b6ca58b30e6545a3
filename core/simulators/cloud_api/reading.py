"""Reading the JSON of a call: what must be there, of which type and of which length (whatsapp.md C2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from core.simulators.cloud_api.errors import refused
from core.simulators.whatsapp.model import Json

__all__ = ["fields", "rows", "text"]


def text(body: Mapping[str, Any], name: str, path: str, most: int | None = None) -> str:
    """A text that must be there; `path` is what the refusal calls it.

    Raises:
        CloudError: 131008 without it, 131009 if it is none or has more than `most` characters.
    """
    value = body.get(name)
    if value is None or value == "":
        raise refused(131008, f"The parameter {path} is required.")
    if not isinstance(value, str):
        raise refused(131009, f"The parameter {path} must be a text.")
    if most is not None and len(value) > most:
        raise refused(131009, f"{path} has {len(value)} characters; the most is {most}.")
    return value


def fields(body: Mapping[str, Any], name: str, path: str) -> Json:
    """An object that must be there.

    Raises:
        CloudError: 131008 without it, 131009 if it is none.
    """
    value = body.get(name)
    if value is None:
        raise refused(131008, f"The parameter {path} is required.")
    if not isinstance(value, dict):
        raise refused(131009, f"The parameter {path} must be an object.")
    return cast("Json", value)


def rows(body: Mapping[str, Any], name: str, path: str, *, needed: bool = True) -> list[Json]:
    """A list of objects.

    Raises:
        CloudError: 131008 without it if it is `needed`, 131009 if it is something else.
    """
    value = body.get(name)
    if value is None and not needed:
        return []
    if value is None:
        raise refused(131008, f"The parameter {path} is required.")
    listed = cast("list[object]", value) if isinstance(value, list) else [None]
    if not all(isinstance(each, dict) for each in listed):
        raise refused(131009, f"The parameter {path} must be a list of objects.")
    return cast("list[Json]", listed)
