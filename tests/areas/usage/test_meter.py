"""A plan's counter: however its readings come in, it adds up to the same."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.areas.usage.model import GIGABYTE, Reading
from core.areas.usage.rules.meter import Advance, Meter, advance, shifted
from core.areas.usage.rules.pairs import pairs
from core.moment import to_epoch
from tests.areas.usage.vectors import NOW

QUARTER = timedelta(minutes=15)


def reading(minutes: float, gigabytes: float | None, days: int = 20, *, exact: bool = True) -> Reading:
    balance = None if gigabytes is None else round(gigabytes * GIGABYTE)
    return Reading(NOW + timedelta(minutes=minutes), balance, days, "", exact)


STEPS = st.lists(
    st.tuples(
        st.integers(1, 200),
        st.one_of(st.none(), st.floats(0, 1_000).map(lambda each: round(each, 3))),
        st.integers(0, 30),
        st.booleans(),
    ),
    max_size=30,
)


@given(steps=STEPS)
def test_one_by_one_and_all_at_once_are_the_same(steps: list[tuple[int, float | None, int, bool]]) -> None:
    readings: list[Reading] = []
    minutes = 0
    for length, balance, days, exact in steps:
        minutes += length
        readings.append(reading(minutes, balance, days, exact=exact))
    whole = advance(None, readings, QUARTER)
    meter: Meter | None = None
    parts: list[Advance] = []
    for each in readings:
        parts.append(advance(meter, [each], QUARTER))
        meter = parts[-1].meter
    assert meter == whole.meter
    for name in ("balance", "consumed", "gap"):
        assert tuple(sample for part in parts for sample in getattr(part, name)) == getattr(whole, name)
    used = sum(pair.consumed or 0 for pair in pairs(readings))
    assert (0 if whole.meter is None else whole.meter.consumed) == used
    values = [value or 0 for _time, value in whole.consumed]
    assert values == sorted(values)


def test_a_reading_without_a_balance_moves_nothing() -> None:
    before = advance(None, [reading(0, 10)], QUARTER).meter
    found = advance(before, [reading(15, None)], QUARTER)
    assert (found.meter, found.consumed, found.gap) == (before, (), ())
    assert found.balance == ((to_epoch(NOW) + 900, None),)


def test_only_what_is_longer_than_three_intervals_or_no_consumption_is_a_gap() -> None:
    readings = [reading(0, 10), reading(45, 9), reading(91, 8), reading(106, 100), reading(121, 99, 30)]
    found = advance(None, readings, QUARTER)
    start = to_epoch(NOW)
    assert found.gap == ((start + 91 * 60, 46 * 60), (start + 106 * 60, 900), (start + 121 * 60, 900))


def test_a_counter_continued_backwards_is_shifted_as_a_whole() -> None:
    assert shifted(((1, 0.0), (2, 5.0)), -5.0) == ((1, -5.0), (2, 0.0))
