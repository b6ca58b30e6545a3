"""What a conversation makes of one thing that came in: decided first, then recorded in one transaction."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from core.page import Action
from core.relay.reply import Reply

__all__ = ["DialogChange", "Finished", "Handle", "OpenDialog", "Outcome", "Talk", "Turn"]

Talk = tuple[str, str, str]
"""A channel, a chat and a user: between whom a dialog is."""


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
    """The state of the person's dialog from now on, encoded; without a `state` it is over.

    An empty state is a session in which nothing is asked. `language` is that of its greeting, and `began_at`
    when it began.
    """

    channel: str
    chat: str
    user: str
    state: str | None
    ends_at: datetime | None = None
    language: str = ""
    began_at: datetime | None = None

    @property
    def talk(self) -> Talk:
        """Between whom it is."""
        return self.channel, self.chat, self.user


@dataclass(frozen=True, slots=True)
class OpenDialog:
    """A dialog as it is kept, and when silence ends it; as in `DialogChange`."""

    state: str
    ends_at: datetime
    language: str = ""
    began_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """A workflow that came to its end, and how many seconds it took from its beginning."""

    command: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that came in, dealt with.

    `states` are the names of what was being asked before and is being asked now. `hidden` says that what came
    in held a secret, and is to be written down nowhere.
    """

    outcome: Outcome
    replies: tuple[Reply, ...] = ()
    handles: tuple[Handle, ...] = ()
    used: tuple[str, ...] = ()
    dialog: DialogChange | None = None
    error: str = ""
    language: str = "en"
    zone: str = "UTC"
    person: str = ""
    states: tuple[str, str] = ("", "")
    finished: Finished | None = None
    hidden: bool = False
