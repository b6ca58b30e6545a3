"""The plant's light in the rail says when its backend isn't read, whatever the orders look like."""

from __future__ import annotations

from pathlib import Path

from core.area import PaneLight, Request
from core.areas.plant import AREA
from core.page import Lights
from core.units import Severity
from tests.areas.plant.client.world import BackendWorld, opened
from tests.areas.plant.orders.world import VIEWER

_MINUTE = 60


def _request(world: BackendWorld) -> Request:
    return Request(world.plant.deck.services, VIEWER, world.plant.clock.now())


async def _light(world: BackendWorld) -> PaneLight:
    (pane,) = AREA.panes
    assert pane.light is not None
    return await pane.light(_request(world))


async def test_a_backend_that_is_read_is_not_mentioned(world: BackendWorld) -> None:
    await world.round()
    light = await _light(world)
    assert "backend" not in str(light.headline)


async def test_one_that_fails_is_said_once_what_it_told_is_old(world: BackendWorld) -> None:
    await world.round()
    world.backend.failures.extend([503] * 100)
    for _round in range(4):
        await world.round()
    light = await _light(world)
    assert light.state.severity >= Severity.WARNING
    assert "backend isn’t read since" in str(light.headline)
    assert "status 503" in str(light.headline)
    page = await world.plant.run("plant")
    assert str(page.verdict.word) == str(light.state.word)
    first, *_others = page.blocks
    assert "backend isn’t read since" in str(first.text)  # type: ignore[union-attr]
    assert sum("status 503" in str(getattr(each, "text", "")) for each in page.blocks) == 1


async def test_one_that_was_never_read_makes_an_empty_plant_a_warning(tmp_path: Path) -> None:
    async with opened(tmp_path, token="fake-wrong-token") as world:
        before = await _light(world)
        assert (before.state.severity, str(before.state.word)) == (Severity.UNKNOWN, "UNKNOWN")
        await world.round()
        light = await _light(world)
        assert light.state.severity is Severity.WARNING
        assert str(light.state.word) == "BACKEND NOT READ"
        assert "never read" in str(light.headline)
        assert "Check PLANT_TOKEN" in str(light.headline)
        assert AREA.overview is not None
        (shown,) = await AREA.overview(_request(world))
        assert isinstance(shown, Lights)
        assert [each.key for each in shown.lights] == ["backend"]


async def test_one_that_nobody_asks_any_more_is_said_to_be_stale(world: BackendWorld) -> None:
    await world.round()
    world.plant.clock.advance(60 * _MINUTE)
    light = await _light(world)
    assert "It wasn't read lately." in str(light.headline)
