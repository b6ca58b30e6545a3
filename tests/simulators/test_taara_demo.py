"""The demo's accounts, and the past of them that can be asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from core.moment import FrozenClock
from core.simulators.taara import TaaraSimulator
from tests.simulators.taara_visitor import TaaraVisitor, purchases

GIGABYTE = 1_000_000_000
DAYS = timedelta(days=1)
ANCHORS = [datetime(2026, 3, 1, 8, tzinfo=UTC), datetime(2026, 8, 31, 23, 50, tzinfo=UTC)]


def simulator(now=ANCHORS[0], seed=7):
    return TaaraSimulator(FrozenClock(now), seed=seed, scenario="demo")


def active(sim, account, start, end, step=3600):
    return [row for row in sim.balances(account, start, end, step) if row.active]


@pytest.mark.parametrize("now", ANCHORS)
@pytest.mark.parametrize("seed", [7, 8])
def test_the_office_runs_out_about_three_days_before_its_renewal(now, seed):
    sim = simulator(now, seed)
    week = active(sim, "office", now - 7 * DAYS, now)
    pace = (week[0].remaining_bytes - week[-1].remaining_bytes) / 7 / GIGABYTE
    assert 33 <= pace <= 46
    left = week[-1].remaining_bytes / GIGABYTE / pace
    assert 12.25 - left == pytest.approx(3, abs=1)
    ahead = active(sim, "office", now, now + 12 * DAYS)
    empty = next(row.epoch for row in ahead if row.remaining_bytes == 0)
    assert 12.25 - (empty - now.timestamp()) / 86_400 == pytest.approx(3, abs=1)


def test_the_office_had_one_top_up_and_one_burst_and_has_a_trial_unused():
    sim = simulator()
    now = ANCHORS[0]
    hours = active(sim, "office", now - 14 * DAYS, now)
    used = [old.remaining_bytes - new.remaining_bytes for old, new in pairwise(hours)]
    assert [round(-step / GIGABYTE) in range(90, 101) for step in used if step < 0] == [True]
    assert sum(step > 10 * GIGABYTE for step in used) == 1
    assert len({row.purchase_id for row in hours}) == 1
    (unused,) = [row for row in sim.balances("office", now, now, 900) if not row.active]
    assert (unused.name, unused.remaining_bytes) == ("500 MB Free Trial", 500_000_000)


def test_the_hostel_has_enough_and_the_pier_too_little_time():
    sim = simulator()
    now = ANCHORS[0]
    for account, days in (("hostel", 20), ("pier", 2)):
        (plan,) = sim.balances(account, now, now, 900)
        week = active(sim, account, now - 7 * DAYS, now)
        used = week[0].remaining_bytes - week[-1].remaining_bytes
        assert plan.expires_in_days == days
        assert used > 0
        assert plan.remaining_bytes > 1.5 * days * used / 7


def test_the_past_was_renewed_month_by_month_and_never_ran_dry():
    sim = simulator()
    year = active(sim, "office", ANCHORS[0] - 400 * DAYS, ANCHORS[0])
    assert len({row.purchase_id for row in year}) == 14
    assert {row.plan_id for row in year} == {"aaaaaaaaaaaaaaaaaaaaaa01"}
    assert len(year) == 400 * 24 + 1
    assert min(row.remaining_bytes for row in year) > 0
    renewals = [new for old, new in pairwise(year) if new.purchase_id != old.purchase_id]
    assert all(row.remaining_bytes > 990 * GIGABYTE for row in renewals)


def test_a_moment_is_the_same_whoever_asks_for_it_and_how():
    now = ANCHORS[0]
    one, other = simulator(), simulator()
    fine = one.balances("office", now - 40 * DAYS, now, 900)
    assert [row for row in fine if (row.epoch - fine[0].epoch) % 86_400 == 0] == other.balances(
        "office", now - 40 * DAYS, now, 86_400
    )
    assert fine != simulator(seed=8).balances("office", now - 40 * DAYS, now, 900)


@pytest.mark.parametrize("account", ["office", "hostel", "pier"])
async def test_the_present_is_what_the_api_answers(account):
    sim = simulator()
    data = await TaaraVisitor(sim, account).data()
    present = sim.balances(account, ANCHORS[0], ANCHORS[0], 900)
    assert [row["expiresIn"] for row in data["subscriberActiveAndUnusedPlans"]] == [
        f"{row.expires_in_days} days" for row in present
    ]
    left = {row["_id"]: row["dataUsage"]["totalDataUsage"] for row in purchases(data)}
    assert all(left[row.purchase_id] == row.remaining_bytes for row in present)


def test_usage_has_a_daily_rhythm_and_days_that_differ():
    sim = simulator()
    end = ANCHORS[0].replace(hour=21) - 20 * DAYS  # midnight in East Africa
    hours = active(sim, "hostel", end - 10 * DAYS, end)
    used = [old.remaining_bytes - new.remaining_bytes for old, new in pairwise(hours)]
    nights = sum(sum(used[day * 24 + 2 : day * 24 + 5]) for day in range(10))
    evenings = sum(sum(used[day * 24 + 19 : day * 24 + 22]) for day in range(10))
    assert evenings > 4 * nights
    assert len({sum(used[day * 24 : day * 24 + 24]) for day in range(10)}) == 10
