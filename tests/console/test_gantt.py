"""A plan on the screen: the present is marked and named, and what is too late looks different."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from console.blocks.gantt import GanttBlock
from console.ink import Ink
from console.pen import Pen
from console.theme import read_theme, shipped_folder
from core.message import ENGLISH, _
from core.page import Gantt, GanttBar
from core.render.values import Formatter
from core.units import Severity, State

from .pages import NOW

_HOUR = timedelta(hours=1)
_STATE = State(Severity.WARNING, _("overdue"))
_BAR = GanttBar("1", "ORD-1", NOW - 4 * _HOUR, NOW + 2 * _HOUR, _STATE)
_PLAN = Gantt("plan", _("Plan"), NOW - 5 * _HOUR, NOW + 5 * _HOUR, (_BAR,))


def _drawn(plan: Gantt) -> tuple[str, str, str]:
    """The axis, the first bar and what stands at the foot."""
    ink = Ink.of(read_theme(shipped_folder() / "dark.toml"))
    drawing = GanttBlock(plan, Pen(Formatter(ENGLISH, ZoneInfo("UTC"), NOW), ink)).draw(100, 10)
    (axis,) = drawing.head
    return axis.plain, drawing.lines[0].plain, drawing.foot.plain


def test_the_axis_names_the_present_where_its_mark_stands() -> None:
    axis, bar, foot = _drawn(_PLAN)
    assert abs(axis.index("now") + 1 - bar.index("▓")) <= 1
    assert "▒" not in bar
    assert foot == ""


def test_what_lies_after_the_due_date_is_drawn_as_late_and_explained() -> None:
    late = replace(_PLAN, bars=(replace(_BAR, due=NOW - 2 * _HOUR),))
    _axis, bar, foot = _drawn(late)
    on_time, too_late = bar.index("█"), bar.index("▒")
    assert on_time < too_late < bar.index("▓")
    assert foot == "▒ too late"


def test_a_plan_without_the_present_has_no_mark_of_it() -> None:
    axis, bar, _foot = _drawn(replace(_PLAN, start=NOW - 9 * _HOUR, end=NOW - _HOUR))
    assert "now" not in axis
    assert not set("┊▓") & set(bar)
