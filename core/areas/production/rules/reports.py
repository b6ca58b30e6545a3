"""The daily and the weekly report (production.md 5.1 and 5.2).

A job belongs to the day in which it came to its end. Ratios without a denominator aren't known; those of a
week are pooled, never means of the days' ratios.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.areas.production.model import Job, JobStatus, Upload, UploadStatus
from core.areas.production.rules.costs import Charge, Cost, Prices, credit_change
from core.areas.production.rules.periods import Days
from core.areas.production.rules.thresholds import percent_of
from core.message import _
from core.units import Absent, Money

__all__ = [
    "Change",
    "DailyReport",
    "DayRecords",
    "WeeklyReport",
    "compare",
    "daily",
    "weekly",
]

_FAILURES_SHOWN = 3
_NO_LEDGER = Absent(_("no ledger entry was reported yet"))


@dataclass(frozen=True, slots=True)
class DayRecords:
    """What one local day left: the jobs and uploads that ended in it, and what its ledger entries charge.

    `entries` is `None` where nobody ever reported to the ledger.
    """

    jobs: Sequence[Job] = ()
    uploads: Sequence[Upload] = ()
    entries: Sequence[Charge] | None = None


@dataclass(frozen=True, slots=True)
class DailyReport:
    """The fields of production.md 5.1. Percentages are unrounded; what isn't known is `None`.

    `media_minutes` and `processing_minutes` are known only where every job that counts in them told its
    own. `uploads_reported` is false where `by_platform` had to be taken from the jobs' target platforms.
    """

    date: date
    successful: int
    failed: int
    cancelled: int
    success_rate: Decimal | None
    media_minutes: float | None
    processing_minutes: float | None
    cost: Cost
    credits_used: Decimal | None
    target: int
    progress: Decimal | None
    by_platform: Mapping[str, int]
    uploads_reported: bool
    by_character: Mapping[str, int]
    by_content_type: Mapping[str, int]
    failures: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """Jobs that completed or failed; cancelled ones are counted apart."""
        return self.successful + self.failed

    @property
    def remaining(self) -> int:
        """Videos still to make for the target."""
        return max(0, self.target - self.successful)


def daily(day: date, records: DayRecords, *, target: int, prices: Prices) -> DailyReport:
    """The report of one local day."""
    by_status: dict[JobStatus, list[Job]] = {status: [] for status in JobStatus}
    for job in records.jobs:
        by_status[job.status].append(job)
    made, failed = by_status[JobStatus.COMPLETED], by_status[JobStatus.FAILED]
    published = [upload for upload in records.uploads if upload.status is UploadStatus.PUBLISHED]
    entries = records.entries
    aimed = (platform for job in made for platform in job.platforms)
    return DailyReport(
        date=day,
        successful=len(made),
        failed=len(failed),
        cancelled=len(by_status[JobStatus.CANCELLED]),
        success_rate=_percent(len(made), len(made) + len(failed)),
        media_minutes=_minutes(job.media_seconds for job in made),
        processing_minutes=_minutes(_processing_seconds(job) for job in (*made, *failed)),
        cost=_NO_LEDGER if entries is None else prices.total(entries),
        credits_used=None if entries is None else sum(map(credit_change, entries), Decimal(0)),
        target=target,
        progress=_percent(len(made), target),
        by_platform=_counted(upload.platform for upload in published) if records.uploads else _counted(aimed),
        uploads_reported=bool(records.uploads),
        by_character=_counted(job.character for job in made),
        by_content_type=_counted(job.content_type for job in made),
        failures=tuple(_counted(job.error_code or "unknown" for job in failed).items())[:_FAILURES_SHOWN],
    )


@dataclass(frozen=True, slots=True)
class Change:
    """A figure against the one before: the difference, and in percent of the one before if that isn't 0."""

    difference: Decimal | None
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """The fields of production.md 5.2: `days` are the days it covers, `daily` those that have begun.

    The `vs_` changes are against as many days of the week before.
    """

    days: Days
    daily: tuple[DailyReport, ...]
    successful: int
    failed: int
    success_rate: Decimal | None
    media_minutes: float | None
    processing_minutes: float | None
    cost: Cost
    credits_used: Decimal | None
    avg_daily_videos: Decimal | None
    avg_daily_cost: Cost
    target_attainment: Decimal | None
    vs_videos: Change
    vs_success_rate: Change
    vs_credits: Change
    vs_cost: Change

    @property
    def days_elapsed(self) -> int:
        """How many of its days have begun."""
        return len(self.daily)

    @property
    def total(self) -> int:
        """Jobs that completed or failed."""
        return self.successful + self.failed


