"""Taking in what the production side reports, all of a batch in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select

from core.areas.production.collection.evaluation import PollResult, evaluate
from core.areas.production.reporting.wire_format import (
    IngestResult,
    JobReport,
    LedgerReport,
    Report,
    UploadReport,
)
from core.areas.production.settings import ProductionSettings
from core.areas.production.store.recording import Recorder
from core.areas.production.store.rows import is_credible
from core.areas.production.store.tables import reports_taken
from core.store.metadata import to_microseconds
from core.store.store import Transaction

__all__ = ["ingest_reports"]

_log = logging.getLogger("opsdeck.production")


async def ingest_reports(
    transaction: Transaction, settings: ProductionSettings, reports: Sequence[Report], now: datetime
) -> IngestResult:
    """Take in each report that was not taken in before, by its id, and judge what follows."""
    wanted = {report.id: report for report in reversed(reports)}
    statement = select(reports_taken.c.id).where(reports_taken.c.id.in_(list(wanted)))
    known = set((await transaction.connection.execute(statement)).scalars())
    new = [wanted[name] for name in dict.fromkeys(report.id for report in reports) if name not in known]
    recorder = Recorder(transaction, settings, now)
    for report in new:
        await _take(recorder, report)
    if new:
        stamp = to_microseconds(transaction.recorded_at)
        rows = [{"id": report.id, "recorded_at": stamp} for report in new]
        await transaction.connection.execute(insert(reports_taken), rows)
        await evaluate(transaction, settings, PollResult(figures=True), now)
    return IngestResult(len(new), len(reports) - len(new))


async def _take(recorder: Recorder, report: Report) -> None:
    """One report; one with an amount that can't be anything's is left out and told to the log."""
    if isinstance(report, JobReport):
        amounts = (report.job.credits_charged, report.job.credits_estimated)
        money = report.job.cost
    elif isinstance(report, LedgerReport):
        amounts, money = (report.entry.credits,), report.entry.cost
    else:
        amounts, money = (), None
    if not all(map(is_credible, (*amounts, None if money is None else money.amount))):
        _log.warning("report %s has an amount that is not credible and was left out", report.id)
    elif isinstance(report, JobReport):
        await recorder.jobs([report.job])
    elif isinstance(report, UploadReport):
        await recorder.uploads([report.upload])
    elif isinstance(report, LedgerReport):
        await recorder.entries([report.entry])
    else:
        await recorder.events([report.event])
