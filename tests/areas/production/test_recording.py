"""Reports taken in: nothing lost and nothing counted twice, in whatever order and however often they come."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.production.model import (
    Bucket,
    EntryKind,
    EventKind,
    Job,
    JobStatus,
    LedgerEntry,
    ProductionEvent,
    ProviderTask,
    Upload,
    UploadStatus,
)
from core.areas.production.reporting.ingestion import ingest_reports
from core.areas.production.reporting.wire_format import JobReport, LedgerReport
from core.areas.production.rules.periods import Days
from core.areas.production.rules.reconciliation import Merged, merge
from core.areas.production.store import ledger, reading
from core.moment import Window
from core.units import Money, Severity
from tests.areas.production.stored import START, Stored, opened

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

QUEUED = Job(
    "prod_1",
    JobStatus.QUEUED,
    character="yuki-chan",
    content_type="karaoke",
    platforms=("tiktok",),
    credits_estimated=Decimal("45.5"),
    created_at=START - HOUR,
    status_word="queued",
)
STARTED = replace(
    QUEUED, status=JobStatus.PROCESSING, started_at=START - 50 * MINUTE, status_word="processing"
)
RETRIED = replace(QUEUED, attempt=2, error_code="gpu", updated_at=START - 40 * MINUTE)
AGAIN = replace(STARTED, attempt=2, started_at=START - 30 * MINUTE, error_code="")
COMPLETED = replace(
    AGAIN,
    status=JobStatus.COMPLETED,
    completed_at=START - 20 * MINUTE,
    credits_charged=Decimal("50.25"),
    cost=Money(Decimal("0.2764"), "USD"),
    media_seconds=45.0,
    status_word="completed",
)
PARTIAL = Job("prod_1", JobStatus.COMPLETED, completed_at=START - 20 * MINUTE, provider_task="a2e_1")
STORY = (QUEUED, STARTED, RETRIED, AGAIN, COMPLETED, PARTIAL)

DEBIT = LedgerEntry(
    "led_1", START - 20 * MINUTE, EntryKind.DEBIT, Decimal("50.25"), job="prod_1", provider_task="a2e_1"
)
TASK = ProviderTask("a2e_1", JobStatus.COMPLETED, "success", Decimal(50), START - 25 * MINUTE, "clip")


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with opened(tmp_path) as found:
        yield found


async def take(stored: Stored, *jobs: Job) -> None:
    for job in jobs:
        stored.clock.advance(1)
        async with stored.services.store.writing() as transaction:
            await stored.recorder(transaction).jobs([job])


async def tell(stored: Stored, *events: ProductionEvent) -> None:
    for event in events:
        stored.clock.advance(1)
        async with stored.services.store.writing() as transaction:
            await stored.recorder(transaction).events([event])


async def book(stored: Stored, *entries: LedgerEntry) -> None:
    for entry in entries:
        async with stored.services.store.writing() as transaction:
            await stored.recorder(transaction).entries([entry])


async def counted(stored: Stored) -> list[tuple[str, Decimal]]:
    entries = await stored.read(ledger.entries)
    return [(entry.id, entry.credits) for entry in entries]


@given(st.lists(st.sampled_from(STORY), max_size=6), st.randoms(use_true_random=False))
def test_the_same_reports_come_to_the_same_job_in_any_order(more: list[Job], shuffle: random.Random) -> None:
    reports = [*STORY, *more]
    shuffle.shuffle(reports)
    merged: Merged[Job] | None = None
    for report in reports:
        merged = merge(merged, report)
    assert merged is not None
    expected = replace(COMPLETED, provider_task="a2e_1", updated_at=RETRIED.updated_at)
    assert merged.value == expected


@given(st.permutations([UploadStatus.SCHEDULED, UploadStatus.UPLOADING, UploadStatus.FAILED]))
def test_an_upload_ends_published_whatever_came_before_it(order: list[UploadStatus]) -> None:
    published = Upload("up_1", "prod_1", "tiktok", UploadStatus.PUBLISHED, 2, published_at=START)
    merged = merge(None, published)
    for status in order:
        merged = merge(merged, Upload("up_1", "prod_1", "tiktok", status))
    assert merged.value.status is UploadStatus.PUBLISHED
    assert merged.value.published_at == START


def test_how_a_job_ended_first_is_final_in_either_order() -> None:
    failed = replace(
        COMPLETED, status=JobStatus.FAILED, completed_at=START, error_code="late", status_word="failed"
    )
    for first, second in ((COMPLETED, failed), (failed, COMPLETED)):
        value = merge(merge(None, first), second).value
        assert (value.status, value.completed_at, value.error_code) == (
            JobStatus.COMPLETED,
            COMPLETED.completed_at,
            "",
        )


async def test_a_stored_job_is_the_same_when_read_back(stored: Stored) -> None:
    await take(stored, COMPLETED)
    assert await stored.read(reading.job, "prod_1") == COMPLETED


async def test_a_job_told_in_any_order_gives_each_event_once(stored: Stored) -> None:
    await take(stored, COMPLETED, QUEUED, COMPLETED, STARTED, PARTIAL)
    assert await stored.events() == ["video_completed job:prod_1"]
    ended = await stored.read(reading.jobs, Window(START - HOUR, START))
    assert [job.status for job in ended] == [JobStatus.COMPLETED]
    assert await stored.read(reading.open_jobs) == []


async def test_a_job_shows_at_a_past_moment_as_it_was_known_then(stored: Stored) -> None:
    await take(stored, STARTED)
    then = stored.clock.now()
    await take(stored, COMPLETED)
    async with stored.services.store.reading() as connection:
        was = await reading.job(connection, "prod_1", then)
        assert await reading.jobs(connection, Window(START - HOUR, START), then) == []
    assert was is not None
    assert was.status is JobStatus.PROCESSING


async def test_the_systems_event_and_ours_about_one_job_are_told_once(stored: Stored) -> None:
    theirs = ProductionEvent(
        EventKind.VIDEO_COMPLETED,
        Severity.GOOD,
        START,
        "job:prod_1",
        "job:prod_1:completed",
        id="evt_1",
    )
    await tell(stored, theirs)
    await take(stored, COMPLETED)
    await tell(stored, theirs, replace(theirs, id="evt_2"))
    assert await stored.events() == ["video_completed job:prod_1"]


async def test_a_job_that_ended_otherwise_than_it_did_is_a_data_error(stored: Stored) -> None:
    await take(stored, COMPLETED)
    await take(stored, replace(STARTED, updated_at=START))
    job = await stored.read(reading.job, "prod_1")
    assert job.status is JobStatus.COMPLETED
    assert "data_error job:prod_1" in await stored.events()


async def test_a_report_that_merely_came_late_is_no_error(stored: Stored) -> None:
    await take(stored, COMPLETED, STARTED, QUEUED)
    assert await stored.events() == ["video_completed job:prod_1"]


async def test_a_ledger_entry_counts_once_by_its_id(stored: Stored) -> None:
    await book(stored, DEBIT, DEBIT, replace(DEBIT, credits=Decimal(99)))
    assert await counted(stored) == [("led_1", Decimal("50.25"))]


async def test_a_ledger_entry_counts_once_by_task_and_kind(stored: Stored) -> None:
    refund = replace(DEBIT, id="led_3", kind=EntryKind.REFUND)
    await book(stored, replace(DEBIT, id="led_2"), DEBIT, refund)
    assert await counted(stored) == [("led_1", DEBIT.credits), ("led_3", DEBIT.credits)]


@pytest.mark.parametrize("reported_first", [True, False])
async def test_a_task_costs_only_where_nobody_reported_it(stored: Stored, reported_first: bool) -> None:
    async def task() -> None:
        async with stored.services.store.writing() as transaction:
            await stored.recorder(transaction).tasks([TASK, replace(TASK, id="a2e_2", coins=Decimal(13))])

    if reported_first:
        await book(stored, DEBIT)
        await task()
    else:
        await task()
        stored.clock.advance(1)
        before = stored.clock.now()
        stored.clock.advance(1)
        await book(stored, DEBIT)
        async with stored.services.store.reading() as connection:
            then = [entry.id for entry in await ledger.entries(connection, before)]
        assert then == ["a2e:a2e_1", "a2e:a2e_2"]
    assert await counted(stored) == [("a2e:a2e_2", Decimal(13)), ("led_1", DEBIT.credits)]


async def test_a_task_does_not_count_beside_the_entry_of_the_job_it_belongs_to(stored: Stored) -> None:
    await take(stored, replace(COMPLETED, provider_task="a2e_1"))
    async with stored.services.store.writing() as transaction:
        await stored.recorder(transaction).tasks([TASK])
    assert await counted(stored) == [("a2e:a2e_1", Decimal(50))]
    await book(stored, replace(DEBIT, provider_task=""))
    assert await counted(stored) == [("led_1", DEBIT.credits)]
    assert [entry.id for entry in await stored.read(ledger.entries_of_job, "prod_1")] == ["led_1"]


async def test_a_task_of_unknown_cost_makes_no_entry(stored: Stored) -> None:
    async with stored.services.store.writing() as transaction:
        await stored.recorder(transaction).tasks([replace(TASK, coins=None)])
    assert await counted(stored) == []
    assert [task.id for task in await stored.read(reading.tasks)] == ["a2e_1"]


async def test_amounts_are_kept_exactly(stored: Stored) -> None:
    entry = replace(
        DEBIT, credits=Decimal("0.1"), cost=Money(Decimal("0.0055"), "USD"), bucket=Bucket.MONTHLY
    )
    await book(stored, entry, *(replace(entry, id=f"e{n}", provider_task="") for n in range(9)))
    entries = await stored.read(ledger.entries)
    assert sum(each.credits for each in entries) == Decimal(1)
    assert sum(each.cost.amount for each in entries) == Decimal("0.055")
    assert entries[-1] == entry


async def test_a_days_ledger_is_cut_where_the_zones_day_ends(stored: Stored) -> None:
    day = Days(date(2026, 1, 22), date(2026, 1, 23))
    window = day.window(stored.settings.local_zone)
    assert window.start == datetime(2026, 1, 21, 15, tzinfo=UTC)
    inside = replace(DEBIT, id="in", at=window.start, provider_task="")
    await book(stored, inside, replace(inside, id="out", at=window.end))
    assert [each.id for each in await stored.read(partial(ledger.entries, window=window))] == ["in"]


FAULT = ProductionEvent(EventKind.SYSTEM_ERROR, Severity.SERIOUS, START, "fault:gpu", "fault:gpu", id="evt_a")
AGAIN_RAISED = replace(FAULT, id="evt_b", at=START + HOUR)
OVER = replace(FAULT, id="evt_c", at=START + 2 * HOUR, severity=Severity.GOOD, recovered=True)
BACK = replace(FAULT, id="evt_d", at=START + 3 * HOUR)


@pytest.mark.parametrize("seed", range(8))
async def test_a_fault_that_comes_and_goes_is_told_once_each_time(tmp_path: Path, seed: int) -> None:
    events = [FAULT, AGAIN_RAISED, OVER, BACK, FAULT, OVER]
    random.Random(seed).shuffle(events)
    async with opened(tmp_path) as stored:
        await tell(stored, *events)
        told = await stored.facts("system_error")
        assert [bool(facts.get("recovered")) for facts in told].count(False) == 2
        assert [bool(facts.get("recovered")) for facts in told].count(True) == 1


async def test_credits_the_system_reports_low_are_not_told_again_by_us(stored: Stored) -> None:
    theirs = ProductionEvent(
        EventKind.CREDITS_LOW,
        Severity.WARNING,
        START,
        "credits:monthly",
        "credits:2026-01-01:warning",
        id="e1",
    )
    ours = replace(theirs, id="", key="credits:monthly:low:2026-01-01:1:1769050800", at=START + MINUTE)
    await tell(stored, theirs, ours)
    assert await stored.events() == ["credits_low credits:monthly"]


async def test_a_kind_that_is_switched_off_is_not_told_but_a_critical_one_is(tmp_path: Path) -> None:
    async with opened(tmp_path, PRODUCTION_EVENTS_OFF="video_completed,budget_warning") as stored:
        await take(stored, COMPLETED)
        exceeded = ProductionEvent(
            EventKind.BUDGET_WARNING, Severity.CRITICAL, START, "budget:daily", "budget:daily", id="e1"
        )
        await tell(stored, exceeded)
        assert await stored.events() == ["budget_warning budget:daily"]


async def test_a_report_counts_once_by_its_id(stored: Stored) -> None:
    reports = [
        JobReport("r1", START, COMPLETED),
        LedgerReport("r2", START, DEBIT),
        JobReport("r1", START, COMPLETED),
    ]
    async with stored.services.store.writing() as transaction:
        first = await ingest_reports(transaction, stored.settings, reports, START)
    async with stored.services.store.writing() as transaction:
        second = await ingest_reports(transaction, stored.settings, reports, START)
    assert (first.new, first.known, second.new, second.known) == (2, 1, 0, 3)
    assert await counted(stored) == [("led_1", DEBIT.credits)]


async def test_an_amount_that_cannot_be_leaves_the_other_reports_alone(stored: Stored) -> None:
    absurd = LedgerReport("r1", START, replace(DEBIT, id="x", provider_task="", credits=Decimal(10) ** 14))
    async with stored.services.store.writing() as transaction:
        await ingest_reports(transaction, stored.settings, [absurd, LedgerReport("r2", START, DEBIT)], START)
    assert await counted(stored) == [("led_1", DEBIT.credits)]


async def test_a_batch_cut_short_leaves_nothing(stored: Stored) -> None:
    before = await stored.counts()
    with pytest.raises(ZeroDivisionError):
        async with stored.services.store.writing() as transaction:
            await ingest_reports(transaction, stored.settings, [JobReport("r1", START, COMPLETED)], START)
            raise ZeroDivisionError
    assert await stored.counts() == before
