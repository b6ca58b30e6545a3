"""Who and what there is on WhatsApp: phones, messages, what can be chosen, files and places."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

__all__ = ["Choice", "Content", "Json", "Media", "MediaKind", "Message", "Phone", "Place"]

Json: TypeAlias = dict[str, Any]
MediaKind: TypeAlias = Literal["image", "document", "audio", "video", "sticker"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A reply button or a row of a list, as the person sees it, and the `id` that a press sends back."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A file in a message."""

    kind: MediaKind
    name: str
    mime: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The digest of its content, in lower-case hex digits."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Place:
    """A location: degrees north and east, what it is called and where that is."""

    latitude: float
    longitude: float
    label: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says. `text` is the caption where there is a file.

    The choices are reply buttons or, with a `menu` (the label that opens it), the rows of a list. `template`
    names the approved text that the message was made of.
    """

    text: str = ""
    header: str = ""
    footer: str = ""
    choices: tuple[Choice, ...] = ()
    menu: str = ""
    media: Media | None = None
    place: Place | None = None
    template: str = ""

    @property
    def shown(self) -> str:
        """All its words, from top to bottom."""
        place = self.place
        where = f"({place.latitude:g}, {place.longitude:g}) {place.label}".rstrip() if place else ""
        return "\n".join(part for part in (self.header, self.text, where, self.footer) if part)


@dataclass(slots=True)
class Phone:
    """A person's phone: its number in digits, what its owner is called, and the language it is set to.

    `installed` says that the number is on WhatsApp, `online` that messages reach it at once, `receipts` that
    the owner lets others know what was read; `blocked` are the senders that the owner has blocked.
    """

    number: str
    name: str
    language: str = "en"
    installed: bool = True
    online: bool = True
    receipts: bool = True
    blocked: set[str] = field(default_factory=set[str])


@dataclass(slots=True)
class Message:
    """A message between a business number and a phone; `own` says that the business sent it.

    `id` is the provider's, `number` the message's place in the chat, from 1. Of a press, `choice` is what was
    chosen and `reply_to` the message that offered it.
    """

    id: str
    sender: str
    phone: Phone
    own: bool
    content: Content
    at: datetime
    number: int = 0
    reply_to: Message | None = None
    choice: Choice | None = None
    read: bool = False
