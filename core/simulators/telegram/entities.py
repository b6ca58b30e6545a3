"""What stands out in a text, in UTF-16 units: what the server finds by itself, and trimming."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["Entity", "detect_entities", "read_entities", "trim", "utf16_length", "with_detected"]

_DOMAINS = "com|org|net|io|dev|app|info|eu|de|fr|es|pt|uk|test|example"
_FOUND = (
    ("url", re.compile(r"(?<!\w)(?:https?|ftp)://[^\s<>\"]*[^\s<>\".,;:!?)\]}'’”]", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE | re.ASCII)),
    (
        "url",
        re.compile(
            rf"(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:{_DOMAINS})(?![\w-])(?:/[^\s<>\"]*[^\s<>\".,;:!?)])?",
            re.IGNORECASE | re.ASCII,
        ),
    ),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z][A-Za-z0-9_]{1,31}(?!\w)", re.ASCII)),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])", re.ASCII),
    ),
    ("hashtag", re.compile(r"(?<!\w)#(?=\w*[^\W\d_])\w{1,256}(?!\w)")),
)
"""Kinds of what is found without markup, the stronger first."""

_VERBATIM = frozenset({"pre", "code", "text_link"})
_NEEDS_SUBSTANCE = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler", "text_link", "code"})


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of a text, `offset` and `length` in UTF-16 units; `url`, `language` where it has one."""

    kind: str
    offset: int
    length: int
    url: str = ""
    language: str = ""

    @property
    def end(self) -> int:
        return self.offset + self.length

    @property
    def body(self) -> dict[str, Any]:
        """It in JSON."""
        body: dict[str, Any] = {"offset": self.offset, "length": self.length, "type": self.kind}
        if self.url:
            body["url"] = self.url
        if self.language:
            body["language"] = self.language
        return body


def utf16_length(text: str) -> int:
    """How many UTF-16 units `text` has: two for what lies beyond the first 65,536 characters."""
    return len(text) + sum(character > "\uffff" for character in text)


def detect_entities(text: str) -> list[Entity]:
    """Commands, addresses, mentions and hashtags in `text`, in order, none within another."""
    taken: list[tuple[int, int, str]] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start, end = match.span()
            if all(end <= begun or start >= ended for begun, ended, _ in taken):
                taken.append((start, end, kind))
    return [
        Entity(kind, utf16_length(text[:start]), utf16_length(text[start:end]))
        for start, end, kind in sorted(taken)
    ]


def with_detected(text: str, marked: Iterable[Entity]) -> tuple[Entity, ...]:
    """`marked` and what is found besides it, outside of code and links; sorted as the server does."""
    marked = tuple(marked)
    verbatim = [each for each in marked if each.kind in _VERBATIM]
    found = [
        each
        for each in detect_entities(text)
        if all(each.end <= other.offset or each.offset >= other.end for other in verbatim)
    ]
    return tuple(sorted((*marked, *found), key=lambda each: (each.offset, -each.length)))


def trim(text: str, entities: Sequence[Entity]) -> tuple[str, tuple[Entity, ...]]:
    """`text` without white space at its ends, and the entities that still have something in them."""
    kept = text.rstrip()
    ahead = utf16_length(kept) - utf16_length(kept.lstrip())
    kept = kept.lstrip()
    return kept, tuple(_fitted(kept, ahead, entities))


def _fitted(text: str, ahead: int, entities: Sequence[Entity]) -> Iterator[Entity]:
    raw = text.encode("utf-16-le")
    for entity in entities:
        start = max(entity.offset - ahead, 0)
        end = min(entity.end - ahead, len(raw) // 2)
        if end <= start:
            continue
        inside = raw[2 * start : 2 * end].decode("utf-16-le", "replace")
        if entity.kind in _NEEDS_SUBSTANCE and not inside.strip():
            continue
        yield replace(entity, offset=start, length=end - start)


def read_entities(rows: Iterable[Any]) -> tuple[Entity, ...]:
    """The entities that a client gave instead of markup.

    Raises:
        ValueError: one has no kind or place.
    """
    try:
        return tuple(
            Entity(
                str(row["type"]),
                int(row["offset"]),
                int(row["length"]),
                str(row.get("url", "")),
                str(row.get("language", "")),
            )
            for row in rows
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("not a list of entities") from error
