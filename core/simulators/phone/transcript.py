"""What a chat shows, step by step, and as text: who said what, buttons in brackets, files by their names."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Entry", "EntryKind", "readable_size", "transcript_lines"]

EntryKind: TypeAlias = Literal["sent", "edited", "deleted", "pressed", "answered", "failed"]

_WIDTH = 100
_INDENT = "    "
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened in a chat, as it looked then.

    `who` is the sender's name and `own` says that it was the bot. `place` is the chat's title, or the name of
    the user whose private one it is. `message` is its number in the chat, `buttons` are rows of labels,
    `file` names an attachment with its size, and `template` the approved text that a message was made of.
    Of a press, `text` is the button's label; of an answer, what popped up; of a failure, why nothing came.
    """

    number: int
    at: int
    chat: int
    kind: EntryKind
    who: str
    own: bool
    place: str
    private: bool
    message: int
    text: str = ""
    buttons: tuple[tuple[str, ...], ...] = ()
    file_kind: str = ""
    file: str = ""
    size: int = 0
    template: str = ""

    @property
    def lines(self) -> Iterator[str]:
        """It as text."""
        match self.kind:
            case "pressed":
                yield f"{self._speaker} presses [{self.text}]"
            case "answered":
                yield f"{self._speaker} pops up “{self.text}”"
            case "failed":
                yield f"{self._speaker}: (not delivered: {self.text})"
            case "deleted":
                yield f"{self._speaker} deletes message {self.message}"
            case "sent" | "edited":
                yield from self._message_lines()

    @property
    def _speaker(self) -> str:
        """Who does it and where; that a user is in their own chat needs no word."""
        if self.private:
            return f"{self.who} to {self.place}" if self.own else self.who
        return f"{self.who} in {self.place}"

    def _message_lines(self) -> Iterator[str]:
        who = self._speaker if self.kind == "sent" else f"{self._speaker} changes message {self.message}"
        parts = [f"({self.file_kind}: {self.file}, {readable_size(self.size)})"] if self.file else []
        parts += [f"(template: {self.template})"] if self.template else []
        parts += self.text.splitlines()
        first, *others = parts or ["(nothing)"]
        yield from _wrapped(f"{who}: {first}")
        for line in others:
            yield from _wrapped(_INDENT + line)
        for row in self.buttons:
            yield _INDENT + " ".join(f"[{label}]" for label in row)


def _wrapped(line: str) -> Iterator[str]:
    yield from textwrap.wrap(
        line,
        _WIDTH,
        subsequent_indent=_INDENT,
        replace_whitespace=False,
        drop_whitespace=True,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]


def readable_size(size: int) -> str:
    """A file's size for people."""
    return f"{size} B" if size < _KIB else f"{size / _KIB:.1f} KiB"


def transcript_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """The entries as text, one after the other."""
    for entry in entries:
        yield from entry.lines
