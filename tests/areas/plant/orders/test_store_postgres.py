"""Orders and sequences on a real PostgreSQL: no number twice, no move lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.areas.plant import AREA
from core.areas.plant.model.orders import OrderState
from core.areas.plant.store.sequences import next_number
from core.command import Invocation
from core.deck import Deck
from core.errors import RefusedError
from core.folders import Folders
from core.moment import FrozenClock
from core.settings import SettingsBook
from tests.areas.plant.orders.world import NOW, OPERATOR, World, filled, hours, written
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture
async def worlds(postgres_url: str, tmp_path: Path) -> AsyncIterator[list[World]]:
    """Two processes on one database."""
    made: list[World] = []
    for name in ("one", "two"):
        home = tmp_path / name
        flags = {"DATABASE_URL": postgres_url}
        book = SettingsBook(Folders.below(home), flags=flags, environment={}, dotenv=home / ".env")
        clock = FrozenClock(NOW)
        made.append(World(await Deck.open(book, clock, areas=(AREA,)), clock))
    await filled(made[0].deck)
    yield made
    for world in made:
        await world.deck.close()


async def _numbers(world: World, prefix: str, count: int) -> list[str]:
    found: list[str] = []
    for _time in range(count):
        async with world.deck.services.store.writing() as transaction:
            found.append(await next_number(transaction, prefix, transaction.recorded_at))
    return found


async def test_a3_numbers_never_collide_between_processes(worlds: list[World]) -> None:
    given = await asyncio.gather(*(_numbers(world, "MNT", 6) for world in worlds))
    assert sorted(number for each in given for number in each) == [f"MNT-2026-{n:04}" for n in range(1, 13)]


async def test_two_who_move_an_order_at_once_are_told_apart(worlds: list[World]) -> None:
    await worlds[0].begun()
    asked = {"order": "ORD-1", "state": "on_hold", "reason": "No thread"}
    answers = await asyncio.gather(
        *(world.deck.run(Invocation("order move", OPERATOR, asked)) for world in worlds),
        return_exceptions=True,
    )
    assert [isinstance(each, RefusedError) for each in answers].count(True) == 1
    assert (await worlds[1].order()).state is OrderState.ON_HOLD
    assert len(await worlds[0].events("plant.order.held")) == 1


async def test_a_shift_for_the_same_people_is_planned_once(worlds: list[World]) -> None:
    shift = {
        "name": "Early",
        "start": written(hours(1)),
        "end": written(hours(9)),
        "operators": "E-1",
    }
    answers = await asyncio.gather(
        *(world.deck.run(Invocation("shift add", OPERATOR, shift)) for world in worlds),
        return_exceptions=True,
    )
    assert [isinstance(each, RefusedError) for each in answers].count(True) == 1


async def test_the_whole_way_of_an_order_is_as_on_sqlite(worlds: list[World]) -> None:
    world = worlds[1]
    await world.begun()
    world.go(hours(8))
    await world.run("order progress", order="ORD-1", completed="100")
    await world.run("order move", order="ORD-1", state="completed")
    assert (await world.order(moment=hours(4))).state is OrderState.IN_PROGRESS
    for command in ("plant", "orders", "departments", "operators", "shifts"):
        assert world.text(await world.run(command))
    assert "completed" in world.text(await world.run("order", order="ORD-1"))
