"""What a maintenance ticket is: something is wrong with a machine, and somebody is to see to it (A3)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

__all__ = [
    "LONGEST_DESCRIPTION",
    "ONGOING",
    "SETTLED",
    "UNSTARTED",
    "FaultSeverity",
    "IssueType",
    "MaintenanceState",
    "MaintenanceTicket",
    "Urgency",
]

LONGEST_DESCRIPTION = 1_000
"""Characters that are kept of what somebody wrote about an issue."""


class IssueType(enum.Enum):
    """What is wrong with a machine."""

    BEARING = "bearing"
    HYDRAULIC = "hydraulic"
    ELECTRICAL = "electrical"
    OTHER = "other"


class Urgency(enum.Enum):
    """How soon it hurts, as whoever reports it says."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class FaultSeverity(enum.Enum):
    """How bad an issue is, which decides what is promised."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class MaintenanceState(enum.Enum):
    """Where a maintenance ticket is in its life."""

    OPEN = "open"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    AWAITING_PARTS = "awaiting_parts"
    COMPLETED = "completed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


UNSTARTED = frozenset({MaintenanceState.OPEN, MaintenanceState.AWAITING_PARTS})
"""The states in which the response time is what runs (A2.5)."""

SETTLED = frozenset({MaintenanceState.COMPLETED, MaintenanceState.CLOSED, MaintenanceState.CANCELLED})
"""The states in which nothing runs any more."""

ONGOING = frozenset(MaintenanceState) - SETTLED
"""The states in which somebody still has something to do."""


@dataclass(frozen=True, slots=True)
class MaintenanceTicket:
    """A maintenance ticket by its `number` (`MNT-2026-0001`).

    `respond_by` and `complete_by` are what was promised when it was opened, or when its severity was changed.
    `since` is when it came into its state, `by` whom and for what `reason`. `machine_down` says that the
    machine stands still because of it. `completed_at` is kept while it is completed or closed.
    """

    number: str
    machine: str
    department: str
    issue: IssueType
    severity: FaultSeverity
    state: MaintenanceState
    created_at: datetime
    since: datetime
    respond_by: datetime
    complete_by: datetime
    reporter: str
    description: str = ""
    assignee: str = ""
    machine_down: bool = False
    by: str = ""
    reason: str = ""
    started_at: datetime | None = None
    completed_at: datetime | None = None
    root_cause: str = ""
    parts: str = ""
    cost: Decimal | None = None

    @property
    def ongoing(self) -> bool:
        """Whether somebody still has something to do."""
        return self.state in ONGOING
