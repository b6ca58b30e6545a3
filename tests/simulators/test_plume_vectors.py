"""The conformance vectors of plume.md 8.3 and 9.2."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.moment import FrozenClock, parse_moment
from core.simulators.plume import PlumeSimulator

NOW = datetime(2026, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [0, 5, 800])
async def test_the_wan_day_is_exactly_the_vector_newest_first(visit, seconds):
    clock = FrozenClock(NOW + timedelta(seconds=seconds))
    visitor = await visit(PlumeSimulator(clock, scenario="vectors"))
    rows = (await visitor.body(visitor.report("Vector A", "/wanStats"), period="daily"))["fifteenMins"]
    assert len(rows) == 96
    assert rows[0]["timestamp"] == "2026-01-14T23:45:00.000Z"
    assert rows[-1]["timestamp"] == "2026-01-14T00:00:00.000Z"
    full = [row for row in rows if None not in row.values()]
    assert len(full) == 94
    assert [row["timestamp"][11:16] for row in rows if row not in full] == ["01:00", "00:45"]
    assert sum(row["rxMbytes"] for row in full) == 5640
    assert sum(row["txMbytes"] for row in full) == 1410
    assert round(sum(row["rxMaxMbps"] for row in full) / 94, 4) == 12.9787
    assert {row["txMaxMbps"] for row in full} == {2.0}
    peaks = [row["timestamp"][11:16] for row in full if row["rxMaxMbps"] == 80.0]
    assert peaks == ["17:45", "17:30", "17:15", "17:00"]


async def test_outside_its_day_the_wan_location_has_no_rows(visit):
    clock = FrozenClock(NOW + timedelta(days=3))
    visitor = await visit(PlumeSimulator(clock, scenario="vectors"))
    rows = await visitor.body(visitor.report("Vector A", "/wanStats"), period="daily")
    assert rows == {"fifteenMins": []}


@pytest.mark.parametrize(
    ("name", "granularity", "limit", "count", "uptime"),
    [
        ("Vector 3 h", "hours", 3, 12, 83.33),
        ("Vector 24 h", "hours", 24, 96, 97.9167),
        ("Vector 7 d", "days", 7, 672, 99.7024),
    ],
)
async def test_histories_are_exactly_the_vectors(visit, name, granularity, limit, count, uptime):
    visitor = await visit(PlumeSimulator(FrozenClock(NOW), scenario="vectors"))
    body = await visitor.body(visitor.report(name, "/onlineStats"), granularity=granularity, limit=limit)
    rows = body["locationState"]
    assert len(rows) == count
    assert [index for index, row in enumerate(rows) if row["value"] == "offline"] == [10, 11]
    assert parse_moment(rows[0]["timestamp"]) == NOW - count * timedelta(minutes=15)
    assert 100 * sum(row["value"] == "online" for row in rows) / count == pytest.approx(uptime, abs=0.005)
