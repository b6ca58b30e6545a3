"""Two people decide at once, and many report at once: on SQLite and on PostgreSQL (whatsapp.md D7)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from core.areas.plant.model.boms import RequestState
from core.areas.plant.model.orders import OrderState
from core.areas.plant.model.sops import SopState
from core.command import Invocation
from core.errors import RefusedError
from core.moment import FrozenClock
from core.page import Page
from core.principal import Principal
from tests.areas.plant.quality.world import (
    ADMIN,
    ADMIN_TWO,
    HEAD,
    NOW,
    OPERATOR,
    VIEWER,
    World,
    deck_in,
    filled,
)
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the test's database is: a file, or a database of the session's PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'opsdeck.db'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
async def world(url: str, tmp_path: Path) -> AsyncGenerator[World]:
    clock = FrozenClock(NOW)
    async with await deck_in(tmp_path, clock, {"DATABASE_URL": url}) as deck:
        await filled(deck)
        yield World(deck, clock)


async def both(
    world: World, command: str, people: tuple[Principal, Principal], *given: dict[str, str]
) -> tuple[list[Page], list[str]]:
    """What two people are answered who do something at once: pages, and refusals."""
    asked = [Invocation(command, person, arguments) for person, arguments in zip(people, given, strict=True)]
    found = await asyncio.gather(*map(world.deck.run, asked), return_exceptions=True)
    pages = [each for each in found if isinstance(each, Page)]
    refused = [str(each) for each in found if isinstance(each, RefusedError)]
    assert len(pages) + len(refused) == len(found), found
    return pages, refused


async def test_of_two_approvals_one_makes_a_version(world: World) -> None:
    await world.bill()
    number = await world.ask()
    given = {"request": number}
    pages, refused = await both(world, "bom approve", (ADMIN, ADMIN_TWO), given, given)
    assert (len(pages), len(refused)) == (1, 1)
    assert "was approved by" in refused[0]
    assert [each.version for each in await world.versions() if each.active] == [2]
    assert len(await world.events("plant.bom.approved")) == 1


async def test_of_an_approval_and_a_refusal_one_holds(world: World) -> None:
    await world.bill()
    number = await world.ask()
    asked = (
        Invocation("bom approve", ADMIN, {"request": number}),
        Invocation("bom refuse", ADMIN_TWO, {"request": number, "reason": "Too dear"}),
    )
    found = await asyncio.gather(*map(world.deck.run, asked), return_exceptions=True)
    assert sorted(type(each).__name__ for each in found) == ["Page", "RefusedError"]
    approved = (await world.request(number)).state is RequestState.APPROVED
    assert len(await world.versions()) == (2 if approved else 1)


async def test_two_requests_approved_at_once_make_two_versions_and_lose_neither(world: World) -> None:
    await world.bill()
    first, second = await world.ask(), await world.ask(component="THR-02", unit_cost="1")
    await both(world, "bom approve", (ADMIN, ADMIN_TWO), {"request": first}, {"request": second})
    versions = await world.versions()
    assert [(each.version, each.active) for each in versions] == [(3, True), (2, False), (1, False)]
    fabric, thread = versions[0].components
    assert (fabric.unit_cost, thread.unit_cost) == (6, 1)


async def test_of_two_decisions_about_a_failure_one_holds(world: World) -> None:
    number = await world.fail()
    await world.run("sop reject", sop=number, reason="Not ours")
    pages, refused = await both(
        world,
        "sop decide",
        (HEAD, ADMIN),
        {"sop": number, "decision": "accept"},
        {"sop": number, "decision": "reject"},
    )
    assert (len(pages), len(refused)) == (1, 1)
    assert "decides about escalated ones only" in refused[0]
    assert (await world.sop(number)).state in (SopState.IN_INVESTIGATION, SopState.CLOSED)
    assert len(await world.events("plant.sop.decided")) == 1


async def test_of_two_moves_of_a_reject_one_holds(world: World) -> None:
    number = await world.report()
    pages, refused = await both(
        world,
        "defect move",
        (OPERATOR, HEAD),
        {"defect": number, "state": "approved"},
        {"defect": number, "state": "approved"},
    )
    assert (len(pages), len(refused)) == (1, 1)
    assert refused == [f"{number} is approved already."]


async def test_d7_what_is_reported_at_once_has_numbers_of_its_own_and_holds_the_order_once(
    world: World,
) -> None:
    given = {
        "order": "ORD-12345",
        "severity": "high",
        "quantity": "1",
        "description": "The seam opens at the handle.",
    }
    asked = [
        Invocation("defect", VIEWER, {**given, "type": type_}) for type_ in ("internal_reject", "return") * 5
    ]
    pages = await asyncio.gather(*map(world.deck.run, asked))
    numbers = sorted(str(page.crumb).partition("-")[2] for page in pages)
    assert numbers == [f"2026-{number:04}" for number in range(1, 11)]
    assert (await world.order()).state is OrderState.ON_HOLD
    assert len(await world.events("plant.order.held")) == 1
    held = [await world.defect(str(page.crumb)) for page in pages]
    assert sum(getattr(each, "held", False) for each in held) == 1
