"""What an area is given and hands out: shared lines, requests, and the areas found on disk."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

import core.areas
from core.area import Connections, Request, Services, discover
from core.principal import Principal, Role

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


class Line:
    """A line that remembers whether it was hung up."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.closed = 0
        self.failure = failure

    async def close(self) -> None:
        self.closed += 1
        if self.failure is not None:
            raise self.failure


async def test_a_line_is_shared_while_its_version_stays() -> None:
    lines = Connections()
    first = await lines.get("plume", "v1", Line)
    assert await lines.get("plume", "v1", Line) is first
    assert await lines.get("other", "v1", Line) is not first
    assert first.closed == 0


async def test_new_credentials_make_a_new_line_and_hang_up_the_old_one() -> None:
    lines = Connections()
    old = await lines.get("plume", ("authorization", "v1"), Line)
    new = await lines.get("plume", ("authorization", "v2"), Line)
    assert new is not old
    assert (old.closed, new.closed) == (1, 0)
    assert await lines.get("plume", ("authorization", "v2"), Line) is new


async def test_a_line_that_can_not_be_made_leaves_the_old_one_open() -> None:
    lines = Connections()
    old = await lines.get("plume", 1, Line)

    def fail() -> Line:
        raise ValueError("no such host")

    with pytest.raises(ValueError, match="no such host"):
        await lines.get("plume", 2, fail)
    assert old.closed == 0
    assert await lines.get("plume", 1, Line) is old


async def test_the_new_line_is_kept_even_if_the_old_one_will_not_hang_up() -> None:
    lines = Connections()
    await lines.get("plume", 1, lambda: Line(OSError("stuck")))
    new = Line()
    with pytest.raises(OSError, match="stuck"):
        await lines.get("plume", 2, lambda: new)
    assert await lines.get("plume", 2, Line) is new


async def test_closing_hangs_up_every_line_once_even_after_one_has_failed() -> None:
    lines = Connections()
    opened = [Line(), Line(OSError("stuck")), Line()]
    for index, line in enumerate(opened):
        await lines.get(str(index), 1, lambda line=line: line)
    with pytest.raises(OSError, match="stuck"):
        await lines.close()
    assert [line.closed for line in opened] == [1, 1, 1]
    await lines.close()
    assert [line.closed for line in opened] == [1, 1, 1]


def test_a_request_reads_as_of_the_past_moment_or_of_now() -> None:
    person = Principal("amina", Role.VIEWER, "console")
    services = cast(Services, None)
    live = Request(services, person, NOON, {"limit": 5})
    assert live.moment == NOON
    past = Request(services, person, NOON, at=NOON - timedelta(days=1))
    assert past.moment == NOON - timedelta(days=1)
    assert (live.text("limit"), live.text("location")) == ("5", None)


@pytest.fixture
def area_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder in the place of `core/areas`."""
    mine = {name for name in sys.modules if name.startswith("core.areas.")}
    monkeypatch.setattr(core.areas, "__path__", [str(tmp_path)])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    kept = {name: sys.modules.pop(name) for name in mine}
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("core.areas.")]:
        del sys.modules[name]
        vars(core.areas).pop(name.removeprefix("core.areas.").partition(".")[0], None)
    sys.modules.update(kept)
    for name, module in kept.items():
        child = name.removeprefix("core.areas.")
        if "." not in child:
            setattr(core.areas, child, module)


def test_a_folder_is_an_area_and_its_first_pane_decides_its_place(area_folder: Path) -> None:
    for name, orders in {"network": (30, 20), "usage": (25,), "quiet": (), "also_quiet": ()}.items():
        folder = area_folder / name
        folder.mkdir()
        panes = ", ".join(f'Pane("{name}{n}", _("{name}"), "x", "1", {n})' for n in orders)
        (folder / "__init__.py").write_text(
            "from core.area import Area, Pane\nfrom core.message import _\n"
            f'AREA = Area("{name}", _("{name}"), panes=({panes}{"," if panes else ""}))\n'
        )
    (area_folder / "helper.py").write_text("raise RuntimeError('no area')\n")
    assert [area.name for area in discover()] == ["network", "usage", "also_quiet", "quiet"]


def test_without_a_folder_there_is_no_area(area_folder: Path) -> None:
    assert discover() == ()
