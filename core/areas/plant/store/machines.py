"""Machines: reading them as they were known at a moment, and recording them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.store.maintenance_tables import machines
from core.errors import NotFoundError
from core.message import _
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Transaction
from core.store.versions import as_of, record

__all__ = ["all_machines", "machine_of", "record_machines"]


async def machine_of(connection: AsyncConnection, number: str, moment: datetime) -> Machine:
    """The machine of that number.

    Raises:
        NotFoundError: there is none.
    """
    rows = await as_of(connection, machines, moment, number=number)
    if not rows:
        raise _no_such_machine(number)
    return _machine(rows[0])


async def all_machines(connection: AsyncConnection, moment: datetime) -> list[Machine]:
    """Every machine, by its number."""
    return [_machine(row) for row in await as_of(connection, machines, moment)]


async def record_machines(transaction: Transaction, changed: Sequence[Machine]) -> None:
    """Record what machines are like now."""
    await record(transaction, machines, [_row(each) for each in changed])


def _no_such_machine(number: str) -> NotFoundError:
    """What to raise for a machine that isn't there; it names the parameter to be given anew."""
    return NotFoundError(
        _(
            "{parameter}: there is no machine {machine}; “machines” lists them.",
            parameter="machine",
            machine=number[:40],
        )
    )


def _row(machine: Machine) -> dict[str, object]:
    return {
        "number": machine.number,
        "name": machine.name,
        "department": machine.department,
        "state": machine.state.value,
        "since": to_microseconds(machine.since),
        "specifications": machine.specifications,
        "by": machine.by,
        "reason": machine.reason,
    }


def _machine(row: RowMapping) -> Machine:
    return Machine(
        number=row["number"],
        name=row["name"],
        department=row["department"],
        state=MachineState(row["state"]),
        since=from_microseconds(row["since"]),
        specifications=row["specifications"],
        by=row["by"],
        reason=row["reason"],
    )
