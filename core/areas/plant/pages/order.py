"""One order: where it stands, how far it is, its promise, its work against time, and what happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.plant.model.orders import Order, OrderItem, OrderSchedule, OrderState
from core.areas.plant.pages.order_blocks import order_actions, order_gantt, share_done, stretch_state
from core.areas.plant.rules.order_events import subject_of
from core.areas.plant.rules.order_verdict import Standing, expected, forecast, stand
from core.areas.plant.rules.state_words import order_state, order_word
from core.areas.plant.store.orders import items_of, order_of, schedules_of
from core.event import RecordedEvent
from core.message import Message, _
from core.page import (
    Action,
    Block,
    Column,
    Fact,
    Facts,
    Kind,
    Meter,
    Note,
    Page,
    Place,
    Row,
    Timeline,
    TimelineEntry,
)
from core.store.events import recent
from core.tabulate import tabulate
from core.units import Absent, Instant, Money, Quantity, Severity, Share, Unit, Value

__all__ = ["order_page"]

_ENTRIES_SHOWN = 30

_SCHEDULE_COLUMNS = (
    Column("line", _("Line"), Kind.NUMBER, 1),
    Column("state", _("State"), Kind.STATE, 1),
    Column("department", _("Department"), Kind.TEXT, 1),
    Column("start", _("Begins"), Kind.MOMENT, 1),
    Column("end", _("Ends"), Kind.MOMENT, 1),
    Column("machine", _("Machine"), Kind.TEXT, 2),
    Column("operator", _("Operator"), Kind.TEXT, 2),
    Column("started", _("Begun"), Kind.MOMENT, 3),
    Column("completed", _("Done"), Kind.MOMENT, 3),
)
_ITEM_COLUMNS = (
    Column("line", _("Line"), Kind.NUMBER, 1),
    Column("product", _("Product"), Kind.TEXT, 1),
    Column("quantity", _("Pieces"), Kind.NUMBER, 1),
    Column("completed", _("Done"), Kind.NUMBER, 1),
    Column("share", _("Share"), Kind.NUMBER, 2),
)


async def order_page(request: Request) -> Page:
    """The order that was asked for.

    Raises:
        NotFoundError: there is no such order.
    """
    now = request.moment
    async with request.services.store.reading() as connection:
        order = await order_of(connection, request.text("order") or "", now)
        items = await items_of(connection, order.number, now)
        schedules = await schedules_of(connection, order.number, now)
        events = await _events(connection, order, now)
    standing = stand(order, now)
    blocks: list[Block] = [*_said(order, standing), _standing_facts(order, standing, now)]
    blocks += [order_gantt(order, schedules, now), _pieces(order), _schedule_table(order, schedules, request)]
    if items:
        blocks.append(_item_table(items, request))
    blocks += [_timeline(events), _agreed_facts(order)]
    return Page(
        key=f"plant.order.{order.number}",
        title=_("Order"),
        verdict=standing.state if standing.needs_somebody else order_state(order.state),
        blocks=tuple(blocks),
        actions=order_actions(order),
        as_of=now,
        crumb=_("{number} · {product}", number=order.number, product=order.product),
    )


def _said(order: Order, standing: Standing) -> list[Note]:
    if order.state is OrderState.ON_HOLD and order.reason:
        return [Note("why", _("On hold: {reason}", reason=order.reason), Severity.WARNING)]
    if standing.needs_somebody:
        return [
            Note(
                "why",
                _("{verdict}: {why}", verdict=standing.state.word, why=standing.why),
                standing.state.severity,
            )
        ]
    return []


def _standing_facts(order: Order, standing: Standing, now: datetime) -> Facts:
    """The six answers about an order (whatsapp.md A2.2), and what the pace of its work says."""
    facts = [
        Fact(_("State"), order_state(order.state), _since(order)),
        Fact(_("Progress"), share_done(order)),
        Fact(_("Expected"), Instant(expected(order)), _by_plan(order)),
        Fact(_("Promise"), standing.state, standing.why),
        Fact(_("Due"), Instant(order.due)),
        Fact(_("Updated"), Instant(order.updated_at)),
    ]
    if order.state is OrderState.IN_PROGRESS:
        at_pace = forecast(order, now)
        value = Absent(_("nothing is done yet")) if at_pace is None else Instant(at_pace)
        facts.insert(3, Fact(_("At its pace"), value))
    return Facts("standing", _("Where it stands"), tuple(facts), Place.WIDE)


def _since(order: Order) -> Message:
    if order.state is OrderState.ON_HOLD and order.previous is not None:
        return _(
            "since {since}; it was {before}", since=Instant(order.since), before=order_word(order.previous)
        )
    return _("since {since}", since=Instant(order.since))


def _by_plan(order: Order) -> Message:
    if order.actual_end is not None:
        return _("it ended then")
    return _("as agreed, nothing is planned") if order.scheduled_end is None else _("as it is planned")


def _pieces(order: Order) -> Meter:
    note = _("{rejected} rejected", rejected=order.rejected) if order.rejected else None
    return Meter(
        "pieces",
        _("Pieces done"),
        Quantity(order.completed, Unit.COUNT, 0),
        Quantity(order.quantity, Unit.COUNT, 0),
        note=note,
        place=Place.WIDE,
    )


def _schedule_table(order: Order, schedules: Sequence[OrderSchedule], request: Request) -> Block:
    rows = [
        Row(
            str(each.line),
            (
                each.line,
                stretch_state(each, order, request.moment),
                each.department,
                Instant(each.start),
                Instant(each.end),
                each.machine or Absent(_("none")),
                each.operator or Absent(_("nobody yet")),
                _moment(each.started_at, _("not yet")),
                _moment(each.completed_at, _("not yet")),
            ),
            _opened_by(each),
        )
        for each in schedules
    ]
    empty = _("Nothing is planned yet; “order schedule” plans a stretch of work.")
    return tabulate(
        "schedule", _("Schedule"), _SCHEDULE_COLUMNS, rows, request.query, empty=empty, place=Place.WIDE
    )


def _opened_by(schedule: OrderSchedule) -> Action:
    """What a stretch of work leads to: the machine it is done on, else the orders of its department."""
    if schedule.machine:
        return Action("machine", _("Open the machine"), (("machine", schedule.machine),))
    return Action("orders", _("Orders of the department"), (("department", schedule.department),))


def _item_table(items: Sequence[OrderItem], request: Request) -> Block:
    rows = [
        Row(
            str(each.line),
            (
                each.line,
                each.product,
                each.quantity,
                each.completed,
                Share(each.completed / each.quantity, 0) if each.quantity else Absent(_("it has no pieces")),
            ),
            Action(
                "order progress",
                _("Count its pieces"),
                (("order", each.order), ("item", str(each.line))),
            ),
        )
        for each in items
    ]
    return tabulate("items", _("Items"), _ITEM_COLUMNS, rows, request.query)


async def _events(connection: AsyncConnection, order: Order, moment: datetime) -> list[RecordedEvent]:
    """What happened to the order, and to what is about it: its defects, its failed procedures."""
    own = await recent(connection, at=moment, subject=subject_of(order.number), limit=_ENTRIES_SHOWN)
    about = await recent(connection, at=moment, area="plant", mentioning=order.number, limit=_ENTRIES_SHOWN)
    found = {each.number: each for each in own}
    found |= {each.number: each for each in about if each.event.facts.get("order") == order.number}
    return sorted(found.values(), key=lambda each: (each.event.at, each.number), reverse=True)


def _timeline(events: Sequence[RecordedEvent]) -> Timeline:
    entries = tuple(TimelineEntry.of(each) for each in events[:_ENTRIES_SHOWN])
    return Timeline("history", _("What happened"), entries, place=Place.WIDE)


def _agreed_facts(order: Order) -> Facts:
    unnamed = Absent(_("not named"))
    facts = (
        Fact(_("Product"), order.product),
        Fact(_("Customer"), order.customer or unnamed),
        Fact(_("Sales order"), order.sales_order or unnamed),
        Fact(_("Department"), order.department or Absent(_("none yet"))),
        Fact(_("May begin"), _moment(order.start, _("at any time"))),
        Fact(_("Planned from"), _moment(order.scheduled_start, _("not planned yet"))),
        Fact(_("Begun"), _moment(order.actual_start, _("not yet"))),
        Fact(_("Ended"), _moment(order.actual_end, _("not yet"))),
        Fact(
            _("Value"), Absent(_("not known")) if order.value is None else Money(order.value, order.currency)
        ),
        Fact(_("Notes"), order.notes or Absent(_("none"))),
    )
    return Facts("agreed", _("What was agreed"), facts, Place.WIDE)


def _moment(moment: datetime | None, reason: Message) -> Value:
    return Absent(reason) if moment is None else Instant(moment)
