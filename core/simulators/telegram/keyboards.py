"""The buttons under a message, and what of them the server refuses (telegram.md 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from core.simulators.telegram.arguments import Arguments
from core.simulators.telegram.errors import refused
from core.simulators.telegram.model import Json

__all__ = ["buttons", "read_keyboard"]

_LONGEST_DATA = 64
"""Bytes of UTF-8."""

_LONGEST_COPY = 256
_BUTTONS = 100
_BUTTONS_IN_ROW = 8
_ACTIONS = (
    "callback_data",
    "url",
    "copy_text",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "web_app",
    "login_url",
    "callback_game",
    "pay",
)
_STYLES = frozenset({"danger", "success", "primary"})
_UNREADABLE = "can't parse reply keyboard markup JSON object"


def read_keyboard(arguments: Arguments) -> Json | None:
    """The inline keyboard of a call, cleaned; None without one.

    A keyboard in place of the phone's own is accepted and, as on the server, no part of the message.

    Raises:
        ApiError: a button is empty, does nothing or carries too much, or there are too many.
    """
    value = arguments.structure("reply_markup", _UNREADABLE)
    if value is None:
        return None
    if not isinstance(value, dict):
        raise refused(_UNREADABLE)
    markup = cast("dict[str, Any]", value)
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    try:
        cleaned = [[_button(button) for button in row] for row in rows]
    except (AttributeError, TypeError) as error:
        raise refused(_UNREADABLE) from error
    cleaned = [row for row in cleaned if row]
    if sum(map(len, cleaned)) > _BUTTONS or any(len(row) > _BUTTONS_IN_ROW for row in cleaned):
        raise refused("reply markup is too long")
    return {"inline_keyboard": cleaned} if cleaned else None


def buttons(markup: Json | None) -> Iterator[Json]:
    """The buttons of a keyboard, row by row."""
    for row in (markup or {}).get("inline_keyboard", ()):
        yield from row


def _button(button: Mapping[str, Any]) -> Json:
    label = str(button.get("text", ""))
    if not label.strip():
        raise refused("inline keyboard button text must be non-empty")
    actions = [name for name in _ACTIONS if button.get(name) is not None]
    if not actions:
        raise refused("text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise refused("BUTTON_TYPE_INVALID")
    action = actions[0]
    value = button[action]
    if action == "callback_data" and not 1 <= len(str(value).encode()) <= _LONGEST_DATA:
        raise refused("BUTTON_DATA_INVALID")
    if action == "url" and ("." not in str(value) and not str(value).startswith("tg://")):
        raise refused("BUTTON_URL_INVALID")
    if action == "copy_text" and not 1 <= len(str(value.get("text", ""))) <= _LONGEST_COPY:
        raise refused("BUTTON_COPY_TEXT_INVALID")
    cleaned: Json = {"text": label, action: value}
    if "style" in button:
        if button["style"] not in _STYLES:
            raise refused("invalid button style specified")
        cleaned["style"] = button["style"]
    return cleaned
