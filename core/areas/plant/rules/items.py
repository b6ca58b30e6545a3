"""Adding an item to an order: what it may be of, and when it is too late."""

from __future__ import annotations

from collections.abc import Sequence

from core.areas.plant.model.orders import Order, OrderItem
from core.areas.plant.rules.state_words import order_word
from core.errors import InputError, RefusedError
from core.message import _

__all__ = ["new_item"]


def new_item(order: Order, items: Sequence[OrderItem], product: str, quantity: int) -> OrderItem:
    """The next item of the order.

    Raises:
        RefusedError: the order is over, or its pieces were counted without items.
        InputError: its items would be of more pieces than it is.
    """
    if not order.active:
        raise RefusedError(
            _(
                "{number} is {state}; it isn’t changed any more.",
                number=order.number,
                state=order_word(order.state),
            )
        )
    if order.completed and not items:
        raise RefusedError(
            _(
                "{number} has {completed} pieces done that are of no item; its pieces are counted without "
                "items.",
                number=order.number,
                completed=order.completed,
            )
        )
    left = order.quantity - sum(each.quantity for each in items)
    if quantity > left:
        raise InputError(
            _(
                "{parameter}: {number} is of {quantity} pieces, of which {left} are of no item yet.",
                parameter="quantity",
                number=order.number,
                quantity=order.quantity,
                left=max(left, 0),
            )
        )
    line = max((each.line for each in items), default=0) + 1
    return OrderItem(order.number, line, product, quantity)
