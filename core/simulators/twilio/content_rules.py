"""What a content template may say, and what WhatsApp approves (whatsapp.md B4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from core.simulators.twilio.errors import TwilioError, refused
from core.simulators.whatsapp import limits

__all__ = [
    "APPROVABLE",
    "CATEGORIES",
    "KINDS",
    "TEMPLATE_BUTTONS",
    "TEMPLATE_TITLE",
    "check_types",
    "rejection",
]

LIST_PICKER: Final = "twilio/list-picker"
QUICK_REPLY: Final = "twilio/quick-reply"
MEDIA: Final = "twilio/media"
TEXT: Final = "twilio/text"
_PLAIN = ("twilio/call-to-action", "twilio/card", "twilio/location", "twilio/carousel", "twilio/flows")

KINDS: Final = (LIST_PICKER, QUICK_REPLY, *_PLAIN, MEDIA, TEXT)
"""The types there are, the richest first: the one that is sent where a template has several."""

APPROVABLE: Final = frozenset(KINDS) - {LIST_PICKER}
CATEGORIES: Final = ("UTILITY", "MARKETING", "AUTHENTICATION")

TEMPLATE_BUTTONS = 10
TEMPLATE_TITLE = 25
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_ADJACENT = re.compile(r"\}\}\s*\{\{")

_Type = Mapping[str, Any]


def check_types(types: object) -> dict[str, dict[str, Any]]:
    """The `types` of a new template.

    Raises:
        TwilioError: 400, code 20001: there are none, one is unknown, or something is missing or too long.
    """
    if not isinstance(types, dict) or not types:
        raise _bad("types must have at least one content type")
    read = cast("dict[str, Any]", types)
    for kind, fields in read.items():
        if kind not in KINDS:
            raise _bad(f"{kind} is not a supported content type")
        if not isinstance(fields, dict):
            raise _bad(f"{kind} must be an object")
        _check_type(kind, cast("dict[str, Any]", fields))
    return read


def _check_type(kind: str, fields: _Type) -> None:
    match kind:
        case "twilio/text":
            _check(fields, "body", limits.TEXT)
        case "twilio/media":
            media = fields.get("media")
            if not isinstance(media, list) or not media:
                raise _bad("media must have at least one URL")
        case "twilio/quick-reply":
            _check(fields, "body", limits.BODY)
            for action in _rows(fields, "actions", TEMPLATE_BUTTONS):
                _check(action, "title", TEMPLATE_TITLE)
                _check(action, "id", limits.BUTTON_ID, needed=False)
        case "twilio/list-picker":
            _check(fields, "body", limits.BODY)
            _check(fields, "button", limits.LIST_LABEL)
            rows = _rows(fields, "items", limits.ROWS)
            for row in rows:
                _check(row, "id", limits.ROW_ID)
                _check(row, "item", limits.ROW_TITLE)
                _check(row, "description", limits.ROW_DESCRIPTION, needed=False)
            if len({row["id"] for row in rows}) < len(rows):
                raise _bad("items must have unique ids")
        case _:
            _check(fields, "body", limits.BODY, needed=False)


def _rows(fields: _Type, name: str, most: int) -> list[_Type]:
    value = fields.get(name)
    rows = cast("list[object]", value) if isinstance(value, list) else []
    if not 1 <= len(rows) <= most:
        raise _bad(f"{name} must have between 1 and {most} entries")
    if not all(isinstance(row, dict) for row in rows):
        raise _bad(f"{name} must be objects")
    return cast("list[_Type]", rows)


def _check(fields: _Type, name: str, most: int, *, needed: bool = True) -> None:
    value = fields.get(name)
    if value is None and not needed:
        return
    if not isinstance(value, str) or (needed and not value):
        raise _bad(f"{name} is required")
    if len(value) > most:
        raise _bad(f"{name} has {len(value)} characters; the most is {most}")


def _bad(detail: str) -> TwilioError:
    return refused(20001, detail=detail)


def rejection(types: Mapping[str, Mapping[str, Any]], samples: Mapping[str, str]) -> str:
    """Why WhatsApp rejects a template; empty when it approves."""
    for fields in types.values():
        body = str(fields.get("body", "")).strip()
        if body.startswith("{{") or body.endswith("}}"):
            return "The body may not begin or end with a variable"
        if _ADJACENT.search(body):
            return "Two variables may not stand side by side"
        missing = set(_VARIABLE.findall(body)) - {name for name, value in samples.items() if value}
        if missing:
            return f"Each variable needs a sample: {', '.join(sorted(missing))}"
    return ""
