"""The demo's plant: worth looking at, and every row of its pane leads somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.areas.plant.model.orders import OrderState
from core.areas.plant.rules.order_verdict import OrderVerdict, stand
from core.areas.plant.store.orders import all_orders
from core.demo.plant import PlantPart
from core.message import Message
from core.page import Row
from core.store.versions import NEWEST
from tests.areas.plant.orders.world import ADMIN, World, block, hours, opened


@pytest.fixture(scope="module")
async def plant(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """A world in which the demo's stories have happened; nobody changes it."""
    folder: Path = tmp_path_factory.mktemp("demo")
    async with opened(folder) as world:
        said: list[Message] = []
        await PlantPart.start(world.clock, 7, "demo").fill(world.deck, ADMIN, said.append)
        assert said
        yield world


@pytest.mark.asyncio(loop_scope="module")
async def test_there_are_orders_in_every_state_and_of_every_verdict(plant: World) -> None:
    async with plant.deck.services.store.reading() as connection:
        orders = await all_orders(connection, NEWEST)
    assert {each.state for each in orders} >= set(OrderState) - {OrderState.PENDING}
    assert {stand(each, plant.clock.now()).verdict for each in orders} == set(OrderVerdict)


@pytest.mark.asyncio(loop_scope="module")
async def test_every_row_of_the_pane_opens_a_page(plant: World) -> None:
    rows: tuple[Row, ...] = block(await plant.run("plant", ADMIN), "concerns").rows
    opened_by = {row.action.command for row in rows if row.action is not None}
    assert opened_by == {"order", "machine", "maintenance show", "defect show", "sop"}
    for row in rows:
        assert row.action is not None
        page = await plant.run(row.action.command, ADMIN, **dict(row.action.arguments))
        assert str(row.cells[1]) in plant.text(page)


@pytest.mark.asyncio(loop_scope="module")
async def test_every_action_of_the_pane_is_a_command(plant: World) -> None:
    page = await plant.run("plant", ADMIN)
    known = {verb.command.name for area in plant.deck.areas for verb in area.verbs}
    assert {each.command for each in page.actions} <= known


@pytest.mark.asyncio(loop_scope="module")
async def test_a_story_can_be_wound_back(plant: World) -> None:
    before = await plant.run("order", ADMIN, order="ORD-12007", back_to=hours(-30))
    assert str(before.verdict.word) == "in progress"
    now = await plant.run("order", ADMIN, order="ORD-12007")
    assert "The second colour has not arrived" in plant.text(now)


@pytest.mark.asyncio(loop_scope="module")
async def test_nobody_s_phone_is_on_any_page(plant: World) -> None:
    for command in ("plant", "orders", "operators", "shifts", "departments"):
        assert "7000001" not in plant.text(await plant.run(command, ADMIN), "json")
