"""The HTML that messages are written in, read exactly as the server reads it (telegram.md 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.simulators.telegram.entities import Entity, utf16_length

__all__ = ["HtmlError", "parse_html"]

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
"""The entity that each allowed tag makes."""

_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([A-Za-z]+))")
_PLAIN = re.compile(r"[^<&]+")
_LONGEST_REFERENCE = 9
_LAST_CHARACTER = 0x10FFFF
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_LINK_SCHEMES = frozenset({"http", "https", "tg", "ton", "tonsite"})


class HtmlError(ValueError):
    """The markup is broken; the text says how, with an offset in bytes of what was sent."""


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end; `start` counts characters of the result, `offset` UTF-16 units."""

    tag: str
    argument: str
    start: int
    offset: int


def parse_html(source: str) -> tuple[str, tuple[Entity, ...]]:
    """The text without its tags, and what they mark.

    Raises:
        HtmlError: a tag is unknown, unclosed, unmatched or malformed.
    """
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._parts: list[str] = []
        self._characters = 0
        self._units = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def read(self) -> tuple[str, tuple[Entity, ...]]:
        source = self._source
        while self._at < len(source):
            character = source[self._at]
            if character == "<":
                self._tag()
            elif character == "&":
                self._add(self._reference() or self._plain())
            else:
                following = _PLAIN.match(source, self._at)
                assert following is not None
                self._at = following.end()
                self._add(following.group())
        if self._open:
            raise HtmlError(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        entities = sorted(self._entities, key=lambda each: (each.offset, -each.length))
        return "".join(self._parts), tuple(entities)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._characters += len(text)
        self._units += utf16_length(text)

    def _plain(self) -> str:
        self._at += 1
        return "&"

    def _reference(self) -> str:
        """The character that a reference stands for; empty, and nothing is read, for an ampersand."""
        match = _REFERENCE.match(self._source, self._at)
        if match is None:
            return ""
        hexadecimal, decimal, name = match.groups()
        if name is not None:
            character = _NAMED.get(name, "")
        else:
            digits = decimal if hexadecimal is None else hexadecimal
            number = int(digits, 10 if hexadecimal is None else 16) if digits else 0
            surrogate = 0xD800 <= number <= 0xDFFF
            fits = 0 < number < _LAST_CHARACTER and not surrogate and len(match.group()) <= _LONGEST_REFERENCE
            character = chr(number) if fits else ""
        if character:
            self._at = match.end()
            if self._source[self._at : self._at + 1] == ";":
                self._at += 1
        return character

    def _bytes(self, position: int) -> int:
        """How many bytes of the source stand before `position`."""
        return len(self._source[:position].encode())

    def _peek(self) -> str:
        """The character at hand; empty at the end."""
        return self._source[self._at : self._at + 1]

    def _tag(self) -> None:
        begun = self._at
        self._at += 1
        if self._peek() == "/":
            self._end_tag(begun)
        else:
            self._start_tag(begun)

    def _start_tag(self, begun: int) -> None:
        name = self._until_space_or(">")
        if not self._peek():
            raise HtmlError(f"Unclosed start tag at byte offset {self._bytes(begun)}")
        tag = name.lower()
        if tag not in _KINDS:
            raise HtmlError(f'Unsupported start tag "{tag}" at byte offset {self._bytes(begun)}')
        argument = ""
        while True:
            self._skip_space()
            if self._peek() == ">":
                break
            argument = self._attribute(tag, begun) or argument
        self._at += 1
        if tag == "span" and argument != "spoiler":
            raise HtmlError(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begun)}')
        self._open.append(_Open(tag, argument, self._characters, self._units))

    def _attribute(self, tag: str, begun: int) -> str:
        """Read one attribute; what of it matters to `tag`."""
        name = self._until_space_or("=>")
        if not self._peek():
            raise HtmlError(f"Unclosed start tag at byte offset {self._bytes(begun)}")
        if not name:
            raise HtmlError(f'Empty attribute name in the tag "{tag}" at byte offset {self._bytes(begun)}')
        self._skip_space()
        if self._peek() != "=":
            return "1" if (tag, name.lower()) == ("blockquote", "expandable") else ""
        self._at += 1
        self._skip_space()
        value = self._value()
        if not self._peek():
            raise HtmlError(f"Unclosed start tag at byte offset {self._bytes(begun)}")
        match tag, name.lower():
            case ("a", "href") | ("tg-emoji", "emoji-id") | ("tg-time", "unix"):
                return value
            case ("code", "class") if value.startswith("language-"):
                return value.removeprefix("language-")
            case ("span", "class") if value.startswith("tg-"):
                return value.removeprefix("tg-")
            case ("blockquote", "expandable"):
                return "1"
            case _:
                return ""

    def _value(self) -> str:
        quote = self._peek()
        if quote not in ("'", '"'):
            match = _NAME_TOKEN.match(self._source, self._at)
            assert match is not None
            begun, self._at = self._at, match.end()
            following = self._peek()
            if following and not following.isspace() and following != ">":
                raise HtmlError(f"Unexpected end of name token at byte offset {self._bytes(begun)}")
            return match.group().lower()
        self._at += 1
        value: list[str] = []
        while self._peek() not in (quote, ""):
            if self._peek() == "&" and (character := self._reference()):
                value.append(character)
            else:
                value.append(self._peek())
                self._at += 1
        if self._peek():
            self._at += 1
        return "".join(value)

    def _end_tag(self, begun: int) -> None:
        if not self._open:
            raise HtmlError(f"Unexpected end tag at byte offset {self._bytes(begun)}")
        self._at += 1
        name = self._until_space_or(">").lower()
        self._skip_space()
        if self._peek() != ">":
            raise HtmlError(f"Unclosed end tag at byte offset {self._bytes(begun)}")
        self._at += 1
        opened = self._open.pop()
        if name and name != opened.tag:
            raise HtmlError(
                f"Unmatched end tag at byte offset {self._bytes(begun)}, "
                f'expected "</{opened.tag}>", found "</{name}>"'
            )
        if self._units > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        length = self._units - opened.offset
        kind, url, language = _KINDS[opened.tag], "", ""
        if opened.tag == "a":
            url = _checked_link(opened.argument or "".join(self._parts)[opened.start :])
            if not url:
                return
        elif opened.tag == "blockquote" and opened.argument:
            kind = "expandable_blockquote"
        elif opened.tag == "code" and self._open and self._open[-1].tag == "pre":
            language = opened.argument
        elif opened.tag == "pre":
            inner = [each for each in self._entities if each.kind == "code" and each.offset >= opened.offset]
            language = next((each.language for each in inner if each.length == length), "")
            self._entities = [each for each in self._entities if each not in inner]
        self._entities.append(Entity(kind, opened.offset, length, url, language))

    def _until_space_or(self, ends: str) -> str:
        begun = self._at
        while (character := self._peek()) and not character.isspace() and character not in ends:
            self._at += 1
        return self._source[begun : self._at]

    def _skip_space(self) -> None:
        while self._peek().isspace():
            self._at += 1


def _checked_link(url: str) -> str:
    """The address in its usual form; empty for one that leads nowhere."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = parts.hostname or ""
    except ValueError:
        return ""
    web = parts.scheme in ("http", "https")
    if parts.scheme not in _LINK_SCHEMES or not host or (web and "." not in host.strip(".")):
        return ""
    return parts._replace(path=parts.path or "/").geturl() if web else parts.geturl()
