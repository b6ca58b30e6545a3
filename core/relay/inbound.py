"""What comes in from a chat, whatever platform it came by."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

__all__ = [
    "Attached",
    "ChatKind",
    "Content",
    "Inbound",
    "Membership",
    "Moved",
    "Press",
    "Sender",
    "Text",
    "Unsupported",
]


class ChatKind(enum.Enum):
    """Who reads along in a chat."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Sender:
    """The user who wrote or pressed, as the platform vouches for them.

    `user` is the platform's id, `name` what it calls them, `language` the tag their app is set to, if known.
    """

    user: str
    name: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Words. `addressed` is false in a group when they were not meant for us (another bot's command)."""

    text: str
    edited: bool = False
    forwarded: bool = False
    addressed: bool = True


@dataclass(frozen=True, slots=True)
class Press:
    """A button. `data` is whatever the client sent; `query` is what the press is acknowledged by."""

    data: str
    query: str


@dataclass(frozen=True, slots=True)
class Membership:
    """We were let into the chat, or put out of it (blocked, removed). `title` is what the chat is called."""

    present: bool
    title: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat goes on under another id."""

    to: str


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something else: a sticker, a picture. `what` names it in a word, for the log."""

    what: str


Content = Text | Press | Membership | Moved | Unsupported


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a message: where the platform has it, and what it says of it."""

    place: str
    content_type: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing that came in.

    `channel` names the platform (`telegram`), `line` the line it came by (`telegram:42`), `key` is the
    provider's number of it on that line: the same thing delivered again has the same one. `chat` is where
    the answer goes, `message` the id of the message that was written, or whose button was pressed. Nobody
    stands behind a channel's post or an anonymous administrator, so that `sender` is then absent.
    Where there are files in `media`, the content is what was said with them, or names what they are.
    """

    channel: str
    line: str
    key: str
    at: datetime
    chat: str
    chat_kind: ChatKind
    sender: Sender | None
    content: Content
    message: str = ""
    media: tuple[Attached, ...] = ()
