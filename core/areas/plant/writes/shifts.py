"""Planning shifts and ending them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

from core.area import Outcome, Request
from core.areas.plant.model.people import Shift
from core.areas.plant.pages.shifts import shift_written
from core.areas.plant.rules.numbers import employee_number
from core.areas.plant.rules.shift_events import added_event, ended_event
from core.areas.plant.rules.shifts import check, end
from core.areas.plant.store.machines import machine_of
from core.areas.plant.store.people import (
    all_shifts,
    department_of,
    operator_of,
    record_shifts,
    shift_of,
)
from core.areas.plant.store.sequences import next_number
from core.areas.plant.writes.quality_turn import given
from core.areas.plant.writes.turn import words
from core.message import _
from core.notify.delivery.turn import take_turn
from core.store.store import Transaction
from core.store.versions import NEWEST

__all__ = ["apply_add", "apply_end"]

_SHIFT_PREFIX = "SHF"


async def apply_add(request: Request, transaction: Transaction) -> Outcome:
    """Plan a shift.

    Raises:
        NotFoundError: there is no such operator, department or machine.
        RefusedError: somebody would be on two shifts at once.
    """
    await take_turn(transaction)
    connection = transaction.connection
    written = (request.text("operators") or "").split(",")
    numbers = list(dict.fromkeys(employee_number(each) for each in written if each.strip()))
    for number in numbers:
        await given("operators", operator_of(connection, number, NEWEST))
    department = request.text("department") or ""
    if department:
        await given("department", department_of(connection, department, NEWEST))
    machine = request.text("machine") or ""
    if machine:
        await machine_of(connection, machine, NEWEST)
    shift = Shift(
        number="",
        name=words(request, "name", 200),
        start=cast("datetime", request.arguments["start"]),
        end=cast("datetime", request.arguments["end"]),
        operators=tuple(numbers),
        department=department,
        machine=machine,
    )
    check(shift, await all_shifts(connection, NEWEST))
    shift = replace(shift, number=await next_number(transaction, _SHIFT_PREFIX, transaction.recorded_at))
    await record_shifts(transaction, [shift])
    await transaction.emit(added_event(shift, transaction.recorded_at))
    note = _("{shift} is planned; those on it are reminded before it begins.", shift=shift.number)
    return Outcome(shift_written(shift, note), f"shift:{shift.number}", {}, _audited(shift))


async def apply_end(request: Request, transaction: Transaction) -> Outcome:
    """End a shift now, or call it off.

    Raises:
        NotFoundError: there is no such shift.
        RefusedError: it is over already.
    """
    await take_turn(transaction)
    before = await shift_of(transaction.connection, request.text("shift") or "", NEWEST)
    after = end(before, transaction.recorded_at)
    await record_shifts(transaction, [after])
    await transaction.emit(ended_event(after, transaction.recorded_at))
    note = (
        _("{shift} is called off.", shift=after.number)
        if after.called_off
        else _("{shift} has ended.", shift=after.number)
    )
    return Outcome(shift_written(after, note), f"shift:{after.number}", _audited(before), _audited(after))


def _audited(shift: Shift) -> dict[str, object]:
    return {
        "name": shift.name,
        "start": shift.start.isoformat(),
        "end": shift.end.isoformat(),
        "operators": ", ".join(shift.operators),
        "ended_at": "" if shift.ended_at is None else shift.ended_at.isoformat(),
    }
