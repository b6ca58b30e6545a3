"""Which events enter the event log, whoever found them, each happening once (production.md 3).

An event is known by its id; what it tells of by its key. What happens to a job, an upload or a day happens
once for good. Credits, budgets, faults, the scheduler and the proxy come and go under one key: of these,
news that follow each other and say the same are told once, in whatever order they arrive. What the system
reports and what we find ourselves has the same key here, so that nobody is told twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, insert, select, update

from core.areas.production.events import dedup_key, is_told, log_event
from core.areas.production.model import BudgetPeriod, EventKind, ProductionEvent
from core.areas.production.periods import billing_month, budget_days, day_of, week_name
from core.areas.production.tables import seen_events
from core.encoding import decode, encode
from core.event import Event
from core.store.metadata import to_microseconds
from core.store.store import Transaction
from core.text import clean

if TYPE_CHECKING:
    from core.areas.production.settings import ProductionSettings

__all__ = ["Telling", "tell"]

_REPEATING = frozenset(
    {
        EventKind.CREDITS_LOW,
        EventKind.CREDITS_CRITICAL,
        EventKind.BUDGET_WARNING,
        EventKind.SYSTEM_ERROR,
        EventKind.SCHEDULER_STATUS,
        EventKind.PROXY_STATUS,
    }
)
_LONGEST = 200
_LONGEST_NEWS = 40


@dataclass(frozen=True, slots=True)
class Telling:
    """What is switched off, and how periods are cut: a key holds for one of them."""

    zone: ZoneInfo
    billing_day: int = 1
    off: frozenset[EventKind] = frozenset()

    @classmethod
    def of(cls, settings: ProductionSettings) -> Telling:
        """As the settings say."""
        return cls(settings.local_zone, settings.billing_day, settings.switched_off)

    def key(self, event: ProductionEvent) -> str:
        """What all events of the same matter have in common, the system's and ours."""
        day, kind = day_of(event.at, self.zone), event.kind
        match kind:
            case EventKind.DAILY_SUMMARY:
                found = f"{kind.value}:{event.data.get('date') or day.isoformat()}"
            case EventKind.WEEKLY_REPORT:
                found = f"{kind.value}:{event.data.get('week') or week_name(day - timedelta(days=1))}"
            case EventKind.BUDGET_WARNING:
                word = event.subject.rpartition(":")[2]
                known = word in {period.value for period in BudgetPeriod}
                first = budget_days(BudgetPeriod(word), day).first if known else day
                found = f"{kind.value}:{word}:{first.isoformat()}"
            case EventKind.CREDITS_LOW | EventKind.CREDITS_CRITICAL:
                daily = event.subject.endswith(":daily")
                first = day if daily else billing_month(day, self.billing_day).first
                found = f"{kind.value}:{event.subject}:{first.isoformat()}"
            case EventKind.SCHEDULER_STATUS if "state" in event.data:
                found = f"{kind.value}:state"
            case _ if kind in _REPEATING:
                found = f"{kind.value}:{(event.key or event.id).removesuffix(':recovered')}"
            case _:
                found = dedup_key(event)
        return clean(found, _LONGEST)


async def tell(transaction: Transaction, events: Iterable[ProductionEvent], telling: Telling) -> int:
    """Put into the log what is news; how many of the events had not been seen.

    Kinds that are switched off are remembered and not told.
    """
    new = 0
    for event in events:
        identity = _identity(event)
        if await _is_seen(transaction, identity):
            continue
        new += 1
        key, said = telling.key(event), log_event(event)
        if event.kind not in _REPEATING:
            said = replace(said, key=f"production:{key}")
            await _remember(transaction, event, identity, key, told=True, content=None)
            if is_told(event, telling.off):
                await transaction.emit(said)
            continue
        said = replace(said, key=f"production:{identity}")
        content = encode(said) if is_told(event, telling.off) else None
        await _remember(transaction, event, identity, key, told=False, content=content)
        await _tell_runs(transaction, key, identity)
    return new


async def _tell_runs(transaction: Transaction, key: str, newest: str) -> None:
    """Tell one of each run of the same news; and of our own what only we have told, because we know why."""
    table = seen_events
    statement = select(table).where(table.c.key == key).order_by(table.c.at, table.c.id)
    rows = (await transaction.connection.execute(statement)).mappings().all()
    for _news, run in groupby(rows, key=lambda row: row["news"]):
        members = list(run)
        told = [row for row in members if row["told"]]
        if not told:
            await _tell_one(transaction, members[0])
        elif all(row["own"] for row in told):
            for row in members:
                if row["id"] == newest and row["own"]:
                    await _tell_one(transaction, row)


async def _tell_one(transaction: Transaction, row: RowMapping) -> None:
    marked = update(seen_events).where(seen_events.c.id == row["id"]).values(told=True)
    await transaction.connection.execute(marked)
    if row["event"] is not None:
        await transaction.emit(cast("Event", decode(row["event"])))


async def _is_seen(transaction: Transaction, identity: str) -> bool:
    statement = select(seen_events.c.id).where(seen_events.c.id == identity)
    return (await transaction.connection.execute(statement)).first() is not None


async def _remember(
    transaction: Transaction,
    event: ProductionEvent,
    identity: str,
    key: str,
    *,
    told: bool,
    content: str | None,
) -> None:
    values = {
        "id": identity,
        "recorded_at": to_microseconds(transaction.recorded_at),
        "at": to_microseconds(event.at),
        "key": key,
        "news": _news(event),
        "own": not event.id,
        "told": told,
        "event": content,
    }
    await transaction.connection.execute(insert(seen_events).values(**values))


def _news(event: ProductionEvent) -> str:
    """What an event says of its matter: that it is over, in which state it is, or how bad."""
    state = event.data.get("state")
    if event.kind is EventKind.SCHEDULER_STATUS and isinstance(state, str):
        return clean(state, _LONGEST_NEWS)
    return "recovered" if event.recovered else event.severity.name


def _identity(event: ProductionEvent) -> str:
    """What an event is known by: its own id, or for one of ours what it tells of and when."""
    if event.id:
        return clean(event.id, _LONGEST)
    return clean(f"{dedup_key(event)}@{to_microseconds(event.at)}", _LONGEST)
