"""Rows of any values, made into the table a person asked for."""

from __future__ import annotations

import itertools
import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.message import _
from core.page import Column, Kind, Place, Row, Table
from core.query import TableQuery
from core.tabulate import sort_value, tabulate
from core.units import Absent, Instant, Money, Quantity, Severity, Share, Span, State, Unit, Value

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
COLUMNS = (Column("name", _("Name"), Kind.TEXT, 1), Column("value", _("Value"), Kind.NUMBER))

LADDERS: dict[str, tuple[Value, ...]] = {
    "quantities": (Quantity(-61.0, Unit.DECIBEL_MILLIWATT), Quantity(0.0), Quantity(0.5), Quantity(11.0)),
    "shares": (Share(0.0), Share(0.09), Share(0.1), Share(1.0)),
    "money": (Money(Decimal("-1"), "EUR"), Money(Decimal("9.99"), "EUR"), Money(Decimal("10"), "EUR")),
    "moments": (
        Instant(NOON - timedelta(days=30)),
        Instant(NOON),
        Instant(NOON + timedelta(seconds=1), relative=True),
    ),
    "lengths": (Span(timedelta(0)), Span(timedelta(seconds=90)), Span(timedelta(days=2))),
    "states": (
        State(Severity.CRITICAL, "a"),
        State(Severity.WARNING, "z"),
        State(Severity.UNKNOWN, "m"),
        State(Severity.GOOD, "b"),
        State(Severity.IDLE, "a"),
    ),
    "numbers": (-3, 0, 2, 10),
    "texts": ("alpha", "Beta", "gamma", "Österreich".casefold()),
    "messages": (_("{count} of {all}", count=1, all=2), _("Beta"), _("gamma")),
}
EVERY_VALUE: tuple[Value, ...] = (
    *itertools.chain.from_iterable(LADDERS.values()),
    Absent(_("not reported")),
    Quantity(math.nan),
    Quantity(math.inf),
    Share(math.nan),
    Money(Decimal("NaN"), "EUR"),
    "",
)


def table(values: tuple[Value, ...] | list[Value], query: TableQuery | None = None) -> Table:
    rows = [Row(str(index), (f"row {index}", value)) for index, value in enumerate(values)]
    return tabulate("t", _("Things"), COLUMNS, rows, query)


def shown(values: tuple[Value, ...] | list[Value], *, descending: bool = False) -> list[Value]:
    return [row.cells[1] for row in table(values, TableQuery(sort="value", descending=descending)).rows]


@pytest.mark.parametrize("ladder", LADDERS.values(), ids=LADDERS)
def test_every_kind_sorts_by_what_it_means(ladder: tuple[Value, ...]) -> None:
    """Numbers by size, moments by time, states worst first, words without regard to case."""
    assert shown(tuple(reversed(ladder))) == list(ladder)
    assert shown(ladder, descending=True) == list(reversed(ladder))


@given(st.permutations(EVERY_VALUE), st.booleans())
def test_a_column_of_mixed_kinds_still_sorts(values: list[Value], descending: bool) -> None:
    found = shown(values, descending=descending)
    assert len(found) == len(values)
    absent = [isinstance(value, Absent) or _is_nan(value) for value in found]
    assert absent == sorted(absent), "absent ones and what is no number come last"
    kinds = [
        isinstance(sort_value(value), str) for value, gone in zip(found, absent, strict=True) if not gone
    ]
    assert kinds == sorted(kinds, reverse=descending), "numbers and words don't mix"


def test_not_a_number_does_not_disturb_the_order_of_numbers() -> None:
    found = shown([Quantity(3.0), Quantity(math.nan), Quantity(1.0), Quantity(math.nan), Quantity(2.0)])
    assert found[:3] == [Quantity(1.0), Quantity(2.0), Quantity(3.0)]


def test_a_column_this_table_does_not_have_leaves_the_order_alone() -> None:
    made = table((3, 1, 2), TableQuery(sort="elsewhere", descending=True))
    assert [row.cells[1] for row in made.rows] == [3, 1, 2]


def test_the_filter_finds_words_states_and_whole_numbers() -> None:
    values: tuple[Value, ...] = (
        State(Severity.WARNING, _("degraded")),
        _("{n} pods", n=3),
        "Yard",
        42,
        Quantity(7.0),
    )
    for text, key in (("degraded", "0"), ("3 pods", "1"), ("yard", "2"), ("42", "3")):
        assert [row.key for row in table(values, TableQuery(text)).rows] == [key]


def test_counts_and_query_are_kept_for_whoever_draws_it() -> None:
    query = TableQuery("row", limit=2, offset=1)
    made = table((1, 2, 3, 4), query)
    assert (made.total, made.unfiltered, len(made.rows), made.query) == (4, 4, 2, query)
    assert (made.key, made.columns, made.place) == ("t", COLUMNS, Place.MAIN)


def test_an_empty_table_says_why() -> None:
    empty = _("No pods yet.")
    rows = [Row("1", ("x", 1))]
    assert str(tabulate("t", _("T"), COLUMNS, []).empty) == "Nothing to show."
    assert tabulate("t", _("T"), COLUMNS, [], empty=empty).empty == empty
    assert tabulate("t", _("T"), COLUMNS, [], TableQuery("zzz"), empty=empty).empty == empty
    assert str(tabulate("t", _("T"), COLUMNS, rows, TableQuery("zzz")).empty) == "No row matches “zzz”."
    past_the_end = tabulate("t", _("T"), COLUMNS, rows, TableQuery(offset=5), empty=empty)
    assert (past_the_end.rows, past_the_end.empty) == ((), empty)


def _is_nan(value: Value) -> bool:
    number = (
        value.value
        if isinstance(value, Quantity | Share)
        else value.amount
        if isinstance(value, Money)
        else 0
    )
    return math.isnan(number)
