"""What an incident is made of (operations.md 4)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from core.message import Message
from core.sla import Clock

__all__ = [
    "OPEN",
    "Actor",
    "Entry",
    "EntryKind",
    "Impact",
    "Incident",
    "IncidentSeverity",
    "Level",
    "PublicStatus",
    "SeveritySource",
    "Source",
    "Status",
    "Visibility",
    "Watched",
]


class IncidentSeverity(enum.StrEnum):
    """How we respond; what users see of it is its `Impact`."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class SeveritySource(enum.StrEnum):
    """Who said how severe it is: the classification, or a person who overrode it."""

    RULE = "rule"
    HUMAN = "human"


class Status(enum.StrEnum):
    """Where the work on an incident stands."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"


OPEN = frozenset({Status.TRIGGERED, Status.ACKNOWLEDGED, Status.MITIGATED})
"""The states in which somebody has to do something about it."""


class PublicStatus(enum.StrEnum):
    """What the status page says of it, in the usual words of status pages."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"


class Impact(enum.StrEnum):
    """What users see of it."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Source(enum.StrEnum):
    """Where word of it came from."""

    ALERT = "alert"
    HEALTH = "health"
    HUMAN = "human"
    TICKET = "ticket"


class Level(enum.StrEnum):
    """Whom it has been escalated to, in this order."""

    FIRST = "L1"
    SECOND = "L2"
    ENGINEERING = "engineering"
    TOP = "top"

    @property
    def next(self) -> Level:
        """The level above; the top's is the top."""
        levels = list(Level)
        return levels[min(levels.index(self) + 1, len(levels) - 1)]


class EntryKind(enum.StrEnum):
    """What an entry of the timeline tells of."""

    CREATED = "created"
    ACK = "ack"
    STATUS = "status"
    SEVERITY = "severity"
    NOTE = "note"
    PUBLIC_UPDATE = "public_update"
    ALERT = "alert"
    NOTIFICATION = "notification"
    ASSIGNEE = "assignee"
    LINK = "link"
    CHECKLIST = "checklist"


class Visibility(enum.StrEnum):
    """Who may read an entry."""

    INTERNAL = "internal"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something: a person, or opsdeck itself. Only people acknowledge."""

    name: str
    person: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the timeline, which is only ever added to; `before` and `after` are what changed."""

    number: int
    at: datetime
    actor: Actor
    kind: EntryKind
    text: Message | str
    before: str = ""
    after: str = ""
    visibility: Visibility = Visibility.INTERNAL


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as it is known.

    `response` and `resolution` are its two clocks. `rule` is what classified it, as `rule_severity`, which
    stays on record when a person overrides it. `acknowledged_at` is the first acknowledgement; `updated_at`
    is when a person last did something about it, from which an acknowledgement lapses; `escalating_since`
    is when nobody began to have it in hand, and `escalations` how often it was escalated by itself since.
    `alerts` are the keys of the alerts it is about. `public_status` is empty while nothing was published.
    """

    id: str
    title: str
    severity: IncidentSeverity
    rule: str
    rule_severity: IncidentSeverity
    source: Source
    created_at: datetime
    detected_at: datetime
    response: Clock
    resolution: Clock
    updated_at: datetime
    escalating_since: datetime
    description: str = ""
    severity_source: SeveritySource = SeveritySource.RULE
    status: Status = Status.TRIGGERED
    public_status: PublicStatus | None = None
    public_title: str = ""
    public_text: str = ""
    published_at: datetime | None = None
    impact: Impact = Impact.NONE
    impact_overridden: bool = False
    components: tuple[str, ...] = ()
    dedup_key: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str = ""
    closed_at: datetime | None = None
    scheduled_for: datetime | None = None
    scheduling_warned_at: datetime | None = None
    opened_by: str = ""
    commander: str = ""
    responders: tuple[str, ...] = ()
    level: Level = Level.FIRST
    escalations: int = 0
    tickets: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    parent: str = ""
    customer_visible: bool = False
    workaround: str = ""

    @property
    def open(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.status in OPEN

    @property
    def unclassified(self) -> bool:
        """Whether no rule had anything to go by when it was reported."""
        return self.rule == "unclassified"

    @property
    def overridden(self) -> bool:
        """Whether a person set another severity than the rules did."""
        return self.severity is not self.rule_severity

    @property
    def public(self) -> bool:
        """Whether anything of it was published."""
        return self.public_status is not None


@dataclass(frozen=True, slots=True)
class Watched:
    """An alert that becomes an incident if it lasts: its key, what it said, and since when it is raised."""

    key: str
    title: str
    rule: str
    subject: str
    raised_at: datetime
