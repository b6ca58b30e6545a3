"""Orders, their items and schedules as rows, and back."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import RowMapping

from core.areas.plant.model.orders import Order, OrderItem, OrderSchedule, OrderState, ScheduleState
from core.areas.plant.store.reasons import reason_of, stored_reason
from core.areas.plant.store.stamps import maybe_moment, maybe_stamp
from core.store.metadata import from_microseconds, to_microseconds

__all__ = ["item_of", "item_row", "order_of_row", "order_row", "schedule_of", "schedule_row"]


_ORDER_STATES = {each.value: each for each in OrderState}
_SCHEDULE_STATES = {each.value: each for each in ScheduleState}
"""By what is stored: looked up for thousands of rows a page."""


def order_row(order: Order) -> dict[str, object]:
    """An order as its row."""
    return {
        "number": order.number,
        "product": order.product,
        "quantity": order.quantity,
        "due": to_microseconds(order.due),
        "created_at": to_microseconds(order.created_at),
        "updated_at": to_microseconds(order.updated_at),
        "since": to_microseconds(order.since),
        "state": order.state.value,
        "start": maybe_stamp(order.start),
        "customer": order.customer,
        "sales_order": order.sales_order,
        "department": order.department,
        "completed": order.completed,
        "rejected": order.rejected,
        "scheduled_start": maybe_stamp(order.scheduled_start),
        "scheduled_end": maybe_stamp(order.scheduled_end),
        "actual_start": maybe_stamp(order.actual_start),
        "actual_end": maybe_stamp(order.actual_end),
        "value": None if order.value is None else str(order.value),
        "currency": order.currency,
        "notes": order.notes,
        "previous": None if order.previous is None else order.previous.value,
        "reason": stored_reason(order.reason),
    }


def order_of_row(row: RowMapping) -> Order:
    """A row as the order it holds."""
    return Order(
        number=row["number"],
        product=row["product"],
        quantity=row["quantity"],
        due=from_microseconds(row["due"]),
        created_at=from_microseconds(row["created_at"]),
        updated_at=from_microseconds(row["updated_at"]),
        since=from_microseconds(row["since"]),
        state=_ORDER_STATES[row["state"]],
        start=maybe_moment(row["start"]),
        customer=row["customer"],
        sales_order=row["sales_order"],
        department=row["department"],
        completed=row["completed"],
        rejected=row["rejected"],
        scheduled_start=maybe_moment(row["scheduled_start"]),
        scheduled_end=maybe_moment(row["scheduled_end"]),
        actual_start=maybe_moment(row["actual_start"]),
        actual_end=maybe_moment(row["actual_end"]),
        value=None if row["value"] is None else Decimal(row["value"]),
        currency=row["currency"],
        notes=row["notes"],
        previous=None if row["previous"] is None else _ORDER_STATES[row["previous"]],
        reason=reason_of(row["reason"]),
    )


def item_row(item: OrderItem) -> dict[str, object]:
    """A line of an order as its row."""
    return {
        "order": item.order,
        "line": item.line,
        "product": item.product,
        "quantity": item.quantity,
        "completed": item.completed,
    }


def item_of(row: RowMapping) -> OrderItem:
    """A row as the line of an order it holds."""
    return OrderItem(row["order"], row["line"], row["product"], row["quantity"], row["completed"])


def schedule_row(schedule: OrderSchedule) -> dict[str, object]:
    """A stretch of work as its row."""
    return {
        "order": schedule.order,
        "line": schedule.line,
        "begins": to_microseconds(schedule.start),
        "ends": to_microseconds(schedule.end),
        "department": schedule.department,
        "machine": schedule.machine,
        "operator": schedule.operator,
        "state": schedule.state.value,
        "started_at": maybe_stamp(schedule.started_at),
        "completed_at": maybe_stamp(schedule.completed_at),
    }


def schedule_of(row: RowMapping) -> OrderSchedule:
    """A row as the stretch of work it holds."""
    return OrderSchedule(
        order=row["order"],
        line=row["line"],
        start=from_microseconds(row["begins"]),
        end=from_microseconds(row["ends"]),
        department=row["department"],
        machine=row["machine"],
        operator=row["operator"],
        state=_SCHEDULE_STATES[row["state"]],
        started_at=maybe_moment(row["started_at"]),
        completed_at=maybe_moment(row["completed_at"]),
    )
