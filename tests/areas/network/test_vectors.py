"""The conformance vectors of plume.md 8.3 and 9.2: from HTTP through client and store to the pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.areas.network.collection import connections
from core.areas.network.model import Location
from core.areas.network.store.recording import PolledLocation, record_online
from core.moment import FrozenClock
from tests.areas.network.world import World, opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    clock = FrozenClock(datetime(2026, 1, 15, tzinfo=UTC))
    async with opened(tmp_path, clock=clock, scenario="vectors") as world:
        await world.setup()
        yield world


def cells(page: dict[str, Any], block: str) -> dict[str, dict[str, Any]]:
    found = next(each for each in page["blocks"] if each["key"] == block)
    return {row["key"]: row["cells"] for row in found["rows"]}


def facts(page: dict[str, Any], block: str) -> dict[str, Any]:
    found = next(each for each in page["blocks"] if each["key"] == block)
    return {key: fact["value"] for key, fact in found["facts"].items()}


def mbps(value: float) -> dict[str, object]:
    return {"value": pytest.approx(value, abs=5e-5), "unit": "Mbps"}


async def test_the_wan_vector(world: World) -> None:
    await world.look("wan")
    page = world.json(await world.run("wan", location="Vector A", span="24h"))
    figures = cells(page, "figures")
    assert {key: (row["rx"], row["tx"]) for key, row in figures.items()} == {
        "peak": (mbps(80.0), mbps(2.0)),
        "peak_at": ("2026-01-14T17:00:00Z", "2026-01-14T00:00:00Z"),
        "mean_of_peaks": (mbps(12.9787), mbps(2.0)),
        "mean_throughput": (mbps(0.5333), mbps(0.1333)),
        "percentile95": (mbps(10.0), mbps(2.0)),
        "total": ({"value": 5640.0, "unit": "MB"}, {"value": 1410.0, "unit": "MB"}),
        "quality": ({"share": pytest.approx(94 / 96)}, {"share": pytest.approx(94 / 96)}),
    }
    quality = facts(page, "quality")
    assert quality["complete"]["share"] == pytest.approx(0.979167, abs=1e-6)
    assert quality["slots"] == "94 of 96"
    windows = cells(page, "windows")
    assert list(windows.values()) == [
        {
            "from": "2026-01-14T17:00:00Z",
            "to": "2026-01-14T18:00:00Z",
            "kind": "High",
            "mean": {"value": 80.0, "unit": "Mbps"},
        }
    ]


async def test_the_slots_without_values_are_gaps_in_the_charts(world: World) -> None:
    await world.look("wan")
    page = world.json(await world.run("wan", location="Vector A"))
    for key in ("rates", "volume"):
        chart = next(each for each in page["blocks"] if each["key"] == key)
        for series in chart["series"]:
            gaps = [time for time, value in series["points"] if value is None]
            assert gaps == ["2026-01-14T00:45:00Z", "2026-01-14T01:00:00Z"]
            assert len(series["points"]) == 96


@pytest.mark.parametrize(
    ("location", "hours", "span", "uptime", "rating", "trend", "bar"),
    [
        ("Vector 3 h", 3, "3h", 0.833333, "Critical", "declining", "███████░"),
        ("Vector 24 h", 24, "24h", 0.979167, "Fair", "stable", "███████░"),
        ("Vector 7 d", 168, "7d", 0.997024, "Excellent", "stable", "███████░"),
    ],
)
async def test_the_history_vectors(
    world: World,
    location: str,
    hours: int,
    span: str,
    uptime: float,
    rating: str,
    trend: str,
    bar: str,
) -> None:
    here, customer = world.location(location), world.simulator.customer_ids[0]
    line = await connections.shared_client(world.deck.services)
    assert line is not None
    history = await line[0].online_history(customer, here, hours=hours)
    async with world.deck.services.store.writing() as transaction:
        polled = PolledLocation(customer, Location(here, customer, location), 90.0)
        await record_online(transaction, polled, history, world.clock.now())
    page = world.json(await world.run("stats", location=location, span=span))
    found = facts(page, "uptime")
    assert found["uptime"]["share"] == pytest.approx(uptime, abs=1e-6)
    assert found["rating"]["word"] == rating
    assert page["verdict"]["word"] == rating
    assert found["trend"] == trend
    assert found["bar"] == bar
    assert found["coverage"] == {"share": 1.0}
    assert found["incidents"] == 1
    assert (found["rows"], found["offline_rows"]) == (hours * 4, 2)
    assert found["offline_for"] == {"seconds": 1800.0}
    (outage,) = cells(page, "incidents").values()
    assert outage["length"] == {"seconds": 1800.0}
