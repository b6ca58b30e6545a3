"""What every channel does: takes one message for one recipient and says how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from core.notify.notice import NoticeClass, Recipient, Wording
from core.units import Severity

__all__ = ["Capabilities", "Channel", "EditingChannel", "Limit", "Outgoing", "Receipt"]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` starts in any `seconds`, the last `for_replies` of which are left to what may not wait.

    Where people ask as well as are told, a crowd of notices must not use up what their answers need.
    """

    count: int
    seconds: float
    for_replies: int = 0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way.

    `key` is the same at every try and differs between recipients, for receivers that tell repeats apart.
    `possible_repeat` when one like it may have arrived before. `plain` asks for no formatting. `covers`
    are the keys of the notices that it tells of, its own first; of a digest, those of its parts.
    """

    id: int
    key: str
    cls: NoticeClass
    kind: str
    area: str
    subject: str
    sequence: int
    severity: Severity
    recipient: Recipient
    wording: Wording
    created: datetime
    possible_repeat: bool
    plain: bool
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider took the message; `provider_id` is what it calls it.

    `messages` is how many it became there, each of which counts against the budgets; the names of several
    have spaces between them.
    """

    provider_id: str | None = None
    messages: int = 1


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can show. One that can change messages it has sent is an `EditingChannel`.

    `buttons` is whether it can offer actions to press; `longest` how many characters a message may have.
    """

    buttons: bool = False
    longest: int | None = None


class Channel(Protocol):
    """One way out. Stateless as far as delivery goes: waiting, repeating and counting is the sender's."""

    @property
    def name(self) -> str:
        """What recipients name it by: `email`."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can show."""
        ...

    @property
    def own_addresses(self) -> tuple[str, ...]:
        """Addresses that nobody else is behind, for the weekly self-test."""
        ...

    @property
    def total(self) -> Limit:
        """How many messages may go by this channel altogether."""
        ...

    def limit(self, address: str) -> Limit:
        """How many messages this address may be sent."""
        ...

    def line(self, address: str) -> str:
        """What fails as a whole when this address can't be reached: the server behind it."""
        ...

    async def send(self, message: Outgoing) -> Receipt:
        """Deliver the message once.

        Raises:
            DeliveryError: it was not delivered, or nobody knows; its kind says what is to be done.
        """
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


@runtime_checkable
class EditingChannel(Protocol):
    """A channel that can change what a message says after it was sent."""

    async def edit(self, message: Outgoing, provider_id: str) -> Receipt:
        """Make the message called `provider_id` say what `message` says.

        Raises:
            DeliveryError: as `send`.
        """
        ...
