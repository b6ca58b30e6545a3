"""The history of speed tests (plume.md 4.6), in the shape of parallel lists."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from core.simulators.plume.access import Visit
from core.simulators.plume.bodies import speed_test_body
from core.simulators.plume.stamps import DAY, HOUR, stamp
from core.simulators.plume.world import JsonObject

__all__ = ["app_results_body", "look_back", "required_results_body", "results_body"]

_GRANULARITY = {"minutes": 60, "hours": HOUR, "days": DAY}


def look_back(visit: Visit, granularity: str, limit: int) -> tuple[float, float]:
    """The window (epoch s) that `granularity` and `limit` of a query ask for, ending now.

    Both are optional, with the given values instead. The window is rolling: `days`/1 is the last 24 hours
    (plume.md 4.8).
    """
    unit = _GRANULARITY.get(visit.query.get("granularity", granularity))
    count = visit.query.get("limit", str(limit))
    if unit is None or not count.isdecimal() or not 0 < int(count) <= 100_000:
        raise HTTPException(422, "The granularity or the limit is not allowed.")
    now = visit.cloud.now
    return now - int(count) * unit, now


def results_body(visit: Visit) -> JsonObject:
    """The tests of one node; only a gateway has any."""
    node = visit.cloud.node(visit.location, visit.ids["node"])
    if node is None:
        raise HTTPException(404, "Unknown node.")
    start, end = look_back(visit, "days", 30)
    tests = visit.cloud.speed_tests(visit.location, start, end) if node.gateway else []
    style = visit.location.quirks.stamps
    good = [(stamp(t.ended_at.timestamp(), style), t) for t in tests if t.status == "succeeded"]
    failed = [stamp(t.ended_at.timestamp(), style) for t in tests if t.status != "succeeded"]
    shown = failed if visit.query.get("showFailedSpeedTests") == "true" else []
    return {
        "statsDateRange": [{"start": stamp(start, style), "end": stamp(end, style)}],
        "downloadSpeeds": [{"timestamp": at, "value": test.download} for at, test in good],
        "uploadSpeeds": [{"timestamp": at, "value": test.upload} for at, test in good],
        "failedSpeedTests": [{"timestamp": at, "status": "failed"} for at in shown],
    }


def required_results_body(visit: Visit) -> JsonObject:
    """The same from the reports side, where `granularity` and `limit` are required."""
    if not {"granularity", "limit"} <= set(visit.query):
        raise HTTPException(422, "granularity and limit are required.")
    return results_body(visit)


def app_results_body(visit: Visit) -> JsonObject:
    """The aggregation for the vendor's app: the newest test and the means of thirty days."""
    now = visit.cloud.now
    tests = visit.cloud.speed_tests(visit.location, now - 30 * DAY, now)
    down = [test.download for test in tests if test.download is not None]
    up = [test.upload for test in tests if test.upload is not None]
    last = visit.cloud.last_speed_test(visit.location)
    return {
        "recentSpeedTest": speed_test_body(last, visit.location) if last else None,
        "lastThirtyDaysSpeedTestAverages": {
            "downloadMbps": round(sum(down) / len(down), 1) if down else None,
            "uploadMbps": round(sum(up) / len(up), 1) if up else None,
        },
    }
