"""Orders, their items and the work on them as CSV."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.areas.plant.importing.cells import (
    AmountCell,
    DueCell,
    MomentCell,
    NameCell,
    NumberCell,
    TextCell,
    WordCell,
)
from core.areas.plant.importing.kind import Accepted, ColumnError, Field, Kind, Mode, Values
from core.areas.plant.importing.world import PlantWorld
from core.areas.plant.model.orders import Order, OrderItem, OrderSchedule, OrderState, ScheduleState
from core.areas.plant.rules.counting import count
from core.areas.plant.rules.moves import Move, move
from core.areas.plant.rules.numbers import department_code, employee_number, machine_number, order_number
from core.areas.plant.rules.order_events import moved_event, progress_event
from core.areas.plant.rules.planning import plan, settle
from core.areas.plant.rules.state_words import order_word
from core.errors import InputError, RefusedError
from core.event import Event
from core.message import _

__all__ = ["ITEMS", "ORDERS", "SCHEDULES", "order_moved_event"]

_MOST_PIECES = 10_000_000
_PLANNED = ("start", "end", "department", "machine", "operator")


def order_moved_event(world: PlantWorld, done: Move) -> Event:
    """That an order came into another state."""
    return moved_event(done, world.schedules_of(done.after.number), world.people())


def _currency(text: str) -> str:
    code = text.strip().upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise InputError(_("“{text}” is no currency; write its ISO 4217 code, like USD.", text=code[:40]))
    return code


def _add_order(world: PlantWorld, values: Values) -> Accepted:
    world.need_department(values["department"])
    for name in ("created_at", "updated_at", "since"):
        values[name] = values[name] or world.now
    order = Order(**values)
    _check_pieces(order)
    return Accepted((order,))


def _change_order(world: PlantWorld, before: Any, changed: Values, following: Values) -> Accepted:
    """Pieces are counted while it is in progress, before a move out of that state and after one into it."""
    order: Order = before
    world.need_department(changed.get("department", ""))
    counts = {name: changed.pop(name) for name in ("completed", "rejected") if name in changed}
    to: OrderState | None = changed.pop("state", None)
    if changed and not order.active:
        raise ColumnError(
            next(iter(changed)),
            _(
                "{number} is {state}; it isn’t changed any more.",
                number=order.number,
                state=order_word(order.state),
            ),
        )
    order = replace(order, **changed, updated_at=world.now)
    events: list[Event] = []
    if counts and order.state is OrderState.IN_PROGRESS:
        order = _counted(world, order, counts)
        events.append(progress_event(order, world.now))
    if to is not None:
        done = move(order, to, world.now, following.get("reason", ""))
        order = done.after
        events.append(order_moved_event(world, done))
    if counts and before.state is not OrderState.IN_PROGRESS:
        order = _counted(world, order, counts)
        events.append(progress_event(order, world.now))
    _check_pieces(order)
    return Accepted((order,), tuple(events))


def _counted(world: PlantWorld, order: Order, counts: Values) -> Order:
    items = world.items_of(order.number)
    done = counts.get("completed", order.completed)
    if items and done != order.completed and done != sum(each.completed for each in items):
        raise ColumnError(
            "completed", _("{number} has items; count those: they say what is done.", number=order.number)
        )
    return count(order, (), world.now, completed=done, rejected=counts.get("rejected")).order


def _check_pieces(order: Order) -> None:
    if order.completed > order.quantity:
        raise ColumnError("completed", _("Only {quantity} pieces were asked for.", quantity=order.quantity))


def _add_item(world: PlantWorld, values: Values) -> Accepted:
    world.order(values["order"])
    item = OrderItem(**values)
    _check_item(item)
    return Accepted((item,))


def _change_item(world: PlantWorld, before: Any, changed: Values, _following: Values) -> Accepted:
    order = world.order(before.order)
    if not order.active:
        raise RefusedError(
            _(
                "{number} is {state}; it isn’t changed any more.",
                number=order.number,
                state=order_word(order.state),
            )
        )
    done: int | None = changed.pop("completed", None)
    item: OrderItem = replace(before, **changed)
    if done is None:
        _check_item(item)
        return Accepted((item,))
    others = [each for each in world.items_of(order.number) if each.line != item.line]
    counted = count(order, [*others, item], world.now, completed=done, line=item.line)
    assert counted.item is not None
    return Accepted((counted.item, counted.order), (progress_event(counted.order, world.now),))


def _check_item(item: OrderItem) -> None:
    if item.completed > item.quantity:
        raise ColumnError("completed", _("Only {quantity} pieces were asked for.", quantity=item.quantity))


def _add_schedule(world: PlantWorld, values: Values) -> Accepted:
    """A new stretch: planned for an order that is worked on, or taken over as what was."""
    order = world.order(values["order"])
    world.need_department(values["department"])
    world.need_operators([values["operator"]])
    schedule = OrderSchedule(**values)
    if schedule.end <= schedule.start:
        raise ColumnError("end", _("It must end after it begins."))
    if not order.active and schedule.end <= world.now:
        return Accepted((schedule,))
    if schedule.state is ScheduleState.CANCELLED:
        return Accepted((schedule,))
    after = plan(order, world.schedules_of(order.number), replace(schedule, line=0), world.now).order
    if after.state is OrderState.PENDING:
        done = move(after, OrderState.SCHEDULED, world.now)
        return Accepted((schedule, done.after), (order_moved_event(world, done),))
    if (after.scheduled_start, after.scheduled_end) == (order.scheduled_start, order.scheduled_end):
        return Accepted((schedule,))
    return Accepted((schedule, after))


def _change_schedule(world: PlantWorld, before: Any, changed: Values, _following: Values) -> Accepted:
    schedule: OrderSchedule = before
    order = world.order(schedule.order)
    world.need_department(changed.get("department", ""))
    world.need_operators([changed.get("operator", "")])
    events: tuple[Event, ...] = ()
    if any(name in changed for name in _PLANNED):
        wanted = replace(schedule, **{name: changed[name] for name in _PLANNED if name in changed})
        planned = plan(order, world.schedules_of(order.number), wanted, world.now)
        order, schedule = planned.order, planned.schedule
        if order.state is OrderState.PENDING:
            done = move(order, OrderState.SCHEDULED, world.now)
            order, events = done.after, (order_moved_event(world, done),)
    if "state" in changed:
        known = [each for each in world.schedules_of(order.number) if each.line != schedule.line]
        settled = settle(order, [*known, schedule], schedule.line, changed["state"], world.now)
        order, schedule = settled.order, settled.schedule
    return Accepted((schedule, order), events)


ORDERS = Kind(
    "orders",
    _("Orders"),
    ("number",),
    (
        Field("number", NameCell(order_number), ("order", "order_number"), required=True),
        Field("product", TextCell(200), ("product_id", "product_name"), required=True),
        Field("quantity", NumberCell(1, _MOST_PIECES), required=True),
        Field("completed", NumberCell(0, _MOST_PIECES), ("completed_quantity",), default=0),
        Field("rejected", NumberCell(0, _MOST_PIECES), ("rejected_quantity",), default=0),
        Field("state", WordCell(OrderState), ("status",), default=OrderState.PENDING),
        Field("reason", TextCell(), mode=Mode.FOLLOWS),
        Field("start", MomentCell(), ("start_date",)),
        Field("due", DueCell(), ("end_date", "due_date"), required=True),
        Field("customer", TextCell(200), ("customer_name",)),
        Field("sales_order", TextCell(40), ("sales_order_number",)),
        Field("department", NameCell(department_code), ("department_id", "department_code")),
        Field("value", AmountCell(), ("order_value",)),
        Field("currency", NameCell(_currency)),
        Field("notes", TextCell()),
        Field("scheduled_start", MomentCell(), mode=Mode.FOLLOWS),
        Field("scheduled_end", MomentCell(), mode=Mode.FOLLOWS),
        Field("actual_start", MomentCell(), mode=Mode.FOLLOWS),
        Field("actual_end", MomentCell(), mode=Mode.FOLLOWS),
        Field("previous", WordCell(OrderState, clearable=True), mode=Mode.FOLLOWS),
        Field("created_at", MomentCell(), mode=Mode.FIXED),
        Field("updated_at", MomentCell(), mode=Mode.FOLLOWS),
        Field("since", MomentCell(), mode=Mode.FOLLOWS),
    ),
    lambda world: world.orders,
    _add_order,
    _change_order,
)

_LINE = NumberCell(1, 999)

ITEMS = Kind(
    "items",
    _("Items of orders"),
    ("order", "line"),
    (
        Field("order", NameCell(order_number), ("order_number", "order_id"), required=True),
        Field("line", _LINE, ("line_number", "item"), required=True),
        Field("product", TextCell(200), ("product_id", "product_name"), required=True),
        Field("quantity", NumberCell(1, _MOST_PIECES), required=True),
        Field("completed", NumberCell(0, _MOST_PIECES), ("done", "completed_quantity"), default=0),
    ),
    lambda world: world.items,
    _add_item,
    _change_item,
)

SCHEDULES = Kind(
    "schedules",
    _("Work on orders"),
    ("order", "line"),
    (
        Field("order", NameCell(order_number), ("order_number", "order_id"), required=True),
        Field("line", _LINE, ("line_number", "schedule"), required=True),
        Field("start", MomentCell(), ("scheduled_start", "date", "scheduled_date"), required=True),
        Field("end", MomentCell(), ("scheduled_end",), required=True),
        Field("department", NameCell(department_code), ("department_id", "department_code"), required=True),
        Field("machine", NameCell(machine_number), ("machine_id", "machine_number")),
        Field("operator", NameCell(employee_number), ("operator_id", "employee_number")),
        Field("state", WordCell(ScheduleState), ("status",), default=ScheduleState.SCHEDULED),
        Field("started_at", MomentCell(), ("started",), mode=Mode.FOLLOWS),
        Field("completed_at", MomentCell(), ("completed",), mode=Mode.FOLLOWS),
    ),
    lambda world: world.schedules,
    _add_schedule,
    _change_schedule,
)
