"""Why something is as it is, as it is stored: in the words of whoever said it, or as a message.

A message is kept as one, so that everybody reads it in their language.
"""

from __future__ import annotations

from typing import cast

from core.encoding import decode, encode
from core.message import Message

__all__ = ["reason_of", "stored_reason"]

_MESSAGE = "\x1e"
"""What an encoded message begins with: a character that no words of people keep (`core.text.clean`)."""


def stored_reason(reason: Message | str) -> str:
    """The stored form of a reason."""
    return f"{_MESSAGE}{encode(reason)}" if isinstance(reason, Message) else reason.lstrip(_MESSAGE)


def reason_of(stored: str) -> Message | str:
    """The reason of a stored form."""
    return cast("Message", decode(stored[1:])) if stored.startswith(_MESSAGE) else stored
