"""Pictures of the areas' panes as the demo's first moment fills them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
from textual.pilot import Pilot

from core.areas.relay.model import Worker
from core.areas.relay.store.workers import save_worker
from core.command import Invocation
from core.deck import Deck
from core.demo import Demo
from core.demo.incidents import IncidentsPart
from core.demo.operations import OperationsPart
from core.demo.plant import PlantPart
from core.demo.production import ProductionPart
from core.demo.relay import RelayPart
from core.demo.tickets import TicketsPart
from core.demo.usage import UsagePart
from core.engine.identity import Identity
from core.moment import FrozenClock
from core.notify.delivery.claims import holder_text
from core.page import Block, Lights, Page
from core.principal import Principal, Role

from .conftest import ZONE, MakeApp
from .fake_backend import FakeBackend
from .pages import NOW
from .screen import settle

SIZES = ((80, 24), (120, 40), (200, 60))
COMMANDS = ("usage", "production", "incidents", "tickets", "plant", "orders", "ops", "relay")
PARTS = (IncidentsPart, UsagePart, ProductionPart, TicketsPart, PlantPart, OperationsPart, RelayPart)
MEASURED_HERE = frozenset({"calls", "cpu_percent", "memory_percent", "disk_percent"})
"""Blocks that show how long answers took, or how this host is doing."""

PERSON = Principal("asha", Role.ADMIN, "console", zone=ZONE)


@pytest.fixture(scope="module")
def area_pages() -> Mapping[str, Page]:
    """The pages of a world that stands still, without what is measured while the tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "core.demo.world.SCENARIOS", MappingProxyType({"demo": tuple(part.start for part in PARTS)})
        )
        demo = Demo.start(FrozenClock(NOW), seed=7, flags={})
    try:
        return asyncio.run(_pages(demo))
    finally:
        demo.stop()


async def _pages(demo: Demo) -> Mapping[str, Page]:
    async with await Deck.open(demo.book, demo.clock) as deck:
        await demo.fill(deck, PERSON, lambda _message: None)
        await _report(deck)
        pages = {name: await deck.run(Invocation(name, PERSON)) for name in COMMANDS}
    return {
        name: replace(
            page, blocks=tuple(_still(block) for block in page.blocks if block.key not in MEASURED_HERE)
        )
        for name, page in pages.items()
    }


async def _report(deck: Deck) -> None:
    """Let a relay say that it polls; one that runs would tell other figures each time."""
    identity = Identity("relay", "harbour", 4711, "here", "start", "boot")
    async with deck.services.store.writing() as transaction:
        await save_worker(
            transaction,
            Worker(
                worker=holder_text(identity),
                line="telegram:42",
                mode="polling",
                bot="ops_demo_bot",
                started_at=NOW - timedelta(hours=3),
                seen_at=NOW,
                polled_at=NOW - timedelta(seconds=12),
                received_at=NOW - timedelta(minutes=4),
                received=31,
                answered=28,
                refused=2,
            ),
        )


def _still(block: Block) -> Block:
    """The block without the latencies of components."""
    if not isinstance(block, Lights) or block.key != "components":
        return block
    return replace(block, lights=tuple(replace(light, note=None) for light in block.lights))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", COMMANDS)
def test_dark(
    snap_compare: Any,
    make_app: MakeApp,
    backend: FakeBackend,
    area_pages: Mapping[str, Page],
    name: str,
    size: tuple[int, int],
) -> None:
    backend.page = area_pages[name]
    assert snap_compare(make_app(refresh_seconds=1e9), terminal_size=size, run_before=_settled)


@pytest.mark.parametrize("name", COMMANDS)
def test_light(
    snap_compare: Any, make_app: MakeApp, backend: FakeBackend, area_pages: Mapping[str, Page], name: str
) -> None:
    backend.page = area_pages[name]
    app = make_app(theme="light", refresh_seconds=1e9)
    assert snap_compare(app, terminal_size=(120, 40), run_before=_settled)


async def _settled(pilot: Pilot[Any]) -> None:
    await settle(pilot)
    await settle(pilot)
