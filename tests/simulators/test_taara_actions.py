"""What can be made to happen to an account's plans, by method and over the control paths."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.moment import FrozenClock
from core.simulators.taara import TaaraSimulator
from tests.simulators.taara_visitor import TaaraVisitor, purchases

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
TRIAL = "aaaaaaaaaaaaaaaaaaaaaa02"


@pytest.fixture
def clock():
    return FrozenClock(NOW)


@pytest.fixture
def sim(clock):
    return TaaraSimulator(clock)


@pytest.fixture
def visitor(sim):
    return TaaraVisitor(sim)


def rows(sim):
    """The plans at the present moment."""
    return sim.balances("contract", sim.time.now(), sim.time.now(), 900)


async def test_a_top_up_raises_the_balance_and_nothing_else(sim, visitor):
    before = rows(sim)[0]
    sim.top_up("contract", 50)
    after = rows(sim)[0]
    assert after == before._replace(remaining_bytes=before.remaining_bytes + 50_000_000_000)
    entries = purchases(await visitor.data())
    same = [row for row in entries if row["planDisplayName"] == before.name]
    assert sorted(row["dataUsage"]["totalDataUsage"] for row in same) == [0, after.remaining_bytes]


async def test_a_renewal_is_a_new_purchase_with_all_its_days(sim, visitor):
    before = rows(sim)[0]
    sim.renew("contract")
    after = rows(sim)[0]
    assert after.purchase_id != before.purchase_id
    assert (after.plan_id, after.remaining_bytes, after.expires_in_days) == (
        before.plan_id,
        1_000_000_000_000,
        31,
    )
    assert len(rows(sim)) == 2
    assert [day["purchasedAt"] for day in (await visitor.data())["purchasedHistory"]] == [
        "03/04/2026",
        "02/20/2026",
    ]


def test_of_two_active_plans_the_older_is_used_first(sim, clock):
    sim.stack("contract")
    clock.advance(86_400)
    old, new, _trial = rows(sim)
    assert old.plan_id == new.plan_id
    assert old.remaining_bytes < 412_683_000_000
    assert new.remaining_bytes == 1_000_000_000_000
    sim.exhaust("contract")
    clock.advance(86_400)
    old, new, _trial = rows(sim)
    assert old.remaining_bytes == 0
    assert new.remaining_bytes < 1_000_000_000_000


def test_an_unused_plan_is_used_once_it_is_activated(sim, clock):
    sim.exhaust("contract")
    clock.advance(86_400)
    assert [row.remaining_bytes for row in rows(sim)] == [0, 500_000_000]
    sim.activate("contract")
    clock.advance(86_400)
    assert [(row.active, row.remaining_bytes) for row in rows(sim)] == [(True, 0), (True, 0)]
    sim.queue("contract", TRIAL)
    assert [row.active for row in rows(sim)] == [True, True, False]


async def test_an_expired_plan_leaves_the_list_and_stays_in_the_history(sim, visitor):
    sim.expire("contract")
    data = await visitor.data()
    assert [row["planName"] for row in data["subscriberActiveAndUnusedPlans"]] == ["500 MB Free Trial"]
    assert len(purchases(data)) == 2
    with pytest.raises(ValueError, match="no such plan"):
        sim.expire("contract")
    sim.renew("contract")
    assert rows(sim)[0].remaining_bytes == 1_000_000_000_000


def test_plans_end_by_themselves_when_their_days_are_over(sim, clock):
    clock.advance(19 * 86_400)
    assert [row.expires_in_days for row in rows(sim)] == [0]
    clock.advance(86_400)
    assert rows(sim) == []


async def test_a_new_name_is_everywhere_at_once_and_the_past_keeps_the_old(sim, clock, visitor):
    clock.advance(60)
    sim.rename("contract", "Fair Month")
    data = await visitor.data()
    assert data["balanceSummary"]["balanceSummaryHeadline"]["headLineText"] == "Fair Month"
    assert [row["planDisplayName"] for row in purchases(data)] == ["Fair Month", "500 MB Free Trial"]
    past = sim.balances("contract", NOW, NOW, 900)
    assert past[0].name == "1 Month Unlimited"


async def test_it_can_all_be_steered_over_http(sim, visitor):
    async def post(path, **body):
        return await visitor.client.post(f"/_sim/{path}", json=body)

    assert (await post("clock", step=3600, rate=0)).json()["now"] == "2026-03-04T11:00:00+00:00"
    before = rows(sim)[0].remaining_bytes
    plans = (await post("accounts/contract/top_up", gigabytes=1)).json()["contract"]
    assert plans[0]["remaining_bytes"] == before + 1_000_000_000
    assert (await post("faults", operation="login", kind="503")).status_code == 200
    assert (await visitor.login()).status_code == 503
    assert (await post("knobs", login_status=201)).json()["login_status"] == 201
    assert (await visitor.login()).status_code == 201
    assert (await visitor.client.delete("/_sim/tokens")).status_code == 200
    assert sim.open_sessions("contract") == 0
    record = (await visitor.client.get("/_sim/record")).json()
    assert [row["operation"] for row in record] == ["login", "login"]
    await visitor.client.delete("/_sim/record")
    assert sim.calls() == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("accounts/nobody/renew", {}),
        ("accounts/contract/sell", {}),
        ("accounts/contract/top_up", {"litres": 3}),
        ("faults", {"operation": "login", "kind": "flood"}),
        ("knobs", {"volume": 11}),
        ("clock", {"rate": -1}),
    ],
)
async def test_orders_that_make_no_sense_are_refused(visitor, path, body):
    assert (await visitor.client.post(f"/_sim/{path}", json=body)).status_code == 422


def test_time_can_be_held_stepped_and_hurried(sim, clock):
    sim.time.run(60)
    clock.advance(10)
    assert sim.time.now() == NOW + timedelta(minutes=10)
    sim.time.run(0)
    clock.advance(10)
    sim.time.step(-60)
    assert sim.time.now() == NOW + timedelta(minutes=9)
