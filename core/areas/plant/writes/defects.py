"""Reporting defects, and bringing them to their end."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import cast

from core.area import Outcome, Request
from core.areas.plant.model.defects import (
    LONGEST_DESCRIPTION,
    CustomerReturn,
    Defect,
    DefectSeverity,
    DefectType,
    Flaw,
    InternalReject,
    RejectState,
)
from core.areas.plant.model.orders import Order, OrderSchedule, ScheduleState
from core.areas.plant.pages.defect_written import defect_written
from core.areas.plant.rules import defects as rules
from core.areas.plant.rules.defect_events import defect_moved_event, defect_reported_event, hold_line
from core.areas.plant.rules.defect_numbers import ALIAS, number_for
from core.areas.plant.rules.filing import defect_filing
from core.areas.plant.rules.holding import Hold
from core.areas.plant.rules.quality_states import TYPES, defect_state, severity_state, type_of
from core.areas.plant.settings import PlantSettings
from core.areas.plant.store.defects import defect_of, record_defect
from core.areas.plant.store.history import note_down
from core.areas.plant.store.orders import hold_order, order_of, schedules_of
from core.areas.plant.store.people import department_of
from core.areas.plant.store.sequences import next_number
from core.areas.plant.writes.attachments import attach_given
from core.areas.plant.writes.filing import ask_filing
from core.areas.plant.writes.quality_turn import author, given
from core.areas.plant.writes.turn import words
from core.errors import NotFoundError, RefusedError
from core.message import Message, _
from core.notify.delivery.turn import take_turn
from core.store.store import Transaction
from core.store.versions import NEWEST

__all__ = ["apply_move", "apply_report", "apply_resolve"]

_LONGEST_NAME = 200


async def apply_report(request: Request, transaction: Transaction) -> Outcome:
    """Report a defect of an order; by the configured rule, that puts the order on hold.

    Raises:
        InputError: there is no such order or department, the order isn't worked on, or it has fewer pieces.
    """
    await take_turn(transaction)
    connection = transaction.connection
    type_ = DefectType(request.text("type") or "")
    severity = DefectSeverity(request.text("severity") or "")
    quantity = cast("int", request.arguments["quantity"])
    order = await given("order", order_of(connection, request.text("order") or "", NEWEST))
    rules.check_order(order, type_)
    rules.check_pieces(order, quantity)
    schedules = await schedules_of(connection, order.number, NEWEST)
    department = request.text("department") or _department_at_work(order, schedules)
    if request.text("department"):
        await given("department", department_of(connection, department, NEWEST))
    number = number_for(await next_number(transaction, ALIAS, transaction.recorded_at), type_)
    defect = _made(request, transaction, number, order, type_, severity, quantity, department)
    wanted = request.services.settings.of(PlantSettings).holding.on_report(type_, severity)
    defect, hold = await _hold(transaction, defect, order, wanted=wanted)
    await record_defect(transaction, defect)
    await attach_given(request, transaction, number)
    what = _(
        "Reported: {type}, {count} pieces, severity {severity}. {hold}",
        type=TYPES[type_],
        count=quantity,
        severity=severity_state(severity).word,
        hold=hold_line(order.number, hold),
    )
    await note_down(transaction, number, defect.reported_by, what)
    await transaction.emit(defect_reported_event(defect, hold))
    outcome = _outcome(
        None, defect, _("{defect} was reported.", defect=number), hold_line(order.number, hold)
    )
    filing = defect_filing(defect, transaction.recorded_at, await _place(transaction, department))
    return replace(outcome, page=await ask_filing(request, transaction, filing, outcome.page))


async def apply_move(request: Request, transaction: Transaction) -> Outcome:
    """Bring a reject into another state; one without stock puts its order on hold, by the configured rule.

    Raises:
        RefusedError: it can't go there from where it is, or it is a return.
    """
    await take_turn(transaction)
    connection, by = transaction.connection, author(request)
    before = await given("defect", defect_of(connection, request.text("defect") or "", NEWEST))
    if isinstance(before, CustomerReturn):
        raise RefusedError(
            _("{defect} is a return; “defect resolve” says what was done about it.", defect=before.number)
        )
    to = RejectState(request.text("state") or "")
    note = words(request, "note")
    pieces = cast("int | None", request.arguments.get("pieces"))
    replacement = words(request, "replacement", 40).upper()
    after = rules.moved(before, to, transaction.recorded_at, by, note, replacement=replacement, pieces=pieces)
    lines = [_("{defect} is {state} now.", defect=after.number, state=defect_state(after).word)]
    if request.services.settings.of(PlantSettings).holding.on_move(to):
        order = await order_of(connection, after.order, NEWEST)
        held, hold = await _hold(transaction, after, order, wanted=True)
        after = cast("InternalReject", held)
        lines.append(hold_line(after.order, hold))
    await record_defect(transaction, after)
    await note_down(transaction, after.number, by, _joined(lines), note)
    await transaction.emit(defect_moved_event(after, transaction.recorded_at))
    return _outcome(before, after, *lines)


async def apply_resolve(request: Request, transaction: Transaction) -> Outcome:
    """Say what was done about a return, and what that came to.

    Raises:
        RefusedError: it was dealt with already, or it is a reject.
    """
    await take_turn(transaction)
    by = author(request)
    before = await given("defect", defect_of(transaction.connection, request.text("defect") or "", NEWEST))
    if isinstance(before, InternalReject):
        raise RefusedError(_("{defect} is a reject; “defect move” brings it on.", defect=before.number))
    resolution = words(request, "resolution")
    after = rules.resolved(
        before,
        transaction.recorded_at,
        by,
        resolution,
        cost=cast("Decimal | None", request.arguments.get("cost")),
        credit=cast("Decimal | None", request.arguments.get("credit")),
    )
    await record_defect(transaction, after)
    note = _("{defect} is {state} now.", defect=after.number, state=defect_state(after).word)
    await note_down(transaction, after.number, by, note, resolution)
    await transaction.emit(defect_moved_event(after, transaction.recorded_at))
    return _outcome(before, after, note)


def _made(
    request: Request,
    transaction: Transaction,
    number: str,
    order: Order,
    type_: DefectType,
    severity: DefectSeverity,
    quantity: int,
    department: str,
) -> Defect:
    """The defect as it was reported."""
    now, by = transaction.recorded_at, author(request)
    description = words(request, "description", LONGEST_DESCRIPTION)
    if type_ is DefectType.RETURN:
        return CustomerReturn(
            number=number,
            order=order.number,
            severity=severity,
            quantity=quantity,
            description=description,
            reported_by=by,
            reported_at=now,
            since=now,
            returned_at=now,
            department=department,
        )
    return InternalReject(
        number=number,
        order=order.number,
        severity=severity,
        quantity=quantity,
        description=description,
        reported_by=by,
        reported_at=now,
        since=now,
        type=type_,
        flaw=Flaw(request.text("flaw") or Flaw.OTHER.value),
        product=order.product,
        stage=words(request, "stage", _LONGEST_NAME),
        department=department,
    )


def _department_at_work(order: Order, schedules: list[OrderSchedule]) -> str:
    """Where the order is worked on at present, else the department that answers for it."""
    at_work = [each for each in schedules if each.state is ScheduleState.IN_PROGRESS]
    return at_work[-1].department if at_work else order.department


async def _place(transaction: Transaction, code: str) -> str:
    """What a department is called, for the stage that the backend needs where nobody named one."""
    if not code:
        return ""
    try:
        return (await department_of(transaction.connection, code, NEWEST)).name
    except NotFoundError:
        return code


async def _hold(
    transaction: Transaction, defect: Defect, order: Order, *, wanted: bool
) -> tuple[Defect, Hold]:
    """Put the order on hold where that is wanted; the defect, and what really became of the order."""
    hold = rules.hold_of(order, wanted=wanted)
    if hold is not Hold.PUT or not isinstance(defect, InternalReject):
        return defect, hold
    await hold_order(transaction, order.number, transaction.recorded_at, rules.hold_reason(defect))
    return replace(defect, held=True), hold


def _outcome(before: Defect | None, after: Defect, *lines: Message) -> Outcome:
    return Outcome(
        defect_written(after, lines),
        f"defect:{after.number}",
        {} if before is None else _audited(before),
        _audited(after),
    )


def _audited(defect: Defect) -> dict[str, object]:
    return {
        "order": defect.order,
        "type": type_of(defect).value,
        "severity": defect.severity.value,
        "quantity": defect.quantity,
        "state": defect.state.value,
    }


def _joined(lines: list[Message]) -> Message:
    return lines[0] if len(lines) == 1 else _("{first} {second}", first=lines[0], second=lines[1])
