"""The demo's present comes first and its past after it; in the end it is as if all had come in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from core.areas.operations.model import Disk, HostReading
from core.command import Invocation
from core.deck import Deck
from core.demo import Demo
from core.demo import operations as operations_part
from core.demo import usage as usage_part
from core.demo.network import SHORT_HISTORY, NetworkPart
from core.demo.operations import OperationsPart
from core.demo.usage import UsagePart
from core.message import ENGLISH
from core.moment import FrozenClock
from core.page import Page
from core.principal import Principal, Role
from core.render import render_as
from core.render.values import Formatter
from core.store.tables import ROLLUP, SAMPLE, SAMPLE_VERSION, SERIES

NOW = datetime(2026, 1, 14, 12, 7, tzinfo=UTC)
PERSON = Principal(name="demo", role=Role.ADMIN, channel="command line")
PARTS = (NetworkPart, UsagePart, OperationsPart)
LONG = timedelta(days=12)
VIEWS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("overview", {}),
    ("fleet", {}),
    ("status", {}),
    ("wan", {"span": "30d"}),
    ("stats", {}),
    ("usage", {}),
    ("usage history", {"span": "30d"}),
    ("usage days", {}),
    ("usage plans", {}),
    ("plan", {}),
)
MOMENTS = (None, NOW - timedelta(hours=5), NOW - timedelta(days=4), NOW - timedelta(days=10))

Samples = Mapping[tuple[str, str, str], object]


@dataclass(frozen=True, slots=True)
class Filled:
    """What a filled store shows: pages by name and moment, and its series."""

    pages: Mapping[str, str]
    series: Samples


@dataclass(frozen=True, slots=True)
class Worlds:
    """The same world before and after its past was filled, and filled from the oldest to the newest."""

    present: Filled
    whole: Filled
    in_order: Filled


@pytest.fixture(scope="module")
def worlds() -> Worlds:
    with pytest.MonkeyPatch.context() as patch:
        starts = MappingProxyType({"demo": tuple(part.start for part in PARTS)})
        patch.setattr("core.demo.world.SCENARIOS", starts)
        patch.setattr("core.demo.network.LONG_HISTORY", LONG)
        patch.setattr("core.demo.usage._LONG", LONG)
        patch.setattr("core.demo.operations._LONG", LONG)
        patch.setattr("core.areas.operations.collection.host.Host.read", _host)
        present, whole = asyncio.run(_filled_in_turns())
        patch.setattr("core.demo.network._before_first_look", _all_of_it)
        patch.setattr(operations_part, "_is_judged", lambda moment, now: True)
        patch.setattr(usage_part.UsagePart, "_recent", _everything)
        patch.setattr(usage_part.UsagePart, "_older", lambda part, account, first: [])
        in_order = asyncio.run(_filled_in_order())
    return Worlds(present, whole, in_order)


async def _host(_self: object) -> HostReading:
    return HostReading(41.0, 9_000_000_000, (Disk("/", 63.0, 40_000_000_000),))


def _all_of_it(index: int) -> timedelta:
    return LONG if index < 2 else SHORT_HISTORY


def _everything(part: UsagePart, account: str) -> Any:
    now, interval = part.clock.now(), timedelta(minutes=15)
    fine = now - timedelta(days=9)
    coarse = part.simulator.balances(account, now - LONG, fine, 6 * 3_600)
    return [*coarse, *part.simulator.balances(account, fine + interval, now - interval, 900)]


async def _filled_in_turns() -> tuple[Filled, Filled]:
    async with _opened() as (demo, deck):
        await demo.fill_present(deck, PERSON, lambda _message: None)
        present = await _filled(deck)
        await demo.fill_past(deck, lambda _message: None)
        return present, await _filled(deck)


async def _filled_in_order() -> Filled:
    async with _opened() as (demo, deck):
        await demo.fill(deck, PERSON, lambda _message: None)
        return await _filled(deck)


@asynccontextmanager
async def _opened() -> AsyncGenerator[tuple[Demo, Deck]]:
    clock = FrozenClock(NOW)
    demo = Demo.start(clock, seed=7, flags={})
    try:
        async with await Deck.open(demo.book, clock) as deck:
            yield demo, deck
    finally:
        demo.stop()


async def _filled(deck: Deck) -> Filled:
    pages = {
        f"{name} {at or 'now'}": _text(await deck.run(Invocation(name, PERSON, dict(arguments), at=at)))
        for name, arguments in VIEWS
        for at in MOMENTS
    }
    return Filled(pages, await _series(deck))


def _text(page: Page) -> str:
    return render_as("markdown", page, Formatter(ENGLISH, ZoneInfo("UTC"), NOW))


async def _series(deck: Deck) -> Samples:
    """Every series with its samples, their versions and its roll-ups.

    Left out are the counters of usage, which begin anywhere, and what depends on how fast this machine is.
    """
    found: dict[tuple[str, str, str], object] = {}
    async with deck.services.store.reading() as connection:
        known = (await connection.execute(select(SERIES))).all()
        for series in known:
            if series.name in ("consumed", "latency_ms"):
                continue
            rows = []
            for table in (SAMPLE, SAMPLE_VERSION, ROLLUP):
                columns = [column for column in table.c if column.name != "series"]
                statement = select(*columns).where(table.c.series == series.id).order_by(*table.primary_key)
                rows.append([_rounded(row) for row in await connection.execute(statement)])
            found[series.area, series.subject, series.name] = (series.changed_at, rows)
    return found


def _rounded(row: Iterable[Any]) -> tuple[Any, ...]:
    """The row without what the few milliseconds make that pass between two looks."""
    return tuple(round(value, 3) if isinstance(value, float) else value for value in row)


def test_the_first_screen_has_the_present(worlds: Worlds) -> None:
    assert worlds.present.pages["fleet now"] == worlds.whole.pages["fleet now"]
    assert worlds.present.pages["status now"] == worlds.whole.pages["status now"]
    assert worlds.present.pages["usage now"].count("GB") > 2


def test_the_past_comes_after_it(worlds: Worlds) -> None:
    before, after = worlds.present.series, worlds.whole.series

    assert worlds.present.pages["usage days now"] != worlds.whole.pages["usage days now"]
    assert _count(before) < _count(after) / 2


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
@pytest.mark.parametrize("name", [name for name, _arguments in VIEWS])
def test_every_page_is_as_if_the_past_had_come_first(
    worlds: Worlds, name: str, moment: datetime | None
) -> None:
    view = f"{name} {moment or 'now'}"

    assert worlds.whole.pages[view] == worlds.in_order.pages[view]


def test_every_series_is_as_if_the_past_had_come_first(worlds: Worlds) -> None:
    assert worlds.whole.series.keys() == worlds.in_order.series.keys()
    for key, rows in worlds.whole.series.items():
        assert rows == worlds.in_order.series[key], key


def _count(series: Samples) -> int:
    return sum(len(rows[0]) for _changed, rows in series.values())  # type: ignore[misc]
