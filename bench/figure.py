"""What a benchmark finds out, and how two programs are compared fairly."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["Figure", "compare", "percentile", "table"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    `ratio` is to the floor's, where there is a floor. `goal` is the most that the ratio may be, or the
    measured value itself where there is no floor; without a goal the figure is only told.
    """

    name: str
    measured: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    goal: float | None = None

    @classmethod
    def against(cls, name: str, measured: float, floor: float, unit: str, *, goal: float) -> Figure:
        """A figure whose goal is a ratio of two values."""
        return cls(name, measured, unit, floor, measured / floor, goal)

    @property
    def met(self) -> bool | None:
        """Whether the goal is met, if there is one."""
        if self.goal is None:
            return None
        return (self.measured if self.ratio is None else self.ratio) <= self.goal

    def row(self) -> tuple[str, ...]:
        """The figure as it stands in the table."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        goal = "" if self.goal is None else f"≤ {self.goal:g}"
        if goal and self.ratio is None:
            goal += f" {self.unit}"
        verdict = {None: "", True: "met", False: "over"}[self.met]
        measured, floor = _shown(self.measured, self.unit), _shown(self.floor, self.unit)
        return self.name, measured, floor, ratio, goal, verdict


def compare(
    name: str,
    ours: Callable[[], float],
    floor: Callable[[], float],
    unit: str,
    *,
    rounds: int,
    goal: float | None = None,
) -> Figure:
    """Measure both in turn, after one round that isn't counted.

    The ratio is the median of those of the rounds, so that a machine which is busy for a while spoils
    one round and not the figure.
    """
    pairs: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        if number % 2:
            second = floor()
            pairs.append((ours(), second))
        else:
            pairs.append((ours(), floor()))
    pairs = pairs[1:]
    return Figure(
        name,
        statistics.median(first for first, _ in pairs),
        unit,
        statistics.median(second for _, second in pairs),
        statistics.median(first / second for first, second in pairs),
        goal,
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values are not above (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -int(-len(ordered) * share // 1) - 1)]


def table(figures: Sequence[Figure]) -> str:
    """The figures as text in columns."""
    rows = [("figure", "measured", "floor", "ratio", "goal", ""), *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines: list[str] = []
    for name, *cells in rows:
        padded = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        lines.append("  ".join([name.ljust(widths[0]), *padded]).rstrip())
    return "\n".join(lines)


def _shown(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"
