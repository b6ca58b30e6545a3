"""Departments, operators and shifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.plant.commands.parameters import (
    DEPARTMENT,
    MACHINE,
    OPERATOR,
    SHIFT,
    optional,
    required,
    words,
)
from core.command import Command, Effect, MomentType, Parameter
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["PEOPLE_VERBS"]

_OF_DEPARTMENT = Parameter(
    "department", _("Only of which department?"), DEPARTMENT.type, source=DEPARTMENT.source
)


_IN_DEPARTMENT = Parameter("department", _("In which department?"), DEPARTMENT.type, source=DEPARTMENT.source)
_OCCUPATIONS = words(
    ("admin", _("administrator")),
    ("planner", _("planner")),
    ("stock_planner", _("stock planner")),
    ("branding_coordinator", _("branding coordinator")),
    ("supervisor", _("supervisor")),
    ("department_manager", _("department manager")),
    ("hod", _("head of department")),
    ("maintenance_supervisor", _("maintenance supervisor")),
    ("maintenance_technician", _("maintenance technician")),
    ("quality_coordinator", _("quality coordinator")),
    ("finance_user", _("finance")),
    ("operator", _("operator")),
)


async def _departments(request: Request) -> Page:
    from core.areas.plant.pages.people import departments_page

    return await departments_page(request)


async def _operators(request: Request) -> Page:
    from core.areas.plant.pages.people import operators_page

    return await operators_page(request)


async def _shifts(request: Request) -> Page:
    from core.areas.plant.pages.shifts import shifts_page

    return await shifts_page(request)


async def _shift(request: Request) -> Page:
    from core.areas.plant.pages.shifts import shift_page

    return await shift_page(request)


async def _add(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.shifts import apply_add

    return await apply_add(request, transaction)


async def _end(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.shifts import apply_end

    return await apply_end(request, transaction)


async def _department(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.people import apply_department

    return await apply_department(request, transaction)


async def _operator(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.people import apply_operator

    return await apply_operator(request, transaction)


PEOPLE_VERBS = (
    Verb(
        Command("departments", _("The plant’s departments, their people and their orders"), role=Role.VIEWER),
        Read(_departments),
    ),
    Verb(
        Command(
            "departments add",
            _("Add a department"),
            (
                Parameter("department", _("What is its code? Like CUT."), DEPARTMENT.type, required=True),
                required("name", _("What is it called?"), 200),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_department),
    ),
    Verb(
        Command(
            "operators add",
            _("Add somebody who works in the plant"),
            (
                Parameter("operator", _("What is their employee number?"), OPERATOR.type, required=True),
                required("name", _("What are they called?"), 200),
                _IN_DEPARTMENT,
                Parameter("occupation", _("What are they employed as?"), _OCCUPATIONS),
                optional("person", _("What is their name in opsdeck, if they have one there?"), 80),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_operator),
    ),
    Verb(
        Command(
            "operators",
            _("Who works in the plant, and who is at work now"),
            (_OF_DEPARTMENT,),
            role=Role.VIEWER,
        ),
        Read(_operators),
    ),
    Verb(
        Command(
            "shifts",
            _("Shifts that run or are to come, and those that are over"),
            (
                Parameter(
                    "show",
                    _("Which shifts?"),
                    words(("next", _("those not over")), ("all", _("all there were"))),
                    default="next",
                ),
            ),
            role=Role.VIEWER,
        ),
        Read(_shifts),
    ),
    Verb(
        Command("shift", _("One shift: when and where it is, and who is on it"), (SHIFT,), role=Role.VIEWER),
        Read(_shift),
    ),
    Verb(
        Command(
            "shift add",
            _("Plan a shift; those on it are reminded before it begins"),
            (
                required("name", _("What is it called?"), 200),
                Parameter("start", _("When does it begin?"), MomentType(), required=True),
                Parameter("end", _("When does it end?"), MomentType(), required=True),
                required("operators", _("Who is on it? Employee numbers, separated by commas.")),
                _IN_DEPARTMENT,
                Parameter("machine", _("At which machine?"), MACHINE.type, source=MACHINE.source),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_add),
    ),
    Verb(
        Command(
            "shift end",
            _("End a shift now, or call one off that has not begun"),
            (SHIFT,),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_end),
    ),
)
