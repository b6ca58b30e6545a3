"""What every write to the plant does first: its turn, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.area import Request
from core.areas.plant.model.orders import Order, OrderItem, OrderSchedule
from core.areas.plant.store.orders import items_of, order_of, schedules_of
from core.notify.delivery.turn import take_turn
from core.store.store import Transaction
from core.store.versions import NEWEST
from core.text import clean

__all__ = ["OrderTurn", "take_order", "words"]


@dataclass(frozen=True, slots=True)
class OrderTurn:
    """An order with its items and schedules as they are now, which nobody else changes meanwhile."""

    order: Order
    items: list[OrderItem]
    schedules: list[OrderSchedule]
    now: datetime


async def take_order(request: Request, transaction: Transaction) -> OrderTurn:
    """The order that the request names.

    Raises:
        NotFoundError: there is no such order.
    """
    await take_turn(transaction)
    connection = transaction.connection
    order = await order_of(connection, request.text("order") or "", NEWEST)
    return OrderTurn(
        order,
        await items_of(connection, order.number, NEWEST),
        await schedules_of(connection, order.number, NEWEST),
        transaction.recorded_at,
    )


def words(request: Request, name: str, limit: int = 500) -> str:
    """A text that a person wrote, on one line and safe; empty where there is none."""
    return clean(request.text(name) or "", limit)
