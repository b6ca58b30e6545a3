"""What a scenario says will happen: immutable, written before it begins, and without a “now”.

Seconds are floats, moments aware and in UTC. What is true at a moment follows from a script, the moment
and the times in which the system held its work back (timelines.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

__all__ = [
    "Attempt",
    "BudgetScript",
    "CharacterScript",
    "Company",
    "CreditTerms",
    "Failure",
    "JobScript",
    "PlatformScript",
    "TriggerScript",
    "UploadAttempt",
    "UploadScript",
]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt brought nothing."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One task at the provider: seconds in its queue and at work, and the coins it costs when it ends."""

    task_id: str
    waiting: float
    working: float
    coins: int
    bucket: str = "monthly"
    failure: Failure | None = None
    refunded: bool = False


@dataclass(frozen=True, slots=True)
class UploadAttempt:
    """One try to publish: seconds of sending, seconds of the platform's own work, and what went wrong."""

    sending: float
    working: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class UploadScript:
    """A finished video's way to one platform; it begins `delay` after the job is done."""

    id: str
    platform: str
    delay: timedelta
    attempts: tuple[UploadAttempt, ...]


@dataclass(frozen=True, slots=True)
class JobScript:
    """One video: planned at `created_at`, submitted at `scheduled_for`, then tried until it works.

    A cancelled one is given up when it should have been submitted. Without a success among the
    attempts the job fails with the last of them.
    """

    id: str
    character_id: str
    content_type: str
    target_platforms: tuple[str, ...]
    created_at: datetime
    scheduled_for: datetime
    media_seconds: float
    credits_estimated: int
    attempts: tuple[Attempt, ...]
    uploads: tuple[UploadScript, ...] = ()
    max_attempts: int = 3
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class CharacterScript:
    """Somebody who appears in videos."""

    id: str
    name: str
    weight: float = 1.0
    weekly_cap: int | None = 7
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class PlatformScript:
    """A place videos go to; the cap is in jobs a day."""

    id: str
    daily_cap: int | None = 5
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class BudgetScript:
    """A limit of money; `period` is daily, weekly or monthly."""

    period: str
    limit: Decimal | None
    hard_stop: bool = False


@dataclass(frozen=True, slots=True)
class TriggerScript:
    """Something the scheduler does every day at `minutes` after local midnight."""

    id: str
    name: str
    kind: str
    trigger: str
    minutes: tuple[int, ...]
    duration_ms: int = 400
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class CreditTerms:
    """What the plan gives and costs; `price` is that of one credit in `currency`."""

    plan: str
    monthly_allowance: int
    daily_bonus: int
    purchased: int
    billing_day: int
    price: Decimal
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Company:
    """A whole scenario. `begins` is the start of its books, `started_at` that of its last restart."""

    name: str
    zone: ZoneInfo
    version: str
    begins: datetime
    started_at: datetime
    target: int
    terms: CreditTerms
    characters: tuple[CharacterScript, ...]
    platforms: tuple[PlatformScript, ...]
    budgets: tuple[BudgetScript, ...]
    triggers: tuple[TriggerScript, ...]
    jobs: tuple[JobScript, ...]
