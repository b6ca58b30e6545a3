"""Which events enter the event log, whoever found them, each happening once (production.md 3).

An event is known by its id; what it tells of by its key. What happens to a job, an upload or a day happens
once for good. Credits, budgets, faults, the scheduler and the proxy come and go under one key: of these,
news that follow each other and say the same are told once, in whatever order they arrive. What the system
reports and what we find ourselves has the same key here, so that nobody is told twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, insert, select, update

from core.areas.production.model import BudgetPeriod, EventKind, ProductionEvent
from core.areas.production.rules.event_types import dedup_key, is_published, log_event
from core.areas.production.rules.periods import billing_month, budget_days, day_of, week_name
from core.areas.production.store.tables import seen_events
from core.encoding import decode, encode
from core.event import Event
from core.store.metadata import to_microseconds
from core.store.store import Transaction
from core.text import clean

if TYPE_CHECKING:
    from core.areas.production.settings import ProductionSettings

__all__ = ["PublishingRules", "publish"]

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
_IDS_PER_STATEMENT = 500


@dataclass(frozen=True, slots=True)
class PublishingRules:
    """What is switched off, and how periods are cut: a key holds for one of them."""

    zone: ZoneInfo
    billing_day: int = 1
    off: frozenset[EventKind] = frozenset()

    @classmethod
    def of(cls, settings: ProductionSettings) -> PublishingRules:
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
                word = event.subject.rpartition(":")[2]
                which = word if word in {"daily", "job"} else "monthly"
                first = day if which == "daily" else billing_month(day, self.billing_day).first
                found = f"{kind.value}:{which}:{first.isoformat()}"
            case EventKind.SCHEDULER_STATUS if "state" in event.data:
                found = f"{kind.value}:state"
            case _ if kind in _REPEATING:
                found = f"{kind.value}:{(event.key or event.id).removesuffix(':recovered')}"
            case _:
                found = dedup_key(event)
        return clean(found, _LONGEST)


async def publish(transaction: Transaction, events: Iterable[ProductionEvent], rules: PublishingRules) -> int:
    """Put into the log what is news; how many of the events had not been seen.

    Kinds that are switched off are remembered and not told.
    """
    wanted: dict[str, ProductionEvent] = {}
    for event in events:
        wanted.setdefault(_identity(event), event)
    seen = await _seen(transaction, list(wanted))
    once: list[dict[str, object]] = []
    for identity, event in wanted.items():
        if identity in seen:
            continue
        key, entry, wished = rules.key(event), log_event(event), is_published(event, rules.off)
        if event.kind in _REPEATING:
            content = encode(replace(entry, key=f"production:{identity}")) if wished else None
            row = _row(transaction, event, identity, key, told=False, content=content)
            await transaction.connection.execute(insert(seen_events), [row])
            await _publish_runs(transaction, key, identity)
            continue
        once.append(_row(transaction, event, identity, key, told=True, content=None))
        if wished:
            await transaction.emit(replace(entry, key=f"production:{key}"))
    if once:
        await transaction.connection.execute(insert(seen_events), once)
    return len(wanted) - len(seen)


async def _publish_runs(transaction: Transaction, key: str, newest: str) -> None:
    """Tell one of each run of the same news; and of our own what only we have told, because we know why."""
    table = seen_events
    statement = select(table).where(table.c.key == key).order_by(table.c.at, table.c.id)
    rows = (await transaction.connection.execute(statement)).mappings().all()
    for _news, run in groupby(rows, key=lambda row: row["news"]):
        members = list(run)
        told = [row for row in members if row["told"]]
        if not told:
            await _publish_one(transaction, members[0])
        elif all(row["own"] for row in told):
            for row in members:
                if row["id"] == newest and row["own"]:
                    await _publish_one(transaction, row)


async def _publish_one(transaction: Transaction, row: RowMapping) -> None:
    marked = update(seen_events).where(seen_events.c.id == row["id"]).values(told=True)
    await transaction.connection.execute(marked)
    if row["event"] is not None:
        await transaction.emit(cast("Event", decode(row["event"])))


async def _seen(transaction: Transaction, identities: Sequence[str]) -> set[str]:
    """Which of these events were seen before."""
    found: set[str] = set()
    for start in range(0, len(identities), _IDS_PER_STATEMENT):
        some = identities[start : start + _IDS_PER_STATEMENT]
        statement = select(seen_events.c.id).where(seen_events.c.id.in_(some))
        found.update((await transaction.connection.execute(statement)).scalars())
    return found


def _row(
    transaction: Transaction,
    event: ProductionEvent,
    identity: str,
    key: str,
    *,
    told: bool,
    content: str | None,
) -> dict[str, object]:
    return {
        "id": identity,
        "recorded_at": to_microseconds(transaction.recorded_at),
        "at": to_microseconds(event.at),
        "key": key,
        "news": _news(event),
        "own": not event.id,
        "told": told,
        "event": content,
    }


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
