"""Parts of pages about orders: their rows, their bars against time, and what can be done about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from core.areas.plant.model.orders import Order, OrderSchedule, OrderState, ScheduleState
from core.areas.plant.rules.moves import legal_moves
from core.areas.plant.rules.order_verdict import expected, progress, stand
from core.areas.plant.rules.state_words import order_state, schedule_state
from core.message import Message, _
from core.page import Action, Column, Gantt, GanttBar, Kind, Row
from core.units import Absent, Instant, Severity, Share, State, Value

__all__ = [
    "ORDER_COLUMNS",
    "department_gantt",
    "open_order",
    "order_actions",
    "order_gantt",
    "order_row",
    "share_done",
]

_BEFORE, _AHEAD = timedelta(days=1), timedelta(days=6)
"""What of the plan the list of orders shows."""

_MARGIN = timedelta(hours=6)
_MOST_BARS = 24

ORDER_COLUMNS = (
    Column("order", _("Order"), Kind.TEXT, 1),
    Column("promise", _("Promise"), Kind.STATE, 1),
    Column("why", _("Why"), Kind.TEXT, 2),
    Column("state", _("State"), Kind.STATE, 1),
    Column("done", _("Done"), Kind.NUMBER, 1),
    Column("due", _("Due"), Kind.MOMENT, 2),
    Column("expected", _("Expected"), Kind.MOMENT, 3),
    Column("product", _("Product"), Kind.TEXT, 2),
    Column("customer", _("Customer"), Kind.TEXT, 3),
    Column("department", _("Department"), Kind.TEXT, 3),
)

_MOVE_LABELS: Mapping[OrderState, Message] = {
    OrderState.PENDING: _("Move it back to pending"),
    OrderState.SCHEDULED: _("It is scheduled"),
    OrderState.IN_PROGRESS: _("Start it"),
    OrderState.ON_HOLD: _("Put it on hold"),
    OrderState.COMPLETED: _("It is completed"),
    OrderState.CANCELLED: _("Cancel it"),
    OrderState.ARCHIVED: _("Archive it"),
}


def open_order(number: str) -> Action:
    """What opens the page of an order."""
    return Action("order", _("Open the order"), (("order", number),))


def order_row(order: Order, now: datetime) -> Row:
    """An order as a row of a table with `ORDER_COLUMNS`."""
    standing = stand(order, now)
    return Row(
        order.number,
        (
            order.number,
            standing.state,
            standing.why,
            order_state(order.state),
            share_done(order),
            Instant(order.due),
            Instant(expected(order)),
            order.product,
            order.customer or Absent(_("not named")),
            order.department or Absent(_("none yet")),
        ),
        open_order(order.number),
    )


def share_done(order: Order) -> Value:
    """How much of an order is done."""
    share = progress(order)
    return Absent(_("it has no pieces")) if share is None else Share(share, 0)


def order_actions(order: Order) -> tuple[Action, ...]:
    """What can be done about an order from where it is."""
    here = (("order", order.number),)
    goes_on = order.state is OrderState.ON_HOLD
    moves = [
        Action(
            "order move",
            _("Let it go on") if goes_on and to is not OrderState.CANCELLED else _MOVE_LABELS[to],
            (*here, ("state", to.value)),
        )
        for to in legal_moves(order)
    ]
    more: list[Action] = []
    if order.state is OrderState.IN_PROGRESS:
        more.append(Action("order progress", _("Count its pieces"), here))
    if order.active:
        more.append(Action("order schedule", _("Plan a stretch of work"), here))
        more.append(Action("defect", _("Report a defect"), here))
    return (*more, *moves)


def order_gantt(order: Order, schedules: Sequence[OrderSchedule], now: datetime) -> Gantt:
    """What was agreed about an order, and below it every stretch of work."""
    begun = order.actual_start or order.start or order.created_at
    agreed = GanttBar(order.number, order.number, begun, max(order.due, begun), stand(order, now).state)
    bars = (agreed, *(_bar(each, now, _where(each)) for each in _shown(schedules)))
    return Gantt(
        "plan",
        _("Work against time"),
        min(bar.start for bar in bars) - _MARGIN,
        max(*(bar.end for bar in bars), now if order.active else agreed.end) + _MARGIN,
        bars,
    )


def department_gantt(orders: Iterable[Order], schedules: Iterable[OrderSchedule], now: datetime) -> Gantt:
    """What is planned in every department from yesterday on for a week, by department and time."""
    start, end = now - _BEFORE, now + _AHEAD
    wanted = {each.number for each in orders}
    planned = [
        each for each in _shown(schedules) if each.order in wanted and each.start < end and each.end > start
    ]
    planned.sort(key=lambda each: (each.department, each.start, each.order, each.line))
    bars = tuple(
        _bar(each, now, f"{each.department} {each.order}", open_order(each.order))
        for each in planned[:_MOST_BARS]
    )
    return Gantt("departments", _("Planned in every department"), start, end, bars)


def _shown(schedules: Iterable[OrderSchedule]) -> list[OrderSchedule]:
    return [each for each in schedules if each.state is not ScheduleState.CANCELLED]


def _where(schedule: OrderSchedule) -> str:
    return f"{schedule.line} {schedule.department} {schedule.machine}".rstrip()


def _bar(schedule: OrderSchedule, now: datetime, name: str, action: Action | None = None) -> GanttBar:
    """A stretch of work: as it was once it is settled, as it is planned before."""
    start = schedule.started_at or schedule.start
    end = max(schedule.completed_at or schedule.end, start)
    key = f"{schedule.order}.{schedule.line}"
    return GanttBar(key, name, start, end, _stretch_state(schedule, now), action)


def _stretch_state(schedule: OrderSchedule, now: datetime) -> State:
    if schedule.state is ScheduleState.IN_PROGRESS and schedule.end < now:
        return State(Severity.WARNING, _("overdue"))
    if schedule.state is ScheduleState.SCHEDULED and schedule.start < now:
        return State(Severity.WARNING, _("not begun"))
    return schedule_state(schedule.state)
