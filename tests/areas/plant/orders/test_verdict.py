"""How orders stand towards their promises, and which needs somebody first (whatsapp.md A2.2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.plant.model.orders import Order, OrderState
from core.areas.plant.rules.order_verdict import OrderVerdict, by_need, expected, forecast, progress, stand
from tests.areas.plant.orders.world import NOW, hours, order

_RUNNING = {"state": OrderState.IN_PROGRESS, "actual_start": NOW}


@pytest.mark.parametrize(
    ("subject", "now", "verdict"),
    [
        (order(), 1, OrderVerdict.ON_TRACK),
        (order(), 48, OrderVerdict.AT_RISK),  # at its end exactly it isn't late, but nobody has begun
        (order(), 48.1, OrderVerdict.LATE),
        (order(state=OrderState.ON_HOLD), 1, OrderVerdict.ON_HOLD),
        (order(state=OrderState.ON_HOLD), 49, OrderVerdict.LATE),
        (order(scheduled_end=hours(48)), 1, OrderVerdict.ON_TRACK),
        (order(scheduled_end=hours(49)), 1, OrderVerdict.AT_RISK),
        (order(**_RUNNING, completed=50), 24, OrderVerdict.ON_TRACK),
        (order(**_RUNNING, completed=49), 24, OrderVerdict.AT_RISK),
        (order(**_RUNNING), 47, OrderVerdict.ON_TRACK),
        (order(), 35, OrderVerdict.ON_TRACK),
        (order(), 37, OrderVerdict.AT_RISK),
        (order(start=hours(40)), 45, OrderVerdict.ON_TRACK),
        (order(state=OrderState.COMPLETED, actual_end=hours(48)), 90, OrderVerdict.MET),
        (order(state=OrderState.COMPLETED, actual_end=hours(49)), 90, OrderVerdict.MISSED),
        (order(state=OrderState.CANCELLED, actual_end=hours(49)), 90, OrderVerdict.CANCELLED),
        (
            order(state=OrderState.ARCHIVED, previous=OrderState.CANCELLED, actual_end=hours(9)),
            90,
            OrderVerdict.CANCELLED,
        ),
        (
            order(state=OrderState.ARCHIVED, previous=OrderState.COMPLETED, actual_end=hours(9)),
            90,
            OrderVerdict.MET,
        ),
    ],
)
def test_a2_2_verdicts(subject: Order, now: float, verdict: OrderVerdict) -> None:
    assert stand(subject, hours(now)).verdict is verdict


def test_a2_2_expected_is_what_is_planned_and_otherwise_what_was_agreed() -> None:
    assert expected(order()) == hours(48)
    assert expected(order(scheduled_end=hours(30))) == hours(30)
    assert expected(order(scheduled_end=hours(30), actual_end=hours(29))) == hours(29)


def test_a2_2_progress_is_a_share_of_the_pieces_and_absent_of_none() -> None:
    assert progress(order(completed=25)) == 0.25
    assert progress(order(completed=150)) == 1.0
    assert progress(order(quantity=0)) is None


def test_the_pace_needs_pieces_and_work() -> None:
    assert forecast(order(completed=50), hours(1)) is None
    assert forecast(order(**_RUNNING), hours(1)) is None
    assert forecast(order(**_RUNNING, completed=25), hours(10)) == hours(40)
    assert forecast(order(**_RUNNING, completed=1, quantity=10_000_000), hours(100_000)) is not None


def test_those_that_need_somebody_come_first_and_then_the_nearest() -> None:
    orders = [
        order(number="ORD-1", due=hours(400)),
        order(number="ORD-2", due=hours(300)),
        order(number="ORD-3", state=OrderState.ON_HOLD),
        order(number="ORD-4", due=hours(-1)),
        order(number="ORD-5", scheduled_end=hours(60)),
        order(number="ORD-6", due=hours(-9)),
    ]
    found = [each.number for each in by_need(orders, hours(1))]
    assert found == ["ORD-6", "ORD-4", "ORD-3", "ORD-5", "ORD-2", "ORD-1"]


@given(
    st.sampled_from(list(OrderState)),
    st.integers(0, 300),
    st.integers(0, 200),
    st.floats(-100, 1_000),
)
def test_every_order_has_one_verdict_at_every_moment(
    state: OrderState, completed: int, quantity: int, hour: float
) -> None:
    subject = order(state=state, completed=completed, quantity=quantity, actual_start=NOW)
    standing = stand(subject, hours(hour))
    assert (standing.verdict is OrderVerdict.LATE) == (subject.active and hours(hour) > subject.due)
    at_pace = forecast(subject, hours(hour))
    assert at_pace is None or at_pace - hours(hour) >= timedelta(0)
