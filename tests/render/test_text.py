from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.message import _
from core.page import ChartSeries, Column, Fact, Facts, Freshness, Row, SourceState, Table
from core.query import TableQuery
from core.render.layout import cut, width_of, wrap
from core.render.text import render
from core.units import Absent, Instant

from .sample import NOW, START, STEP, chart, formatter, page, pods, points, repr_of

GOLDEN = Path(__file__).with_name("golden")


@pytest.mark.parametrize("width", [100, 50])
def test_every_block_as_a_person_reads_it(width: int) -> None:
    """After a wanted change, look at the difference and write the new text into the file."""
    assert render(page("Harbour Office"), formatter(), width=width) == (
        GOLDEN / f"page-{width}.txt"
    ).read_text("utf-8")


@pytest.mark.parametrize("width", [1, 40, 63, 80, 200])
@pytest.mark.parametrize(
    "name", ["Reception", "漢字かな交じり文" * 30, "a" * 2_000, "👩‍👩‍👧‍👦 " * 40], ids=repr_of
)
def test_no_line_is_wider_than_asked(width: int, name: str) -> None:
    for line in render(page(name), formatter(), width=width).splitlines():
        assert width_of(line) <= max(width, 40)


def test_columns_go_by_priority_and_are_named() -> None:
    lines = render(page(blocks=(pods(),)), formatter(), width=46).splitlines()
    header = next(line for line in lines if "Name" in line)
    assert header.split() == ["Name", "State", "Signal", "Traffic"]
    assert "  Not shown: Last seen." in lines


def test_a_cut_or_filtered_table_says_of_how_many() -> None:
    assert "Pods  2 of 12,431 that match “pod”, 20,000 in all" in render(page(blocks=(pods(),)), formatter())
    unfiltered = replace(pods(), query=TableQuery(), unfiltered=12_431)
    assert "Pods  2 of 12,431\n" in render(page(blocks=(unfiltered,)), formatter())
    whole = replace(pods(), query=TableQuery(), total=2, unfiltered=2)
    assert "Pods\n" in render(page(blocks=(whole,)), formatter())


def test_an_absent_value_gives_its_reason_and_never_a_number() -> None:
    facts = Facts("f", _("F"), (Fact(_("Upload"), Absent(_("the test failed"))),))
    lines = render(page(blocks=(facts, pods())), formatter()).splitlines()
    assert "  Upload  n/a (the test failed)" in lines
    assert "  n/a: not reported" in lines
    assert next(line for line in lines if "Yard" in line).split()[3] == "n/a"


def test_an_empty_table_says_so() -> None:
    table = Table("t", _("T"), (Column("a", _("A")),), (), 0, 0, _("No pods yet."))
    assert "  No pods yet." in render(page(blocks=(table,)), formatter())


def test_gaps_in_a_chart_are_spaces_and_zero_is_not() -> None:
    series = replace(chart().series[0], points=points([0.0, 5.0, None, 10.0]))
    text = render(
        page(blocks=(chart(series=(series,), end=START + timedelta(seconds=4 * STEP), thresholds=()),)),
        formatter(),
    )
    assert "|▁▅ █|" in text or "|▁▄ █|" in text
    assert "3 of 4" in text


def test_a_chart_of_many_buckets_keeps_to_the_width() -> None:
    many = chart(
        series=(ChartSeries("a name of some length", points([1.0] * 500)),),
        end=START + 500 * timedelta(seconds=STEP),
    )
    lines = render(page("x", blocks=(many,)), formatter(), width=60).splitlines()
    assert max(map(width_of, lines)) == 60


def test_a_chart_without_a_single_value_says_so_and_invents_no_figure() -> None:
    empty = replace(chart(), series=(replace(chart().series[0], points=points([None, None])),))
    text = render(page(blocks=(empty,)), formatter())
    assert "No data in this range." in text
    assert "0" not in text.split("WAN, last 6 h")[1]


def test_a_stale_source_is_told_above_everything_with_its_reason() -> None:
    source = SourceState(
        Freshness.STALE,
        NOW - timedelta(minutes=12),
        _("The cloud did not answer."),
        NOW + timedelta(minutes=3),
    )
    lines = render(page(source_state=source), formatter()).splitlines()
    assert lines[1] == "Stale: last answer 12 min ago. The cloud did not answer. Next try in 3 min."
    never = SourceState(Freshness.NEVER)
    assert render(page(source_state=never), formatter()).splitlines()[1] == "Never polled."
    unknown = SourceState(Freshness.UNKNOWN, NOW - timedelta(hours=2))
    assert render(page(source_state=unknown), formatter()).splitlines()[1] == "Unknown: last answer 2 h ago."


def test_a_page_of_the_past_is_told_by_its_moment_and_counts_ages_from_there() -> None:
    past = NOW - timedelta(days=1)
    seen = Facts("f", _("F"), (Fact(_("Seen"), Instant(past - timedelta(seconds=5), relative=True)),))
    text = render(page(blocks=(seen,), at=past, as_of=past - timedelta(seconds=30)), formatter())
    assert text.splitlines()[0].endswith("2026-01-13 17:41 UTC, 30 s ago")
    assert text.splitlines()[1] == "As it was on 2026-01-13 17:42 UTC."
    assert "Seen  5 s ago" in text


@given(st.text(), st.integers(1, 60))
def test_cutting_and_wrapping_keep_to_the_width(text: str, width: int) -> None:
    assert width_of(cut(text, width)) <= width
    assert all(width_of(line) <= max(width, 4) for line in wrap(text, width))


@given(st.text())
def test_wrapping_loses_no_visible_character(text: str) -> None:
    assert "".join("".join(wrap(text, 12)).split()) == "".join(text.expandtabs(4).split())


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_any_row_stays_one_line(cells: list[str]) -> None:
    columns = tuple(Column(str(index), _("C")) for index in range(len(cells)))
    table = Table("t", _("T"), columns, (Row("r", tuple(cells)),), 1, 1)
    assert len(render(page("x", blocks=(table,)), formatter(), width=500).splitlines()) == 6