def weekly(
    days: Days, reports: Sequence[DailyReport], previous: Sequence[DailyReport], prices: Prices
) -> WeeklyReport:
    """The report over the daily reports of the days that have begun, and those of the week before."""
    elapsed = len(reports)
    now, before = _Sums.of(reports, prices), _Sums.of(previous, prices)
    target = sum(report.target for report in reports)
    return WeeklyReport(
        days=days,
        daily=tuple(reports),
        successful=now.successful,
        failed=now.failed,
        success_rate=now.success_rate,
        media_minutes=_sum(report.media_minutes for report in reports),
        processing_minutes=_sum(report.processing_minutes for report in reports),
        cost=now.cost,
        credits_used=now.credits,
        avg_daily_videos=Decimal(now.successful) / elapsed if elapsed else None,
        avg_daily_cost=_divided(now.cost, elapsed),
        target_attainment=_percent(now.successful, target),
        vs_videos=compare(Decimal(now.successful), Decimal(before.successful) if previous else None),
        vs_success_rate=compare(now.success_rate, before.success_rate),
        vs_credits=compare(now.credits, before.credits if previous else None),
        vs_cost=compare(_amount(now.cost), _amount(before.cost) if previous else None),
    )


def compare(now: Decimal | None, before: Decimal | None) -> Change:
    """How a figure changed; no percentage where it was 0 before."""
    if now is None or before is None:
        return Change(None, None)
    return Change(now - before, percent_of(now - before, before))


@dataclass(frozen=True, slots=True)
class _Sums:
    successful: int
    failed: int
    success_rate: Decimal | None
    cost: Cost
    credits: Decimal | None

    @classmethod
    def of(cls, reports: Sequence[DailyReport], prices: Prices) -> _Sums:
        successful = sum(report.successful for report in reports)
        failed = sum(report.failed for report in reports)
        known = [report.credits_used for report in reports if report.credits_used is not None]
        complete = len(known) == len(reports)
        return cls(
            successful=successful,
            failed=failed,
            success_rate=_percent(successful, successful + failed),
            cost=prices.sum(report.cost for report in reports),
            credits=sum(known, Decimal(0)) if complete else None,
        )


def _percent(part: int, whole: int) -> Decimal | None:
    return percent_of(Decimal(part), Decimal(whole))


def _counted(names: Iterable[str]) -> dict[str, int]:
    """How often each name occurs, the commonest first; what has no name isn't counted."""
    counts = Counter(name for name in names if name)
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def _processing_seconds(job: Job) -> float | None:
    if job.processing_seconds is not None:
        return job.processing_seconds
    if job.started_at is None or job.completed_at is None:
        return None
    return max(0.0, (job.completed_at - job.started_at).total_seconds())


def _minutes(seconds: Iterable[float | None]) -> float | None:
    total = _sum(seconds)
    return None if total is None else total / 60


def _sum(values: Iterable[float | None]) -> float | None:
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _divided(cost: Cost, days: int) -> Cost:
    if isinstance(cost, Absent):
        return cost
    return Money(cost.amount / days, cost.currency) if days else Absent(_("no day has begun"))


def _amount(cost: Cost) -> Decimal | None:
    return None if isinstance(cost, Absent) else cost.amount
