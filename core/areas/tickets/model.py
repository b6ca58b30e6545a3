"""What a support ticket is made of (operations.md 5.1)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from core.sla import Clock

__all__ = [
    "CANCELLABLE",
    "LONGEST_SUBJECT",
    "LONGEST_TEXT",
    "ONGOING",
    "WAITING_FOR_US",
    "CannedAnswer",
    "Case",
    "Category",
    "ClockKind",
    "Cycle",
    "Entry",
    "FaqEntry",
    "FaqView",
    "Level",
    "Priority",
    "Side",
    "Solve",
    "SolveReason",
    "Status",
    "Ticket",
]


LONGEST_SUBJECT = 120
LONGEST_TEXT = 4_000
"""Characters that are kept of one entry of a conversation, or of an answer."""


class Status(enum.Enum):
    """Where a ticket is in its life; `PENDING` waits for the requester, `ON_HOLD` for a third party."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    SOLVED = "solved"
    CLOSED = "closed"


ONGOING = frozenset({Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD})
"""The states in which a ticket is not solved."""

WAITING_FOR_US = frozenset({Status.NEW, Status.OPEN, Status.ON_HOLD})
"""The states that count as the requester's waiting time (operations.md 5.3)."""


class Priority(enum.IntEnum):
    """How soon a ticket is to be dealt with."""

    LOW = 1
    NORMAL = 2
    HIGH = 3
    URGENT = 4


class Level(enum.Enum):
    """How many are hit (impact), or how soon it hurts (urgency)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Category(enum.Enum):
    """What tickets and FAQ entries are about."""

    GETTING_STARTED = "getting-started"
    AI_FEATURES = "ai-features"
    TROUBLESHOOTING = "troubleshooting"
    ACCOUNT = "account"
    OTHER = "other"


class Side(enum.Enum):
    """Who wrote an entry of the conversation."""

    REQUESTER = "requester"
    AGENT = "agent"
    SYSTEM = "system"


class ClockKind(enum.Enum):
    """What a ticket's clock measures."""

    FIRST_RESPONSE = "first_response"
    NEXT_REPLY = "next_reply"
    RESOLUTION = "resolution"


CANCELLABLE = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_REPLY)
"""The clocks that a ticket can be solved without an answer to."""


class SolveReason(enum.Enum):
    """Why a ticket was solved."""

    AGENT = "agent"
    REQUESTER = "requester"
    NO_CUSTOMER_REPLY = "no_customer_reply"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request for help and where it stands.

    `requester` is the authenticated identity that decides whose it is; `name`, `channel` and `address` say
    how to show and reach them, by the channel they last wrote on. `priority` is proposed by the requester
    until `priority_by` names the agent who decided it. `since` is when it came into its state. `follows`
    is the closed ticket that it goes on from.
    """

    id: str
    requester: str
    name: str
    channel: str
    address: str
    tier: str
    subject: str
    category: Category
    priority: Priority
    status: Status
    created_at: datetime
    since: datetime
    priority_by: str = ""
    assignee: str = ""
    team: str = ""
    incident: str = ""
    incident_critical: bool = False
    first_response_at: datetime | None = None
    solved_at: datetime | None = None
    closed_at: datetime | None = None
    reminded_at: datetime | None = None
    reopened: int = 0
    follows: str = ""
    tags: tuple[str, ...] = ()
    language: str = "en"

    @property
    def ongoing(self) -> bool:
        """Whether it is not solved yet."""
        return self.status in ONGOING


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a ticket's conversation; an `internal` one is never shown to its requester."""

    number: int
    at: datetime
    author: str
    side: Side
    channel: str
    text: str
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Cycle:
    """One run of one of a ticket's clocks; a cancelled one is neither met nor missed."""

    kind: ClockKind
    number: int
    clock: Clock
    cancelled_at: datetime | None = None

    @property
    def ongoing(self) -> bool:
        """Whether it still runs or is paused."""
        return self.clock.stopped_at is None and self.cancelled_at is None


@dataclass(frozen=True, slots=True)
class Solve:
    """A time when the ticket was solved, and how the requester rated it: 1 to 5 stars.

    `replies` counts the public agent messages up to then, over the whole ticket.
    """

    number: int
    at: datetime
    by: str
    reason: SolveReason
    replies: int
    reopened_at: datetime | None = None
    stars: int | None = None
    comment: str = ""
    rated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket with all its clocks and solves, in the order they began."""

    ticket: Ticket
    cycles: tuple[Cycle, ...] = ()
    solves: tuple[Solve, ...] = ()

    def running(self, kind: ClockKind) -> Cycle | None:
        """The clock of that kind that still runs, if one does."""
        return next((each for each in self.cycles if each.kind is kind and each.ongoing), None)


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """A question that was answered once for everybody, and how it was received."""

    id: str
    category: Category
    question: str
    answer: str
    tags: tuple[str, ...]
    updated_at: datetime
    language: str = "en"
    views: int = 0
    helpful: int = 0
    not_helpful: int = 0


@dataclass(frozen=True, slots=True)
class FaqView:
    """That somebody read an entry, having `searched` for it or not."""

    entry: str
    viewer: str
    at: datetime
    searched: bool


@dataclass(frozen=True, slots=True)
class CannedAnswer:
    """A text that agents send often; it may name {requester}, {ticket}, {subject} and {agent}."""

    name: str
    text: str
    by: str
    updated_at: datetime
