"""How an order stands towards its promise, and which one needs somebody first (whatsapp.md A2.2).

The contract has one rule: on track while it isn't past its end and isn't on hold. At risk is ours: on track
still, but not for long by what is planned, by the pace of the work, or because nobody has begun.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.plant.model.orders import Order, OrderState
from core.message import Message, _
from core.units import Instant, Severity, Span, State

__all__ = [
    "NEEDS_SOMEBODY",
    "OrderVerdict",
    "Standing",
    "by_need",
    "expected",
    "forecast",
    "progress",
    "stand",
]

_LATE_START = 0.25
"""The share of the agreed time that must be left for an order that nobody has begun."""

_FARTHEST = timedelta(days=3_650)


class OrderVerdict(enum.Enum):
    """How an order stands; the last three are of orders that are over."""

    LATE = "late"
    ON_HOLD = "on_hold"
    AT_RISK = "at_risk"
    ON_TRACK = "on_track"
    MET = "met"
    MISSED = "missed"
    CANCELLED = "cancelled"


NEEDS_SOMEBODY = (OrderVerdict.LATE, OrderVerdict.ON_HOLD, OrderVerdict.AT_RISK)
"""The verdicts that somebody has to look at, the worst first."""

_STATES = {
    OrderVerdict.LATE: State(Severity.SERIOUS, _("late")),
    OrderVerdict.ON_HOLD: State(Severity.WARNING, _("on hold")),
    OrderVerdict.AT_RISK: State(Severity.WARNING, _("at risk")),
    OrderVerdict.ON_TRACK: State(Severity.GOOD, _("on track")),
    OrderVerdict.MET: State(Severity.GOOD, _("kept")),
    OrderVerdict.MISSED: State(Severity.NOTICE, _("missed")),
    OrderVerdict.CANCELLED: State(Severity.IDLE, _("cancelled")),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How an order stands at a moment, and why."""

    order: Order
    verdict: OrderVerdict
    why: Message

    @property
    def state(self) -> State:
        """The verdict as it is shown."""
        return _STATES[self.verdict]

    @property
    def needs_somebody(self) -> bool:
        """Whether somebody has to look at it."""
        return self.verdict in NEEDS_SOMEBODY


def progress(order: Order) -> float | None:
    """The share of the pieces that is done, at most 1; none of an order without pieces."""
    return min(1.0, order.completed / order.quantity) if order.quantity else None


def expected(order: Order) -> datetime:
    """When it is expected to be done: as it is planned, or else as it is promised."""
    return order.actual_end or order.scheduled_end or order.due


def forecast(order: Order, now: datetime) -> datetime | None:
    """When it will be done if it goes on at the pace it had since it began; none while there is no pace."""
    if order.state is not OrderState.IN_PROGRESS or order.actual_start is None or order.completed <= 0:
        return None
    left = max(0, order.quantity - order.completed)
    passed = now - order.actual_start
    if passed <= timedelta(0):
        return None
    seconds = passed.total_seconds() * left / order.completed
    return now + timedelta(seconds=min(seconds, _FARTHEST.total_seconds()))


def stand(order: Order, now: datetime) -> Standing:
    """How the order stands at `now`."""
    if order.active:
        verdict, why = _ongoing(order, now)
    else:
        verdict, why = _over(order)
    return Standing(order, verdict, why)


def by_need(orders: Iterable[Order], now: datetime) -> list[Order]:
    """The orders in the order in which they need somebody: by verdict, then by when they are due."""
    ranks = {verdict: rank for rank, verdict in enumerate(OrderVerdict)}
    return sorted(orders, key=lambda each: (ranks[stand(each, now).verdict], each.due, each.number))


def _ongoing(order: Order, now: datetime) -> tuple[OrderVerdict, Message]:
    if now > order.due:
        return OrderVerdict.LATE, _("{late} past its date", late=Span(_minutes(now - order.due)))
    if order.state is OrderState.ON_HOLD:
        return OrderVerdict.ON_HOLD, _("on hold since {since}", since=Instant(order.since))
    if order.scheduled_end is not None and order.scheduled_end > order.due:
        over = Span(_minutes(order.scheduled_end - order.due))
        return OrderVerdict.AT_RISK, _("planned to end {late} too late", late=over)
    at_pace = forecast(order, now)
    if at_pace is not None and at_pace > order.due:
        over = Span(_minutes(at_pace - order.due))
        return OrderVerdict.AT_RISK, _("at its pace it ends {late} too late", late=over)
    left = order.due - now
    if order.actual_start is None and left < _LATE_START * (order.due - (order.start or order.created_at)):
        return OrderVerdict.AT_RISK, _("not begun, with {left} left", left=Span(_minutes(left)))
    return OrderVerdict.ON_TRACK, _("{left} left", left=Span(_minutes(left)))


def _over(order: Order) -> tuple[OrderVerdict, Message]:
    if OrderState.CANCELLED in (order.state, order.previous):
        return OrderVerdict.CANCELLED, _("it was cancelled")
    ended = order.actual_end or order.since
    if ended <= order.due:
        return OrderVerdict.MET, _("done {early} before its date", early=Span(_minutes(order.due - ended)))
    return OrderVerdict.MISSED, _("done {late} after its date", late=Span(_minutes(ended - order.due)))


def _minutes(length: timedelta) -> timedelta:
    """Whole minutes: seconds mean nothing to a plan of days."""
    return timedelta(minutes=round(length / timedelta(minutes=1)))
