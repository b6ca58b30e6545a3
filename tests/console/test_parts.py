"""The rules behind the screen that need no screen."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from rich.text import Text

from console.blocks.rows import Cells, set_columns
from console.clipboard import LONGEST_ENCODED, clipboard_sequence
from console.page_head import calm_now
from console.rewind import next_range, step_back, step_for, step_forward
from console.trail import Trail, View
from core.errors import InputError
from core.page import Kind

from .fake_backend import COMMANDS

NOON = datetime(2026, 1, 14, 12, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "step"),
    [
        ("3h", timedelta(minutes=15)),
        ("24h", timedelta(hours=1)),
        ("7d", timedelta(hours=6)),
        ("30d", timedelta(days=1)),
        ("1y", timedelta(days=1)),
        (None, timedelta(minutes=15)),
        ("sideways", timedelta(minutes=15)),
    ],
)
def test_a_step_in_time_fits_the_range(span: str | None, step: timedelta) -> None:
    assert step_for(span) == step


def test_steps_are_round_and_end_in_the_present() -> None:
    step = timedelta(minutes=15)
    first = step_back(None, NOON, step)
    assert first == NOON.replace(minute=0, second=0)
    second = step_back(first, NOON, step)
    assert second == first - step
    assert step_forward(second, NOON, step) == first
    assert step_forward(first, NOON, step) is None or step_forward(first, NOON, step) < NOON  # type: ignore[operator]
    assert step_forward(NOON - timedelta(minutes=1), NOON, step) is None


def test_ranges_follow_the_commands_order_and_start_over() -> None:
    wan = next(command for command in COMMANDS if command.name == "wan")
    assert next_range(wan, {}) == "7d"  # after the default, 24h
    assert next_range(wan, {"span": "30d"}) == "3h"
    assert next_range(next(command for command in COMMANDS if command.name == "overview"), {}) is None


def test_a_cut_text_takes_the_room_there_is_to_spare() -> None:
    note = "lasts until its renewal in about twenty days, with 441.2 GB to spare"
    columns = [Cells(Text(), Kind.TEXT, 1, [Text(each)]) for each in ("hostel", note)]
    assert note in set_columns(columns, 100, headings=False)[1][0].plain
    assert "…" in set_columns(columns, 60, headings=False)[1][0].plain


def test_what_is_too_long_for_the_clipboard_is_refused() -> None:
    with pytest.raises(InputError, match="too long for the terminal's clipboard"):
        clipboard_sequence("x" * LONGEST_ENCODED, {})


def test_the_clipboard_is_reached_through_tmux_and_screen() -> None:
    plain = clipboard_sequence("hello", {})
    assert plain == "\x1b]52;c;aGVsbG8=\x07"
    assert clipboard_sequence("hello", {"TMUX": "/tmp/x"}) == "\x1bPtmux;\x1b\x1b]52;c;aGVsbG8=\x07\x1b\\"
    assert clipboard_sequence("hello", {"TERM": "screen"}) == f"\x1bP{plain}\x1b\\"


def test_the_trail_goes_back_and_returns() -> None:
    network, wan, pod = View("network"), View("wan"), View("pod", (("pod", "Yard"),))
    trail = Trail(network)
    assert not trail.back()
    assert not trail.last()
    trail.drill(pod)
    assert trail.current == pod
    trail.jump(wan)
    assert trail.last()
    assert trail.views == (network, pod)
    assert trail.back()
    assert trail.current == network


def test_ages_move_in_steps_while_seconds_are_shown() -> None:
    ages = {(calm_now(NOON, NOON + timedelta(seconds=s)) - NOON).total_seconds() for s in range(60)}
    assert ages == {float(s) for s in range(0, 60, 5)}


def test_importing_the_app_loads_nothing_heavy() -> None:
    heavy = (
        "sqlalchemy",
        "alembic",
        "httpx",
        "pydantic",
        "apscheduler",
        "plotext",
        "babel",
        "starlette",
        "cryptography",
    )
    code = f"import sys, console.app; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
