"""The golden vectors of taara.md 8.3 as the balance page shows them, from the store to the words."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.areas.usage.model import GIGABYTE
from core.units import Absent
from tests.areas.usage.filled import block, facts, monthly, opened, words
from tests.areas.usage.vectors import NOW, VECTORS

# Vector: present pace, days left, limited by, gaps, and how the sentence begins.
SHOWN = {
    "B": ("9.6 GB/day", "20.0 days", "its expiry", "0", "Lasts until its renewal in about 20 days"),
    "E": ("24.0 GB/day", "10.5 days", "its data", "1", "Runs out in 10 days, 10 before its renewal."),
    "F": ("0.0 GB/day", "20.0 days", "its expiry", "0", "Lasts until its renewal in about 20 days"),
    "G": ("n/a", "n/a", "n/a", "0", "300.0 GB left; how long it lasts isn't known: not enough data."),
    "J": ("24.0 GB/day", "20.0 days", "its expiry", "0", "Lasts until its renewal in about 20 days"),
    "K": ("10.3 GB/day", "20.0 days", "its expiry", "0", "Lasts until its renewal in about 20 days"),
    "L": ("n/a", "n/a", "n/a", "0", "299.0 GB left; how long it lasts isn't known: no reading in the last 7"),
    "M": ("12.0 GB/day", "0.0 days", "its data", "0", "Used up: nothing is left."),
    "P": ("10.0 GB/day", "12.0 days", "its data", "2", "Runs out in 12 days, 8 before its renewal."),
}


@pytest.mark.parametrize("vector", SHOWN)
async def test_a_vector_on_the_page(vector: str, tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        for reading in VECTORS[vector]:
            assert reading.balance is not None
            plan = monthly(reading.balance / GIGABYTE, reading.expires_in_days)
            await world.poll((reading.at - NOW).total_seconds() / 60, plan)
        world.clock.advance((NOW - world.clock.now()).total_seconds())
        page = await world.run("usage")
    found = facts(page, "pace")
    pace, days, limit, gaps, said = SHOWN[vector]
    assert words(found["Present pace"]) == pace
    assert words(found["Days left"]) == days
    assert words(found["Limited by"]) == limit
    assert words(found["Gaps in 7 days"]) == gaps
    text = words(block(page, "forecast").text)
    assert text.startswith(said)
    assert ("Less than a day of readings" in text) == (vector in "JKM")
    assert ("The last reading is old." in text) == (vector == "L")
    if pace == "n/a":
        assert isinstance(found["Present pace"], Absent)
        assert words(page.verdict.word) in ("PACE UNKNOWN", "UNKNOWN")
