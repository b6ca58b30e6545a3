"""What a provider of WhatsApp does, whichever it is: messages out, events in (whatsapp.md B, C).

A provider has two halves, for they are used in different places: any process that sends needs `Sends`, only
the relay's gateway needs `Receives`. Users are phone numbers in their international form, `+15550100001`, to
the providers themselves; to everybody else `core.relay.whatsapp.private` says what they are called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

from core.areas.relay.rules.delivery import DeliveryState
from core.errors import OpsdeckError
from core.notify.channels.channel import Limit
from core.notify.channels.failures import DeliveryError
from core.notify.people.phones import KeptPhone
from core.relay.media.fetching import FetchesFiles

__all__ = [
    "LARGEST_OPTIONS",
    "MOST_BUTTONS",
    "MOST_ROWS",
    "Acknowledgement",
    "ButtonsMessage",
    "Event",
    "InboundEvent",
    "ListMessage",
    "Media",
    "MediaMessage",
    "MessageLimits",
    "Option",
    "Provider",
    "Received",
    "Receives",
    "Sendable",
    "Sends",
    "StatusEvent",
    "TemplateMessage",
    "TextMessage",
    "UnreadableEventError",
    "WebhookCall",
]

MOST_BUTTONS = 3
MOST_ROWS = 10
"""Buttons and rows that a message may have while the window is open (whatsapp.md B4, C2)."""

LARGEST_OPTIONS = 1_024
"""Characters of the text above buttons or a list."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something to press. `data` is what a press sends back: 200 characters at most.

    `title` is at most 20 characters on a button and 24 in a list, `description` 72 and only in a list.
    """

    data: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class TextMessage:
    """Free text."""

    text: str


@dataclass(frozen=True, slots=True)
class ButtonsMessage:
    """Text with up to three buttons."""

    text: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ListMessage:
    """Text with a list of up to ten rows behind a button that says `button`, in 20 characters."""

    text: str
    button: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class MediaMessage:
    """A picture, a document, a video: the provider fetches it from `url`."""

    url: str
    content_type: str
    name: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class TemplateMessage:
    """An approved template with its variables; `name` and the code `language` are those of a `Template`."""

    name: str
    language: str
    values: tuple[str, ...]


Sendable: TypeAlias = TextMessage | ButtonsMessage | ListMessage | MediaMessage | TemplateMessage
"""A message that a provider can be handed."""


@dataclass(frozen=True, slots=True)
class MessageLimits:
    """What a provider takes: characters of a text, messages to one user and altogether, types of media."""

    text: int
    user: Limit
    total: Limit
    media: frozenset[str]


class Sends(Protocol):
    """The half that sends."""

    @property
    def host(self) -> str:
        """The host of the provider's API."""
        ...

    @property
    def limits(self) -> MessageLimits:
        """What it takes."""
        ...

    async def send(self, user: str, message: Sendable) -> str:
        """Hand a message over; the provider's id of it.

        Raises:
            DeliveryError: it was not taken, or nobody knows; its kind says what is to be done.
        """
        ...

    async def mark_read(self, message: str) -> None:
        """Show the sender that their message was read. That it can't be shown is no error."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


@dataclass(frozen=True, slots=True)
class Media:
    """Something that came in with a message: where it can be fetched, or the provider's id of it.

    `name` is what its sender calls it, if that was said.
    """

    place: str
    content_type: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class InboundEvent:
    """A message from a user.

    `id` is the provider's. `action` is the data of the button or row that was pressed, `reply_to` the message
    it belongs to or that is replied to. `kind` is what the provider calls it (`text`, `image`, `location` …),
    `at` when it was sent, if the provider says so. `phone` stands behind the user, where that is to be kept.
    """

    id: str
    user: str
    name: str = ""
    text: str = ""
    action: str = ""
    media: tuple[Media, ...] = ()
    reply_to: str = ""
    kind: str = "text"
    forwarded: bool = False
    at: datetime | None = None
    phone: KeptPhone | None = None


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """A report on one of our messages. `error` is the provider's code when it failed."""

    message: str
    user: str
    state: DeliveryState
    error: str = ""


Event: TypeAlias = InboundEvent | StatusEvent


class UnreadableEventError(OpsdeckError):
    """What came in is not of the shape that it should have."""


@dataclass(frozen=True, slots=True)
class Received:
    """One event of a webhook. `raw` is what it was read from, as JSON can hold it, and `key` its number.

    Without an `event` it can't be read.
    """

    key: str
    raw: object = field(repr=False)
    event: Event | None


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """A request to a webhook: `url` is its public address with the query it was called with."""

    method: str
    url: str
    query: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a provider wants to hear when something has arrived."""

    content_type: str = "text/plain"
    body: bytes = b""


class Receives(Protocol):
    """The half that is delivered to."""

    @property
    def methods(self) -> Sequence[str]:
        """By which methods the provider calls."""
        ...

    @property
    def acknowledgement(self) -> Acknowledgement:
        """The answer to what has arrived."""
        ...

    def challenge(self, call: WebhookCall) -> str | None:
        """What to answer a provider that asks whether the webhook is ours; nothing if it doesn't."""
        ...

    def genuine(self, call: WebhookCall) -> bool:
        """Whether the provider made the request, by its signature."""
        ...

    def events(self, call: WebhookCall) -> Sequence[Received]:
        """Everything that a request says, in its order.

        Raises:
            UnreadableEventError: not even that can be told.
        """
        ...

    def event(self, raw: object) -> Event:
        """What `Received.raw` says.

        Raises:
            UnreadableEventError: it can't be read.
        """
        ...

    def failure(self, code: str) -> DeliveryError:
        """What the code in a report of failure means for the message, which had been taken."""
        ...

    def closes_window(self, code: str) -> bool:
        """Whether the code says that the user can't be written to freely at present."""
        ...


@dataclass(frozen=True, slots=True)
class Provider:
    """A sender at a provider: `line` names it (`whatsapp:15550100000`), `link` is where phones find it.

    `files` has what users sent; where it is missing, nothing of that can be had.
    """

    line: str
    link: str
    sends: Sends
    receives: Receives
    files: FetchesFiles | None = None
