"""What is answered in a chat, as data: the platform decides how it looks, the outbox brings it there.

A reply is written into the outbox with class REPLY, in the transaction that marks what it answers as handled;
its encoded form is the `content` of the row's wording.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, cast

from core.encoding import decode, encode
from core.message import Message
from core.page import Page

__all__ = ["Button", "Delivery", "Reply", "decode_reply", "encode_reply"]


class Delivery(enum.Enum):
    """As what a page is sent. `DOCUMENT` is a file in the reply's `format`."""

    MESSAGE = "message"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; `handle` is what its press sends back."""

    label: Message | str
    handle: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer.

    `key` is the same when the same thing is answered again. `lead` is said before the page, `page` shown,
    `text` said after it; any may be missing. `buttons` are rows of them. `edits` names an earlier message of
    ours to be changed instead, or the several of an earlier answer with spaces between them. `format` is a
    file's kind (`csv`, `text`, `html` …) when delivered as a document.
    """

    key: str
    chat: str
    lead: Message | None = None
    page: Page | None = None
    text: Message | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    edits: str = ""
    delivery: Delivery = Delivery.MESSAGE
    format: str = ""


def encode_reply(reply: Reply) -> str:
    """The reply as text, without loss."""
    return encode(
        {
            "key": reply.key,
            "chat": reply.chat,
            "lead": reply.lead,
            "page": reply.page,
            "text": reply.text,
            "buttons": tuple(tuple((each.label, each.handle) for each in row) for row in reply.buttons),
            "edits": reply.edits,
            "delivery": reply.delivery.value,
            "format": reply.format,
        }
    )


def decode_reply(text: str) -> Reply:
    """What `encode_reply` was given.

    Raises:
        ValueError: the text was not written by it.
    """
    try:
        fields = cast("dict[str, Any]", decode(text))
        buttons = tuple(
            tuple(Button(label, handle) for label, handle in row) for row in fields.pop("buttons")
        )
        delivery = Delivery(fields.pop("delivery"))
        return Reply(**fields, buttons=buttons, delivery=delivery)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("not an encoded reply") from error
