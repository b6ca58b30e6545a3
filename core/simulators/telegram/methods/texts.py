"""The text of a call: its markup read, its ends trimmed, its length counted (telegram.md 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.simulators.telegram.arguments import Arguments
from core.simulators.telegram.entities import Entity, read_entities, trim, with_detected
from core.simulators.telegram.errors import refused
from core.simulators.telegram.html_text import HtmlError, parse_html

__all__ = ["read_caption", "read_text"]

_LONGEST_RAW = 32_768
_LONGEST_TEXT = 4096
_LONGEST_CAPTION = 1024

_Marked = tuple[str, tuple[Entity, ...]]


def read_text(arguments: Arguments) -> _Marked:
    """The `text` of a message and what stands out in it.

    Raises:
        ApiError: it is empty, too long, or its markup broken.
    """
    text, entities = _read(arguments, "text", "entities")
    if not text:
        raise refused("message text is empty")
    if len(text) > _LONGEST_TEXT:
        raise refused("message is too long")
    return text, entities


def read_caption(arguments: Arguments, item: Mapping[str, Any] | None = None) -> _Marked:
    """The `caption` of a call, or of an `item` of an album; it may be empty.

    Raises:
        ApiError: it is too long, or its markup broken.
    """
    text, entities = _read(arguments if item is None else Arguments(item), "caption", "caption_entities")
    if len(text) > _LONGEST_CAPTION:
        raise refused("message caption is too long")
    return text, entities


def _read(arguments: Arguments, name: str, entities_name: str) -> _Marked:
    raw = arguments.text(name)
    if len(raw.encode()) > _LONGEST_RAW:
        raise refused("text is too long")
    mode = arguments.text("parse_mode").lower()
    if mode == "html":
        try:
            text, entities = parse_html(raw)
        except HtmlError as error:
            raise refused(f"can't parse entities: {error}") from error
    elif mode in ("markdown", "markdownv2"):
        raise refused("can't parse entities: this simulator reads HTML and no Markdown")
    elif mode:
        raise refused("unsupported parse_mode")
    else:
        text, entities = raw, _given(arguments, entities_name)
    text, entities = trim(text, entities)
    return text, with_detected(text, entities)


def _given(arguments: Arguments, name: str) -> tuple[Entity, ...]:
    try:
        return read_entities(arguments.rows(name) or ())
    except ValueError as error:
        raise refused("can't parse MessageEntity") from error
