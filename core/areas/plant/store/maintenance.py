"""Maintenance tickets: reading them as they were known at a moment, their history, and recording them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.plant.model.maintenance import (
    ONGOING,
    FaultSeverity,
    IssueType,
    MaintenanceState,
    MaintenanceTicket,
)
from core.areas.plant.store.filing import own_number
from core.areas.plant.store.maintenance_tables import maintenance_tickets
from core.areas.plant.store.stamps import maybe_moment, maybe_stamp
from core.errors import NotFoundError
from core.message import _
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Transaction
from core.store.versions import as_of, record

__all__ = [
    "all_tickets",
    "ongoing_tickets",
    "record_tickets",
    "ticket_of",
    "tickets_of_machine",
    "versions_of",
]


async def ticket_of(connection: AsyncConnection, number: str, moment: datetime) -> MaintenanceTicket:
    """The ticket of that number, ours or the backend's.

    Raises:
        NotFoundError: there is none.
    """
    rows = await as_of(connection, maintenance_tickets, moment, number=number)
    if not rows and (own := await own_number(connection, number, moment)) is not None:
        rows = await as_of(connection, maintenance_tickets, moment, number=own)
    if not rows:
        raise NotFoundError(
            _(
                "{parameter}: there is no maintenance ticket {ticket}; “maintenance list” lists them.",
                parameter="ticket",
                ticket=number[:40],
            )
        )
    return _ticket(rows[0])


async def all_tickets(connection: AsyncConnection, moment: datetime) -> list[MaintenanceTicket]:
    """Every ticket, in the order in which they were opened."""
    found = [_ticket(row) for row in await as_of(connection, maintenance_tickets, moment)]
    return sorted(found, key=lambda each: (each.created_at, each.number))


async def ongoing_tickets(connection: AsyncConnection, moment: datetime) -> list[MaintenanceTicket]:
    """The tickets that somebody still has something to do about, in the order in which they were opened."""
    states = frozenset(each.value for each in ONGOING)
    found = [_ticket(row) for row in await as_of(connection, maintenance_tickets, moment, state=states)]
    return sorted(found, key=lambda each: (each.created_at, each.number))


async def tickets_of_machine(
    connection: AsyncConnection, machine: str, moment: datetime
) -> list[MaintenanceTicket]:
    """The tickets of one machine, in the order in which they were opened."""
    found = [_ticket(row) for row in await as_of(connection, maintenance_tickets, moment, machine=machine)]
    return sorted(found, key=lambda each: (each.created_at, each.number))


async def versions_of(
    connection: AsyncConnection, number: str, moment: datetime
) -> list[tuple[datetime, MaintenanceTicket]]:
    """What the ticket was like from which moment on, up to `moment`; the first version at the head."""
    table = maintenance_tickets
    statement = (
        select(table)
        .where(table.c.number == number, table.c.recorded_at <= to_microseconds(moment), ~table.c.gone)
        .order_by(table.c.recorded_at)
    )
    rows = (await connection.execute(statement)).mappings()
    return [(from_microseconds(row["recorded_at"]), _ticket(row)) for row in rows]


async def record_tickets(transaction: Transaction, changed: Sequence[MaintenanceTicket]) -> None:
    """Record what tickets are like now."""
    await record(transaction, maintenance_tickets, [_row(each) for each in changed])


def _row(ticket: MaintenanceTicket) -> dict[str, object]:
    return {
        "number": ticket.number,
        "machine": ticket.machine,
        "department": ticket.department,
        "issue": ticket.issue.value,
        "severity": ticket.severity.value,
        "state": ticket.state.value,
        "created_at": to_microseconds(ticket.created_at),
        "since": to_microseconds(ticket.since),
        "respond_by": to_microseconds(ticket.respond_by),
        "complete_by": to_microseconds(ticket.complete_by),
        "reporter": ticket.reporter,
        "description": ticket.description,
        "assignee": ticket.assignee,
        "machine_down": ticket.machine_down,
        "by": ticket.by,
        "reason": ticket.reason,
        "started_at": maybe_stamp(ticket.started_at),
        "completed_at": maybe_stamp(ticket.completed_at),
        "root_cause": ticket.root_cause,
        "parts": ticket.parts,
        "cost": None if ticket.cost is None else str(ticket.cost),
    }


def _ticket(row: RowMapping) -> MaintenanceTicket:
    return MaintenanceTicket(
        number=row["number"],
        machine=row["machine"],
        department=row["department"],
        issue=IssueType(row["issue"]),
        severity=FaultSeverity(row["severity"]),
        state=MaintenanceState(row["state"]),
        created_at=from_microseconds(row["created_at"]),
        since=from_microseconds(row["since"]),
        respond_by=from_microseconds(row["respond_by"]),
        complete_by=from_microseconds(row["complete_by"]),
        reporter=row["reporter"],
        description=row["description"],
        assignee=row["assignee"],
        machine_down=row["machine_down"],
        by=row["by"],
        reason=row["reason"],
        started_at=maybe_moment(row["started_at"]),
        completed_at=maybe_moment(row["completed_at"]),
        root_cause=row["root_cause"],
        parts=row["parts"],
        cost=None if row["cost"] is None else Decimal(row["cost"]),
    )
