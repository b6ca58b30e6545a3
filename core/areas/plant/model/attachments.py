"""Photos and documents that people send, and what each belongs to (whatsapp.md A4, B6, C2)."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from core.message import Message

__all__ = ["LONGEST_CAPTION", "Attachment", "AttachmentState", "Received"]

LONGEST_CAPTION = 1_024
"""Characters of what was said with it, as chats allow."""


class AttachmentState(enum.Enum):
    """How far it got: its file is still to be fetched, is here, or never will be."""

    WAITING = "waiting"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Received:
    """Something that came in with a message and is not kept yet.

    `source` tells it from everything else that ever came in. `phone` is masked; `sender` is what
    the channel's user is called everywhere. `origin` says where the file is fetched and who is told if that
    goes wrong: encrypted, and gone as soon as nothing is left to fetch.
    """

    source: str
    content_type: str
    file_name: str
    caption: str
    channel: str
    phone: str
    sender: str = field(repr=False)
    origin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that somebody sent, by its number (`MED-2026-0001`).

    `content_type` and `size` in bytes are those of the file once it is here, before that what was promised.
    `ticket` is what it belongs to, empty while nobody said. `error` is why its file isn't here.
    """

    name: str
    state: AttachmentState
    content_type: str
    size: int
    file_name: str
    caption: str
    channel: str
    phone: str
    received_at: datetime
    ticket: str = ""
    attached_at: datetime | None = None
    attached_by: str = ""
    tries: int = 0
    error: Message | None = None
    origin: str = field(default="", repr=False)
