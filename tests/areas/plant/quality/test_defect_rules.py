"""The life of a defect, its numbers, and when it holds its order: decided without a store."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.plant.model.defects import (
    CustomerReturn,
    DefectSeverity,
    DefectType,
    InternalReject,
    RejectState,
    ReturnState,
)
from core.areas.plant.model.orders import OrderState
from core.areas.plant.rules.defect_numbers import alias_of, candidates, number_for
from core.areas.plant.rules.defects import LEGAL, check_order, check_pieces, moved, refusal, resolved
from core.areas.plant.rules.holding import HoldingPolicy
from core.errors import InputError, RefusedError
from tests.areas.plant.quality.world import NOW, order

S = RejectState
LATER = NOW + timedelta(hours=1)


def reject(state: RejectState = S.PENDING) -> InternalReject:
    return InternalReject(
        "RJT-2026-0001", "ORD-12345", DefectSeverity.LOW, 3, "The seam opens.", "vera", NOW, NOW, state=state
    )


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ((S.APPROVED, S.REPLACEMENT_PROCESSED, S.ARCHIVED), S.ARCHIVED),
        ((S.APPROVED, S.NO_STOCK, S.REPLACEMENT_PROCESSED), S.REPLACEMENT_PROCESSED),
        ((S.APPROVED, S.REJECTED), S.REJECTED),
        ((S.REJECTED, S.ARCHIVED), S.ARCHIVED),
    ],
)
def test_a3_a_reject_goes_its_ways(path: tuple[RejectState, ...], end: RejectState) -> None:
    found = reject()
    for state in path:
        found = moved(found, state, LATER, "omar", "said why")
    assert (found.state, found.since) == (end, LATER)


@given(st.lists(st.sampled_from(RejectState), max_size=12))
def test_a3_no_sequence_of_moves_leads_where_the_table_does_not(wanted: list[RejectState]) -> None:
    found = reject()
    for state in wanted:
        before = found
        if state in LEGAL[before.state]:
            assert refusal(before, state) is None
            found = moved(before, state, LATER, "omar", "why")
            assert found.state is state
        else:
            with pytest.raises(RefusedError) as refused:
                moved(before, state, LATER, "omar", "why")
            assert before.number in str(refused.value)
        assert found.unfinished is (found.state in (S.PENDING, S.APPROVED, S.NO_STOCK))
        assert (found.quantity, found.order, found.reported_at) == (3, "ORD-12345", NOW)


@pytest.mark.parametrize(
    ("state", "to", "said"),
    [
        (
            S.PENDING,
            S.NO_STOCK,
            "RJT-2026-0001 is pending: only an approved one can lack stock. "
            "It can become: approved, rejected.",
        ),
        (S.PENDING, S.PENDING, "RJT-2026-0001 is pending already."),
        (S.ARCHIVED, S.APPROVED, "RJT-2026-0001 is archived, which is final."),
        (
            S.REJECTED,
            S.APPROVED,
            "RJT-2026-0001 is rejected: only a pending one can be approved. It can become: archived.",
        ),
    ],
)
def test_a_refusal_says_why(state: RejectState, to: RejectState, said: str) -> None:
    assert str(refusal(reject(state), to)) == said


def test_nobody_rejects_without_saying_why() -> None:
    with pytest.raises(InputError, match=r"^note: say why"):
        moved(reject(), S.REJECTED, LATER, "omar")
    assert moved(reject(), S.REJECTED, LATER, "omar", "no fault").decided_by == "omar"


def test_all_pieces_are_made_again_where_nobody_says_how_many_and_never_more() -> None:
    approved = moved(reject(), S.APPROVED, LATER, "omar")
    assert moved(approved, S.REPLACEMENT_PROCESSED, LATER, "omar").replacement_quantity == 3
    some = moved(approved, S.REPLACEMENT_PROCESSED, LATER, "omar", replacement="ORD-9", pieces=2)
    assert (some.replacement, some.replacement_quantity) == ("ORD-9", 2)
    with pytest.raises(InputError, match=r"^pieces: .* 3 pieces only"):
        moved(approved, S.REPLACEMENT_PROCESSED, LATER, "omar", pieces=4)


def test_a_return_is_resolved_once() -> None:
    returned = CustomerReturn(
        "RET-2026-0001", "ORD-777", DefectSeverity.HIGH, 1, "Wrong colour.", "vera", NOW, NOW
    )
    done = resolved(returned, LATER, "omar", "Credited.", credit=Decimal("12.50"))
    assert (done.state, done.resolved_by, done.credit) == (ReturnState.RESOLVED, "omar", Decimal("12.50"))
    with pytest.raises(RefusedError, match="resolved by omar already"):
        resolved(done, LATER, "hana", "Again.")


@pytest.mark.parametrize("state", OrderState)
def test_a_reject_needs_an_order_that_is_worked_on_and_a_return_one_that_was_not_cancelled(
    state: OrderState,
) -> None:
    known = order(state=state)
    for type_ in (DefectType.INTERNAL_REJECT, DefectType.OTHER):
        if known.active:
            check_order(known, type_)
        else:
            with pytest.raises(InputError, match=r"^order: "):
                check_order(known, type_)
    for type_or_none in (DefectType.RETURN, None):
        if state is OrderState.CANCELLED:
            with pytest.raises(InputError, match=r"^order: "):
                check_order(known, type_or_none)
        else:
            check_order(known, type_or_none)


def test_no_more_pieces_are_affected_than_were_ordered() -> None:
    check_pieces(order(), 100)
    with pytest.raises(InputError, match=r"^quantity: ORD-12345 is of 100 pieces only"):
        check_pieces(order(), 101)


def test_d6_one_rule_holds_an_order() -> None:
    usual = HoldingPolicy()
    for type_ in (DefectType.INTERNAL_REJECT, DefectType.OTHER):
        assert [usual.on_report(type_, each) for each in DefectSeverity] == [False, False, True]
    assert not any(usual.on_report(DefectType.RETURN, each) for each in DefectSeverity)
    assert [state for state in RejectState if usual.on_move(state)] == [S.NO_STOCK]
    never = HoldingPolicy(frozenset(), without_stock=False)
    assert not never.on_report(DefectType.INTERNAL_REJECT, DefectSeverity.HIGH)
    assert not never.on_move(S.NO_STOCK)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("RJT-2026-0001", ("RJT-2026-0001",)),
        (" rjt 2026 1 ", ("RJT-2026-0001",)),
        ("ret-2026-12", ("RET-2026-0012",)),
        ("DEF-2026-0003", ("RJT-2026-0003", "RET-2026-0003")),
        ("def-٢٠٢٦-٠٠٠٣", ("RJT-2026-0003", "RET-2026-0003")),
        ("RJT-20260131120000", ("RJT-20260131120000",)),
    ],
)
def test_d7_a_number_is_found_however_it_is_written(written: str, found: tuple[str, ...]) -> None:
    assert candidates(written) == found


@pytest.mark.parametrize("written", ["", "12", "ORD-1", "RJT", "RJT-", "MNT-2026-0001", "²"])
def test_what_is_no_number_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(InputError, match="like RJT-2026-0001"):
        candidates(written)


@given(st.integers(1, 10**9 - 1), st.sampled_from(DefectType))
def test_d7_the_chats_number_finds_the_defect_again(count: int, type_: DefectType) -> None:
    number = number_for(f"DEF-2026-{count:04}", type_)
    assert number in candidates(alias_of(number))
    assert candidates(number) == (number,)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(InputError):
        assert all(each[:4] in ("RJT-", "RET-") for each in candidates(text))
