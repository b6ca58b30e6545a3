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
from core.message import Message, _, sense
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
    OrderVerdict.LATE: State(Severity.SERIOUS, sense("order", "late")),
    OrderVerdict.ON_HOLD: State(Severity.WARNING, sense("order", "on hold")),
    OrderVerdict.AT_RISK: State(Severity.WARNING, sense("order", "at risk")),
    OrderVerdict.ON_TRACK: State(Severity.GOOD, sense("order", "on track")),
    OrderVerdict.MET: State(Severity.GOOD, sense("order", "kept")),
    OrderVerdict.MISSED: State(Severity.NOTICE, sense("order", "missed")),
    OrderVerdict.CANCELLED: State(Severity.IDLE, sense("order", "cancelled")),
}


class _Cause(enum.Enum):
    """What a verdict rests on; most name a length of time."""

    PAST = enum.auto()
    HELD = enum.auto()
    PLANNED_LATE = enum.auto()
    SLOW = enum.auto()
    NOT_BEGUN = enum.auto()
    TIME_LEFT = enum.auto()
    CANCELLED = enum.auto()
    EARLY = enum.auto()
    DONE_LATE = enum.auto()


@dataclass(frozen=True, slots=True)
class Standing:
    """How an order stands at a moment, and why, which is put into words only where it is read."""

    order: Order
    verdict: OrderVerdict
    _cause: _Cause
    _length: timedelta = timedelta(0)

    @property
    def why(self) -> Message:
        """The reason in a few words."""
        length = Span(_minutes(self._length))
        match self._cause:
            case _Cause.PAST:
                return _("{late} past its date", late=length)
            case _Cause.HELD:
                return _("on hold since {since}", since=Instant(self.order.since))
            case _Cause.PLANNED_LATE:
                return _("planned to end {late} too late", late=length)
            case _Cause.SLOW:
                return _("at its pace it ends {late} too late", late=length)
            case _Cause.NOT_BEGUN:
                return _("not begun, with {left} left", left=length)
            case _Cause.TIME_LEFT:
                return _("{left} left", left=length)
            case _Cause.CANCELLED:
                return _("it was cancelled")
            case _Cause.EARLY:
                return _("done {early} before its date", early=length)
            case _Cause.DONE_LATE:
                return _("done {late} after its date", late=length)

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
    return Standing(order, *(_ongoing(order, now) if order.active else _over(order)))


def by_need(orders: Iterable[Order], now: datetime) -> list[Order]:
    """The orders in the order in which they need somebody: by verdict, then by when they are due."""
    ranks = {verdict: rank for rank, verdict in enumerate(OrderVerdict)}
    return sorted(orders, key=lambda each: (ranks[stand(each, now).verdict], each.due, each.number))


def _ongoing(order: Order, now: datetime) -> tuple[OrderVerdict, _Cause, timedelta]:
    if now > order.due:
        return OrderVerdict.LATE, _Cause.PAST, now - order.due
    if order.state is OrderState.ON_HOLD:
        return OrderVerdict.ON_HOLD, _Cause.HELD, now - order.since
    if order.scheduled_end is not None and order.scheduled_end > order.due:
        return OrderVerdict.AT_RISK, _Cause.PLANNED_LATE, order.scheduled_end - order.due
    at_pace = forecast(order, now)
    if at_pace is not None and at_pace > order.due:
        return OrderVerdict.AT_RISK, _Cause.SLOW, at_pace - order.due
    left = order.due - now
    if order.actual_start is None and left < _LATE_START * (order.due - (order.start or order.created_at)):
        return OrderVerdict.AT_RISK, _Cause.NOT_BEGUN, left
    return OrderVerdict.ON_TRACK, _Cause.TIME_LEFT, left


def _over(order: Order) -> tuple[OrderVerdict, _Cause, timedelta]:
    if OrderState.CANCELLED in (order.state, order.previous):
        return OrderVerdict.CANCELLED, _Cause.CANCELLED, timedelta(0)
    ended = order.actual_end or order.since
    if ended <= order.due:
        return OrderVerdict.MET, _Cause.EARLY, order.due - ended
    return OrderVerdict.MISSED, _Cause.DONE_LATE, ended - order.due


def _minutes(length: timedelta) -> timedelta:
    """Whole minutes: seconds mean nothing to a plan of days."""
    return timedelta(minutes=round(length / timedelta(minutes=1)))
