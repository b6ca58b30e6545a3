"""Importing and reading a backend on PostgreSQL: numbers go on after imported ones, rows are read once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.areas.plant import AREA
from core.areas.plant.collection.backend import BackendCollector
from core.areas.plant.store.backend import ReadRow, read_rows
from core.areas.plant.store.sequences import next_number, skip_to
from core.deck import Deck
from core.folders import Folders
from core.moment import FrozenClock
from core.settings import SettingsBook
from core.simulators.plant import PlantSimulator
from core.simulators.server import LoopbackServer
from tests.areas.plant.orders.world import NOW
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture
async def deck(postgres_url: str, tmp_path: Path) -> AsyncIterator[Deck]:
    clock = FrozenClock(NOW)
    backend = PlantSimulator(clock)
    with LoopbackServer(backend.app) as server:
        environment = {
            "DATABASE_URL": postgres_url,
            "PLANT_BASE_URL": server.url,
            "PLANT_TOKEN": backend.token,
        }
        book = SettingsBook(
            Folders.below(tmp_path), flags={}, environment=environment, dotenv=tmp_path / ".env"
        )
        async with await Deck.open(book, clock, areas=(AREA,)) as made:
            yield made


async def test_a_number_from_elsewhere_is_never_given_away(deck: Deck) -> None:
    async with deck.services.store.writing() as transaction:
        await skip_to(transaction, "MNT", 2026, 41)
        await skip_to(transaction, "MNT", 2026, 7)
        assert await next_number(transaction, "MNT", NOW) == "MNT-2026-0042"


async def test_a_backend_is_read_and_noted(deck: Deck) -> None:
    collector = BackendCollector(deck.services)
    assert await collector.collect_now() == []
    async with deck.services.store.reading() as connection:
        first = await read_rows(connection, "orders")
    assert len(first) == 24
    assert isinstance(first[1], ReadRow)
    assert first[1].number == "ORD-5001"
    assert await collector.collect_now() == []
    async with deck.services.store.reading() as connection:
        assert await read_rows(connection, "orders") == first
