"""Telegram's reading of HTML, after telegram.md 5: written from the contract, not from what we send."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Entity", "UnreadableError", "read"]

_TAGS = frozenset(
    (
        "b",
        "strong",
        "i",
        "em",
        "u",
        "ins",
        "s",
        "strike",
        "del",
        "span",
        "tg-spoiler",
        "a",
        "code",
        "pre",
        "blockquote",
    )
)
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d+)|#x([0-9a-fA-F]+));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


class UnreadableError(ValueError):
    """Telegram would answer: can't parse entities."""


@dataclass(frozen=True)
class Entity:
    tag: str
    start: int
    length: int
    expandable: bool = False


def read(source: str) -> tuple[str, list[Entity]]:
    """The text and its entities; offsets count characters, not UTF-16 units."""
    text: list[str] = []
    open_tags: list[tuple[str, int, bool]] = []
    entities: list[Entity] = []
    place = 0
    while place < len(source):
        if source[place] == "&" and (found := _ENTITY.match(source, place)):
            named, decimal, hexadecimal = found.groups()
            text.append(_NAMED[named] if named else chr(int(decimal or hexadecimal, 10 if decimal else 16)))
            place = found.end()
        elif source[place] == "<":
            end = source.find(">", place)
            if end < 0:
                raise UnreadableError(f"Unclosed start tag at {place}")
            inner = source[place + 1 : end]
            place = end + 1
            if inner.startswith("/"):
                if not open_tags:
                    raise UnreadableError("Unexpected end tag")
                tag, start, expandable = open_tags.pop()
                if inner[1:].strip().lower() not in ("", tag):
                    raise UnreadableError(f"Unmatched end tag, expected </{tag}>, found <{inner}>")
                if len(text) > start:
                    entities.append(Entity(tag, start, len(text) - start, expandable))
            else:
                name, _space, attributes = inner.partition(" ")
                if name.lower() not in _TAGS:
                    raise UnreadableError(f"Unsupported start tag {name!r}")
                open_tags.append((name.lower(), len(text), "expandable" in attributes))
        else:
            text.append(source[place])
            place += 1
    if open_tags:
        raise UnreadableError(f"Can't find end tag corresponding to start tag {open_tags[-1][0]!r}")
    return "".join(text), entities
