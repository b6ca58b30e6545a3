"""What follows from each poll, in its own transaction: conditions raised and over, samples of the credits,
the day's summary and the week's report.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.production.model import EventKind, Health, ProductionEvent, Scheduler
from core.areas.production.rules.budgets import median_job_credits
from core.areas.production.rules.checks import CheckInput, check
from core.areas.production.rules.conditions import Conditions, FailedRuns, Raised
from core.areas.production.rules.credits import Credits
from core.areas.production.rules.periods import day_of, iso_week, week_name
from core.areas.production.rules.report_events import daily_summary, weekly_report
from core.areas.production.rules.reports import weekly
from core.areas.production.settings import ProductionSettings
from core.areas.production.store import collector_state, ledger, tables
from core.areas.production.store.event_deduplication import PublishingRules, publish
from core.areas.production.store.snapshot import daily_reports, read_snapshot
from core.encoding import decode, encode
from core.moment import to_epoch
from core.store.metadata import from_microseconds, to_microseconds
from core.store.series import SeriesSamples, write_many
from core.store.store import Transaction
from core.store.versions import as_of, record

__all__ = ["PollResult", "evaluate", "publish_due_reports", "read_conditions"]

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PollResult:
    """What one poll brought, for the rules; `None` is what it did not ask for.

    With `figures` the credits, budgets and jobs in the store are evaluated as well.
    """

    figures: bool = False
    missed_polls: int | None = None
    last_error: str = ""
    health: Health | None = None
    rejected: bool | None = None
    scheduler: Scheduler | None = None


async def evaluate(
    transaction: Transaction, settings: ProductionSettings, result: PollResult, now: datetime
) -> None:
    """Evaluate what a poll brought, keep what is raised, and publish what is news."""
    facts = CheckInput(
        now=now,
        today=day_of(now, settings.local_zone),
        missed_polls=result.missed_polls,
        last_error=result.last_error,
        health=result.health,
        rejected=result.rejected,
        scheduler=result.scheduler,
    )
    if result.figures:
        found = await read_snapshot(transaction.connection, settings, transaction.recorded_at)
        await _sample(transaction, found.credits, now)
        facts = replace(
            facts,
            credits=found.credits,
            budgets=found.budgets,
            ended=found.ended,
            median_job_credits=median_job_credits(found.ended)[0],
        )
    before = await read_conditions(transaction.connection, transaction.recorded_at)
    after, events = check(before, facts)
    await _keep(transaction, before, after)
    await publish(transaction, events, PublishingRules.of(settings))


async def read_conditions(connection: AsyncConnection, moment: datetime) -> Conditions:
    """What was raised at `moment`, and what observing remembers by now."""
    raised = {
        row["id"]: _raised(cast("dict[str, Any]", decode(row["figures"])))
        for row in await as_of(connection, tables.conditions, moment)
    }
    known = json.loads(await collector_state.read(connection, collector_state.RUNS) or "{}")
    runs = {
        name: FailedRuns(None if last is None else from_microseconds(last), failures)
        for name, (last, failures) in known.items()
    }
    return Conditions(raised, runs)


async def publish_due_reports(transaction: Transaction, settings: ProductionSettings, now: datetime) -> None:
    """Tell the day's summary and, on Mondays, the week's report, each once, from its time of day on."""
    local = now.astimezone(settings.local_zone)
    if local.time() < settings.summary_time:
        return
    today, week = local.date(), iso_week(local.date() - _WEEK)
    daily_key = f"{EventKind.DAILY_SUMMARY.value}:{today.isoformat()}"
    weekly_key = f"{EventKind.WEEKLY_REPORT.value}:{week_name(week.first)}"
    day_is_due = not await _is_told(transaction, daily_key)
    week_is_due = local.weekday() == 0 and not await _is_told(transaction, weekly_key)
    if not day_is_due and not week_is_due:
        return
    connection, moment = transaction.connection, transaction.recorded_at
    sums = await ledger.sums(connection, settings.local_zone, moment)
    events: list[ProductionEvent] = []
    if day_is_due:
        reports = await daily_reports(connection, settings, sums, [today], moment)
        events.append(daily_summary(reports[0], now))
    if week_is_due:
        earlier = iso_week(week.first - _WEEK)
        reports = await daily_reports(connection, settings, sums, week.every, moment)
        previous = await daily_reports(connection, settings, sums, earlier.every, moment)
        events.append(weekly_report(weekly(week, reports, previous, settings.prices), now))
    await publish(transaction, events, PublishingRules.of(settings))


async def _is_told(transaction: Transaction, key: str) -> bool:
    statement = select(tables.seen_events.c.id).where(tables.seen_events.c.key == key).limit(1)
    return (await transaction.connection.execute(statement)).first() is not None


async def _sample(transaction: Transaction, found: Credits, now: datetime) -> None:
    """The credits as samples of the slot that `now` lies in."""
    slot = to_epoch(now) // tables.SLOT * tables.SLOT
    values = {tables.AVAILABLE: found.total_available, tables.USED: found.monthly_used}
    batch = [
        SeriesSamples(key, [(slot, float(value))], tables.SLOT, "credits")
        for key, value in values.items()
        if value is not None
    ]
    if batch:
        await write_many(transaction, batch)


async def _keep(transaction: Transaction, before: Conditions, after: Conditions) -> None:
    if after.raised != before.raised:
        rows = [{"id": fault, "figures": _figures(each)} for fault, each in after.raised.items()]
        await record(transaction, tables.conditions, rows, scope={})
    if after.runs != before.runs:
        plain = {
            name: [None if run.last_run is None else to_microseconds(run.last_run), run.failures]
            for name, run in after.runs.items()
        }
        await collector_state.put(transaction, collector_state.RUNS, json.dumps(plain, sort_keys=True))


def _figures(raised: Raised) -> str:
    plain = {each.name: getattr(raised, each.name) for each in fields(raised)}
    return encode({**plain, "kind": raised.kind.value})


def _raised(plain: dict[str, Any]) -> Raised:
    values: dict[str, Any] = {**plain, "kind": EventKind(plain["kind"])}
    return Raised(**values)
