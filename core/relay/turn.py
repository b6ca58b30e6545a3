"""What a conversation makes of one thing that came in: decided first, then recorded in one transaction."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from core.page import Action
from core.relay.reply import Reply

__all__ = ["DialogChange", "Handle", "Outcome", "Turn"]


class Outcome(enum.Enum):
    """How what came in was dealt with."""

    ANSWERED = "answered"
    IGNORED = "ignored"
    REFUSED = "refused"
    LIMITED = "limited"
    POISON = "poison"


@dataclass(frozen=True, slots=True)
class Handle:
    """What stands behind a button (reliability.md S7).

    `user` is who may press it, empty for anybody in the chat. `purpose` says what the press means: `run` the
    action, `answer` the open question with the action's only argument, `confirm` or `refuse` a danger, or
    `page` through a list. `once` that it works one time.
    """

    handle: str
    channel: str
    chat: str
    user: str
    reply: str
    purpose: str
    action: Action
    expires_at: datetime
    once: bool = False


@dataclass(frozen=True, slots=True)
class DialogChange:
    """The state of the person's dialog from now on, encoded; without a `state` it is over."""

    channel: str
    chat: str
    user: str
    state: str | None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that came in, dealt with."""

    outcome: Outcome
    replies: tuple[Reply, ...] = ()
    handles: tuple[Handle, ...] = ()
    used: tuple[str, ...] = ()
    dialog: DialogChange | None = None
    error: str = ""
    language: str = "en"
    zone: str = "UTC"
    person: str = ""
