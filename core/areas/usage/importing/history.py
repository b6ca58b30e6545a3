"""Taking over the history of an existing `taara_monitoring.db`, all in one transaction.

What is here already is left alone, so importing twice imports nothing twice. The series of each plan that
gained readings are made anew: a history older than ours joins on, its counter continued backwards.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import insert, select

from core.areas.usage.importing.monitor_database import CALLS, RECORDS, MonitorDatabase, MonitorRow
from core.areas.usage.importing.monitor_parsing import MonitorReading, RefusedRowError, read_call, read_record
from core.areas.usage.importing.summary import ImportedAccount, ImportSummary, Refusals
from core.areas.usage.model import Account, ApiCall, Bundle, Plan
from core.areas.usage.settings import UsageSettings
from core.areas.usage.store import tables
from core.areas.usage.store.recording import insert_calls, named_lineages, record_account
from core.areas.usage.store.rows import call_from_row, plan_from_row, record_row
from core.areas.usage.store.series import derive_anew
from core.areas.usage.store.tables import from_timestamp, to_timestamp
from core.message import _
from core.store.metadata import to_microseconds
from core.store.store import Transaction
from core.store.versions import as_of

__all__ = ["import_history"]

T = TypeVar("T")


async def import_history(
    transaction: Transaction,
    file: MonitorDatabase,
    account: str | None,
    default: str,
    settings: UsageSettings,
) -> ImportSummary:
    """Take over every row that can be, and say of the others why not.

    `account` is what a person wants its account called. Otherwise a subscriber who is known keeps theirs,
    and a new one gets the only account there is while that is nobody else's, or `default`.
    """
    now = transaction.recorded_at
    refusals = Refusals()
    imported = ImportSummary(file.name, len(file.records), len(file.calls))
    found = _readable(file.records, RECORDS, lambda row: read_record(row, now), refusals)
    readings = _once(found, refusals)
    imported.unknown_balances = sum(each.plan.balance is None for _row, each in readings)
    by_subscriber: dict[str, list[tuple[MonitorRow, MonitorReading]]] = defaultdict(list)
    for row, reading in readings:
        by_subscriber[reading.subscriber].append((row, reading))
    names = await _names(transaction, {who: len(of) for who, of in by_subscriber.items()}, account, default)
    interval = timedelta(minutes=settings.poll_minutes)
    for subscriber, of_subscriber in by_subscriber.items():
        found_account = await _import_readings(
            transaction, names[subscriber], subscriber, of_subscriber, interval, refusals
        )
        imported.accounts.append(found_account)
    calls = _readable(file.calls, CALLS, lambda row: read_call(row, now), refusals)
    owner = next(iter(names.values()), account or default)
    await _import_calls(transaction, owner, [call for _row, call in calls], imported)
    imported.refused = refusals.account()
    return imported


def _readable(
    rows: Iterable[MonitorRow], table: str, read: Callable[[MonitorRow], T], refusals: Refusals
) -> list[tuple[MonitorRow, T]]:
    """The rows that can be read, each with what it says."""
    found: list[tuple[MonitorRow, T]] = []
    for row in rows:
        try:
            found.append((row, read(row)))
        except RefusedRowError as error:
            refusals.add(table, error.reason, row.get("id"))
    return found


def _once(
    readings: Sequence[tuple[MonitorRow, MonitorReading]], refusals: Refusals
) -> list[tuple[MonitorRow, MonitorReading]]:
    """The readings without those that say the same of the same second again."""
    seen: set[tuple[object, ...]] = set()
    kept: list[tuple[MonitorRow, MonitorReading]] = []
    for row, reading in readings:
        identity = (reading.subscriber, *reading.identity)
        if identity in seen:
            refusals.add(RECORDS, _("the same reading is in the file twice"), row.get("id"))
        else:
            seen.add(identity)
            kept.append((row, reading))
    return kept


async def _names(
    transaction: Transaction, subscribers: Mapping[str, int], account: str | None, default: str
) -> dict[str, str]:
    """Which account each subscriber's readings go to, the one with the most readings first.

    Readings of different subscribers never share an account: tests of the other program left some.
    """
    known = await as_of(transaction.connection, tables.accounts, transaction.recorded_at)
    owners = {row["subscriber"]: row["name"] for row in known if row["subscriber"]}
    free = [row["name"] for row in known if not row["subscriber"]]
    only = free[0] if len(known) == 1 and free else None
    names: dict[str, str] = {}
    for subscriber in sorted(subscribers, key=lambda each: (-subscribers[each], each)):
        further = f"imported-{subscriber[:6] or 'unnamed'}"
        if not names:
            taken = {row["name"] for row in known}
            fallback = only or (default if default not in taken else further)
            names[subscriber] = account or owners.get(subscriber) or fallback
        else:
            names[subscriber] = owners.get(subscriber) or further
    return names


async def _import_readings(
    transaction: Transaction,
    account: str,
    subscriber: str,
    readings: Sequence[tuple[MonitorRow, MonitorReading]],
    interval: timedelta,
    refusals: Refusals,
) -> ImportedAccount:
    """Add what is new of one subscriber's readings, and make the series of the plans concerned anew."""
    first_subscriber = await record_account(transaction, Account(account, ""), subscriber)
    moments = [reading.at for _row, reading in readings]
    first, last = min(moments), max(moments)
    identities = await _identities(transaction, account, first, last)
    live = await _polls(transaction, account, first, last, imported=False)
    groups: dict[datetime, list[tuple[MonitorRow, MonitorReading]]] = defaultdict(list)
    for row, reading in readings:
        groups[reading.at].append((row, reading))
    new: dict[datetime, list[tuple[str, Plan]]] = {}
    known = 0
    for at, group in groups.items():
        missing = [(row, reading) for row, reading in group if reading.identity not in identities]
        known += len(group) - len(missing)
        if missing and at in live:
            for row, _reading in missing:
                refusals.add(RECORDS, _("opsdeck itself read the plans in that very second"), row.get("id"))
        elif missing:
            wanted = {id(reading.plan) for _row, reading in missing}
            bundle = Bundle(subscriber, tuple(reading.plan for _row, reading in group))
            held = named_lineages(bundle, first_subscriber)
            new[at] = [(lineage, plan) for lineage, plan in held if id(plan) in wanted]
    await _insert(transaction, account, subscriber, new, first, last)
    for lineage in sorted({lineage for held in new.values() for lineage, _plan in held}):
        await derive_anew(transaction, account, lineage, interval)
    return ImportedAccount(account, sum(map(len, new.values())), known, first, last)


