"""How figures are compared and told."""

from __future__ import annotations

from bench.figure import Figure, compare, percentile, table


def test_a_ratio_is_held_against_its_goal() -> None:
    assert Figure.against("start", 180.0, 100.0, "ms", goal=1.8).met is True
    assert Figure.against("start", 181.0, 100.0, "ms", goal=1.8).met is False


def test_without_a_floor_the_value_itself_is_held_against_the_goal() -> None:
    assert Figure("size", 30.5, "B", goal=30).met is False
    assert Figure("size", 30.5, "B").met is None


def test_one_disturbed_round_does_not_spoil_the_ratio() -> None:
    ours = iter([999.0, 20.0, 20.0, 900.0])
    floor = iter([1.0, 10.0, 10.0, 10.0])
    figure = compare("start", lambda: next(ours), lambda: next(floor), "ms", rounds=3, goal=2)
    assert figure.ratio == 2.0
    assert figure.measured == 20.0


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(number) for number in range(20, 0, -1)]
    assert percentile(values, 0.5) == 10.0
    assert percentile(values, 0.95) == 19.0
    assert percentile([4.0], 0.95) == 4.0


def test_the_table_tells_what_was_missed() -> None:
    lines = table(
        [Figure.against("start", 400.0, 100.0, "ms", goal=1.8), Figure("size", 20.0, "B", goal=30)]
    ).split("\n")
    assert lines[0].split() == ["figure", "measured", "floor", "ratio", "goal"]
    assert lines[1].split() == ["start", "400", "ms", "100", "ms", "4.00", "≤", "1.8", "over"]
    assert lines[2].split() == ["size", "20.0", "B", "≤", "30", "B", "met"]
