"""Machines and maintenance on PostgreSQL: numbers without collisions, no lost move, no second notice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.areas.plant.collection.watch import watch
from core.areas.plant.model.machines import MachineState
from core.areas.plant.model.maintenance import MaintenanceState
from core.errors import RefusedError
from core.moment import FrozenClock
from tests.areas.plant.maintenance.world import NOW, TECHNICIAN, World, deck_in, filled, hours
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture
async def worlds(postgres_url: str, tmp_path: Path) -> AsyncIterator[list[World]]:
    """Two processes on one database."""
    found: list[World] = []
    for name in ("one", "two"):
        home, clock = tmp_path / name, FrozenClock(NOW)
        deck = await deck_in(home, clock, {"DATABASE_URL": postgres_url})
        found.append(World(deck, clock, home))
    await filled(found[0].deck)
    yield found
    for world in found:
        await world.deck.close()


async def test_numbers_never_collide_between_processes(worlds: list[World]) -> None:
    numbers = await asyncio.gather(*(worlds[n % 2].report() for n in range(10)))
    assert sorted(numbers) == [f"MNT-2026-{n:04}" for n in range(1, 11)]


async def test_of_two_who_move_a_ticket_at_once_one_is_refused(worlds: list[World]) -> None:
    ticket = await worlds[0].report()
    moves = (
        world.run("maintenance move", TECHNICIAN, ticket=ticket, state="in_progress") for world in worlds
    )
    answers = await asyncio.gather(*moves, return_exceptions=True)
    assert sum(isinstance(each, RefusedError) for each in answers) == 1
    assert (await worlds[1].ticket(ticket)).state is MaintenanceState.IN_PROGRESS


async def test_of_two_tickets_settled_at_once_the_last_brings_the_machine_back(worlds: list[World]) -> None:
    tickets = [await worlds[0].report(down="yes") for _each in range(2)]
    await asyncio.gather(
        *(
            world.run("maintenance move", ticket=ticket, state="cancelled", reason="A mistake")
            for world, ticket in zip(worlds, tickets, strict=True)
        )
    )
    assert (await worlds[0].machine()).state is MachineState.OPERATIONAL


async def test_two_watches_tell_each_threshold_once(worlds: list[World]) -> None:
    await worlds[0].report()
    for world in worlds:
        world.go(hours(3.5))
    await asyncio.gather(*(watch(world.deck.services) for world in (*worlds, *worlds)))
    assert len(await worlds[0].events("plant.sla.warned")) == 1
    assert len(await worlds[0].told("plant.sla.warned")) == 2


async def test_the_promises_of_a_past_moment_are_read(worlds: list[World]) -> None:
    ticket = await worlds[0].report()
    worlds[0].go(hours(10))
    await worlds[0].run("maintenance move", TECHNICIAN, ticket=ticket, state="in_progress")
    then = await worlds[0].run("sla", ticket=ticket, back_to=hours(9))
    now = await worlds[0].run("sla list")
    assert [str(page.verdict.word) for page in (then, now)] == ["breached", "ON TRACK"]
