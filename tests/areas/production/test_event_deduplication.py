"""The same trouble found by the production system and by us: a person is told once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.areas.production.collection.evaluation import PollResult, evaluate
from core.areas.production.model import Bucket, EntryKind, EventKind, LedgerEntry, ProductionEvent
from core.areas.production.reporting.ingestion import ingest_reports
from core.areas.production.reporting.wire_format import EventReport, LedgerReport
from core.units import Severity
from tests.areas.production.paged import PLAN
from tests.areas.production.stored import START, Stored, opened

CASES = (
    (EventKind.CREDITS_LOW, Severity.WARNING, 1500),
    (EventKind.CREDITS_CRITICAL, Severity.CRITICAL, 1750),
)
SUBJECTS = ("credits:monthly", "credits", "")


def pushed(kind: EventKind, severity: Severity, subject: str) -> EventReport:
    event = ProductionEvent(kind, severity, START, subject, "credits:2026-01-01:theirs", id="evt_1")
    return EventReport("report_1", START, event)


async def used_up(stored: Stored, amount: int) -> None:
    """Our own rule finds it, from the ledger."""
    entry = LedgerEntry("led_1", START - timedelta(hours=1), EntryKind.DEBIT, Decimal(amount), Bucket.MONTHLY)
    async with stored.services.store.writing() as transaction:
        reports = [LedgerReport("report_2", START, entry)]
        await ingest_reports(transaction, stored.settings, reports, stored.clock.now())


async def told(stored: Stored, report: EventReport) -> None:
    async with stored.services.store.writing() as transaction:
        await ingest_reports(transaction, stored.settings, [report], stored.clock.now())


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize(("kind", "severity", "amount"), CASES)
@pytest.mark.parametrize("theirs_first", [True, False])
async def test_what_the_system_pushes_and_we_find_is_told_once(
    tmp_path: Path, kind: EventKind, severity: Severity, amount: int, subject: str, theirs_first: bool
) -> None:
    async with opened(tmp_path, **PLAN) as stored:
        report = pushed(kind, severity, subject)
        if theirs_first:
            await told(stored, report)
        await used_up(stored, amount)
        if not theirs_first:
            await told(stored, report)
        stored.clock.advance(60)
        async with stored.services.store.writing() as transaction:
            await evaluate(transaction, stored.settings, PollResult(figures=True), stored.clock.now())
        events = [line for line in await stored.events() if line.startswith("credits_")]
        assert [line.split()[0] for line in events] == [kind.value]
