"""Tickets out of the store, as they were known at a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.tickets.model import CannedAnswer, Case, ClockKind, Cycle, Entry, Side, Solve, Status
from core.areas.tickets.store import tables
from core.areas.tickets.store.rows import canned_of, cycle_of, entry_of, solve_of, ticket_of
from core.errors import NotFoundError
from core.message import _
from core.store.metadata import to_microseconds
from core.store.versions import NEWEST, as_of

__all__ = [
    "agent_replies",
    "canned_answer",
    "canned_answers",
    "case",
    "cases",
    "conversation",
    "in_states",
    "no_such_ticket",
    "opened_since",
]

_KEYS_PER_STATEMENT = 500


async def cases(
    connection: AsyncConnection, moment: datetime, *conditions: ColumnElement[bool]
) -> list[Case]:
    """The tickets that the conditions on their columns are true of, by number, each with all its clocks."""
    rows = await _at(connection, tables.tickets, moment, conditions)
    names = [row["id"] for row in rows]
    cycles: dict[str, list[Cycle]] = defaultdict(list)
    solves: dict[str, list[Solve]] = defaultdict(list)
    for start in range(0, len(names), _KEYS_PER_STATEMENT):
        some = names[start : start + _KEYS_PER_STATEMENT]
        for row in await _at(connection, tables.clocks, moment, [tables.clocks.c.ticket.in_(some)]):
            cycles[row["ticket"]].append(cycle_of(row))
        for row in await _at(connection, tables.solves, moment, [tables.solves.c.ticket.in_(some)]):
            solves[row["ticket"]].append(solve_of(row))
    return [
        Case(
            ticket_of(row),
            tuple(sorted(cycles[row["id"]], key=_begun)),
            tuple(sorted(solves[row["id"]], key=lambda each: each.number)),
        )
        for row in sorted(rows, key=lambda row: (row["created_at"], row["id"]))
    ]


def in_states(states: Iterable[Status]) -> ColumnElement[bool]:
    """The condition that a ticket is in one of the states."""
    return tables.tickets.c.status.in_([each.value for each in states])


async def case(connection: AsyncConnection, ticket: str, moment: datetime) -> Case:
    """The ticket of that id, however its letters are written.

    Raises:
        NotFoundError: there is none.
    """
    found = await cases(connection, moment, tables.tickets.c.id == ticket.strip().upper())
    if not found:
        raise no_such_ticket(ticket)
    return found[0]


def no_such_ticket(ticket: str) -> NotFoundError:
    """What to raise for a ticket that isn't there, or isn't theirs: the two must look the same."""
    return NotFoundError(_("There is no ticket “{ticket}”; “support list” lists yours.", ticket=ticket[:40]))


async def conversation(
    connection: AsyncConnection, ticket: str, moment: datetime, *, internal: bool
) -> list[Entry]:
    """What was said by then, oldest first; internal notes only where `internal` asks for them."""
    table = tables.entries
    statement = select(table).where(table.c.ticket == ticket, table.c.recorded_at <= to_microseconds(moment))
    if not internal:
        statement = statement.where(~table.c.internal)
    rows = (await connection.execute(statement.order_by(table.c.number))).mappings()
    return [entry_of(row) for row in rows]


async def agent_replies(connection: AsyncConnection, ticket: str) -> int:
    """How many public messages agents wrote on the ticket so far."""
    table = tables.entries
    statement = (
        select(func.count())
        .select_from(table)
        .where(table.c.ticket == ticket, table.c.side == Side.AGENT.value, ~table.c.internal)
    )
    return int((await connection.execute(statement)).scalar_one())


async def opened_since(connection: AsyncConnection, requester: str, since: datetime) -> int:
    """How many tickets the requester opened since that moment."""
    rows = await as_of(connection, tables.tickets, NEWEST, requester=requester)
    return sum(row["created_at"] > to_microseconds(since) for row in rows)


async def canned_answers(connection: AsyncConnection, moment: datetime) -> list[CannedAnswer]:
    """Every canned answer, by name."""
    return [canned_of(row) for row in await as_of(connection, tables.canned, moment)]


async def canned_answer(connection: AsyncConnection, name: str, moment: datetime) -> CannedAnswer:
    """The canned answer of that name, in whichever letter case.

    Raises:
        NotFoundError: there is none.
    """
    for answer in await canned_answers(connection, moment):
        if answer.name.casefold() == name.strip().casefold():
            return answer
    raise NotFoundError(_("There is no canned answer “{name}”; “canned” lists them.", name=name.strip()[:60]))


async def _at(
    connection: AsyncConnection, table: Table, moment: datetime, conditions: Iterable[ColumnElement[bool]]
) -> Sequence[RowMapping]:
    """The versions that were known at the moment and that all conditions are true of."""
    stamp = to_microseconds(moment)
    known = (table.c.superseded_at > stamp, table.c.recorded_at <= stamp, ~table.c.gone)
    return (await connection.execute(select(table).where(*conditions, *known))).mappings().all()


def _begun(cycle: Cycle) -> tuple[datetime, int, int]:
    return cycle.clock.start, list(ClockKind).index(cycle.kind), cycle.number
