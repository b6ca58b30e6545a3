"""What an alert is, and the edges of its life that people are told of. Pure.

    pending → active → acknowledged → resolved
                 ↑          │            or
                 └── lapses ┘          expired

A pending alert has not lasted long enough to be told. One whose parent is down is `unknown`: it can't be
judged while something above it explains it, and nobody is told of it (reliability.md R10).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from core.message import Message
from core.principal import Group
from core.units import Severity

__all__ = ["Alert", "AlertState", "Edge", "EdgeKind", "Withheld", "alert_key"]


class AlertState(enum.Enum):
    """Where an alert stands."""

    PENDING = "pending"
    ACTIVE = "active"
    UNKNOWN = "unknown"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    EXPIRED = "expired"

    @property
    def open(self) -> bool:
        """Whether it is not over."""
        return self not in (AlertState.RESOLVED, AlertState.EXPIRED)


class Withheld(enum.Enum):
    """Why an open alert is not told at present; of a `CARRIED` one another alert tells, an incident's."""

    NOT = "not withheld"
    SILENCE = "silence"
    PARENT = "parent"
    CARRIED = "carried"
    BLIND = "blind"
    GROUP = "group"
    SHORT = "short"


class EdgeKind(enum.Enum):
    """What happened to an alert that people are told of; of `NEWS` none is kept."""

    OPENED = "opened"
    WORSENED = "worsened"
    LAPSED = "lapsed"
    ESCALATED = "escalated"
    REPEATED = "repeated"
    RESOLVED = "resolved"
    NEWS = "news"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert: what a rule says of one subject, from its first sign to its end.

    `said` is the severity people were last told, nothing while they were told nothing; `sequence` counts
    its edges. `tell_at`, `repeat_at`, `escalate_at`, `lapse_at`, `expire_at` and `clear_at` are its
    timers; `step` is how far it has escalated. `withheld_by` names the silence, the parent, or the carrier.
    """

    id: int
    rule: str
    subject: str
    area: str
    kind: str
    group: str
    state: AlertState
    severity: Severity
    title: Message
    opened_at: datetime
    last_seen: datetime
    count: int = 1
    event: int | None = None
    parents: tuple[str, ...] = ()
    said: Severity | None = None
    said_at: datetime | None = None
    sequence: int = 0
    step: int = 0
    withheld: Withheld = Withheld.NOT
    withheld_by: str = ""
    acknowledged_by: str = ""
    tell_at: datetime | None = None
    repeat_at: datetime | None = None
    escalate_at: datetime | None = None
    lapse_at: datetime | None = None
    expire_at: datetime | None = None
    clear_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def key(self) -> str:
        """What it is known by while it is open: one rule has one open alert of a subject."""
        return alert_key(self.rule, self.subject)

    @property
    def open(self) -> bool:
        """Whether it is not over."""
        return self.state.open


@dataclass(frozen=True, slots=True)
class Edge:
    """Something of which people are to be told: what happened to which alert, and when.

    `key` is the same however often the edge is found. `to` are the groups concerned. `news` is what the
    event behind it said, where that isn't the alert's own title. `person` is who is concerned besides, and
    `otherwise` the groups where that is nobody who is known.
    """

    kind: EdgeKind
    alert: Alert
    at: datetime
    key: str
    to: frozenset[Group] = frozenset()
    news: Message | None = None
    person: str = ""
    otherwise: frozenset[Group] = frozenset()


def alert_key(rule: str, subject: str) -> str:
    """The key of an open alert."""
    return f"{rule}|{subject}"
