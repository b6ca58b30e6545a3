"""The conformance vectors of plume.md: the WAN day of 8.3 and the three histories of 9.2."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from core.simulators.plume.fleet import SitePlan, build_customer, build_location, main_partner
from core.simulators.plume.stamps import DAY, HOUR, SLOT
from core.simulators.plume.traffic import WanSlot
from core.simulators.plume.uptime import Outage, Uptime
from core.simulators.plume.world import World

__all__ = ["VECTOR_DAY", "vector_world"]

VECTOR_DAY = datetime(2026, 1, 14, tzinfo=UTC)
"""The day of the WAN vector. Seen from any other day, location "Vector A" has no WAN rows."""

_NULL_SLOTS = frozenset({3, 4})  # 00:45 and 01:00
_PEAK_HOUR = range(17 * HOUR // SLOT, 18 * HOUR // SLOT)
_HISTORIES = {"Vector 3 h": 12, "Vector 24 h": 96, "Vector 7 d": 672}
"""The history locations, each with the rows in the window of its vector, which ends with the day."""

_OFFLINE_ROWS = (10, 12)
"""The rows [first, end) of a window that are offline, counting from 0."""


def vector_world(seed: int, anchor: float) -> World:
    """One customer with the WAN location and the three history locations."""
    partner = main_partner()
    customer = build_customer(1, "Vector Works", partner, int(anchor))
    rooms = ("Reception", "Store")
    first = build_location(seed, customer, 1, SitePlan("Vector A", rooms), int(anchor))
    locations = [replace(first, wan_rows=_wan_vector())]
    for number, (name, rows) in enumerate(_HISTORIES.items(), start=2):
        location = build_location(seed, customer, number, SitePlan(name, rooms), int(anchor))
        locations.append(replace(location, uptime=_history_vector(name, rows)))
    return World((partner,), (customer,), tuple(locations))


def _wan_vector() -> tuple[WanSlot, ...]:
    """Exactly the 96 slots of plume.md 8.3, oldest first; the reports serve them newest first."""
    begin = int(VECTOR_DAY.timestamp())
    rows: list[WanSlot] = []
    for index in range(96):
        start = begin + index * SLOT
        if index in _NULL_SLOTS:
            rows.append((start, None, None, None, None))
        else:
            rows.append((start, 60.0, 15.0, 80.0 if index in _PEAK_HOUR else 10.0, 2.0))
    return tuple(rows)


def _history_vector(key: str, rows: int) -> Uptime:
    """A history of which a window of `rows` rows that ends with the vectors' day has two offline."""
    begin = int(VECTOR_DAY.timestamp()) + DAY - rows * SLOT
    first, end = _OFFLINE_ROWS
    return Uptime(key, (Outage(begin + first * SLOT, begin + end * SLOT),))
