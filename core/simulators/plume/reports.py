"""The routes under /reports: WAN statistics, connection history, saturation, results and quality."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from core.simulators.noise import chance
from core.simulators.plume.access import Access, Visit
from core.simulators.plume.quality import qoe_body
from core.simulators.plume.results import app_results_body, look_back, required_results_body
from core.simulators.plume.stamps import DAY, stamp
from core.simulators.plume.traffic import WanSlot
from core.simulators.plume.world import JsonObject, Location

__all__ = ["report_routes"]

_PERIODS = {"daily": 1, "weekly": 7, "monthly": 30}
_LOCATION = "/reports/Customers/{customer}/locations/{location}"
_GATEWAY = "/reports/gateway/locations/{location}"


def report_routes(access: Access) -> list[BaseRoute]:
    """Every route of the reports side."""
    return [
        access.route(f"{_LOCATION}/wanStats", _wan_stats),
        access.route(f"{_LOCATION}/onlineStats", _online_stats),
        access.route(f"{_LOCATION}/nodes/{{node}}/results", required_results_body),
        access.route(f"{_LOCATION}/appResults", app_results_body),
        access.route(f"{_LOCATION}/qoe", qoe_body),
        access.route(f"{_GATEWAY}/wan-stats/history", _wan_history),
        access.route(f"{_GATEWAY}/wan-saturation", _saturation),
        access.route(f"{_GATEWAY}/wan-saturation/history", _saturation_history),
        access.route(f"{_GATEWAY}/qoe", qoe_body),
    ]


def _wan_stats(visit: Visit) -> JsonObject:
    """15-minute slots for `daily`; the other periods have no published body, so theirs is invented."""
    period = visit.query.get("period", "")
    if period not in _PERIODS:
        raise HTTPException(422, "The period is required: daily, weekly or monthly.")
    if period == "daily":
        return {"fifteenMins": _served_slots(visit, "rxMbytes", "txMbytes")}
    return {"days": _day_sums(visit, _PERIODS[period])}


def _wan_history(visit: Visit) -> JsonObject:
    """The newer twin of the daily statistics, with its own names for the volumes."""
    return {"items": _served_slots(visit, "rxMb", "txMb")}


def _served_slots(visit: Visit, rx: str, tx: str) -> list[JsonObject]:
    location = visit.location
    rows = _ordered(visit.cloud.daily_slots(location), location)
    style = location.quirks.stamps
    return [
        {"timestamp": stamp(row[0], style), rx: row[1], tx: row[2], "rxMaxMbps": row[3], "txMaxMbps": row[4]}
        for row in rows
    ]


def _ordered(rows: list[WanSlot], location: Location) -> list[WanSlot]:
    """The rows as this location's cloud lists them: plainly newest first (plume.md 4.7)."""
    order = location.quirks.wan_order
    if order == "shuffled":
        return sorted(rows, key=lambda row: chance(location.id, row[0]))
    rows = rows[::-1]
    if order == "duplicated":
        return [copy for row in rows for copy in (*_stale_copy(row), row)]
    return rows


def _stale_copy(row: WanSlot) -> tuple[WanSlot, ...]:
    """For some slots an earlier reading that the true one, later in the list, replaces."""
    start, rx, tx, rx_peak, tx_peak = row
    if start // 900 % 8 or rx is None or tx is None:
        return ()
    return ((start, round(rx / 2, 1), round(tx / 2, 1), rx_peak, tx_peak),)


def _day_sums(visit: Visit, days: int) -> list[JsonObject]:
    now = visit.cloud.now
    sums: list[JsonObject] = []
    for back in range(days):
        end = now - back * DAY
        rows = visit.cloud.wan_slots(visit.location, end - DAY, end)
        sums.append(
            {
                "timestamp": stamp(end - DAY, visit.location.quirks.stamps),
                "rxMbytes": round(sum(row[1] or 0.0 for row in rows), 1),
                "txMbytes": round(sum(row[2] or 0.0 for row in rows), 1),
            }
        )
    return sums


def _online_stats(visit: Visit) -> JsonObject:
    start, end = look_back(visit, "days", 1)
    style = visit.location.quirks.stamps
    rows = visit.cloud.online_rows(visit.location, start, end)
    return {
        "statsDateRange": _date_range(visit.location, start, end),
        "locationState": [{"timestamp": stamp(at, style), "value": word} for at, word in rows],
    }


def _date_range(location: Location, start: float, end: float) -> object:
    """The window, in the shape this location's cloud uses (plume.md 4.8)."""
    first, last = stamp(start, location.quirks.stamps), stamp(end, location.quirks.stamps)
    if location.quirks.date_range == "list":
        return [{"id": location.id, "start": [first], "end": [last]}]
    if location.quirks.date_range == "at":
        return {"startAt": first, "endAt": last}
    return {"start": first, "end": last}


def _saturation(visit: Visit) -> JsonObject:
    return _percentages(visit.cloud.saturation(visit.location))


def _saturation_history(visit: Visit) -> JsonObject:
    line, style = visit.location.wan.line, visit.location.quirks.stamps
    items: list[JsonObject] = []
    for start, _, _, rx, tx in visit.cloud.daily_slots(visit.location)[::-1]:
        used = None if rx is None or tx is None else (100 * rx / line.down, 100 * tx / line.up)
        items.append({"timestamp": stamp(start, style)} | _percentages(used))
    return {"items": items}


def _percentages(used: tuple[float, float] | None) -> JsonObject:
    """Shares of the line in percent, down and up; null where nothing was measured."""
    rx, tx = used or (None, None)
    return {
        "rxMaxPercentage": None if rx is None else round(min(rx, 100.0), 1),
        "txMaxPercentage": None if tx is None else round(min(tx, 100.0), 1),
    }
