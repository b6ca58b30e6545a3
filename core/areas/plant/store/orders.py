"""Reading orders as they were known at a moment, and recording what became of them.

Whoever changes something of the plant takes the turn first (`core.notify.delivery.turn.take_turn`), as what
is told of it ends in the outbox anyway: what is read as of `NEWEST` after that is what will be changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.plant.model.orders import Order, OrderItem, OrderSchedule, OrderState, ScheduleState
from core.areas.plant.rules.moves import Move, can_hold, move
from core.areas.plant.rules.order_events import moved_event
from core.areas.plant.store.order_rows import (
    item_of,
    item_row,
    order_of_row,
    order_row,
    schedule_of,
    schedule_row,
)
from core.areas.plant.store.order_tables import items, orders, schedules
from core.areas.plant.store.people import all_operators
from core.errors import NotFoundError
from core.message import Message, _
from core.store.metadata import to_microseconds
from core.store.store import Transaction
from core.store.versions import NEWEST, as_of, record

__all__ = [
    "all_items",
    "all_orders",
    "all_schedules",
    "hold_order",
    "items_of",
    "order_of",
    "orders_in",
    "record_items",
    "record_move",
    "record_orders",
    "record_schedules",
    "schedules_between",
    "schedules_of",
    "schedules_on",
]


async def order_of(connection: AsyncConnection, number: str, moment: datetime) -> Order:
    """The order of that number.

    Raises:
        NotFoundError: there is none.
    """
    rows = await as_of(connection, orders, moment, number=number)
    if not rows:
        raise NotFoundError(_("There is no order {number}; “orders” lists them.", number=number[:40]))
    return order_of_row(rows[0])


async def all_orders(connection: AsyncConnection, moment: datetime) -> list[Order]:
    """Every order, by its number."""
    return [order_of_row(row) for row in await as_of(connection, orders, moment)]


async def orders_in(
    connection: AsyncConnection, moment: datetime, states: Iterable[OrderState]
) -> list[Order]:
    """The orders in any of those states, by their numbers."""
    wanted = frozenset(each.value for each in states)
    return [order_of_row(row) for row in await as_of(connection, orders, moment, state=wanted)]


async def all_items(connection: AsyncConnection, moment: datetime) -> list[OrderItem]:
    """Every line of every order, by order and line."""
    return [item_of(row) for row in await as_of(connection, items, moment)]


async def items_of(connection: AsyncConnection, number: str, moment: datetime) -> list[OrderItem]:
    """The lines of an order, in their order."""
    return [item_of(row) for row in await as_of(connection, items, moment, order=number)]


async def schedules_of(connection: AsyncConnection, number: str, moment: datetime) -> list[OrderSchedule]:
    """The stretches of work on an order, in the order of their lines."""
    return [schedule_of(row) for row in await as_of(connection, schedules, moment, order=number)]


async def all_schedules(connection: AsyncConnection, moment: datetime) -> list[OrderSchedule]:
    """Every stretch of work, by order and line."""
    return [schedule_of(row) for row in await as_of(connection, schedules, moment)]


async def schedules_on(connection: AsyncConnection, machine: str, moment: datetime) -> list[OrderSchedule]:
    """The stretches of work on one machine, by order and line."""
    return [schedule_of(row) for row in await as_of(connection, schedules, moment, machine=machine)]


async def schedules_between(
    connection: AsyncConnection,
    moment: datetime,
    states: Iterable[OrderState],
    start: datetime,
    end: datetime,
) -> list[OrderSchedule]:
    """The stretches of work on orders in any of those states, from `start` to `end`, by order and line.

    One that should be over and isn't settled may still go on.
    """
    stamp, wanted = to_microseconds(moment), [each.value for each in states]
    known_then = (orders.c.superseded_at > stamp, orders.c.recorded_at + 0 <= stamp, ~orders.c.gone)
    numbers = select(orders.c.number).where(orders.c.state.in_(wanted), *known_then)
    columns, from_ = schedules.c, to_microseconds(start)
    unsettled = columns.state.in_([ScheduleState.SCHEDULED.value, ScheduleState.IN_PROGRESS.value])
    where = (
        columns.order.in_(numbers),
        columns.begins < to_microseconds(end),
        or_(columns.ends > from_, columns.completed_at > from_, unsettled),
    )
    rows = await as_of(connection, schedules, moment, *where)
    return [schedule_of(row) for row in rows]


async def record_orders(transaction: Transaction, changed: Sequence[Order]) -> None:
    """Record what orders are like now."""
    await record(transaction, orders, [order_row(each) for each in changed])


async def record_items(transaction: Transaction, changed: Sequence[OrderItem]) -> None:
    """Record what lines of orders are like now."""
    await record(transaction, items, [item_row(each) for each in changed])


async def record_schedules(transaction: Transaction, changed: Sequence[OrderSchedule]) -> None:
    """Record what stretches of work are like now."""
    await record(transaction, schedules, [schedule_row(each) for each in changed])


async def record_move(transaction: Transaction, done: Move) -> Order:
    """Record that an order came into another state, and tell it; the order as it is afterwards."""
    planned = await schedules_of(transaction.connection, done.after.number, NEWEST)
    people = {each.number: each.person for each in await all_operators(transaction.connection, NEWEST)}
    await record_orders(transaction, [done.after])
    await transaction.emit(moved_event(done, planned, people))
    return done.after


async def hold_order(transaction: Transaction, number: str, at: datetime, reason: Message | str) -> Order:
    """Put an order on hold because of something that was found; the order as it is afterwards.

    One that is on hold already stays so with its first reason, and one that is over stays as it is, as there
    is nothing left to hold: look at the state of what is given back.

    Raises:
        NotFoundError: there is no such order.
    """
    order = await order_of(transaction.connection, number, NEWEST)
    if not can_hold(order):
        return order
    return await record_move(transaction, move(order, OrderState.ON_HOLD, at, reason))
