"""Failures of standard operating procedures, and what was found to be behind them (whatsapp.md A3)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

__all__ = [
    "UNFINISHED",
    "Decision",
    "FailureType",
    "NcrState",
    "NonConformanceReport",
    "SopPriority",
    "SopState",
    "SopTicket",
]


class SopState(enum.Enum):
    """How far a failure ticket is. `AWAITING_HOD` and `RESOLVED` come only from other systems."""

    OPEN = "open"
    IN_INVESTIGATION = "in_investigation"
    AWAITING_HOD = "awaiting_hod"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    CLOSED = "closed"


UNFINISHED = frozenset({SopState.OPEN, SopState.IN_INVESTIGATION, SopState.AWAITING_HOD, SopState.ESCALATED})
"""The states in which somebody still has to do something about it."""


class FailureType(enum.Enum):
    """What was wrong with how a procedure was followed, or with the procedure."""

    NOT_FOLLOWED = "not_followed"
    UNCLEAR = "unclear"
    OUTDATED = "outdated"
    MISSING = "missing"
    OTHER = "other"


class SopPriority(enum.Enum):
    """How urgent it is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Decision(enum.Enum):
    """What the head of department decides about an escalated ticket."""

    ACCEPT = "accept"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class SopTicket:
    """A failure of a procedure, which one department charges another with.

    `reference` is the procedure's, like SOP-001-2025. `charged` and `charging` are codes of departments.
    `rejection` is why the charge was rejected and `rejected_by` by whom; `reassignment` why it was given to
    another department. `decision` is the head of department's, with who made it and why. `escalations` counts
    how often it was escalated, `escalated_at` is the last time; `since` is when it came into its state.
    """

    number: str
    reference: str
    description: str
    charged: str
    charging: str
    reported_by: str
    reported_at: datetime
    since: datetime
    failure: FailureType = FailureType.OTHER
    impact: str = ""
    priority: SopPriority = SopPriority.NORMAL
    state: SopState = SopState.OPEN
    assignee: str = ""
    rejection: str = ""
    rejected_by: str = ""
    reassignment: str = ""
    decision: Decision | None = None
    decided_by: str = ""
    decision_reason: str = ""
    escalations: int = 0
    escalated_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def unfinished(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in UNFINISHED


class NcrState(enum.Enum):
    """Whether somebody has looked at what a report promised."""

    SUBMITTED = "submitted"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class NonConformanceReport:
    """The one report on a failure ticket: what was behind it, what was done, and whether that helped."""

    ticket: str
    root_cause: str
    corrective: str
    preventive: str
    submitted_by: str
    submitted_at: datetime
    state: NcrState = NcrState.SUBMITTED
    verified_by: str = ""
    verified_at: datetime | None = None
    effectiveness: str = ""
    follow_up: str = ""
