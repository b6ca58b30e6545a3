"""Planning the stretches of work on an order, and saying what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.areas.plant.model.orders import Order, OrderSchedule, OrderState, ScheduleState
from core.areas.plant.rules.state_words import order_word
from core.errors import InputError, NotFoundError, RefusedError
from core.message import _

__all__ = ["Planned", "clashes", "plan", "settle"]

_UNSETTLED = frozenset({ScheduleState.SCHEDULED, ScheduleState.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class Planned:
    """An order after one of its stretches of work was planned or settled, and that stretch."""

    order: Order
    schedule: OrderSchedule


def plan(order: Order, known: Sequence[OrderSchedule], wanted: OrderSchedule, at: datetime) -> Planned:
    """The order with a stretch of work more, or (where its `line` is known) one planned anew; line 0 is new.

    Raises:
        InputError: it ends before it begins.
        NotFoundError: the order has no such line.
        RefusedError: the order is over, or that stretch is.
    """
    if wanted.end <= wanted.start:
        raise InputError(_("It must end after it begins."))
    if not order.active:
        raise RefusedError(
            _(
                "{number} is {state}; nothing is planned for it any more.",
                number=order.number,
                state=order_word(order.state),
            )
        )
    if not wanted.line:
        schedule = replace(wanted, line=max((each.line for each in known), default=0) + 1)
    else:
        before = _unsettled(order, known, wanted.line)
        schedule = replace(wanted, state=before.state, started_at=before.started_at)
    return Planned(_spanned(order, known, schedule, at), schedule)


def settle(
    order: Order, known: Sequence[OrderSchedule], line: int, state: ScheduleState, at: datetime
) -> Planned:
    """The order after a stretch of work began, was done, or was dropped.

    Raises:
        NotFoundError: the order has no such line.
        RefusedError: that stretch is settled already or has not begun, the order is not in progress, or it is
            the last one of an order that counts as scheduled.
    """
    before = _unsettled(order, known, line)
    if state is ScheduleState.CANCELLED:
        rest = [each for each in known if each.line != line and each.state is not ScheduleState.CANCELLED]
        if order.state is OrderState.SCHEDULED and not rest:
            raise RefusedError(
                _(
                    "It is the last one planned for {number}; plan another, or move the order back to "
                    "pending.",
                    number=order.number,
                )
            )
        return _settled(order, known, replace(before, state=state), at)
    if order.state is not OrderState.IN_PROGRESS:
        raise RefusedError(
            _(
                "{number} is {state}; start it first with “order move”.",
                number=order.number,
                state=order_word(order.state),
            )
        )
    if state is ScheduleState.IN_PROGRESS:
        if before.state is ScheduleState.IN_PROGRESS:
            raise RefusedError(_("Line {line} has begun already.", line=line))
        return _settled(order, known, replace(before, state=state, started_at=at), at)
    if before.state is not ScheduleState.IN_PROGRESS:
        raise RefusedError(_("Line {line} has not begun yet.", line=line))
    return _settled(order, known, replace(before, state=state, completed_at=at), at)


def clashes(schedule: OrderSchedule, others: Iterable[OrderSchedule]) -> list[OrderSchedule]:
    """What else is planned on its machine or for its operator at the same time."""
    return [
        each
        for each in others
        if (each.order, each.line) != (schedule.order, schedule.line)
        and each.state in _UNSETTLED
        and each.start < schedule.end
        and schedule.start < each.end
        and (_same(each.machine, schedule.machine) or _same(each.operator, schedule.operator))
    ]


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other


def _unsettled(order: Order, known: Sequence[OrderSchedule], line: int) -> OrderSchedule:
    found = next((each for each in known if each.line == line), None)
    if found is None:
        raise NotFoundError(_("{number} has no line {line} in its schedule.", number=order.number, line=line))
    if found.state not in _UNSETTLED:
        raise RefusedError(_("Line {line} of {number} is settled.", line=line, number=order.number))
    return found


def _settled(order: Order, known: Sequence[OrderSchedule], after: OrderSchedule, at: datetime) -> Planned:
    return Planned(_spanned(order, known, after, at), after)


def _spanned(order: Order, known: Sequence[OrderSchedule], changed: OrderSchedule, at: datetime) -> Order:
    """The order with the first start and the last end of what is planned for it."""
    every = [*(each for each in known if each.line != changed.line), changed]
    valid = [each for each in every if each.state is not ScheduleState.CANCELLED]
    return replace(
        order,
        scheduled_start=min((each.start for each in valid), default=None),
        scheduled_end=max((each.end for each in valid), default=None),
        updated_at=at,
    )
