"""The check of our own database: its answer, its schema, and room on its disk (operations.md 2.2)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.areas.operations.collection import databases
from core.areas.operations.collection.databases import LEAST_FREE, look_at_own_database
from core.areas.operations.model import Finding, HealthStatus, Reason

from .routine import World, opened, words


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as made:
        yield made


async def look(world: World) -> Finding:
    return await look_at_own_database(world.deck.services.store, world.clock)


async def test_vector_2_2_a_database_that_answers_with_our_schema_and_room_passes(world: World) -> None:
    assert (await look(world)).status is HealthStatus.PASS


@pytest.mark.parametrize(
    ("free", "status"), [(LEAST_FREE, HealthStatus.PASS), (LEAST_FREE - 1, HealthStatus.WARN)]
)
async def test_vector_2_2_less_than_a_gigabyte_free_warns(
    world: World, monkeypatch: pytest.MonkeyPatch, free: int, status: HealthStatus
) -> None:
    monkeypatch.setattr(databases, "_free", lambda _path: free)
    found = await look(world)
    assert found.status is status
    if status is HealthStatus.WARN:
        assert found.reason is Reason.LOW_DISK
        assert words(found.output) == "Only 1,000 MB are free on its disk. Make room."


async def test_vector_2_2_another_schema_than_ours_fails(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def outdated(*_given: object) -> bool:
        return True

    monkeypatch.setattr(databases, "needs_upgrade", outdated)
    found = await look(world)
    assert (found.status, found.reason) == (HealthStatus.FAIL, Reason.WRONG_SCHEMA)
