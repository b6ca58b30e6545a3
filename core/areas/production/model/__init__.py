"""What the production area speaks of (production.md 2): the system, its jobs, uploads, credits and money.

Times are aware and in UTC; credits are plain numbers of at most two decimals; what isn't known is `None`,
never 0. Words of the production system that this version does not know stay as they came.
"""

from __future__ import annotations

from core.areas.production.model.credits import (
    Balance,
    Bucket,
    Budget,
    BudgetPeriod,
    CreditPlan,
    EntryKind,
    LedgerEntry,
    ProviderTask,
    ReportedBudget,
    ReportedCredits,
)
from core.areas.production.model.events import EventKind, ProductionEvent
from core.areas.production.model.system import (
    Health,
    Operation,
    ScheduleEntry,
    Scheduler,
    System,
    SystemState,
)
from core.areas.production.model.videos import Character, Job, JobStatus, Platform, Upload, UploadStatus

__all__ = [
    "Balance",
    "Bucket",
    "Budget",
    "BudgetPeriod",
    "Character",
    "CreditPlan",
    "EntryKind",
    "EventKind",
    "Health",
    "Job",
    "JobStatus",
    "LedgerEntry",
    "Operation",
    "Platform",
    "ProductionEvent",
    "ProviderTask",
    "ReportedBudget",
    "ReportedCredits",
    "ScheduleEntry",
    "Scheduler",
    "System",
    "SystemState",
    "Upload",
    "UploadStatus",
]
