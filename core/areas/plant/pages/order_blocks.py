"""Parts of pages about orders: their rows, their bars against time, and what can be done about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from core.areas.plant.model.orders import Order, OrderSchedule, OrderState, ScheduleState
from core.areas.plant.rules.moves import legal_moves
from core.areas.plant.rules.order_verdict import (
    OrderVerdict,
    Standing,
    expected,
    forecast,
    progress,
    stand,
)
from core.areas.plant.rules.state_words import order_state, schedule_state
from core.message import Message, _
from core.page import Action, Column, Gantt, GanttBar, Kind, Row
from core.units import Absent, Instant, Severity, Share, State, Value

__all__ = [
    "ORDER_COLUMNS",
    "department_gantt",
    "machine_gantt",
    "open_order",
    "order_actions",
    "order_gantt",
    "order_row",
    "planned_span",
    "share_done",
    "stretch_state",
    "why_of",
]

_BEFORE, _AHEAD = timedelta(days=1), timedelta(days=6)
"""What of the plan is shown where it isn't that of one order."""

_MARGIN = timedelta(hours=6)
_MOST_BARS = 24
_UNFINISHED = (ScheduleState.SCHEDULED, ScheduleState.IN_PROGRESS)

ORDER_COLUMNS = (
    Column("order", _("Order"), Kind.TEXT, 1),
    Column("promise", _("Promise"), Kind.STATE, 1),
    Column("why", _("Why"), Kind.TEXT, 1),
    Column("state", _("State"), Kind.STATE, 2),
    Column("done", _("Done"), Kind.NUMBER, 1),
    Column("due", _("Due"), Kind.MOMENT, 2),
    Column("expected", _("Expected"), Kind.MOMENT, 3),
    Column("product", _("Product"), Kind.TEXT, 3),
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
            why_of(standing),
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


def why_of(standing: Standing) -> Message:
    """Why an order stands as it does; of one on hold what it waits for, where somebody said so."""
    order = standing.order
    if standing.verdict is OrderVerdict.ON_HOLD and order.reason:
        return _("{reason}, since {since}", reason=order.reason, since=Instant(order.since))
    return standing.why


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
        more.append(Action("order stretch", _("What became of a stretch of work?"), here))
        more.append(Action("defect", _("Report a defect"), here))
    return (*more, *moves)


def order_gantt(order: Order, schedules: Sequence[OrderSchedule], now: datetime) -> Gantt:
    """An order from its beginning to when it is expected to be done, and below it every stretch of work."""
    agreed = _agreed(order, now)
    bars = (agreed, *(_bar(each, order, now, _where(each)) for each in _shown(schedules)))
    last = max(*(bar.end for bar in bars), now if order.active else agreed.end)
    # A pace that leads years ahead must not squeeze all the rest into nothing.
    farthest = max(order.due, now) + (order.due - agreed.start) / 2
    return Gantt(
        "plan",
        _("Work against time"),
        min(bar.start for bar in bars) - _MARGIN,
        min(last, max(farthest, agreed.start)) + _MARGIN,
        bars,
    )


def planned_span(now: datetime) -> tuple[datetime, datetime]:
    """What of the plan is shown where it isn't that of one order, from when to when."""
    return now - _BEFORE, now + _AHEAD


def department_gantt(orders: Iterable[Order], schedules: Iterable[OrderSchedule], now: datetime) -> Gantt:
    """What is planned in every department from yesterday on for a week, by department and time."""
    planned = _planned(orders, schedules, now)
    planned.sort(key=lambda each: (each[1].department, each[1].start, each[1].order, each[1].line))
    bars = [
        _bar(each, order, now, f"{each.department} {each.order}", open_order(each.order))
        for order, each in planned
    ]
    return _week("departments", _("Planned in every department"), bars, now)


def machine_gantt(
    machine: str, orders: Iterable[Order], schedules: Iterable[OrderSchedule], now: datetime
) -> Gantt:
    """What is planned on a machine from yesterday on for a week: what waits for it while it is down."""
    planned = _planned(orders, (each for each in schedules if each.machine == machine), now)
    planned.sort(key=lambda each: (each[1].start, each[1].order, each[1].line))
    bars = [_bar(each, order, now, each.order, open_order(each.order)) for order, each in planned]
    return _week("planned", _("Planned on it"), bars, now)


def _agreed(order: Order, now: datetime) -> GanttBar:
    """An order as a bar: late is what lies after its due date, by now, by the plan, or by its pace."""
    begun = order.actual_start or order.start or order.created_at
    ends = [order.due, order.actual_end or order.scheduled_end or order.due]
    if order.active:
        ends += [forecast(order, now) or order.due, now if now > order.due else order.due]
    end = max(*ends, begun)
    return GanttBar(order.number, order.number, begun, end, stand(order, now).state, due=order.due)


def _planned(
    orders: Iterable[Order], schedules: Iterable[OrderSchedule], now: datetime
) -> list[tuple[Order, OrderSchedule]]:
    """The stretches of these orders that lie in the week that is shown, each with its order."""
    named = {each.number: each for each in orders}
    return [
        (named[each.order], each)
        for each in _shown(schedules)
        if each.order in named and each.start < now + _AHEAD and _ends(each, now) > now - _BEFORE
    ]


def _week(key: str, title: Message, bars: Sequence[GanttBar], now: datetime) -> Gantt:
    """A week of work; of more than can be read the worst, and the title says of how many."""
    shown = bars
    if len(bars) > _MOST_BARS:
        worst = sorted(bars, key=lambda bar: (-bar.state.severity, bar.start))[:_MOST_BARS]
        kept = {bar.key for bar in worst}
        shown = [bar for bar in bars if bar.key in kept]
        title = _("{title}, {shown} of {all}", title=title, shown=len(shown), all=len(bars))
    return Gantt(key, title, now - _BEFORE, now + _AHEAD, tuple(shown))


def _shown(schedules: Iterable[OrderSchedule]) -> list[OrderSchedule]:
    return [each for each in schedules if each.state is not ScheduleState.CANCELLED]


def _where(schedule: OrderSchedule) -> str:
    return f"{schedule.line} {schedule.department} {schedule.machine}".rstrip()


def _ends(schedule: OrderSchedule, now: datetime) -> datetime:
    """When a stretch ended, or is planned to; one that should be over and goes on hasn't ended by now."""
    if schedule.state is ScheduleState.IN_PROGRESS:
        return max(schedule.end, now)
    return schedule.completed_at or schedule.end


def _bar(
    schedule: OrderSchedule, order: Order, now: datetime, name: str, action: Action | None = None
) -> GanttBar:
    """A stretch of work: as it was once it is settled, as it is planned before."""
    start = schedule.started_at or schedule.start
    key = f"{schedule.order}.{schedule.line}"
    if action is None and schedule.machine:
        action = Action("machine", _("Open the machine"), (("machine", schedule.machine),))
    state = stretch_state(schedule, order, now)
    return GanttBar(key, name, start, max(_ends(schedule, now), start), state, action, schedule.end)


def stretch_state(schedule: OrderSchedule, order: Order, now: datetime) -> State:
    """How a stretch of work stands: it rests while its order does, and may be late."""
    if order.state is OrderState.ON_HOLD and schedule.state in _UNFINISHED:
        return order_state(OrderState.ON_HOLD)
    if schedule.state is ScheduleState.IN_PROGRESS and schedule.end < now:
        return State(Severity.WARNING, _("overdue"))
    if schedule.state is ScheduleState.SCHEDULED and schedule.start < now:
        return State(Severity.WARNING, _("not begun"))
    return schedule_state(schedule.state)
