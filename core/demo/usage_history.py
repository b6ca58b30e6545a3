"""The history of the demo's Taara accounts, written as if each answer had been recorded when it was given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.usage.client.parsing import fingerprint
from core.areas.usage.model import Account, Basis, Plan, Reading
from core.areas.usage.rules.lineage import lineages
from core.areas.usage.rules.meter import advance, shifted
from core.areas.usage.store import tables
from core.areas.usage.store.reading import SOURCE
from core.areas.usage.store.recording import record_account
from core.areas.usage.store.rows import reading_from_row, reading_of, record_row
from core.areas.usage.store.series import load_series
from core.areas.usage.store.tables import from_timestamp, to_timestamp
from core.moment import from_epoch
from core.simulators.taara import Account as SimulatedAccount
from core.simulators.taara import BalanceRow
from core.store.metadata import to_microseconds
from core.store.polls import Poll, record_poll
from core.store.series import SeriesSamples, load_history
from core.store.store import Store, Transaction

__all__ = ["INTERVAL", "first_answer", "load_answers", "load_older_answers"]

INTERVAL = timedelta(minutes=15)
"""How often an account is asked."""

_ANSWERS_AT_ONCE = 200
"""How many older answers are written in one transaction."""

_Held = tuple[datetime, str, Plan]
"""A plan as an answer had it, with the moment of the answer and its lineage."""


async def load_answers(
    transaction: Transaction, account: SimulatedAccount, rows: Iterable[BalanceRow]
) -> None:
    """Write an account that isn't known yet, with the answers about it."""
    subscriber = fingerprint(account.subscriber_id)
    await record_account(transaction, Account(account.name, f"…{account.phone[-2:]}"), subscriber)
    answers = _answers(rows)
    if not answers:
        return
    held = await _insert(transaction.connection, account, answers)
    for name, readings in _readings(held).items():
        await load_series(transaction, account.name, name, readings, INTERVAL)
    await record_poll(transaction, Poll(SOURCE, account.name, max(answers), True))


async def load_older_answers(store: Store, account: SimulatedAccount, rows: Iterable[BalanceRow]) -> None:
    """Write answers from before those that `load_answers` wrote, a few in each transaction."""
    answers = _answers(rows)
    moments = list(answers)
    held: list[_Held] = []
    for start in range(0, len(moments), _ANSWERS_AT_ONCE):
        some = {at: answers[at] for at in moments[start : start + _ANSWERS_AT_ONCE]}
        async with store.writing() as transaction:
            held += await _insert(transaction.connection, account, some)
    for name, readings in _readings(held).items():
        async with store.writing() as transaction:
            await _continue_backwards(transaction, account.name, name, readings)


async def first_answer(connection: AsyncConnection, account: str) -> datetime | None:
    """When the oldest answer about an account was given."""
    table = tables.polls
    statement = select(table.c.timestamp).where(table.c.account == account).order_by(table.c.timestamp)
    found = await connection.scalar(statement.limit(1))
    return None if found is None else from_timestamp(found)


async def _continue_backwards(
    transaction: Transaction, account: str, lineage: str, older: Sequence[Reading]
) -> None:
    """Write the past of a lineage's series up to where they begin, each sample as recorded in its time.

    The counter goes on from its first value there, so that what was used before makes it negative.
    """
    following = await _first_after(transaction.connection, account, lineage, older[-1].at)
    if following is None:
        await load_series(transaction, account, lineage, older, INTERVAL)
        return
    found = advance(None, [*older, following], INTERVAL)
    assert found.meter is not None  # `following` has a balance
    consumed = shifted(found.consumed, -found.meter.consumed)
    batch = (
        SeriesSamples(tables.balance_key(account, lineage), found.balance, tables.STEP, "B"),
        SeriesSamples(tables.consumed_key(account, lineage), consumed, tables.STEP, "B"),
        SeriesSamples(tables.gap_key(account, lineage), found.gap, tables.STEP, "s"),
    )
    await load_history(transaction, [series for series in batch if series.samples])


async def _first_after(
    connection: AsyncConnection, account: str, lineage: str, moment: datetime
) -> Reading | None:
    """The first reading of a lineage after `moment` that has a balance."""
    table = tables.records
    statement = select(table).where(
        table.c.account == account,
        table.c.lineage == lineage,
        table.c.timestamp > to_timestamp(moment),
        table.c.remaining_balance_bytes.is_not(None),
    )
    rows = await connection.execute(statement.order_by(table.c.timestamp, table.c.id).limit(1))
    row = rows.mappings().first()
    return None if row is None else reading_from_row(row)


async def _insert(
    connection: AsyncConnection, account: SimulatedAccount, answers: Mapping[datetime, Sequence[Plan]]
) -> list[_Held]:
    """Write a poll for each answer, and the records of its plans; what the answers held."""
    subscriber = fingerprint(account.subscriber_id)
    polls = await _insert_polls(connection, account.name, subscriber, answers)
    held = [(at, lineage, plan) for at, plans in answers.items() for lineage, plan in lineages(plans)]
    records = [
        record_row(account.name, lineage, subscriber, plan, at, at, polls[at]) for at, lineage, plan in held
    ]
    await connection.execute(insert(tables.records), records)
    return held


async def _insert_polls(
    connection: AsyncConnection, account: str, subscriber: str, moments: Iterable[datetime]
) -> dict[datetime, int]:
    """A poll for each answer; their ids."""
    table = tables.polls
    rows = [
        {
            "account": account,
            "timestamp": to_timestamp(at),
            "recorded_at": to_microseconds(at),
            "subscriber": subscriber,
            "imported": False,
        }
        for at in moments
    ]
    await connection.execute(insert(table), rows)
    first, last = rows[0]["timestamp"], rows[-1]["timestamp"]
    known = await connection.execute(
        select(table.c.timestamp, table.c.id).where(
            table.c.account == account, table.c.timestamp.between(first, last)
        )
    )
    return {from_timestamp(row.timestamp): row.id for row in known}


def _answers(rows: Iterable[BalanceRow]) -> dict[datetime, list[Plan]]:
    """The plans of each answer by its moment, the oldest first."""
    answers: dict[datetime, list[Plan]] = defaultdict(list)
    for row in rows:
        answers[from_epoch(row.epoch)].append(_plan(row))
    return answers


def _readings(held: Iterable[_Held]) -> dict[str, list[Reading]]:
    """What was read of each lineage, by its name."""
    found: dict[str, list[Reading]] = defaultdict(list)
    for at, lineage, plan in held:
        found[lineage].append(reading_of(plan, at))
    return dict(sorted(found.items()))


def _plan(row: BalanceRow) -> Plan:
    return Plan(
        plan_id=row.plan_id,
        name=row.name,
        active=row.active,
        home=row.home,
        balance=row.remaining_bytes,
        basis=Basis.BYTES,
        unlimited=False,
        expires_in_days=row.expires_in_days,
        stated_bytes=row.remaining_bytes,
        purchase_id=row.purchase_id,
    )
