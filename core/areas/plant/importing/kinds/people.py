"""Departments, operators and shifts as CSV."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.areas.plant.importing.cells import FlagCell, MomentCell, NameCell, NamesCell, TextCell, WordCell
from core.areas.plant.importing.kind import Accepted, ColumnError, Field, Kind, Mode, Values
from core.areas.plant.importing.world import PlantWorld
from core.areas.plant.model.people import Department, Occupation, Operator, Shift
from core.areas.plant.rules.numbers import (
    department_code,
    employee_number,
    machine_number,
    sequence_number,
)
from core.areas.plant.rules.shifts import check
from core.errors import InputError, RefusedError
from core.message import _

__all__ = ["DEPARTMENTS", "OPERATORS", "SHIFTS"]


def _shift_number(text: str) -> str:
    found = sequence_number(text, {"SHF": "SHF", "SHIFT": "SHF"})
    if found is None:
        raise InputError(
            _("“{text}” is no shift; write its number, like SHF-2026-0001.", text=text.strip()[:40])
        )
    return found


def _add_department(_world: PlantWorld, values: Values) -> Accepted:
    return Accepted((Department(**values),))


def _change_department(_world: PlantWorld, before: Any, changed: Values, _following: Values) -> Accepted:
    return Accepted((replace(before, **changed),))


def _add_operator(world: PlantWorld, values: Values) -> Accepted:
    world.need_department(values["department"])
    if "…" in values["phone"]:
        raise ColumnError("phone", _("It is masked. Write the whole number, or leave the cell empty."))
    return Accepted((Operator(**values),))


def _change_operator(world: PlantWorld, before: Any, changed: Values, _following: Values) -> Accepted:
    world.need_department(changed.get("department", ""))
    if "…" in changed.get("phone", ""):
        raise ColumnError("phone", _("It is masked. Write the whole number, or leave the column out."))
    return Accepted((replace(before, **changed),))


def _add_shift(world: PlantWorld, values: Values) -> Accepted:
    shift = Shift(**values)
    _check_shift(world, shift)
    return Accepted((shift,))


def _change_shift(world: PlantWorld, before: Any, changed: Values, _following: Values) -> Accepted:
    if before.ended_at is not None or before.end <= world.now:
        raise RefusedError(_("{shift} is over already.", shift=before.number))
    shift = replace(before, **changed)
    _check_shift(world, shift)
    return Accepted((shift,))


def _check_shift(world: PlantWorld, shift: Shift) -> None:
    world.need_department(shift.department)
    world.need_operators(shift.operators)
    if not shift.operators:
        raise ColumnError("operators", _("Somebody has to be on a shift."))
    # What was ended is history: nobody is on it any more, so that it can clash with nothing.
    others = [] if shift.ended_at is not None else world.shifts_of(shift.operators)
    check(shift, [each for each in others if each.number != shift.number])


DEPARTMENTS = Kind(
    "departments",
    _("Departments"),
    ("code",),
    (
        Field("code", NameCell(department_code), ("department", "department_code"), required=True),
        Field("name", TextCell(200), ("department_name",), required=True),
        Field("active", FlagCell(), ("is_active",), default=True),
    ),
    lambda world: world.departments,
    _add_department,
    _change_department,
)

OPERATORS = Kind(
    "operators",
    _("Operators"),
    ("number",),
    (
        Field("number", NameCell(employee_number), ("employee_number", "operator"), required=True),
        Field("name", TextCell(200), ("full_name", "username"), required=True),
        Field("department", NameCell(department_code), ("department_id", "department_code")),
        Field("occupation", WordCell(Occupation), ("role",), default=Occupation.OPERATOR),
        Field("badge", TextCell(40), ("operator_badge_id",)),
        Field("phone", TextCell(40), ("phone_number",), personal=True),
        Field("person", TextCell(80)),
        Field("active", FlagCell(), ("is_active",), default=True),
    ),
    lambda world: world.operators,
    _add_operator,
    _change_operator,
)

SHIFTS = Kind(
    "shifts",
    _("Shifts"),
    ("number",),
    (
        Field("number", NameCell(_shift_number), ("shift", "shift_id"), required=True),
        Field("name", TextCell(200), ("shift_name",), required=True),
        Field("start", MomentCell(), ("start_time",), required=True),
        Field("end", MomentCell(), ("end_time",), required=True),
        Field("operators", NamesCell(employee_number), ("operator",), required=True),
        Field("department", NameCell(department_code), ("department_id", "department_code")),
        Field("machine", NameCell(machine_number), ("machine_id", "machine_number")),
        Field("ended_at", MomentCell(), mode=Mode.FIXED),
    ),
    lambda world: world.shifts,
    _add_shift,
    _change_shift,
)
