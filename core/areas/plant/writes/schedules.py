"""Planning stretches of work on orders, and saying what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from core.area import Outcome, Request
from core.areas.plant.model.orders import OrderSchedule, OrderState, ScheduleState
from core.areas.plant.pages.order_written import order_written
from core.areas.plant.rules.moves import move
from core.areas.plant.rules.planning import Planned, clashes, plan, settle
from core.areas.plant.rules.state_words import schedule_state
from core.areas.plant.store.machines import machine_of
from core.areas.plant.store.orders import all_schedules, record_move, record_orders, record_schedules
from core.areas.plant.store.people import department_of, operator_of
from core.areas.plant.writes.orders import audited
from core.areas.plant.writes.quality_turn import given
from core.areas.plant.writes.turn import OrderTurn, take_order
from core.message import Message, _
from core.store.store import Transaction
from core.store.versions import NEWEST

__all__ = ["apply_schedule", "apply_stretch"]


async def apply_schedule(request: Request, transaction: Transaction) -> Outcome:
    """Plan a stretch of work; a pending order is scheduled from then on.

    What else is planned on that machine or for that person at the time is told, and not refused: whoever
    plans may know that both fit.
    """
    turn = await take_order(request, transaction)
    wanted = await _wanted(request, transaction, turn)
    planned = plan(turn.order, turn.schedules, wanted, turn.now)
    await record_schedules(transaction, [planned.schedule])
    if planned.order.state is OrderState.PENDING:
        order = await record_move(transaction, move(planned.order, OrderState.SCHEDULED, turn.now))
    else:
        order = planned.order
        await record_orders(transaction, [order])
    others = clashes(planned.schedule, await all_schedules(transaction.connection, NEWEST))
    return _outcome(turn, Planned(order, planned.schedule), _planned_note(planned.schedule, others))


async def apply_stretch(request: Request, transaction: Transaction) -> Outcome:
    """Record that a stretch of work began, is done, or was dropped."""
    turn = await take_order(request, transaction)
    line = cast("int", request.arguments["line"])
    settled = settle(turn.order, turn.schedules, line, ScheduleState(request.text("state") or ""), turn.now)
    await record_schedules(transaction, [settled.schedule])
    await record_orders(transaction, [settled.order])
    note = _(
        "Line {line} of {number}: {state}.",
        line=line,
        number=settled.order.number,
        state=schedule_state(settled.schedule.state).word,
    )
    return _outcome(turn, settled, note)


async def _wanted(request: Request, transaction: Transaction, turn: OrderTurn) -> OrderSchedule:
    connection = transaction.connection
    code = request.text("department") or ""
    department = await given("department", department_of(connection, code, NEWEST))
    operator = request.text("operator") or ""
    if operator:
        await given("operator", operator_of(connection, operator, NEWEST))
    machine = request.text("machine") or ""
    if machine:
        await machine_of(connection, machine, NEWEST)
    return OrderSchedule(
        order=turn.order.number,
        line=cast("int", request.arguments.get("line", 0)),
        start=cast("datetime", request.arguments["start"]),
        end=cast("datetime", request.arguments["end"]),
        department=department.code,
        machine=machine,
        operator=operator,
    )


def _planned_note(schedule: OrderSchedule, others: list[OrderSchedule]) -> Message:
    if not others:
        return _("Line {line} of {number} is planned.", line=schedule.line, number=schedule.order)
    return _(
        "Line {line} of {number} is planned. Its machine or operator is also planned for {others} then.",
        line=schedule.line,
        number=schedule.order,
        others=", ".join(sorted({each.order for each in others})),
    )


def _outcome(turn: OrderTurn, planned: Planned, note: Message) -> Outcome:
    schedule = planned.schedule
    return Outcome(
        order_written(planned.order, note),
        f"order:{schedule.order}",
        audited(turn.order),
        {**audited(planned.order), "line": schedule.line, "line_state": schedule.state.value},
    )
