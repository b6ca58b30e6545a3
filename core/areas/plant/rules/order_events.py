"""What the event log says of orders. Its titles never quote what somebody wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.areas.plant.model.orders import Order, OrderSchedule, OrderState
from core.areas.plant.rules.moves import Move
from core.areas.plant.rules.state_words import order_word
from core.event import Event
from core.message import Message, _
from core.units import Instant, Severity

__all__ = ["added_event", "moved_event", "progress_event", "subject_of"]

_KINDS = {
    OrderState.PENDING: "plant.order.unscheduled",
    OrderState.SCHEDULED: "plant.order.scheduled",
    OrderState.IN_PROGRESS: "plant.order.started",
    OrderState.ON_HOLD: "plant.order.held",
    OrderState.COMPLETED: "plant.order.completed",
    OrderState.CANCELLED: "plant.order.cancelled",
    OrderState.ARCHIVED: "plant.order.archived",
}
_SEVERITIES = {
    OrderState.ON_HOLD: Severity.WARNING,
    OrderState.COMPLETED: Severity.GOOD,
    OrderState.IN_PROGRESS: Severity.GOOD,
}


def subject_of(number: str) -> str:
    """The subject of events about the order of that number."""
    return f"order:{number}"


def added_event(order: Order, at: datetime) -> Event:
    """That an order is new."""
    title = _("Order {number} was added", number=order.number)
    return _event("plant.order.added", order, at, title, Severity.NOTICE)


def moved_event(done: Move, schedules: Sequence[OrderSchedule], people: Mapping[str, str]) -> Event:
    """That an order came into another state.

    The facts name the operator of its last stretch of work, who is told when it is completed, and their name
    in opsdeck: `people` has those by employee number. An order is completed once, and told so once.
    """
    order, before = done.after, done.before.state
    released = before is OrderState.ON_HOLD and order.active
    kind = "plant.order.released" if released else _KINDS[order.state]
    ended = order.actual_end or order.since if order.state is OrderState.COMPLETED else None
    worked = sorted(schedules, key=lambda each: (each.end, each.line))
    operator = next((each.operator for each in reversed(worked) if each.operator), "")
    return _event(
        kind,
        order,
        order.since,
        _moved_title(order, ended, released=released),
        _SEVERITIES.get(order.state, Severity.NOTICE),
        key=None if ended is None else f"{kind}:{order.number}",
        before=before.value,
        operator=operator,
        person=people.get(operator, ""),
        **({} if ended is None else {"completed_at": ended.isoformat()}),
    )


def _moved_title(order: Order, ended: datetime | None, *, released: bool) -> Message:
    """What became of an order; `ended` is when it was completed, which whoever made it is told."""
    if released:
        return _("Order {number} goes on", number=order.number)
    state = order_word(order.state)
    if ended is None:
        return _("Order {number}: {state}", number=order.number, state=state)
    moment = Instant(ended, dated=True)
    return _("Order {number}: {state}, {moment}", number=order.number, state=state, moment=moment)


def progress_event(order: Order, at: datetime) -> Event:
    """That pieces of an order were counted."""
    title = _(
        "Order {number}: {completed} of {quantity} pieces",
        number=order.number,
        completed=order.completed,
        quantity=order.quantity,
    )
    return _event("plant.order.progress", order, at, title, Severity.NOTICE)


def _event(
    kind: str,
    order: Order,
    at: datetime,
    title: Message,
    severity: Severity,
    *,
    key: str | None = None,
    **more: str,
) -> Event:
    facts: dict[str, str | int | float | bool | None] = {
        "order": order.number,
        "state": order.state.value,
        "department": order.department,
        "completed": order.completed,
        "rejected": order.rejected,
        "quantity": order.quantity,
        **more,
    }
    return Event(kind, "plant", subject_of(order.number), severity, title, at, facts, key)
