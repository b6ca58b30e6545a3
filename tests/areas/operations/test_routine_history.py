"""The demo's ninety days: written by the area's own rules, so that its pages tell a believable past."""

from __future__ import annotations

import itertools
import time
from datetime import timedelta
from pathlib import Path

from core.areas.operations.model_components import ComponentState
from core.areas.operations.store.components import spans
from core.demo.operations_history import fill_operations_history

from .routine import NOW, PUBLIC, cells, opened


async def test_ninety_days_are_believable_and_can_be_wound_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        before = time.process_time()
        await fill_operations_history(world.deck.services, 7)
        assert time.process_time() - before < 20
        page = await world.run("status-page", by=PUBLIC)
        assert str(page.verdict.word) == "All Systems Operational"
        uptime = cells(page, "uptime")
        assert uptime["uptime.payments"]["long"].startswith("99.9")
        assert float(uptime["uptime.payments"]["long_unmeasured"].split()[0]) < 1
        assert len(cells(page, "history")) == 1
        assert cells(page, "maintenance")["maintenance1"]["status"] == "○ scheduled"

        async with world.deck.services.store.reading() as connection:
            log = await spans(connection, NOW)
        states = {span.standing.state for each in log.values() for span in each}
        assert states == set(ComponentState) - {ComponentState.MAJOR_OUTAGE}
        for each in log.values():
            assert all(a.end == b.start for a, b in itertools.pairwise(each))

        kpis = cells(await world.run("ops performance"), "kpis")
        assert kpis["uptime.30d"]["standing"] == "● met"
        assert kpis["uptime.30d"]["trend"] != "nothing to compare with"

        trouble = NOW - timedelta(days=48.4) + timedelta(minutes=5)
        then = await world.run("status-page", by=PUBLIC, at=trouble)
        assert str(then.verdict.word) == "Minor Service Outage"
        past = cells(await world.run("ops checklist"), "past")
        assert len(past) == 30
        assert "● complete" in {row["state"] for row in past.values()}
        on_that_day = cells(await world.run("ops checklist", at=NOW - timedelta(days=40)), "past")
        assert on_that_day
        assert set(on_that_day) != set(past)


async def test_the_same_seed_makes_the_same_past(tmp_path: Path) -> None:
    pages: list[str] = []
    for name in ("one", "two"):
        async with opened(tmp_path / name) as world:
            await fill_operations_history(world.deck.services, 7)
            pages.append(world.render(await world.run("ops checklist")))
            assert await world.events("checklist.missed", "health.changed", "maintenance.started") == []
    assert pages[0] == pages[1]
