"""What the states of orders and stretches of work are called, and how bad each is."""

from __future__ import annotations

from core.areas.plant.model.orders import OrderState, ScheduleState
from core.message import Message, sense
from core.units import Severity, State

__all__ = ["order_state", "order_word", "schedule_state"]

_ORDER: dict[OrderState, State] = {
    OrderState.PENDING: State(Severity.IDLE, sense("order", "pending")),
    OrderState.SCHEDULED: State(Severity.NOTICE, sense("order", "scheduled")),
    OrderState.IN_PROGRESS: State(Severity.GOOD, sense("order", "in progress")),
    OrderState.ON_HOLD: State(Severity.WARNING, sense("order", "on hold")),
    OrderState.COMPLETED: State(Severity.GOOD, sense("order", "completed")),
    OrderState.CANCELLED: State(Severity.IDLE, sense("order", "cancelled")),
    OrderState.ARCHIVED: State(Severity.IDLE, sense("order", "archived")),
}

_SCHEDULE: dict[ScheduleState, State] = {
    ScheduleState.SCHEDULED: State(Severity.NOTICE, sense("stretch of work", "scheduled")),
    ScheduleState.IN_PROGRESS: State(Severity.GOOD, sense("stretch of work", "in progress")),
    ScheduleState.COMPLETED: State(Severity.IDLE, sense("stretch of work", "done")),
    ScheduleState.CANCELLED: State(Severity.IDLE, sense("stretch of work", "dropped")),
}


def order_state(state: OrderState) -> State:
    """A state of an order as it is shown."""
    return _ORDER[state]


def order_word(state: OrderState) -> Message:
    """What a state of an order is called."""
    word = _ORDER[state].word
    assert isinstance(word, Message)
    return word


def schedule_state(state: ScheduleState) -> State:
    """The state of a stretch of work as it is shown."""
    return _SCHEDULE[state]
