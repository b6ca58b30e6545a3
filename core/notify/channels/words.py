"""What a message says as text, in its recipient's zone. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.message import ENGLISH, _
from core.notify.channels.channel import Outgoing
from core.render.values import Formatter
from core.text import shorten

__all__ = ["Words", "stable_id", "words_of"]


@dataclass(frozen=True, slots=True)
class Words:
    """A message as text: one line, the lines below it, and why the person gets it."""

    title: str
    lines: tuple[str, ...]
    reason: str

    def text(self, longest: int | None = None) -> str:
        """All of it below one another, cut to `longest` characters where there is such a limit."""
        whole = "\n".join((self.title, *self.lines, "", self.reason))
        return whole if longest is None else shorten(whole, longest)


def words_of(message: Outgoing, now: datetime) -> Words:
    """The message's words, read at `now`; one that may have arrived before says so (reliability.md R3)."""
    recipient = message.recipient
    formatter = Formatter(ENGLISH, ZoneInfo(recipient.zone), now)
    title = formatter.message(message.wording.title)
    if message.possible_repeat:
        title = formatter.message(_("(possible repeat) {title}", title=title))
    lines = tuple(formatter.message(line) for line in message.wording.lines)
    return Words(title, lines, formatter.message(message.wording.reason))


def stable_id(message: Outgoing) -> str:
    """An id for receivers to tell repeats by: the same at every try, and free of names."""
    return f"msg_{hashlib.sha256(message.key.encode()).hexdigest()[:32]}"
