"""What follows from each look, in its own transaction: conditions raised and over, samples of the credits,
the day's summary and the week's report.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.production import marks, tables
from core.areas.production.budgets import median_job_credits
from core.areas.production.conditions import Conditions, FailedRuns, Raised
from core.areas.production.credits import Credits
from core.areas.production.model import EventKind, Health, ProductionEvent, Scheduler
from core.areas.production.observing import Facts, look
from core.areas.production.periods import day_of, iso_week, week_name
from core.areas.production.picture import daily_reports, read_picture
from core.areas.production.reading import whole_ledger
from core.areas.production.reports import weekly
from core.areas.production.settings import ProductionSettings
from core.areas.production.summaries import daily_summary, weekly_report
from core.areas.production.telling import Telling, tell
from core.encoding import decode, encode
from core.moment import to_epoch
from core.store.metadata import from_microseconds, to_microseconds
from core.store.series import SeriesSamples, write_many
from core.store.store import Transaction
from core.store.versions import as_of, record

__all__ = ["Heard", "judge", "own_total", "read_conditions", "tell_reports"]

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Heard:
    """What one look heard, for the rules; `None` is what it did not look at.

    With `figures` the credits, budgets and jobs in the store are judged as well.
    """

    figures: bool = False
    missed_polls: int | None = None
    last_error: str = ""
    health: Health | None = None
    rejected: bool | None = None
    scheduler: Scheduler | None = None


async def judge(transaction: Transaction, settings: ProductionSettings, heard: Heard, now: datetime) -> None:
    """Judge what was heard, keep what is raised, and tell what is news."""
    facts = Facts(
        now=now,
        today=day_of(now, settings.local_zone),
        missed_polls=heard.missed_polls,
        last_error=heard.last_error,
        health=heard.health,
        rejected=heard.rejected,
        scheduler=heard.scheduler,
    )
    if heard.figures:
        found = await read_picture(transaction.connection, settings, transaction.recorded_at)
        credit = replace(found.credits, total_available=own_total(found.credits))
        await _sample(transaction, credit, now)
        facts = replace(
            facts,
            credits=credit,
            budgets=found.budgets,
            ended=found.ended,
            median_job_credits=median_job_credits(found.ended)[0],
        )
    before = await read_conditions(transaction.connection, transaction.recorded_at)
    after, events = look(before, facts)
    await _keep(transaction, before, after)
    await tell(transaction, events, Telling.of(settings))


def own_total(found: Credits) -> Decimal | None:
    """The credits left by plan and ledger; not known where nobody said what the plan gives.

    Without that the sum is 0 from the first debit on, which is no reason to raise anything.
    """
    given = (found.monthly_allowance, found.daily_bonus, found.purchased or Decimal(0))
    return found.total_available if any(amount > 0 for amount in given) else None


async def read_conditions(connection: AsyncConnection, moment: datetime) -> Conditions:
    """What was raised at `moment`, and what observing remembers by now."""
    raised = {
        row["id"]: _raised(cast("dict[str, Any]", decode(row["figures"])))
        for row in await as_of(connection, tables.conditions, moment)
    }
    known = json.loads(await marks.read(connection, marks.RUNS) or "{}")
    runs = {
        name: FailedRuns(None if last is None else from_microseconds(last), failures)
        for name, (last, failures) in known.items()
    }
    return Conditions(raised, runs)


async def tell_reports(transaction: Transaction, settings: ProductionSettings, now: datetime) -> None:
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
    entries = await whole_ledger(connection, moment) or None
    events: list[ProductionEvent] = []
    if day_is_due:
        reports = await daily_reports(connection, settings, entries, [today], moment)
        events.append(daily_summary(reports[0], now))
    if week_is_due:
        earlier = iso_week(week.first - _WEEK)
        reports = await daily_reports(connection, settings, entries, week.every, moment)
        previous = await daily_reports(connection, settings, entries, earlier.every, moment)
        events.append(weekly_report(weekly(week, reports, previous, settings.prices), now))
    await tell(transaction, events, Telling.of(settings))


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
        await marks.put(transaction, marks.RUNS, json.dumps(plain, sort_keys=True))


def _figures(raised: Raised) -> str:
    plain = {each.name: getattr(raised, each.name) for each in fields(raised)}
    return encode({**plain, "kind": raised.kind.value})


def _raised(plain: dict[str, Any]) -> Raised:
    values: dict[str, Any] = {**plain, "kind": EventKind(plain["kind"])}
    return Raised(**values)
