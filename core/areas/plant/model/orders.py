"""What the plant makes for whom: orders, their items, and the work on them (whatsapp.md A3)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.message import Message

__all__ = [
    "ACTIVE",
    "OVER",
    "Order",
    "OrderItem",
    "OrderSchedule",
    "OrderState",
    "ScheduleState",
]


class OrderState(enum.Enum):
    """Where an order is in its life."""

    PENDING = "pending"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


ACTIVE = frozenset({OrderState.PENDING, OrderState.SCHEDULED, OrderState.IN_PROGRESS, OrderState.ON_HOLD})
"""The states in which something is still to be done about an order."""

OVER = frozenset(OrderState) - ACTIVE
"""The states in which nothing is."""


class ScheduleState(enum.Enum):
    """How far one stretch of work on an order is."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Order:
    """What a customer is to get, and how far it is.

    `start` and `due` are what was agreed, `scheduled_…` what is planned (the first start and the last end of
    its schedules), `actual_…` what came of it. `quantity`, `completed` and `rejected` count pieces; rejected
    ones are not completed. `department` is the code of who answers for it. `since` is when it came into its
    state, `reason` why, where one was given (a message where nobody wrote it), and `previous` the state it
    came from. `updated_at` is when anything of it was changed last.
    """

    number: str
    product: str
    quantity: int
    due: datetime
    created_at: datetime
    updated_at: datetime
    since: datetime
    state: OrderState = OrderState.PENDING
    start: datetime | None = None
    customer: str = ""
    sales_order: str = ""
    department: str = ""
    completed: int = 0
    rejected: int = 0
    scheduled_start: datetime | None = None
    scheduled_end: datetime | None = None
    actual_start: datetime | None = None
    actual_end: datetime | None = None
    value: Decimal | None = None
    currency: str = ""
    notes: str = ""
    previous: OrderState | None = None
    reason: Message | str = ""

    @property
    def active(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state in ACTIVE


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One line of an order: how many of which product, and how many are done. Lines count from one."""

    order: str
    line: int
    product: str
    quantity: int
    completed: int = 0


@dataclass(frozen=True, slots=True)
class OrderSchedule:
    """One stretch of work on an order: where, on which machine, by whom. Lines count from one."""

    order: str
    line: int
    start: datetime
    end: datetime
    department: str
    machine: str = ""
    operator: str = ""
    state: ScheduleState = ScheduleState.SCHEDULED
    started_at: datetime | None = None
    completed_at: datetime | None = None
