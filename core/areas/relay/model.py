"""What is known of chats and of the users behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.principal import Role

__all__ = [
    "BEAT_EVERY",
    "GROUP",
    "HEARTBEAT",
    "POLLING",
    "PRIVATE",
    "TELEGRAM",
    "WEBHOOK",
    "WHATSAPP",
    "Chat",
    "Identity",
    "PairingCode",
    "Traffic",
    "Worker",
]

TELEGRAM, WHATSAPP = "telegram", "whatsapp"
"""The channel's name."""

HEARTBEAT = "heartbeat"
"""What telling the outside watcher that all is well is called among the polls; its subject is the host."""

BEAT_EVERY = timedelta(seconds=60)
"""How often it is told (reliability.md R16)."""

PRIVATE = "private"
GROUP = "group"
"""The kinds of chat that anybody is paired in, as `core.relay.inbound.ChatKind` has them."""

POLLING = "polling"
WEBHOOK = "webhook"
"""How a line gets what comes in."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a channel's user is.

    `person` is their name among the people who are told; it is empty for somebody who isn't paired and only
    chose a language. `chat` is where they are written to in private, `name` what the channel calls them,
    `language` a tag, or empty until they choose.
    """

    channel: str
    user: str
    person: str = ""
    role: Role = Role.PUBLIC
    tier: str = ""
    chat: str = ""
    name: str = ""
    language: str = ""

    @property
    def paired(self) -> bool:
        """Whether a person stands behind the user."""
        return bool(self.person)

    @property
    def address(self) -> str:
        """The user with the channel, `telegram:5001`: what the audit log calls them."""
        return f"{self.channel}:{self.user}"


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that the bot is or was in.

    `kind` is a `core.relay.inbound.ChatKind`'s value. A group that is told things has the name of its
    `person`; `present` is false once the bot was blocked or removed.
    """

    channel: str
    chat: str
    kind: str
    title: str = ""
    person: str = ""
    present: bool = True


@dataclass(frozen=True, slots=True)
class PairingCode:
    """What a code makes its bearer, once, until it expires.

    `text` is known only when the code is made: the store keeps its hash.
    """

    person: str
    role: Role
    tier: str
    is_group: bool
    made_by: str
    made_at: datetime
    expires_at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class Worker:
    """A relay process and one line it keeps (`telegram:42`), as it last said of itself.

    `worker` names the process as `core.notify.delivery.claims.holder_text` writes it; `mode` is `POLLING` or
    `WEBHOOK`, `bot` the bot's user name. `polled_at` is when a poll last came back well, `received_at` when
    something last came in. The counts are since its start, `waiting` is what came in and isn't dealt with.
    """

    worker: str
    line: str
    mode: str
    bot: str
    started_at: datetime
    seen_at: datetime
    polled_at: datetime | None = None
    received_at: datetime | None = None
    received: int = 0
    answered: int = 0
    refused: int = 0
    errors: int = 0
    waiting: int = 0
    last_error: str = ""
    last_error_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """What went to and fro on a channel since some moment, and what is still to go.

    `outcomes` counts what came in by how it was dealt with (`core.relay.turn.Outcome`); `last_minute` are the
    messages that started out in it. `oldest` is since when the longest waiting message waits.
    """

    received: int = 0
    unhandled: int = 0
    outcomes: tuple[tuple[str, int], ...] = ()
    sent: int = 0
    last_minute: int = 0
    waiting: int = 0
    undelivered: int = 0
    oldest: datetime | None = None
