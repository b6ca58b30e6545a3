"""The demo's defects, failures and bills make their pages worth looking at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.plant.model.orders import OrderState
from core.areas.plant.store.orders import record_items
from core.areas.plant.store.people import record_departments, record_operators
from core.demo.plant_maintenance import maintenance_steps
from core.demo.plant_orders import DEPARTMENTS, ITEMS, OPERATORS, order_steps
from core.demo.plant_quality import quality_steps
from core.demo.plant_steps import PlantPast
from core.moment import FrozenClock
from tests.areas.plant.quality.world import NOW, VIEWER, World, deck_in, facts, table


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    clock = FrozenClock(NOW)
    async with await deck_in(tmp_path, clock, {}) as deck:
        async with deck.services.store.writing() as transaction:
            past = PlantPast(deck.services, transaction)
            before = past.at(NOW - timedelta(days=40))
            await record_departments(before, DEPARTMENTS)
            await record_operators(before, OPERATORS)
            await record_items(before, ITEMS)
            await past.live([*order_steps(NOW), *maintenance_steps(NOW), *quality_steps(NOW)])
        yield World(deck, clock)


async def test_a_defect_holds_an_order_and_another_finds_one_on_hold_already(world: World) -> None:
    page = await world.run("defects", VIEWER)
    assert len(table(page, "defects")) == 4
    assert facts(page, "figures")["Put an order on hold"] == 1
    assert (await world.order("ORD-12013")).state is OrderState.ON_HOLD
    shown = world.text(await world.run("defect show", VIEWER, defect="RJT-2026-0004"))
    assert "ORD-12007 was on hold already." in shown


async def test_failures_are_in_every_state_and_one_report_was_verified(world: World) -> None:
    page = await world.run("sops", VIEWER, show="all")
    states = {str(cells["state"].word) for cells in table(page, "sops").values()}  # type: ignore[union-attr]
    assert states == {"open", "in investigation", "escalated", "closed"}
    report = facts(await world.run("sop", VIEWER, sop="SOP-2026-0001"), "report")
    assert report["Effectiveness"] == "No broken needle in a week"


async def test_a_change_of_a_bill_waits_and_can_be_wound_back(world: World) -> None:
    assert str((await world.run("boms", VIEWER)).verdict.word) == "1 WAITING"
    assert list(table(await world.run("bom show", VIEWER, bom="BOM-888"), "versions")) == ["2", "1"]
    then = await world.run("bom show", VIEWER, bom="BOM-888", back_to=NOW - timedelta(hours=500))
    assert list(table(then, "versions")) == ["1"]
