"""What a chat shows, step by step, and as text: who said what, buttons in brackets, files by their names."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from core.simulators.telegram.model import Message, Press

__all__ = ["Entry", "EntryKind", "answer_entry", "message_entry", "press_entry", "transcript_lines"]

EntryKind: TypeAlias = Literal["sent", "edited", "deleted", "pressed", "answered"]

_WIDTH = 100
_INDENT = "    "
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened in a chat, as it looked then.

    `who` is the sender's name and `own` says that it was the bot. `place` is the chat's title, or the name of
    the user whose private one it is. `buttons` are rows of labels; `file` names
    an attachment with its size. Of a press, `text` is the button's label; of an answer, what popped up.
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

    @property
    def lines(self) -> Iterator[str]:
        """It as text."""
        match self.kind:
            case "pressed":
                yield f"{self._speaker} presses [{self.text}]"
            case "answered":
                yield f"{self._speaker} pops up “{self.text}”"
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


def message_entry(number: int, at: int, kind: EntryKind, message: Message, bot: str) -> Entry:
    """An entry about a message as it is now; `bot` is what the bot is called."""
    sender = message.sender.name if message.sender else message.chat.title
    if message.sender_chat is not None and message.sender is not None:
        sender = message.sender_chat.title
    rows = (message.markup or {}).get("inline_keyboard", ())
    attachment = message.attachment
    return Entry(
        number=number,
        at=at,
        chat=message.chat.id,
        kind=kind,
        who=bot if message.own else sender,
        own=message.own,
        place=message.chat.title,
        private=message.chat.kind == "private",
        message=message.id,
        text=message.text or ", ".join(f"({name})" for name in message.extra),
        buttons=tuple(tuple(button["text"] for button in row) for row in rows),
        file_kind=attachment.kind if attachment else "",
        file=attachment.name if attachment else "",
        size=len(attachment.content) if attachment else 0,
    )


def press_entry(number: int, at: int, press: Press) -> Entry:
    """An entry about a button that was pressed."""
    return _about_press(number, at, "pressed", press, press.user.name, own=False, text=press.label)


def answer_entry(number: int, at: int, press: Press, bot: str) -> Entry:
    """An entry about the words that popped up when a press was acknowledged."""
    return _about_press(number, at, "answered", press, bot, own=True, text=press.text)


def _about_press(
    number: int, at: int, kind: EntryKind, press: Press, who: str, *, own: bool, text: str
) -> Entry:
    chat = press.message.chat
    private = chat.kind == "private"
    return Entry(number, at, chat.id, kind, who, own, chat.title, private, press.message.id, text)


def transcript_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """The entries as text, one after the other."""
    for entry in entries:
        yield from entry.lines
