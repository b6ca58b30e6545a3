"""What happened between two readings, which plan is which, and what was used within a stretch of time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.usage.model import GIGABYTE, Basis, LimitedBy, Plan, Reading
from core.areas.usage.rules.forecast import forecast
from core.areas.usage.rules.lineage import lineages
from core.areas.usage.rules.pairs import Ending, PairKind, classify, consumption, ending, pairs
from core.moment import Window
from tests.areas.usage.vectors import HOUR, NOW, reading, readings


def test_a_fall_is_consumption_and_so_is_nothing_at_all() -> None:
    pair = classify(reading(-60, 300), reading(0, 299))
    assert (pair.kind, pair.consumed) == (PairKind.CONSUMPTION, GIGABYTE)
    assert classify(reading(-60, 300), reading(0, 300)).consumed == 0


def test_a_rise_is_a_top_up_whose_use_is_unknown() -> None:
    pair = classify(reading(-60, 77), reading(0, 576))
    assert (pair.kind, pair.topped_up, pair.consumed) == (PairKind.TOP_UP, 499 * GIGABYTE, None)


@pytest.mark.parametrize("balance", [10, 300, 999])
def test_a_new_purchase_is_a_renewal_whatever_the_balance_did(balance: float) -> None:
    before = reading(-60, 300, 2, "old")
    assert classify(before, reading(0, balance, 2, "new")).kind is PairKind.RENEWAL
    assert classify(before, reading(0, balance, 2, "old")).kind is not PairKind.RENEWAL
    assert classify(before, reading(0, balance, 30, "")).kind is PairKind.RENEWAL


def test_more_days_at_the_same_moment_are_no_renewal() -> None:
    assert classify(reading(0, 300, 2), reading(0, 300, 30)).kind is PairKind.CONSUMPTION


def test_a_missing_balance_says_nothing_and_loses_nothing() -> None:
    assert classify(reading(-60, 300), reading(0, None)).kind is PairKind.UNKNOWN
    (pair,) = pairs(readings((-120, 300), (-60, None), (0, 298)))
    assert (pair.consumed, pair.length) == (2 * GIGABYTE, timedelta(hours=2))


def rounded(minutes: float, gigabytes: float) -> Reading:
    return Reading(NOW + timedelta(minutes=minutes), round(gigabytes * GIGABYTE), 20, exact=False)


def test_a_balance_read_from_its_text_may_tremble() -> None:
    trembling = [rounded(-45, 412.7), rounded(-30, 412.8), rounded(-15, 412.7), rounded(0, 412.6)]
    assert [pair.kind for pair in pairs(trembling)] == [PairKind.CONSUMPTION] * 3
    assert sum(pair.consumed or 0 for pair in pairs(trembling)) == GIGABYTE // 10
    assert classify(rounded(-15, 412.7), rounded(0, 412.9)).kind is PairKind.TOP_UP
    assert classify(reading(-15, 412.7), reading(0, 412.8)).kind is PairKind.TOP_UP


def test_readings_in_any_order_and_twice_at_the_same_time() -> None:
    mixed = readings((0, 298), (-120, 300), (-60, 310), (-60, 299))
    assert [pair.consumed for pair in pairs(mixed)] == [GIGABYTE, GIGABYTE]


def test_a_renewal_leaves_use_and_time_out_of_the_average() -> None:
    old = [reading(-60 * hour, 10 + hour, 1, "old") for hour in range(5, 1, -1)]
    new = [reading(-60 * hour, 998 + hour, 30, "new") for hour in range(1, -1, -1)]
    found = forecast([*old, *new], NOW, interval=HOUR)
    assert found.average == pytest.approx(24 * GIGABYTE)
    assert found.covered == timedelta(hours=4)


def test_a_pair_counts_by_the_part_of_it_within_the_window() -> None:
    found = consumption(pairs(readings((-120, 300), (0, 290))), Window(NOW - HOUR, NOW))
    assert (found.used, found.covered) == (5 * GIGABYTE, HOUR)


def test_under_an_hour_there_is_no_average_and_under_a_day_little_trust() -> None:
    short = forecast(readings((-59, 300), (0, 299)), NOW, interval=HOUR)
    assert (short.average, str(short.reason)) == (None, "not enough data")
    day = forecast(readings((-1440, 300), (0, 299)), NOW, interval=HOUR)
    assert day.confidence is not None
    assert day.confidence.value == "normal"


def test_an_unknown_balance_is_never_nothing_left() -> None:
    found = forecast(readings((-120, 300), (-60, 299), (0, None)), NOW, interval=HOUR)
    assert (found.balance, found.days_left, found.exhausted) == (None, None, False)
    assert (found.limited_by, found.data_days, found.over_pace) == (LimitedBy.UNKNOWN, None, None)
    assert "no balance" in str(found.reason)


def test_an_unknown_expiry_leaves_the_data_as_the_limit() -> None:
    found = forecast(readings((-120, 300), (0, 298), expires=None), NOW, interval=HOUR)
    assert (found.days_left, found.limited_by) == (pytest.approx(298 / 24), LimitedBy.DATA)
    assert (found.safe_daily_budget, found.remainder) == (None, None)


def test_stale_is_later_than_two_intervals() -> None:
    rows = readings((-120, 300), (-31, 299))
    assert forecast(rows, NOW, interval=timedelta(minutes=15)).stale
    assert not forecast(rows, NOW, interval=timedelta(minutes=16)).stale


def test_why_a_plan_is_gone() -> None:
    assert ending(reading(-15, 0, 9), NOW) is Ending.USED_UP
    assert ending(reading(-15, 80, 0), NOW) is Ending.EXPIRED
    assert ending(reading(-15, 80, 9), NOW) is Ending.UNKNOWN
    assert ending(reading(-15, None, None), NOW) is Ending.UNKNOWN


def plan(plan_id: str, purchase: str, *, active: bool) -> Plan:
    return Plan(plan_id, "1 Month", active, True, GIGABYTE, Basis.BYTES, False, 20, purchase_id=purchase)


def test_two_plans_of_one_product_have_lineages_of_their_own() -> None:
    second, first = plan("p", "b2", active=False), plan("p", "b1", active=True)
    other = plan("q", "b0", active=False)
    found = lineages([second, other, first])
    assert [(key, each.purchase_id) for key, each in found] == [("p", "b1"), ("q", "b0"), ("p#2", "b2")]
    assert lineages([first, second, other]) == found


@given(st.lists(st.integers(0, 2_000 * GIGABYTE) | st.none(), max_size=30))
def test_no_sequence_of_balances_gives_a_negative_pace(balances: list[int | None]) -> None:
    rows = [
        Reading(NOW - HOUR * (len(balances) - index), balance, 20) for index, balance in enumerate(balances)
    ]
    found = forecast(rows, NOW, interval=HOUR)
    assert found.average is None or found.average >= 0
    assert found.days_left is None or 0 <= found.days_left <= 20
    assert found.exhausted == (bool(balances) and balances[-1] == 0)
