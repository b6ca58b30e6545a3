"""Departments, operators and shifts: reading them as they were known at a moment, and recording them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.plant.model.people import Department, Occupation, Operator, Shift
from core.areas.plant.store.order_tables import departments, operators, shifts
from core.areas.plant.store.stamps import maybe_moment, maybe_stamp
from core.errors import NotFoundError
from core.message import _
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Transaction
from core.store.versions import as_of, record

__all__ = [
    "all_departments",
    "all_operators",
    "all_shifts",
    "department_of",
    "known_department",
    "operator_of",
    "record_departments",
    "record_operators",
    "record_shifts",
    "shift_of",
]


async def department_of(connection: AsyncConnection, code: str, moment: datetime) -> Department:
    """The department of that code.

    Raises:
        NotFoundError: there is none.
    """
    rows = await as_of(connection, departments, moment, code=code)
    if not rows:
        raise NotFoundError(_("There is no department {code}; “departments” lists them.", code=code[:40]))
    return _department(rows[0])


async def known_department(connection: AsyncConnection, code: str, moment: datetime) -> None:
    """Insist that there is a department of that code.

    Raises:
        NotFoundError: there is none; the sentence names the parameter and those that there are.
    """
    try:
        await department_of(connection, code, moment)
    except NotFoundError as error:
        names = ", ".join(each.code for each in await all_departments(connection, moment) if each.active)
        reason = _("“{text}” isn't one of: {known}.", text=code[:40], known=names) if names else error.message
        raise NotFoundError(_("{parameter}: {reason}", parameter="department", reason=reason)) from error


async def all_departments(connection: AsyncConnection, moment: datetime) -> list[Department]:
    """Every department, by its code."""
    return [_department(row) for row in await as_of(connection, departments, moment)]


async def operator_of(connection: AsyncConnection, number: str, moment: datetime) -> Operator:
    """The operator of that employee number.

    Raises:
        NotFoundError: there is none.
    """
    rows = await as_of(connection, operators, moment, number=number)
    if not rows:
        raise NotFoundError(_("There is no operator {number}; “operators” lists them.", number=number[:40]))
    return _operator(rows[0])


async def all_operators(connection: AsyncConnection, moment: datetime) -> list[Operator]:
    """Every operator, by their employee number."""
    return [_operator(row) for row in await as_of(connection, operators, moment)]


async def shift_of(connection: AsyncConnection, number: str, moment: datetime) -> Shift:
    """The shift of that number.

    Raises:
        NotFoundError: there is none.
    """
    rows = await as_of(connection, shifts, moment, number=number)
    if not rows:
        raise NotFoundError(_("There is no shift {number}; “shifts” lists them.", number=number[:40]))
    return _shift(rows[0])


async def all_shifts(connection: AsyncConnection, moment: datetime) -> list[Shift]:
    """Every shift, the one that begins first at the head."""
    found = [_shift(row) for row in await as_of(connection, shifts, moment)]
    return sorted(found, key=lambda each: (each.start, each.number))


async def record_departments(transaction: Transaction, changed: Sequence[Department]) -> None:
    """Record what departments are like now."""
    rows = [{"code": each.code, "name": each.name, "active": each.active} for each in changed]
    await record(transaction, departments, rows)


async def record_operators(transaction: Transaction, changed: Sequence[Operator]) -> None:
    """Record what operators are like now."""
    await record(transaction, operators, [_operator_row(each) for each in changed])


async def record_shifts(transaction: Transaction, changed: Sequence[Shift]) -> None:
    """Record what shifts are like now."""
    await record(transaction, shifts, [_shift_row(each) for each in changed])


def _department(row: RowMapping) -> Department:
    return Department(row["code"], row["name"], row["active"])


def _operator_row(operator: Operator) -> dict[str, object]:
    return {
        "number": operator.number,
        "name": operator.name,
        "department": operator.department,
        "occupation": operator.occupation.value,
        "badge": operator.badge,
        "phone": operator.phone,
        "person": operator.person,
        "active": operator.active,
    }


def _operator(row: RowMapping) -> Operator:
    return Operator(
        number=row["number"],
        name=row["name"],
        department=row["department"],
        occupation=Occupation(row["occupation"]),
        badge=row["badge"],
        phone=row["phone"],
        person=row["person"],
        active=row["active"],
    )


def _shift_row(shift: Shift) -> dict[str, object]:
    return {
        "number": shift.number,
        "name": shift.name,
        "begins": to_microseconds(shift.start),
        "ends": to_microseconds(shift.end),
        "operators": json.dumps(shift.operators),
        "department": shift.department,
        "machine": shift.machine,
        "ended_at": maybe_stamp(shift.ended_at),
    }


def _shift(row: RowMapping) -> Shift:
    return Shift(
        number=row["number"],
        name=row["name"],
        start=from_microseconds(row["begins"]),
        end=from_microseconds(row["ends"]),
        operators=tuple(json.loads(row["operators"])),
        department=row["department"],
        machine=row["machine"],
        ended_at=maybe_moment(row["ended_at"]),
    )
