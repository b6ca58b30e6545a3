"""Pictures of three pages at three sizes, in dark and in light."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from .conftest import MakeApp
from .screen import settle

SIZES = ((80, 24), (120, 40), (200, 60))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("digit", ["1", "2", "3"], ids=["overview", "network", "wan"])
def test_dark(snap_compare: Any, make_app: MakeApp, digit: str, size: tuple[int, int]) -> None:
    assert snap_compare(make_app(refresh_seconds=1e9), terminal_size=size, run_before=_open(digit))


@pytest.mark.parametrize("digit", ["1", "2", "4"], ids=["overview", "network", "production"])
def test_light(snap_compare: Any, make_app: MakeApp, digit: str) -> None:
    app = make_app(theme="light", refresh_seconds=1e9)
    assert snap_compare(app, terminal_size=(120, 40), run_before=_open(digit))


def _open(digit: str) -> Any:
    async def open_pane(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await pilot.press(digit)
        await settle(pilot)
        await settle(pilot)

    return open_pane
