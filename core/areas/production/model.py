"""What the production area speaks of (production.md 2): the system, its jobs, uploads, credits and money.

Times are aware and in UTC; credits are plain numbers of at most two decimals; what isn't known is `None`,
never 0. Words of the production system that this version does not know stay as they came.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from core.units import Money, Severity

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
    "ScheduleEntry",
    "Scheduler",
    "System",
    "SystemState",
    "Upload",
    "UploadStatus",
]


class SystemState(enum.Enum):
    """Whether the system takes on work (production.md 2.1)."""

    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    RESTARTING = "restarting"
    STOPPED = "stopped"
    ERROR = "error"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class System:
    """The production system by its own account."""

    state: SystemState
    as_of: datetime
    desired_state: SystemState = SystemState.UNKNOWN
    activity: str = ""
    in_flight: int | None = None
    version: str = ""
    started_at: datetime | None = None
    paused_by: str = ""
    paused_at: datetime | None = None
    pause_reason: str = ""
    pause_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """The answer of the system's `/health`: its word, and each check's word by name."""

    status: str
    checks: Mapping[str, str] = field(default_factory=dict[str, str])


class JobStatus(enum.Enum):
    """Where a video job stands (production.md 2.2)."""

    PENDING = "pending"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def terminal(self) -> bool:
        """Whether the job has ended for good."""
        return self in {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED}


@dataclass(frozen=True, slots=True)
class Job:
    """One video being made. `status_word` is the word as it came, also where `status` had to guess.

    `updated_at` is when it last changed by its reporter's account: of two accounts the newer one holds.
    """

    id: str
    status: JobStatus
    character: str = ""
    content_type: str = ""
    platforms: tuple[str, ...] = ()
    attempt: int = 1
    max_attempts: int = 3
    media_seconds: float | None = None
    processing_seconds: float | None = None
    credits_estimated: Decimal | None = None
    credits_charged: Decimal | None = None
    cost: Money | None = None
    scheduled_for: datetime | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    updated_at: datetime | None = None
    provider_task: str = ""
    error_code: str = ""
    error_message: str = ""
    status_word: str = ""


class UploadStatus(enum.Enum):
    """Where an upload stands (production.md 2.3)."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    UPLOADING = "uploading"
    PROCESSING = "processing"
    PUBLISHED = "published"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Upload:
    """A video on its way to one platform."""

    id: str
    job: str
    platform: str
    status: UploadStatus
    attempt: int = 1
    scheduled_for: datetime | None = None
    started_at: datetime | None = None
    published_at: datetime | None = None
    failed_at: datetime | None = None
    updated_at: datetime | None = None
    post_id: str = ""
    post_url: str = ""
    error_message: str = ""


@dataclass(frozen=True, slots=True)
class Platform:
    """A place that videos are published on; what it did today is counted from the uploads."""

    id: str
    enabled: bool = True
    daily_cap: int | None = None


@dataclass(frozen=True, slots=True)
class Character:
    """Who appears in the videos; `position` is the place in the configuration, which breaks ties."""

    id: str
    name: str = ""
    enabled: bool = True
    paused: bool = False
    weight: float = 1.0
    weekly_cap: int | None = None
    position: int = 0


class Bucket(enum.Enum):
    """Which credits a ledger entry is charged to (production.md 2.6)."""

    DAILY = "daily"
    MONTHLY = "monthly"
    PURCHASED = "purchased"


class EntryKind(enum.Enum):
    """What a ledger entry does (production.md 2.7)."""

    DEBIT = "debit"
    REFUND = "refund"
    GRANT_MONTHLY = "grant_monthly"
    GRANT_DAILY = "grant_daily"
    TOPUP = "topup"
    ADJUST = "adjust"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One movement of credits. `credits` is positive; the kind gives the sign, an adjustment its own.

    `bucket` is `None` where the reporter didn't say: the split is then estimated by the configured order.
    """

    id: str
    at: datetime
    kind: EntryKind
    credits: Decimal
    bucket: Bucket | None = None
    cost: Money | None = None
    job: str = ""
    provider_task: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CreditPlan:
    """What the subscription gives, as configured; `billing_day` is the day of the month it renews on."""

    name: str = ""
    monthly_allowance: Decimal = Decimal(0)
    daily_bonus: Decimal = Decimal(0)
    purchased: Decimal = Decimal(0)
    billing_day: int = 1
    price_per_credit: Money | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """The provider's own figure, when it was read."""

    coins: Decimal
    read_at: datetime
    diamonds: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ProviderTask:
    """A task by the provider's account (production.md 7.2)."""

    id: str
    status: JobStatus
    status_word: str
    coins: Decimal | None
    created_at: datetime | None
    name: str = ""
    failure: str = ""


class BudgetPeriod(enum.Enum):
    """How long a budget is for: a day, an ISO week or a month of the production zone."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit of money for each period; no limit is `None`."""

    period: BudgetPeriod
    limit: Money | None = None
    hard_stop: bool = False


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """Something the production system does by itself (production.md 2.9)."""

    id: str
    name: str = ""
    kind: str = ""
    trigger: str = ""
    timezone: str = ""
    enabled: bool = True
    paused: bool = False
    running: bool = False
    next_run: datetime | None = None
    last_run: datetime | None = None
    last_result: str = ""
    last_duration_ms: int | None = None
    missed_count: int = 0


@dataclass(frozen=True, slots=True)
class Scheduler:
    """The production system's scheduler: its word and its entries."""

    state: str
    entries: tuple[ScheduleEntry, ...] = ()


class EventKind(enum.Enum):
    """The fourteen types of section 3; our event kinds are `production.` and these words."""

    VIDEO_STARTED = "video_started"
    VIDEO_COMPLETED = "video_completed"
    VIDEO_FAILED = "video_failed"
    UPLOAD_STARTED = "upload_started"
    UPLOAD_COMPLETED = "upload_completed"
    UPLOAD_FAILED = "upload_failed"
    CREDITS_LOW = "credits_low"
    CREDITS_CRITICAL = "credits_critical"
    BUDGET_WARNING = "budget_warning"
    SYSTEM_ERROR = "system_error"
    DAILY_SUMMARY = "daily_summary"
    WEEKLY_REPORT = "weekly_report"
    SCHEDULER_STATUS = "scheduler_status"
    PROXY_STATUS = "proxy_status"


@dataclass(frozen=True, slots=True)
class ProductionEvent:
    """One event of the production system's log, or of ours (section 3's envelope).

    `key` is its `dedup_key`: the same happening is told once, whoever reports it, in whatever order.
    """

    kind: EventKind
    severity: Severity
    at: datetime
    subject: str
    key: str
    title: str = ""
    text: str = ""
    data: Mapping[str, str | int | float | bool | None] = field(
        default_factory=dict[str, str | int | float | bool | None]
    )
    id: str = ""
    sequence: int | None = None
    recovered: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """A control request the system is still carrying out (`/operations/{id}`)."""

    id: str
    verb: str
    state: str
    error: str = ""
