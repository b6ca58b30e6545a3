"""Counting the pieces of an order: of the whole, or of each of its items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.areas.plant.model.orders import Order, OrderItem, OrderState
from core.areas.plant.rules.state_words import order_word
from core.errors import InputError, NotFoundError, RefusedError
from core.message import _

__all__ = ["Counted", "count"]


@dataclass(frozen=True, slots=True)
class Counted:
    """The order after pieces were counted, and the item that they are of, where it has items."""

    order: Order
    item: OrderItem | None = None


def count(
    order: Order,
    items: Sequence[OrderItem],
    at: datetime,
    *,
    completed: int,
    rejected: int | None = None,
    line: int | None = None,
) -> Counted:
    """The order with `completed` pieces done so far, in all or of the item of that line.

    An order that has items has as many pieces done as they have together. Rejected pieces are always counted
    over the whole order; leaving them out keeps what is known. Fewer than before are a correction.

    Raises:
        RefusedError: the order is not being worked on.
        NotFoundError: it has no item of that line.
        InputError: it has several items and none is named, or that many pieces were never asked for.
    """
    if order.state is not OrderState.IN_PROGRESS:
        raise RefusedError(
            _(
                "{number} is {state}; pieces are counted while it is in progress: “order move” starts it.",
                number=order.number,
                state=order_word(order.state),
            )
        )
    changed = replace(order, rejected=order.rejected if rejected is None else rejected, updated_at=at)
    if not items:
        if line is not None:
            raise NotFoundError(_("{number} has no items; leave the item out.", number=order.number))
        _within(completed, order.quantity)
        return Counted(replace(changed, completed=completed))
    item = _item(order, items, line)
    _within(completed, item.quantity)
    others = sum(each.completed for each in items if each.line != item.line)
    return Counted(replace(changed, completed=others + completed), replace(item, completed=completed))


def _item(order: Order, items: Sequence[OrderItem], line: int | None) -> OrderItem:
    known = ", ".join(f"{each.line}: {each.product}" for each in items)
    if line is None:
        if len(items) > 1:
            raise InputError(
                _(
                    "{number} has several items; name one by its line: {known}.",
                    number=order.number,
                    known=known,
                )
            )
        return items[0]
    found = next((each for each in items if each.line == line), None)
    if found is None:
        raise NotFoundError(
            _("{number} has no item {line}; it has {known}.", number=order.number, line=line, known=known)
        )
    return found


def _within(completed: int, quantity: int) -> None:
    if completed > quantity:
        raise InputError(_("Only {quantity} pieces were asked for.", quantity=quantity))
