"""The states of an order: a machine of random moves against the table of the contract (whatsapp.md A3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.areas.plant.model.orders import Order, OrderState
from core.areas.plant.rules.moves import can_hold, legal_moves, move, needs_reason
from core.errors import RefusedError
from tests.areas.plant.orders.world import NOW, hours, order

_STATES = tuple(OrderState)

_ALLOWED = {
    ("pending", "scheduled"),
    ("pending", "on_hold"),
    ("pending", "cancelled"),
    ("scheduled", "pending"),
    ("scheduled", "in_progress"),
    ("scheduled", "on_hold"),
    ("scheduled", "cancelled"),
    ("in_progress", "completed"),
    ("in_progress", "on_hold"),
    ("in_progress", "cancelled"),
    ("completed", "archived"),
    ("cancelled", "archived"),
}
"""Every move there is, but for those out of a hold."""


@pytest.mark.parametrize("before", [each for each in _STATES if each is not OrderState.ON_HOLD])
@pytest.mark.parametrize("to", _STATES)
def test_a3_only_the_moves_of_the_table_are_legal(before: OrderState, to: OrderState) -> None:
    subject = order(state=before, scheduled_start=hours(1), completed=100)
    if (before.value, to.value) in _ALLOWED:
        assert move(subject, to, hours(1), "Because").after.state is to
    else:
        with pytest.raises(RefusedError):
            move(subject, to, hours(1), "Because")


@pytest.mark.parametrize("before", [OrderState.PENDING, OrderState.SCHEDULED, OrderState.IN_PROGRESS])
def test_a_held_order_goes_on_where_it_was_or_is_cancelled(before: OrderState) -> None:
    held = move(order(state=before, scheduled_start=hours(1)), OrderState.ON_HOLD, hours(1), "No cloth").after
    assert legal_moves(held) == (before, OrderState.CANCELLED)
    assert move(held, before, hours(2)).after.state is before
    for other in set(OrderState) - {before, OrderState.CANCELLED}:
        with pytest.raises(RefusedError):
            move(held, other, hours(2), "Because")


@pytest.mark.parametrize(
    ("subject", "to", "said"),
    [
        (order(state=OrderState.ARCHIVED), OrderState.PENDING, "archived, which is for good"),
        (order(), OrderState.IN_PROGRESS, "it can become: scheduled, on hold, cancelled"),
        (order(), OrderState.SCHEDULED, "no schedule yet"),
        (order(), OrderState.PENDING, "is pending already"),
        (order(), OrderState.ON_HOLD, "Give the reason"),
        (order(state=OrderState.IN_PROGRESS, completed=7), OrderState.COMPLETED, "7 of 100 pieces"),
        (
            order(state=OrderState.ON_HOLD, previous=OrderState.SCHEDULED),
            OrderState.COMPLETED,
            "goes on where it was, or is cancelled: scheduled, cancelled",
        ),
    ],
)
def test_a_refusal_says_what_would_do(subject: Order, to: OrderState, said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        move(subject, to, hours(1))


@given(st.sampled_from(_STATES), st.sampled_from(_STATES), st.integers(0, 200), st.text(max_size=3))
def test_a_move_changes_the_state_or_is_refused_and_never_the_pieces(
    before: OrderState, to: OrderState, completed: int, reason: str
) -> None:
    subject = order(state=before, previous=OrderState.PENDING, completed=completed)
    try:
        after = move(subject, to, hours(1), reason).after
    except RefusedError:
        return
    assert (after.state, after.previous, after.since) == (to, before, hours(1))
    assert (after.completed, after.quantity, after.due) == (completed, 100, subject.due)
    assert reason or not needs_reason(subject, to)


class OrderLife(RuleBasedStateMachine):
    """An order to which anything is tried, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.order = order(scheduled_start=hours(1), scheduled_end=hours(9))
        self.before_hold: OrderState | None = None
        self.over = False

    @rule(to=st.sampled_from(_STATES), reason=st.sampled_from(["", "Because"]))
    def try_move(self, to: OrderState, reason: str) -> None:
        before, at = self.order, self.order.since + timedelta(minutes=5)
        try:
            after = move(before, to, at, reason).after
        except RefusedError:
            illegal = to not in legal_moves(before)
            assert illegal or (needs_reason(before, to) and not reason)
            return
        assert to in legal_moves(before)
        if before.state is OrderState.ON_HOLD and to is not OrderState.CANCELLED:
            assert to is self.before_hold
        if to is OrderState.ON_HOLD:
            assert can_hold(before)
            self.before_hold = before.state
        self.order = after

    @invariant()
    def is_over_for_good(self) -> None:
        assert not (self.over and self.order.active)
        self.over = not self.order.active

    @invariant()
    def has_a_beginning_and_an_end_that_fit(self) -> None:
        if self.order.state is OrderState.COMPLETED:
            assert self.order.actual_start is not None
        if not self.order.active:
            assert self.order.actual_end is not None
            assert (self.order.actual_start or NOW) <= self.order.actual_end
        else:
            assert self.order.actual_end is None


TestOrderLife = OrderLife.TestCase
