"""The list of orders, those that need somebody first, above what is planned in every department."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.areas.plant.model.orders import ACTIVE, OVER, Order, OrderSchedule, OrderState
from core.areas.plant.pages.order_blocks import ORDER_COLUMNS, department_gantt, order_row, planned_span
from core.areas.plant.rules.order_verdict import NEEDS_SOMEBODY, OrderVerdict, by_need, stand
from core.areas.plant.store.orders import all_schedules, orders_in, schedules_between
from core.areas.plant.store.people import known_department
from core.message import Message, _, plural
from core.page import Action, Block, Note, Page, Place
from core.tabulate import tabulate_shown
from core.units import Severity, State

__all__ = ["headline", "orders_page", "orders_verdict"]

_STATES: dict[str, frozenset[OrderState]] = {
    "active": ACTIVE,
    "late": ACTIVE,
    "over": OVER,
    "all": ACTIVE | OVER,
}
_TITLES: dict[str, Message] = {
    "active": _("Orders still to be done, those that need somebody first"),
    "late": _("Orders that are late, on hold or at risk"),
    "over": _("Orders that are over, the newest first"),
    "all": _("All orders"),
}


async def orders_page(request: Request) -> Page:
    """The orders that were asked for."""
    show, now = request.text("show") or "active", request.moment
    department = request.text("department") or ""
    async with request.services.store.reading() as connection:
        found = await orders_in(connection, now, _STATES[show])
        schedules = (
            await all_schedules(connection, now)
            if department
            else await schedules_between(connection, now, _STATES[show], *planned_span(now))
        )
        if department:
            found = _of_department(found, schedules, department)
            if not found:
                await known_department(connection, department, now)
    if department:
        schedules = [each for each in schedules if each.department == department]
    if show == "late":
        found = [each for each in found if stand(each, now).needs_somebody]
    listed = _newest(found) if show == "over" else by_need(found, now)
    verdict = orders_verdict(found, request)
    table = tabulate_shown(
        "orders",
        _TITLES[show],
        ORDER_COLUMNS,
        listed,
        lambda each: order_row(each, now),
        request.query,
        empty=_("No such orders."),
        place=Place.WIDE,
    )
    blocks: list[Block] = []
    if show != "over":
        blocks = [
            Note("headline", headline(found, request), verdict.severity),
            table,
            department_gantt(found, schedules, now),
        ]
    return Page(
        key=f"plant.orders.{show}" + (f".{department}" if department else ""),
        title=_("Orders"),
        verdict=verdict,
        blocks=tuple(blocks) or (table,),
        actions=_actions(show),
        as_of=now,
        crumb=department,
    )


def orders_verdict(orders: Sequence[Order], request: Request) -> State:
    """The worst of the orders' promises, in a word."""
    verdicts = {stand(each, request.moment).verdict for each in orders}
    words: dict[OrderVerdict, State] = {
        OrderVerdict.LATE: State(Severity.SERIOUS, _("LATE")),
        OrderVerdict.ON_HOLD: State(Severity.WARNING, _("ON HOLD")),
        OrderVerdict.AT_RISK: State(Severity.WARNING, _("AT RISK")),
        OrderVerdict.ON_TRACK: State(Severity.GOOD, _("ON TRACK")),
    }
    for verdict, state in words.items():
        if verdict in verdicts:
            return state
    return State(Severity.IDLE, _("NOTHING TO DO"))


def headline(orders: Sequence[Order], request: Request) -> Message:
    """How many orders are in which trouble, in one sentence."""
    active = [each for each in orders if each.active]
    if not active:
        return _("No order waits to be done.")
    verdicts = [stand(each, request.moment).verdict for each in active]
    late, held, risk = (verdicts.count(verdict) for verdict in NEEDS_SOMEBODY)
    if not late and not held and not risk:
        return plural("One order, on track.", "{count} orders, all on track.", len(active))
    return plural(
        "One order: {late} late, {held} on hold, {risk} at risk.",
        "{count} orders: {late} late, {held} on hold, {risk} at risk.",
        len(active),
        late=late,
        held=held,
        risk=risk,
    )


def _of_department(orders: Sequence[Order], schedules: Sequence[OrderSchedule], code: str) -> list[Order]:
    """The orders that a department answers for or works on."""
    worked = {each.order for each in schedules if each.department == code}
    return [each for each in orders if each.department == code or each.number in worked]


def _newest(orders: Sequence[Order]) -> list[Order]:
    return sorted(orders, key=lambda each: (each.since, each.number), reverse=True)


def _actions(shown: str) -> tuple[Action, ...]:
    lists = (
        ("active", _("Orders still to be done")),
        ("late", _("Orders in trouble")),
        ("over", _("Orders that are over")),
    )
    others = (
        Action("orders", label, () if name == "active" else (("show", name),))
        for name, label in lists
        if name != shown
    )
    return (Action("order add", _("Add an order")), *others, Action("departments", _("Departments")))
