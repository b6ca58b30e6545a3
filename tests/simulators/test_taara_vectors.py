"""The accounts of the golden vectors hold the readings of taara.md 8.3."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.moment import FrozenClock
from core.simulators.taara import VECTOR_NOW, TaaraSimulator
from tests.simulators.taara_visitor import TaaraVisitor, purchases

NOW = int(VECTOR_NOW.timestamp())


@pytest.fixture(scope="module")
def sim():
    return TaaraSimulator(FrozenClock(VECTOR_NOW), scenario="vectors")


def readings(sim, name):
    """(minutes before now, GB) of every reading."""
    rows = sim.balances(name, VECTOR_NOW - timedelta(days=30), VECTOR_NOW, 900)
    return [((row.epoch - NOW) // 60, row.remaining_bytes / 1e9) for row in rows]


def test_there_is_an_account_for_each_vector(sim):
    assert "".join(account.name for account in sim.accounts) == "ABCDEFGHJKLMP"
    assert len({account.phone for account in sim.accounts}) == 13


@pytest.mark.parametrize(
    ("name", "count", "first", "last"),
    [
        ("A", 97, (-1440, 500.0), (0, 490.4)),
        ("B", 25, (-1440, 500.0), (0, 490.4)),
        ("C", 49, (-2880, 100.0), (0, 552.0)),
        ("D", 50, (-1440, 500.0), (0, 50.0)),
        ("E", 9, (-2880, 300.0), (0, 252.0)),
        ("F", 25, (-1440, 300.0), (0, 300.0)),
        ("G", 1, (0, 300.0), (0, 300.0)),
        ("J", 2, (-60, 1500.0), (0, 1499.0)),
        ("K", 25, (-1440, 300.0), (-45, 290.0)),
        ("M", 3, (-120, 1.0), (0, 0.0)),
        ("P", 3, (-11520, 200.0), (0, 120.0)),
    ],
)
def test_a_vector_has_its_readings(sim, name, count, first, last):
    rows = readings(sim, name)
    assert (len(rows), rows[0], rows[-1]) == (count, first, last)


def test_the_turns_within_the_vectors(sim):
    assert readings(sim, "C")[23:26] == [(-1500, 77.0), (-1440, 576.0), (-1380, 575.0)]
    assert readings(sim, "E")[5:8] == [(-2580, 295.0), (-120, 254.0), (-60, 253.0)]
    assert readings(sim, "K")[:3] == [(-1440, 300.0), (-1425, 290.0), (-1365, 290.0)]
    assert readings(sim, "M")[1] == (-60, 0.5)
    assert readings(sim, "P")[1] == (-8640, 180.0)
    assert readings(sim, "H") == []
    assert [minutes for minutes, _ in readings(sim, "L")] == [-12975, -12960]
    second = [balance for _, balance in readings(sim, "D")[1::2]]
    assert second == [50.0] * 25


def test_days_left_are_twenty_but_five_in_m(sim):
    for name, days in (("A", 20), ("M", 5)):
        rows = sim.balances(name, VECTOR_NOW - timedelta(days=30), VECTOR_NOW, 900)
        assert {row.expires_in_days for row in rows} == {days}


async def test_the_live_answer_is_the_last_reading(sim):
    data = await TaaraVisitor(sim, "A").data()
    (plan,) = data["subscriberActiveAndUnusedPlans"]
    assert (plan["remainingBalance"], plan["expiresIn"]) == ("490.4 GB", "20 days")
    assert purchases(data)[0]["dataUsage"]["totalDataUsage"] == 490_400_000_000
    assert await TaaraVisitor(sim, "H").plans() == []
    assert [row["isActive"] for row in await TaaraVisitor(sim, "D").plans()] == [True, True]
    with pytest.raises(ValueError, match="fixed"):
        sim.renew("A")
