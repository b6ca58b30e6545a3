"""The incidents area on a real PostgreSQL: ids without collisions, timelines without gaps, no lost update."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.areas.incidents import AREA
from core.areas.incidents.collection.watch import Watcher
from core.areas.incidents.model import Status
from core.areas.incidents.store import reading
from core.command import Invocation
from core.deck import Deck
from core.errors import RefusedError
from core.folders import Folders
from core.moment import FrozenClock
from core.settings import SettingsBook
from core.store.versions import NEWEST
from tests.areas.incidents.world import ADMIN, NOW, World, alert
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture
async def worlds(postgres_url: str, tmp_path: Path) -> AsyncIterator[list[World]]:
    """Two processes on one database."""
    decks: list[World] = []
    for name in ("one", "two"):
        home = tmp_path / name
        flags = {"DATABASE_URL": postgres_url}
        book = SettingsBook(Folders.below(home), flags=flags, environment={}, dotenv=home / ".env")
        clock = FrozenClock(NOW)
        decks.append(World(await Deck.open(book, clock, areas=(AREA,)), clock))
    yield decks
    for world in decks:
        await world.deck.close()


async def test_4_2_ids_never_collide_between_processes(worlds: list[World]) -> None:
    ids = await asyncio.gather(*(worlds[n % 2].open(f"Number {n}") for n in range(10)))
    assert sorted(ids) == [f"INC-2026-{n:04}" for n in range(1, 11)]


async def test_two_who_acknowledge_at_once_are_told_apart(worlds: list[World]) -> None:
    id_ = await worlds[0].open()
    answers = await asyncio.gather(
        *(world.deck.run(Invocation("incident ack", ADMIN, {"id": id_})) for world in worlds),
        return_exceptions=True,
    )
    assert [isinstance(each, RefusedError) for each in answers].count(True) == 1
    assert len(await worlds[0].timeline(id_)) == 2


async def test_notes_of_two_processes_all_stand_in_the_timeline(worlds: list[World]) -> None:
    id_ = await worlds[0].open()
    await asyncio.gather(*(worlds[n % 2].run("incident note", id=id_, text=f"note {n}") for n in range(8)))
    assert [each.number for each in await worlds[0].timeline(id_)] == list(range(1, 10))


async def test_the_way_of_an_alert_and_the_job_work_as_on_sqlite(worlds: list[World]) -> None:
    world = worlds[0]
    await world.emit(alert())
    await world.emit(alert())
    world.pass_time(minutes=16)
    await asyncio.gather(*(Watcher(each.deck.services).look() for each in (world, world)))
    (known,) = await world.incidents()
    assert known.response.breached_at is not None
    assert (await world.kinds()).count("response_overdue") == 1
    await world.run("incident ack", id="1")
    await world.emit(alert("alert.resolved"))
    async with world.deck.services.store.reading() as connection:
        assert (await reading.incident_named(connection, known.id, NEWEST)).status is Status.MITIGATED
    for command in ("incidents", "incident", "incidents figures", "incident postmortem"):
        assert world.text(await world.run(command))
