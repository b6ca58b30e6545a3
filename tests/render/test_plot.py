from __future__ import annotations

import math
import re
import threading
from datetime import timedelta

import pytest

from core.page import ChartSeries
from core.render.charting import plan
from core.render.layout import width_of
from core.render.plot import Colours, draw
from core.units import Severity

from .sample import START, STEP, chart, formatter, points

COLOURS = Colours(((90, 200, 250), (250, 200, 80)), {Severity.WARNING: (250, 90, 90)})
DRAWN = "[▀-█▌▐▖-▟]"
"""Quarter blocks and the eighths of sparklines."""
ANSI = re.compile("\x1b\\[[0-9;]*m")


def drawn(width: int, height: int, colours: Colours | None = None, **changes: object) -> list[str]:
    made = plan(chart(**changes), formatter(), width, height)
    return ANSI.sub("", draw(made, width, height, colours)).split("\n")


@pytest.mark.parametrize("size", [(200, 50), (120, 40), (80, 24), (40, 10), (40, 8)])
@pytest.mark.parametrize("colours", [COLOURS, None])
def test_a_chart_is_exactly_as_large_as_asked_whatever_the_terminal(
    size: tuple[int, int], colours: Colours | None
) -> None:
    lines = drawn(*size, colours)
    assert len(lines) == size[1]
    assert max(map(width_of, lines)) <= size[0]
    assert any(re.search(DRAWN, line) for line in lines[1:])


@pytest.mark.parametrize("size", [(39, 20), (80, 7), (12, 4), (2, 1), (1, 1), (0, 0), (30, 3)])
def test_a_small_chart_becomes_sparklines(size: tuple[int, int]) -> None:
    lines = drawn(*size, COLOURS)
    assert len(lines) <= max(size[1], 1)
    assert max(map(width_of, lines)) <= size[0]
    assert "┤" not in "".join(lines)


def test_axes_carry_our_ticks_and_the_legend_names_every_line() -> None:
    lines = drawn(80, 20)
    assert lines[0] == "▄▄ Downstream  •• Upstream  ── busy"
    assert lines[-1].split() == ["12:00", "13:00", "14:00", "15:00", "16:00", "17:00"]
    assert [line.split("┤")[0].strip() for line in lines if "┤" in line] == ["40", "20", "10", "0"]
    assert any("────" in line for line in lines[1:-2])


def test_a_gap_is_not_drawn_over() -> None:
    values: list[float | None] = [5.0] * 40 + [None] * 20 + [5.0] * 40
    wide = ChartSeries("x", points(values))
    lines = drawn(80, 12, series=(wide,), thresholds=(), end=START + timedelta(seconds=100 * STEP))
    line = next(each for each in lines if re.search(DRAWN, each))
    assert re.search(f"{DRAWN} {{10,}}{DRAWN}", line)


@pytest.mark.parametrize("days", [3, 14, 31])
def test_bars_stand_apart_and_a_missing_one_is_a_hole(days: int) -> None:
    values: list[float | None] = [5.0] * days
    values[1] = None
    series = ChartSeries("x", points(values))
    end = START + timedelta(seconds=days * STEP)
    lines = drawn(120, 12, series=(series,), thresholds=(), end=end, bars=True)
    bars = lines[-4].partition("│")[2].replace("▌▐", "▌ ▐").split()  # two halves of cells stand apart too
    assert len(bars) == days - 1
    assert max(map(len, bars)) - min(map(len, bars)) <= 1


@pytest.mark.parametrize("colours", [COLOURS, None])
def test_a_bar_of_zero_is_a_mark_and_the_least_value_above_it_more(colours: Colours | None) -> None:
    series = ChartSeries("x", points([1000.0, 0.0, None, 0.001]))
    end = START + timedelta(seconds=4 * STEP)
    lines = drawn(80, 12, colours, series=(series,), thresholds=(), end=end, bars=True)
    base = next(each for each in lines if "0┤" in each and "00┤" not in each)
    assert re.fullmatch("█+[▌▐ ]*▁+ +[▗▐]?▄+[▖ ]*", base.partition("┤")[2])
    above = lines[lines.index(base) - 1].partition("│")[2]
    assert re.fullmatch("█+[▌ ]*", above), "nothing else reaches into the next row"


def test_a_single_value_between_gaps_is_seen() -> None:
    lines = drawn(60, 12, series=(ChartSeries("x", points([None, 7.0, None, None])),), thresholds=())
    assert re.search(DRAWN, "".join(lines))


@pytest.mark.parametrize(
    "values",
    [[], [None], [math.nan], [math.inf, -math.inf], [0.0], [3.0] * 24, [1e12, 1e-12], [-5.0, 5.0]],
)
def test_awkward_data_neither_fails_nor_shows_what_is_not_there(values: list[float | None]) -> None:
    made = (ChartSeries("x", points(values)),)
    for size in ((80, 20), (20, 2)):
        text = "".join(drawn(*size, COLOURS, series=made, thresholds=()))
        there = any(value is not None and math.isfinite(value) for value in values)
        assert bool(re.search(DRAWN, text)) is there


def test_without_colours_there_is_no_escape_sequence() -> None:
    assert "\x1b" not in draw(plan(chart(), formatter(), 80, 20), 80, 20, None)


def test_the_only_escape_sequences_are_colours_even_with_foreign_names() -> None:
    hostile = ChartSeries("\x1b[2J\x9b31m\x1b]0;X\x07", points([1.0, 2.0]))
    for size in ((80, 20), (30, 4)):
        text = draw(plan(chart(series=(hostile, hostile)), formatter(), *size), *size, COLOURS)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", ANSI.sub("", text))


def test_drawings_share_nothing_even_across_threads() -> None:
    made = plan(chart(), formatter(), 80, 20)
    alone = draw(made, 80, 20, COLOURS)
    results: list[str] = []
    threads = [threading.Thread(target=lambda: results.append(draw(made, 80, 20, COLOURS))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [alone] * 4
