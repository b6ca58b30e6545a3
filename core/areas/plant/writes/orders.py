"""Adding orders, bringing them into other states, and counting their pieces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import cast

from core.area import Outcome, Request
from core.areas.plant.model.orders import Order, OrderState
from core.areas.plant.pages.order_written import order_written
from core.areas.plant.rules.counting import count
from core.areas.plant.rules.due import due_at
from core.areas.plant.rules.items import new_item
from core.areas.plant.rules.moves import move
from core.areas.plant.rules.order_events import added_event, progress_event
from core.areas.plant.rules.state_words import order_word
from core.areas.plant.store.orders import order_of, record_items, record_move, record_orders
from core.areas.plant.store.people import department_of
from core.areas.plant.writes.turn import take_order, words
from core.errors import NotFoundError, RefusedError
from core.message import Message, _
from core.notify.delivery.turn import take_turn
from core.store.store import Transaction
from core.store.versions import NEWEST
from core.units import Instant

__all__ = ["apply_add", "apply_item", "apply_move", "apply_progress", "audited"]


async def apply_add(request: Request, transaction: Transaction) -> Outcome:
    """Add an order.

    Raises:
        RefusedError: there is one of that number.
        NotFoundError: there is no such department.
    """
    await take_turn(transaction)
    connection, number = transaction.connection, request.text("order") or ""
    try:
        known = await order_of(connection, number, NEWEST)
    except NotFoundError:
        known = None
    if known is not None:
        raise RefusedError(_("There is an order {number} already.", number=number))
    department = request.text("department") or ""
    if department:
        await department_of(connection, department, NEWEST)
    now = transaction.recorded_at
    order = Order(
        number=number,
        product=words(request, "product", 200),
        quantity=cast("int", request.arguments["quantity"]),
        due=due_at(cast("datetime | date", request.arguments["due"]), request.principal.zone),
        created_at=now,
        updated_at=now,
        since=now,
        start=cast("datetime | None", request.arguments.get("start")),
        customer=words(request, "customer", 200),
        sales_order=words(request, "sales_order", 40),
        department=department,
        notes=words(request, "notes"),
    )
    await record_orders(transaction, [order])
    await transaction.emit(added_event(order, now))
    added = _("{number} was added.", number=number)
    return _outcome(None, order, added, _overdue(order, now))


async def apply_item(request: Request, transaction: Transaction) -> Outcome:
    """Add an item to an order."""
    turn = await take_order(request, transaction)
    item = new_item(
        turn.order, turn.items, words(request, "product", 200), cast("int", request.arguments["quantity"])
    )
    after = replace(turn.order, updated_at=turn.now)
    await record_items(transaction, [item])
    await record_orders(transaction, [after])
    note = _(
        "Item {line} of {number}: {quantity} pieces of {product}.",
        line=item.line,
        number=after.number,
        quantity=item.quantity,
        product=item.product,
    )
    added = {"item": item.line, "product": item.product, "quantity": item.quantity}
    return Outcome(order_written(after, note), f"order:{after.number}", {}, added)


async def apply_move(request: Request, transaction: Transaction) -> Outcome:
    """Bring an order into another state.

    Raises:
        RefusedError: it may not go there; the message says what would do.
    """
    turn = await take_order(request, transaction)
    to = OrderState(request.text("state") or "")
    done = move(turn.order, to, turn.now, words(request, "reason"))
    after = await record_move(transaction, done)
    note = _("{number} is {state} now.", number=after.number, state=order_word(after.state))
    return _outcome(turn.order, after, note)


async def apply_progress(request: Request, transaction: Transaction) -> Outcome:
    """Record how many pieces are done so far."""
    turn = await take_order(request, transaction)
    counted = count(
        turn.order,
        turn.items,
        turn.now,
        completed=cast("int", request.arguments["completed"]),
        rejected=cast("int | None", request.arguments.get("rejected")),
        line=cast("int | None", request.arguments.get("item")),
    )
    after = counted.order
    await record_orders(transaction, [after])
    if counted.item is not None:
        await record_items(transaction, [counted.item])
    await transaction.emit(progress_event(after, turn.now))
    note = _(
        "{number} has {completed} of {quantity} pieces.",
        number=after.number,
        completed=after.completed,
        quantity=after.quantity,
    )
    return _outcome(turn.order, after, note)


def audited(order: Order) -> dict[str, object]:
    """What the audit log keeps of an order's state."""
    return {
        "state": order.state.value,
        "completed": order.completed,
        "rejected": order.rejected,
        "scheduled_start": _written(order.scheduled_start),
        "scheduled_end": _written(order.scheduled_end),
        "reason": str(order.reason),
    }


def _written(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()


def _overdue(order: Order, now: datetime) -> Message | None:
    """That an order is late already as it is added, as its moment is more likely a slip than meant."""
    if order.due >= now:
        return None
    return _("Its due date has passed already: {due}.", due=Instant(order.due))


def _outcome(before: Order | None, after: Order, note: Message, remark: Message | None = None) -> Outcome:
    return Outcome(
        order_written(after, note, remark),
        f"order:{after.number}",
        {} if before is None else audited(before),
        audited(after),
    )
