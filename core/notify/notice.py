"""The vocabulary of delivery: what is told to whom, and what each class of notice may expect.

A notice is said once to everybody it concerns. How long it is worth delivering, whether it is repeated
when nobody knows if it arrived, and what becomes of it in quiet hours or in a crowd is a matter of its
class alone: `NoticeClass.rules` is the one table of that (reliability.md section 1).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from core.message import Message
from core.units import Severity

__all__ = ["EXPIRIES", "ClassRules", "Notice", "NoticeClass", "Overflow", "Recipient", "Wording"]


class Overflow(enum.Enum):
    """What becomes of notices of a class when too many wait for one recipient."""

    KEPT = "kept"
    FOLDED = "folded"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class ClassRules:
    """What a class of notices may expect.

    `expires` is how long one is worth delivering, counted from the end of quiet hours where those hold it.
    `repeats` is how often one is sent again because nobody knows whether it arrived; nothing means as
    often as it takes. `passes_quiet_hours` are those that wake people. `dead_when_expired` says whether
    somebody has to look at one that never arrived.
    """

    expires: timedelta
    repeats: int | None
    passes_quiet_hours: bool
    overflow: Overflow
    dead_when_expired: bool


class NoticeClass(enum.Enum):
    """How much depends on a notice's arrival."""

    CRITICAL = "critical"
    NORMAL = "normal"
    INFO = "info"
    REPLY = "reply"

    @property
    def rules(self) -> ClassRules:
        """What notices of this class may expect."""
        return _RULES[self]


_RULES = {
    NoticeClass.CRITICAL: ClassRules(timedelta(hours=24), None, True, Overflow.KEPT, True),
    NoticeClass.NORMAL: ClassRules(timedelta(hours=6), 1, False, Overflow.FOLDED, True),
    NoticeClass.INFO: ClassRules(timedelta(hours=1), 0, False, Overflow.FOLDED, False),
    NoticeClass.REPLY: ClassRules(timedelta(seconds=60), 0, True, Overflow.DROPPED, False),
}

EXPIRIES: Mapping[NoticeClass, timedelta] = MappingProxyType(
    {each: each.rules.expires for each in NoticeClass}
)
"""How long notices of each class are worth delivering, unless the settings say otherwise."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell people.

    `key` makes it happen once for each person and channel: the event's id and the kind, say. `subject` is
    what it is about (`incident:12`, `pod:SIMPOD0002`): notices of one subject reach a recipient in their
    order. `reason` says why the person is told. `event` is the number of the event behind it. `expires`
    replaces what the class says, for a report that is worth reading until the next one.
    """

    key: str
    cls: NoticeClass
    kind: str
    area: str
    subject: str
    severity: Severity
    title: Message
    lines: tuple[Message, ...]
    reason: Message
    created: datetime
    event: int | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person on one channel.

    `address` is what the channel calls them: an e-mail address, the name of a webhook, a chat. `language`
    is a tag such as `en`, `zone` the name of the zone in which they read times.
    """

    person: str
    channel: str
    address: str
    language: str = "en"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a message says, before it becomes text in somebody's language."""

    title: Message
    lines: tuple[Message, ...]
    reason: Message
