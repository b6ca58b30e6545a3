"""Adding departments and the people who work in them."""

from __future__ import annotations

from core.area import Outcome, Request
from core.areas.plant.model.people import Department, Occupation, Operator
from core.areas.plant.pages.people_written import department_written, operator_written
from core.areas.plant.store.people import (
    all_departments,
    all_operators,
    department_of,
    record_departments,
    record_operators,
)
from core.areas.plant.writes.quality_turn import given
from core.areas.plant.writes.turn import words
from core.errors import InputError
from core.message import _
from core.notify.delivery.turn import take_turn
from core.store.store import Transaction
from core.store.versions import NEWEST

__all__ = ["apply_department", "apply_operator"]


async def apply_department(request: Request, transaction: Transaction) -> Outcome:
    """Add a department.

    Raises:
        InputError: there is one of that code already.
    """
    await take_turn(transaction)
    code = request.text("department") or ""
    if any(each.code == code for each in await all_departments(transaction.connection, NEWEST)):
        raise InputError(
            _("{parameter}: there is a department {code} already.", parameter="department", code=code)
        )
    department = Department(code, words(request, "name", 200))
    await record_departments(transaction, [department])
    return Outcome(department_written(department), f"department:{code}", {}, {"name": department.name})


async def apply_operator(request: Request, transaction: Transaction) -> Outcome:
    """Add somebody who works in the plant. Their phone comes with an import.

    Raises:
        InputError: there is somebody of that number already.
        NotFoundError: there is no such department.
    """
    await take_turn(transaction)
    number, connection = request.text("operator") or "", transaction.connection
    if any(each.number == number for each in await all_operators(connection, NEWEST)):
        raise InputError(
            _("{parameter}: there is an operator {number} already.", parameter="operator", number=number)
        )
    department = request.text("department") or ""
    if department:
        await given("department", department_of(connection, department, NEWEST))
    operator = Operator(
        number,
        words(request, "name", 200),
        department,
        Occupation(request.text("occupation") or Occupation.OPERATOR.value),
        person=words(request, "person", 80),
    )
    await record_operators(transaction, [operator])
    audited = {
        "name": operator.name,
        "department": department,
        "occupation": operator.occupation.value,
        "person": operator.person,
    }
    return Outcome(operator_written(operator), f"operator:{number}", {}, audited)
