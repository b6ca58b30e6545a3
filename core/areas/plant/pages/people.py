"""Departments, and who works in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.area import Request
from core.areas.plant.model.orders import ACTIVE, Order
from core.areas.plant.model.people import Department, Occupation, Operator, Shift
from core.areas.plant.pages.orders import orders_verdict
from core.areas.plant.rules.order_verdict import stand
from core.areas.plant.rules.shifts import at_work
from core.areas.plant.store.orders import orders_in
from core.areas.plant.store.people import (
    all_departments,
    all_operators,
    all_shifts,
    known_department,
)
from core.message import Message, _, plural
from core.page import Action, Column, Kind, Page, Place, Row
from core.tabulate import tabulate
from core.text import masked_phone
from core.units import Absent, Instant, Severity, State

__all__ = ["departments_page", "operators_page"]

_OCCUPATIONS: dict[Occupation, Message] = {
    Occupation.ADMIN: _("administrator"),
    Occupation.PLANNER: _("planner"),
    Occupation.STOCK_PLANNER: _("stock planner"),
    Occupation.BRANDING_COORDINATOR: _("branding coordinator"),
    Occupation.SUPERVISOR: _("supervisor"),
    Occupation.DEPARTMENT_MANAGER: _("department manager"),
    Occupation.HEAD_OF_DEPARTMENT: _("head of department"),
    Occupation.MAINTENANCE_SUPERVISOR: _("maintenance supervisor"),
    Occupation.MAINTENANCE_TECHNICIAN: _("maintenance technician"),
    Occupation.QUALITY_COORDINATOR: _("quality coordinator"),
    Occupation.FINANCE_USER: _("finance"),
    Occupation.OPERATOR: _("operator"),
}

_DEPARTMENT_COLUMNS = (
    Column("code", _("Department"), Kind.TEXT, 1),
    Column("name", _("Name"), Kind.TEXT, 1),
    Column("standing", _("Orders"), Kind.STATE, 1),
    Column("active", _("Still to be done"), Kind.NUMBER, 1),
    Column("trouble", _("In trouble"), Kind.NUMBER, 2),
    Column("people", _("People"), Kind.NUMBER, 2),
    Column("at_work", _("At work"), Kind.NUMBER, 2),
)
_OPERATOR_COLUMNS = (
    Column("number", _("Number"), Kind.TEXT, 1),
    Column("name", _("Name"), Kind.TEXT, 1),
    Column("state", _("State"), Kind.STATE, 1),
    Column("occupation", _("Occupation"), Kind.TEXT, 2),
    Column("department", _("Department"), Kind.TEXT, 2),
    Column("machine", _("Machine"), Kind.TEXT, 2),
    Column("until", _("Until"), Kind.MOMENT, 2),
    Column("phone", _("Phone"), Kind.TEXT, 3),
    Column("person", _("Told as"), Kind.TEXT, 3),
)


async def departments_page(request: Request) -> Page:
    """Every department with its orders and its people."""
    now = request.moment
    async with request.services.store.reading() as connection:
        departments = await all_departments(connection, now)
        people = await all_operators(connection, now)
        shifts = await all_shifts(connection, now)
        orders = await orders_in(connection, now, ACTIVE)
    working = at_work(shifts, now)
    rows = [
        _department_row(
            each,
            [order for order in orders if order.department == each.code],
            [person for person in people if person.department == each.code and person.active],
            working,
            request,
        )
        for each in departments
        if each.active
    ]
    table = tabulate(
        "departments",
        _("Departments"),
        _DEPARTMENT_COLUMNS,
        rows,
        request.query,
        empty=_("No department is known yet; “departments add” adds one, “plant import” many."),
        place=Place.WIDE,
    )
    return Page(
        key="plant.departments",
        title=_("Departments"),
        verdict=orders_verdict(orders, request),
        blocks=(table,),
        actions=(Action("operators", _("Who works here")), Action("shifts", _("Shifts"))),
        as_of=now,
    )


async def operators_page(request: Request) -> Page:
    """Who works in the plant, those at work first; phones are masked."""
    now, department = request.moment, request.text("department") or ""
    async with request.services.store.reading() as connection:
        people = [each for each in await all_operators(connection, now) if each.active]
        if department:
            people = [each for each in people if each.department == department]
            if not people:
                await known_department(connection, department, now)
        shifts = await all_shifts(connection, now)
    working = at_work(shifts, now)
    people.sort(key=lambda each: (each.number not in working, each.name, each.number))
    table = tabulate(
        "operators",
        _("Who works here, those at work first"),
        _OPERATOR_COLUMNS,
        [_operator_row(each, working.get(each.number), now) for each in people],
        request.query,
        empty=_("Nobody is known yet; “operators add” adds somebody, “plant import” many."),
        place=Place.WIDE,
    )
    count = sum(each.number in working for each in people)
    word = plural("ONE AT WORK", "{count} AT WORK", count) if count else _("NOBODY AT WORK")
    return Page(
        key="plant.operators" + (f".{department}" if department else ""),
        title=_("Operators"),
        verdict=State(Severity.GOOD if count else Severity.IDLE, word),
        blocks=(table,),
        actions=(Action("shifts", _("Shifts")), Action("departments", _("Departments"))),
        as_of=now,
        crumb=department,
    )


def _department_row(
    department: Department,
    orders: Sequence[Order],
    people: Sequence[Operator],
    working: dict[str, Shift],
    request: Request,
) -> Row:
    return Row(
        department.code,
        (
            department.code,
            department.name,
            orders_verdict(orders, request),
            len(orders),
            sum(stand(each, request.moment).needs_somebody for each in orders),
            len(people),
            sum(each.number in working for each in people),
        ),
        Action("orders", _("Open its orders"), (("department", department.code),)),
    )


def _operator_row(operator: Operator, shift: Shift | None, now: datetime) -> Row:
    off = Absent(_("not at work"))
    return Row(
        operator.number,
        (
            operator.number,
            operator.name,
            State(Severity.GOOD, _("at work")) if shift else State(Severity.IDLE, _("off")),
            _OCCUPATIONS[operator.occupation],
            operator.department or Absent(_("none")),
            off if shift is None else shift.machine or Absent(_("none")),
            off if shift is None else Instant(shift.end),
            masked_phone(operator.phone) if operator.phone else Absent(_("not known")),
            operator.person or Absent(_("not told of anything")),
        ),
        _opened_by(operator, shift),
    )


def _opened_by(operator: Operator, shift: Shift | None) -> Action | None:
    """What somebody leads to: the shift they are at work in, else their department's orders."""
    if shift is not None:
        return Action("shift", _("Open the shift"), (("shift", shift.number),))
    if operator.department:
        return Action("orders", _("Open its orders"), (("department", operator.department),))
    return None
