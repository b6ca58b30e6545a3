"""What the production system's API answers, as values (production.md 8).

The things it speaks of are in `model`. A figure that was not sent, or can't be read, is `None`, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, TypeAlias

from core.areas.production.model import (
    Character,
    Job,
    LedgerEntry,
    Operation,
    Platform,
    ProductionEvent,
    ReportedCredits,
    System,
    SystemState,
    Upload,
)
from core.units import Money

__all__ = [
    "CharacterList",
    "ControlAnswer",
    "ControlVerb",
    "EventPage",
    "JobDetail",
    "JobPage",
    "PlatformList",
    "ReportedToday",
    "Status",
    "UploadPage",
]

ControlVerb: TypeAlias = Literal["pause", "resume", "restart"]
"""What the system can be asked to do (production.md 6)."""


@dataclass(frozen=True, slots=True)
class ReportedToday:
    """The day so far by the system's own account (5.1)."""

    date: str = ""
    total: int | None = None
    successful: int | None = None
    failed: int | None = None
    target: int | None = None
    credits_used: Decimal | None = None
    cost: Money | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """The snapshot of `/status`. `skew` is the system's clock less ours, `None` where it told no time."""

    system: System
    credits: ReportedCredits | None
    today: ReportedToday | None
    as_of: datetime
    skew: timedelta | None


@dataclass(frozen=True, slots=True)
class JobPage:
    """Some jobs, and the cursor of those that follow; an empty cursor says there are none."""

    jobs: tuple[Job, ...]
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class UploadPage:
    """Some uploads, and the cursor of those that follow."""

    uploads: tuple[Upload, ...]
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class JobDetail:
    """A job with what belongs to it."""

    job: Job
    uploads: tuple[Upload, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class CharacterList:
    """The characters in the system's order, and whom it means to take next."""

    characters: tuple[Character, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class PlatformList:
    """The platforms the system publishes on."""

    platforms: tuple[Platform, ...]


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events by ascending sequence, and the sequence to ask after next time.

    `last` counts events that were left out because they can't be read, so that these are not asked for
    for ever.
    """

    events: tuple[ProductionEvent, ...]
    last: int


@dataclass(frozen=True, slots=True)
class ControlAnswer:
    """What the system said to a control verb; what it is doing is read back with `status`.

    `changed` is false when it was in that state already, or was at it already, and `None` when it didn't
    say. Where it is still at it there is an `operation` to ask about.
    """

    changed: bool | None
    state: SystemState
    desired_state: SystemState
    in_flight: int | None = None
    operation: Operation | None = None
