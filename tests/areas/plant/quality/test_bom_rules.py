"""What a change in a bill comes to and who may decide: without a store."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.plant.model.boms import BillOfMaterials, ChangeRequest, Component, RequestState
from core.areas.plant.rules.amounts import read_amount, read_components
from core.areas.plant.rules.bom_numbers import bom_number, component_code, request_number
from core.areas.plant.rules.boms import approved, changed_components, cost_change, refused
from core.errors import InputError, RefusedError
from tests.areas.plant.quality.world import NOW

LATER = NOW + timedelta(hours=1)
BILL = BillOfMaterials(
    "BOM-888",
    3,
    "Canvas bag",
    (
        Component("FAB-01", "Canvas", Decimal(2), Decimal(5)),
        Component("THR-02", "Thread", Decimal(1), Decimal("0.5")),
    ),
    "root",
    NOW,
)


def asked(component: str = "FAB-01", quantity: str = "2", unit_cost: str = "6", **more: str) -> ChangeRequest:
    amounts = (Decimal(quantity), Decimal(unit_cost))
    return ChangeRequest("BCR-2026-0001", "BOM-888", 3, component, *amounts, "vera", NOW, **more)


def test_an_approval_makes_the_next_version_and_the_earlier_one_inactive() -> None:
    done = approved(asked(), BILL, BILL, LATER, "amina", "fine")
    assert (done.before.version, done.before.active) == (3, False)
    assert (done.after.version, done.after.active, done.after.request) == (4, True, "BCR-2026-0001")
    assert (done.after.cost, done.after.made_by, done.after.made_at) == (Decimal("12.5"), "amina", LATER)
    assert (done.request.state, done.request.made_version) == (RequestState.APPROVED, 4)
    assert done.before.components == BILL.components


def test_a_component_is_changed_in_its_place_added_at_the_end_or_taken_out() -> None:
    codes = [each.code for each in changed_components(BILL, asked("thr-02", "2", "1"))]
    assert codes == ["FAB-01", "THR-02"]
    added = changed_components(BILL, asked("ZIP-03", "1", "2", name="Zip"))[-1]
    assert (added.code, added.name, added.cost) == ("ZIP-03", "Zip", Decimal(2))
    assert [each.code for each in changed_components(BILL, asked("THR-02", "0", "0"))] == ["FAB-01"]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (asked("FAB-01", "2", "5"), "^quantity: FAB-01 is like that in BOM-888 already"),
        (asked("ZIP-03", "0", "0"), "^component: BOM-888 has no ZIP-03 to take out"),
    ],
)
def test_what_changes_nothing_is_refused(request_: ChangeRequest, said: str) -> None:
    with pytest.raises(InputError, match=said):
        changed_components(BILL, request_)


def test_the_last_component_stays() -> None:
    alone = replace(BILL, components=BILL.components[:1])
    with pytest.raises(InputError, match=r"^quantity: FAB-01 is all that BOM-888 is made of"):
        changed_components(alone, asked("FAB-01", "0", "0"))


def test_nobody_approves_their_own_request_but_anybody_takes_it_back() -> None:
    with pytest.raises(RefusedError, match="You asked for BCR-2026-0001 yourself"):
        approved(asked(), BILL, BILL, LATER, "vera")
    assert refused(asked(), LATER, "vera", "never mind").state is RequestState.REFUSED


def test_what_was_decided_stays_decided() -> None:
    done = approved(asked(), BILL, BILL, LATER, "amina").request
    with pytest.raises(RefusedError, match="approved by amina already"):
        approved(done, BILL, BILL, LATER, "root")
    with pytest.raises(RefusedError, match="approved by amina already"):
        refused(done, LATER, "root", "no")
    with pytest.raises(RefusedError, match="refused by root already"):
        approved(refused(asked(), LATER, "root", "no"), BILL, BILL, LATER, "amina")


def test_a_request_that_was_overtaken_is_not_approved_and_one_about_another_component_is() -> None:
    newer = approved(asked("FAB-01", "2", "7"), BILL, BILL, LATER, "amina").after
    with pytest.raises(RefusedError, match="FAB-01 was changed since BCR-2026-0001 was asked for"):
        approved(asked(), BILL, newer, LATER, "amina")
    other = approved(asked("THR-02", "2", "1"), BILL, newer, LATER, "amina").after
    assert (other.version, other.cost) == (5, Decimal(16))


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [("10", "12.5", "25"), ("10", "7.5", "-25"), ("10", "10", "0"), ("0", "3", None)],
)
def test_a2_6_the_cost_change_in_percent(before: str, after: str, percent: str | None) -> None:
    found = cost_change(Decimal(before), Decimal(after))
    assert found == (None if percent is None else Decimal(percent))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("FAB-01", "THR-02", "ZIP-03")),
            st.integers(0, 9),
            st.integers(0, 9),
            st.sampled_from(("amina", "vera")),
        ),
        max_size=12,
    )
)
def test_versions_only_grow_and_one_is_active(changes: list[tuple[str, int, int, str]]) -> None:
    versions = {BILL.version: BILL}
    active = BILL
    for number, (code, quantity, unit_cost, by) in enumerate(changes):
        request = replace(
            asked(code, str(quantity), str(unit_cost)), number=f"R{number}", base_version=active.version
        )
        try:
            done = approved(request, active, active, LATER, by)
        except (InputError, RefusedError):
            continue
        assert by != "vera"
        assert done.after.version == active.version + 1
        assert done.after.components, "nothing is made of nothing"
        versions |= {done.before.version: done.before, done.after.version: done.after}
        active = done.after
    assert [each.version for each in versions.values() if each.active] == [active.version]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("BOM-888", "BOM-888"),
        ("bom 888", "BOM-888"),
        ("888", "BOM-888"),
        ("٨٨٨", "BOM-888"),
        ("bom 2026 7", "BOM-2026-0007"),
        ("bag-a4", "BAG-A4"),
    ],
)
def test_a_bill_is_found_however_its_number_is_written(written: str, number: str) -> None:
    assert bom_number(written) == number


def test_a_request_is_told_from_a_bill() -> None:
    assert request_number("bcr 2026 3") == "BCR-2026-0003"
    assert request_number("BOM-888") is None
    assert component_code(" fab-01 ") == "FAB-01"
    with pytest.raises(InputError, match="like FAB-01"):
        component_code("!")


@pytest.mark.parametrize(
    ("written", "amount"),
    [("12", "12"), ("12.50", "12.50"), ("12,5", "12.5"), ("٣٫٥", "3.5"), ("0", "0"), ("0.0001", "0.0001")],
)
def test_an_amount_is_read_exactly(written: str, amount: str) -> None:
    assert read_amount(written) == Decimal(amount)


@pytest.mark.parametrize(
    "written", ["", "-1", "+1", "1e3", "NaN", "Infinity", "1.00001", "1,000.00", "12 34"]
)
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(InputError, match="is no amount"):
        read_amount(written)


@given(st.text())
def test_any_text_is_read_as_an_amount_or_refused(text: str) -> None:
    with suppress(InputError):
        assert 0 <= read_amount(text) <= 1_000_000_000


def test_components_are_read_and_complained_of() -> None:
    found = read_components("fab-01 2.5 4,20;\nTHR-02 1 0.80;")
    assert [(each.code, each.cost) for each in found] == [
        ("FAB-01", Decimal("10.5")),
        ("THR-02", Decimal("0.8")),
    ]
    for wrong, said in (
        ("", "code, quantity and unit cost"),
        ("FAB-01 2", "code, quantity and unit cost"),
        ("FAB-01 two 4", "is no amount"),
        ("FAB-01 0 4", "more than zero"),
        ("FAB-01 1 4; fab-01 2 4", "stands there twice"),
    ):
        with pytest.raises(InputError, match=said):
            read_components(wrong)
