"""Which state an order may go to from which, and why not elsewhere (whatsapp.md A3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core.areas.plant.model.orders import Order, OrderState
from core.areas.plant.rules.state_words import order_word
from core.errors import RefusedError
from core.message import Message, _, listed

__all__ = ["Move", "can_hold", "legal_moves", "move", "needs_reason"]

_PENDING, _SCHEDULED, _IN_PROGRESS = OrderState.PENDING, OrderState.SCHEDULED, OrderState.IN_PROGRESS
_ON_HOLD, _COMPLETED = OrderState.ON_HOLD, OrderState.COMPLETED
_CANCELLED, _ARCHIVED = OrderState.CANCELLED, OrderState.ARCHIVED

_LEGAL: Mapping[OrderState, tuple[OrderState, ...]] = {
    _PENDING: (_SCHEDULED, _ON_HOLD, _CANCELLED),
    _SCHEDULED: (_IN_PROGRESS, _PENDING, _ON_HOLD, _CANCELLED),
    _IN_PROGRESS: (_COMPLETED, _ON_HOLD, _CANCELLED),
    _COMPLETED: (_ARCHIVED,),
    _CANCELLED: (_ARCHIVED,),
    _ARCHIVED: (),
}
"""Where an order may go from each state but a hold, which it leaves for where it came from."""


@dataclass(frozen=True, slots=True)
class Move:
    """An order before and after it came into another state."""

    before: Order
    after: Order


def legal_moves(order: Order) -> tuple[OrderState, ...]:
    """The states that the order may go to now, the usual one first."""
    if order.state is _ON_HOLD:
        return (order.previous or _PENDING, _CANCELLED)
    return _LEGAL[order.state]


def can_hold(order: Order) -> bool:
    """Whether the order may be put on hold now."""
    return _ON_HOLD in legal_moves(order)


def needs_reason(order: Order, to: OrderState) -> bool:
    """Whether that move has to say why: a hold, a cancellation, a step back, an end with pieces missing."""
    if to in (_ON_HOLD, _CANCELLED) or (order.state is _SCHEDULED and to is _PENDING):
        return True
    return to is _COMPLETED and order.completed < order.quantity


def move(order: Order, to: OrderState, at: datetime, reason: Message | str = "") -> Move:
    """The order going to another state at `at`.

    Raises:
        RefusedError: it may not go there from where it is, it isn't planned yet, or a reason is missing; the
            message says which and what would do.
    """
    refused = _refusal(order, to, reason)
    if refused is not None:
        raise RefusedError(refused)
    after = replace(
        order,
        state=to,
        since=at,
        updated_at=at,
        reason=reason,
        previous=order.state,
    )
    if to is _IN_PROGRESS:
        after = replace(after, actual_start=order.actual_start or at)
    if to in (_COMPLETED, _CANCELLED):
        after = replace(after, actual_end=at)
    return Move(order, after)


def _refusal(order: Order, to: OrderState, reason: Message | str) -> Message | None:
    if to is order.state:
        return _("{number} is {state} already.", number=order.number, state=order_word(to))
    legal = legal_moves(order)
    if to not in legal:
        return _from_here(order, to, legal)
    if to is _SCHEDULED and order.scheduled_start is None and order.state is _PENDING:
        return _(
            "{number} has no schedule yet; plan a first stretch of work with “order schedule”.",
            number=order.number,
        )
    if needs_reason(order, to) and not reason:
        return _why(order, to)
    return None


def _from_here(order: Order, to: OrderState, legal: tuple[OrderState, ...]) -> Message:
    if not legal:
        return _("{number} is archived, which is for good.", number=order.number)
    known = listed([order_word(state) for state in legal])
    if order.state is _ON_HOLD:
        return _(
            "{number} is on hold and goes on where it was, or is cancelled: {known}.",
            number=order.number,
            known=known,
        )
    return _(
        "{number} is {state} and can’t become {wanted} from there; it can become: {known}.",
        number=order.number,
        state=order_word(order.state),
        wanted=order_word(to),
        known=known,
    )


def _why(order: Order, to: OrderState) -> Message:
    if to is _COMPLETED:
        return _(
            "{number} has {completed} of {quantity} pieces; record the rest with “order progress”, or give "
            "the reason why it ends short.",
            number=order.number,
            completed=order.completed,
            quantity=order.quantity,
        )
    return _("Give the reason why {number} becomes {state}.", number=order.number, state=order_word(to))
