"""The daily and the weekly report (production.md 5.1 and 5.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from core.areas.production.model import EntryKind, Job, JobStatus, LedgerEntry, Upload, UploadStatus
from core.areas.production.rules.costs import NO_PRICE, Prices, rounded
from core.areas.production.rules.periods import iso_week
from core.areas.production.rules.reports import DailyReport, DayRecords, compare, daily, weekly
from core.units import Absent, Money

DAY = date(2026, 1, 22)
AT = datetime(2026, 1, 22, 9, tzinfo=UTC)
PRICES = Prices("USD", Decimal("0.01"))


def job(number: int, status: JobStatus = JobStatus.COMPLETED, **fields: object) -> Job:
    made = Job(
        f"prod_{number}",
        status,
        "yuki-chan",
        "karaoke",
        ("tiktok",),
        media_seconds=30.0,
        processing_seconds=120.0,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def debit(amount: str, kind: EntryKind = EntryKind.DEBIT) -> LedgerEntry:
    return LedgerEntry(f"{kind.value}{amount}", AT, kind, Decimal(amount))


def report(
    *jobs: Job, entries: list[LedgerEntry] | None = None, target: int = 4, day: date = DAY
) -> DailyReport:
    return daily(day, DayRecords(jobs, (), entries), target=target, prices=PRICES)


def test_vector_of_the_snapshot_2_of_4_is_progress_50_0_and_success_100_0() -> None:
    found = report(job(1), job(2), entries=[debit("50"), debit("49.999"), debit("0.001")])
    assert (found.total, found.successful, found.failed, found.target) == (2, 2, 0, 4)
    assert found.progress == Decimal(50)
    assert found.success_rate == Decimal(100)
    assert found.credits_used == 100
    assert rounded(found.cost) == Money(Decimal("1.00"), "USD")
    assert found.remaining == 2


def test_progress_counts_successes_only_and_is_not_capped() -> None:
    assert report(job(1), job(2, JobStatus.FAILED), target=1).progress == 100
    assert report(job(1), job(2), job(3), target=2).progress == 150


def test_empty_denominators_are_no_data() -> None:
    empty = report(target=0)
    assert (empty.success_rate, empty.progress, empty.total) == (None, None, 0)


def test_pending_and_cancelled_jobs_are_no_failures() -> None:
    found = report(job(1), job(2, JobStatus.PENDING), job(3, JobStatus.CANCELLED))
    assert (found.total, found.failed, found.cancelled, found.success_rate) == (1, 0, 1, 100)


def test_the_two_durations_are_the_clips_and_the_processing() -> None:
    found = report(job(1), job(2), job(3, JobStatus.FAILED))
    assert found.media_minutes == 1.0
    assert found.processing_minutes == 6.0
    assert report(job(1, media_seconds=None)).media_minutes is None


def test_refunds_lower_credits_and_cost() -> None:
    found = report(entries=[debit("50"), debit("20", EntryKind.REFUND), debit("900", EntryKind.TOPUP)])
    assert found.credits_used == 30
    assert found.cost == Money(Decimal("0.30"), "USD")


def test_without_a_price_there_is_no_cost_and_without_a_ledger_none_either() -> None:
    unpriced = daily(DAY, DayRecords((), (), [debit("50")]), target=4, prices=Prices("USD"))
    assert unpriced.cost == NO_PRICE
    assert isinstance(report().cost, Absent)
    assert report().credits_used is None


def test_platforms_come_from_uploads_or_else_from_the_jobs_targets() -> None:
    published = Upload("u1", "prod_1", "youtube", UploadStatus.PUBLISHED)
    failed = Upload("u2", "prod_1", "tiktok", UploadStatus.FAILED)
    told = daily(DAY, DayRecords((job(1),), (published, failed)), target=4, prices=PRICES)
    assert (dict(told.by_platform), told.uploads_reported) == ({"youtube": 1}, True)
    aimed = report(job(1))
    assert (dict(aimed.by_platform), aimed.uploads_reported) == ({"tiktok": 1}, False)


def test_the_three_commonest_errors_are_named() -> None:
    codes = ["timeout", "timeout", "nsfw", "quota", "quota", "quota", ""]
    failed = [job(index, JobStatus.FAILED, error_code=code) for index, code in enumerate(codes)]
    assert report(*failed).failures == (("quota", 3), ("timeout", 2), ("nsfw", 1))


def test_costs_round_half_up_only_for_display() -> None:
    assert rounded(Money(Decimal("0.125"), "USD")) == Money(Decimal("0.13"), "USD")
    assert rounded(Money(Decimal("0.245"), "USD")) == Money(Decimal("0.25"), "USD")


MONDAY = date(2026, 1, 19)


def test_vector_weekly_monday_1_of_1_tuesday_0_of_3_is_25_0_percent_pooled() -> None:
    monday = report(job(1), day=MONDAY)
    tuesday = report(*(job(number, JobStatus.FAILED) for number in (2, 3, 4)), day=MONDAY + timedelta(days=1))
    found = weekly(iso_week(MONDAY), [monday, tuesday], [], PRICES)
    assert found.success_rate == Decimal(25)
    assert found.days_elapsed == 2


def test_averages_are_over_the_days_that_have_begun() -> None:
    days = [report(job(index), job(index + 10), entries=[debit("50")]) for index in range(3)]
    found = weekly(iso_week(MONDAY), days, [], PRICES)
    assert found.avg_daily_videos == 2
    assert found.avg_daily_cost == Money(Decimal("0.50"), "USD")
    assert found.target_attainment == 50


def test_a_week_without_jobs_has_no_rate() -> None:
    found = weekly(iso_week(MONDAY), [report()], [report()], PRICES)
    assert (found.success_rate, found.vs_success_rate.difference) == (None, None)


def test_changes_have_no_percentage_where_there_was_nothing() -> None:
    found = weekly(
        iso_week(MONDAY),
        [report(job(1), job(2), entries=[debit("50")])],
        [report(entries=[])],
        PRICES,
    )
    assert (found.vs_videos.difference, found.vs_videos.percent) == (2, None)
    assert (found.vs_credits.difference, found.vs_credits.percent) == (50, None)
    half = compare(Decimal(3), Decimal(2))
    assert (half.difference, half.percent) == (1, 50)


def test_a_days_unknown_cost_makes_the_weeks_unknown() -> None:
    found = weekly(iso_week(MONDAY), [report(entries=[debit("5")]), report()], [], PRICES)
    assert isinstance(found.cost, Absent)
    assert found.credits_used is None
