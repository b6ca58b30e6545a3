"""Tickets into the store: their numbers, the turns that writers take, and what changed in a case."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from core.areas.tickets.model import Case, Entry, Side
from core.areas.tickets.store import reading, tables
from core.areas.tickets.store.rows import clock_row, entry_row, solve_row, ticket_row
from core.message import ENGLISH, Message
from core.principal import Principal
from core.render.values import Formatter
from core.store.statements import insert_missing
from core.store.store import Transaction
from core.store.versions import NEWEST, record

__all__ = ["FAQ_NUMBERS", "add_entry", "claim", "next_number", "next_ticket_id", "save", "say_ourselves"]

FAQ_NUMBERS = 0
"""The sequence that numbers FAQ entries stands where no year does."""


async def next_number(transaction: Transaction, sequence: int) -> int:
    """The next number of a sequence; whoever asks at the same time waits until this one is committed."""
    table, connection = tables.sequences, transaction.connection
    await connection.execute(insert_missing(connection.dialect.name, table).values(year=sequence, last=0))
    raised = update(table).where(table.c.year == sequence).values(last=table.c.last + 1)
    return int((await connection.execute(raised.returning(table.c.last))).scalar_one())


async def next_ticket_id(transaction: Transaction, at: datetime) -> str:
    """The id of a new ticket, `T-YYYY-NNNN`."""
    return f"T-{at.year}-{await next_number(transaction, at.year):04}"


async def claim(transaction: Transaction, ticket: str) -> Case:
    """The newest state of a ticket, which nobody else changes until this transaction ends.

    Raises:
        NotFoundError: there is no such ticket.
    """
    table, connection = tables.heads, transaction.connection
    name = ticket.strip().upper()
    await connection.execute(select(table).where(table.c.ticket == name).with_for_update())
    return await reading.case(connection, name, NEWEST)


async def save(transaction: Transaction, case: Case, before: Case | None = None) -> None:
    """Record the case as it has become since `before`; a new one where there was none."""
    name = case.ticket.id
    old = before or Case(case.ticket)
    if before is None or case.ticket != old.ticket:
        await record(transaction, tables.tickets, [ticket_row(case.ticket)])
    clocks = [clock_row(name, each) for each in case.cycles if each not in old.cycles]
    if clocks:
        await record(transaction, tables.clocks, clocks)
    solves = [solve_row(name, each) for each in case.solves if each not in old.solves]
    if solves:
        await record(transaction, tables.solves, solves)


async def say_ourselves(transaction: Transaction, ticket: str, at: datetime, said: Message) -> None:
    """Add what opsdeck itself tells the requester."""
    text = Formatter(ENGLISH, ZoneInfo("UTC"), at).message(said)
    await add_entry(transaction, ticket, at, None, Side.SYSTEM, text)


async def add_entry(
    transaction: Transaction,
    ticket: str,
    at: datetime,
    author: Principal | None,
    side: Side,
    text: str,
    *,
    internal: bool = False,
) -> Entry:
    """Add what somebody said, or (without an author) opsdeck itself; the entry."""
    table, connection = tables.heads, transaction.connection
    await connection.execute(insert_missing(connection.dialect.name, table).values(ticket=ticket, entries=0))
    raised = update(table).where(table.c.ticket == ticket).values(entries=table.c.entries + 1)
    number = int((await connection.execute(raised.returning(table.c.entries))).scalar_one())
    name = "opsdeck" if author is None else author.name or author.address
    channel = "" if author is None else author.channel
    entry = Entry(number, at, name, side, channel, text, internal)
    await connection.execute(
        insert(tables.entries).values(**entry_row(ticket, entry, transaction.recorded_at))
    )
    return entry
