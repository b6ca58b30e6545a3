"""Alerting on a real PostgreSQL: the same as on SQLite, also with two processes at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core.moment import FrozenClock, Window
from core.notify.alerting.alert import AlertState
from core.notify.auditor import audit_promises
from core.notify.replay import replay
from core.notify.why import explain
from core.store.store import Store
from tests.notify.alerted import ANN, BEN, NOON, Alerted
from tests.notify.conftest import KEY
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture
async def processes(postgres_url: str, clock: FrozenClock) -> AsyncIterator[list[Alerted]]:
    """Two processes on one database."""
    stores = [await Store.open(postgres_url, clock=clock, audit_key=KEY) for _number in range(2)]
    made = [Alerted.on(store, clock) for store in stores]
    await made[0].people(ANN, BEN)
    yield made
    for store in stores:
        await store.close()


async def test_r4_one_event_told_by_two_processes_at_once_pages_once(processes: list[Alerted]) -> None:
    await asyncio.gather(*(each.happen("site.down") for each in processes * 3))
    assert len(await processes[0].rows("ann")) == 1
    (alert,) = await processes[1].open()
    assert alert.count == 6


async def test_an_alert_lives_through_everything(processes: list[Alerted]) -> None:
    one, other = processes
    await one.happen("site.down")
    await one.wait(16)
    assert len(await one.rows("ben")) == 1, "escalated"
    assert (await other.acknowledge(1)).state is AlertState.ACKNOWLEDGED
    await other.happen("site.up")
    assert await one.open() == []
    ends = (NOON + timedelta(hours=9)).isoformat()
    await one.happen("maintenance.started", "maintenance:1", id="1", components="site", ends_at=ends)
    await one.happen("maintenance.cancelled", "maintenance:1", id="1", components="site", ends_at=ends)
    await audit_promises(one.store)
    async with one.store.reading() as connection:
        story = await explain(connection, "site:a", one.store.present())
        window = Window(NOON - timedelta(hours=1), one.clock.now() + timedelta(hours=1))
        replayed = await replay(connection, one.rules, window, one.store.present())
    assert len(story.notices) >= 3
    assert len(replayed.notices) >= 2
