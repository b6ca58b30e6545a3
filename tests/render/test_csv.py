from __future__ import annotations

import csv
import io
import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.message import _
from core.page import ChartSeries, Column, Fact, Facts, Kind, Lights, Row, Table
from core.render.csv import render
from core.text import clean
from core.units import Absent, Instant, Quantity, Share, Span, Unit, Value

from .sample import CORPUS, NOW, START, STEP, chart, every_block, formatter, page, pods, points, repr_of

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\x00")


def read(*blocks: object, name: str = "Reception") -> list[list[str]]:
    text = render(page(name, blocks), formatter())  # type: ignore[arg-type]
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    return list(csv.reader(io.StringIO(text, newline="")))


def table(*cells: Value, kind: Kind = Kind.NUMBER) -> Table:
    rows = tuple(Row(str(index), (cell,)) for index, cell in enumerate(cells))
    return Table("t", _("T"), (Column("a", _("A"), kind),), rows, len(rows), len(rows))


def test_a_chart_comes_before_all_else_with_a_row_for_every_bucket() -> None:
    rows = read(*every_block("x"))
    assert rows[0] == ["time", "Downstream (Mbps)", "Upstream (Mbps)"]
    assert len(rows) == 1 + 24
    assert rows[1] == ["2026-01-14T12:00:00Z", "10", "2.5"]
    assert rows[5] == ["2026-01-14T13:00:00Z", "", "2.5"]
    assert rows[11] == ["2026-01-14T14:30:00Z", "20", ""]


def test_buckets_that_never_came_are_rows_too() -> None:
    alone = chart(series=(ChartSeries("x", points([1.0], START + timedelta(hours=1))),))
    rows = read(alone)
    assert len(rows) == 1 + 24
    assert [row for row in rows if row[1]] == [["time", "x (Mbps)"], ["2026-01-14T13:00:00Z", "1"]]


def test_a_chart_over_changed_clocks_has_neither_a_hole_nor_a_repeat() -> None:
    start = START.replace(month=11, day=1, hour=4)
    over = chart(
        start=start, end=start + timedelta(hours=4), series=(ChartSeries("x", points([1.0], start)),)
    )
    times = [row[0] for row in read(over)[1:]]
    assert len(times) == len(set(times)) == 16


def test_extremes_of_buckets_have_their_own_columns() -> None:
    bucketed = ChartSeries("x", points([2.0, None]), (1.0, None), (3.5, None))
    rows = read(chart(series=(bucketed,), end=START + timedelta(seconds=2 * STEP)))
    assert rows == [
        ["time", "x (Mbps)", "x lowest (Mbps)", "x highest (Mbps)"],
        ["2026-01-14T12:00:00Z", "2", "1", "3.5"],
        ["2026-01-14T12:15:00Z", "", "", ""],
    ]


def test_the_first_table_otherwise_with_units_in_its_header() -> None:
    assert read(Lights("l", _("L"), ()), pods()) == [
        ["Name", "State", "Signal (dBm)", "Traffic (MB)", "Last seen"],
        ["Reception", "online", "-61", "6847.25", "2026-01-14T17:42:00Z"],
        ["Yard", "offline", "", "0", "2026-01-14T12:00:00Z"],
    ]


def test_a_column_of_several_units_names_them_in_another() -> None:
    rows = read(
        table(Quantity(1.5, Unit.MEGABYTE), Share(0.25), Absent(_("gone")), Span(timedelta(minutes=1)))
    )
    assert rows == [["A", "A unit"], ["1.5", "MB"], ["0.25", "share"], ["", ""], ["60", "s"]]


def test_facts_where_there_is_nothing_else() -> None:
    facts = Facts(
        "f",
        _("F"),
        (Fact(_("Rate"), Quantity(12.978723, Unit.MEGABIT_PER_SECOND)), Fact("=x", Absent(_("gone")))),
    )
    assert read(facts) == [["label", "value", "unit"], ["Rate", "12.978723", "Mbps"], ["'=x", "", ""]]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_an_empty_field(number: float) -> None:
    assert read(table(Quantity(number, Unit.MEGABYTE)))[1] == [""]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back_exactly_and_are_never_made_text(number: float) -> None:
    field = read(table(Quantity(number, Unit.MEGABYTE)))[1][0]
    assert float(field) == number
    assert not field.startswith("'")


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_text_comes_back_but_for_the_apostrophe_and_never_as_a_formula(texts: list[str]) -> None:
    rows = read(table(*texts, kind=Kind.TEXT))[1:]
    for text, row in zip(texts, rows, strict=True):
        field = row[0] if row else ""
        assert not field.startswith(TRIGGERS)
        assert field.removeprefix("'") == clean(text).removeprefix("'")


@pytest.mark.parametrize("text", CORPUS, ids=repr_of)
def test_no_foreign_text_begins_a_field_with_a_formula(text: str) -> None:
    foreign_series = chart(series=(ChartSeries(text, points([1.0])),), unit=Unit.COUNT)
    titled = replace(table(text, kind=Kind.TEXT), columns=(Column("a", _("{x}", x=text)),))
    for rows in (read(foreign_series), read(titled), read(Facts("f", _("F"), (Fact(text, text),)))):
        for row in rows:
            assert not any(field.startswith(TRIGGERS) for field in row)


def test_moments_are_in_utc_whatever_the_zone() -> None:
    there = page("x", (table(Instant(NOW), kind=Kind.MOMENT),))
    assert "2026-01-14T17:42:12Z" in render(there, formatter("Africa/Nairobi"))