async def _insert(
    transaction: Transaction,
    account: str,
    subscriber: str,
    new: Mapping[datetime, Sequence[tuple[str, Plan]]],
    first: datetime,
    last: datetime,
) -> None:
    """Add the new readings, each second a poll of its own."""
    polls = await _polls(transaction, account, first, last, imported=True)
    rows = [
        {
            "account": account,
            "timestamp": to_timestamp(at),
            "recorded_at": to_microseconds(transaction.recorded_at),
            "subscriber": subscriber,
            "imported": True,
        }
        for at in sorted(new)
        if at not in polls
    ]
    if rows:
        await transaction.connection.execute(insert(tables.polls), rows)
        polls = await _polls(transaction, account, first, last, imported=True)
    records = [
        record_row(account, lineage, subscriber, plan, at, transaction.recorded_at, polls[at])
        for at in sorted(new)
        for lineage, plan in new[at]
    ]
    if records:
        await transaction.connection.execute(insert(tables.records), records)


async def _identities(
    transaction: Transaction, account: str, first: datetime, last: datetime
) -> set[tuple[object, ...]]:
    """The readings of that stretch of time that are here already, by their identities."""
    table = tables.records
    rows = await transaction.connection.execute(
        select(table).where(
            table.c.account == account,
            table.c.timestamp >= to_timestamp(first),
            table.c.timestamp <= to_timestamp(last),
        )
    )
    return {
        MonitorReading(from_timestamp(row["timestamp"]), "", plan_from_row(row)).identity
        for row in rows.mappings()
    }


async def _polls(
    transaction: Transaction, account: str, first: datetime, last: datetime, *, imported: bool
) -> dict[datetime, int]:
    """The ids of the account's polls of that stretch of time, by their moments."""
    table = tables.polls
    rows = await transaction.connection.execute(
        select(table.c.timestamp, table.c.id).where(
            table.c.account == account,
            table.c.timestamp >= to_timestamp(first),
            table.c.timestamp <= to_timestamp(last),
            table.c.imported == imported,
        )
    )
    return {from_timestamp(row.timestamp): row.id for row in rows}


async def _import_calls(
    transaction: Transaction, account: str, calls: Sequence[ApiCall], imported: ImportSummary
) -> None:
    """Add the calls that aren't here yet."""
    if not calls:
        return
    first, last = min(call.at for call in calls), max(call.at for call in calls)
    table = tables.calls
    rows = await transaction.connection.execute(
        select(table).where(
            table.c.account == account,
            table.c.timestamp >= to_timestamp(first),
            table.c.timestamp <= to_timestamp(last),
        )
    )
    known = Counter(_call_identity(call_from_row(row)) for row in rows.mappings())
    new: list[ApiCall] = []
    for call in calls:
        identity = _call_identity(call)
        if known[identity]:
            known[identity] -= 1
        else:
            new.append(call)
    await insert_calls(transaction, account, new)
    imported.calls, imported.known_calls = len(new), len(calls) - len(new)


def _call_identity(call: ApiCall) -> tuple[object, ...]:
    error = None if call.error is None else str(call.error)
    return (call.at, call.operation, call.path, call.success, call.milliseconds, error)
