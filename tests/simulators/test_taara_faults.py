"""What can be made to go wrong, in process and over a real connection."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.server import LoopbackServer
from core.simulators.taara import TaaraSimulator
from tests.simulators.taara_visitor import TaaraVisitor, purchases


@pytest.fixture
def sim():
    return TaaraSimulator(FrozenClock(datetime(2026, 3, 4, 10, tzinfo=UTC)))


@pytest.fixture
def visitor(sim):
    return TaaraVisitor(sim)


@pytest.mark.parametrize("status", ["401", "429", "500", "502", "503"])
async def test_a_status_strikes_as_often_as_ordered(sim, visitor, status):
    await visitor.login()
    sim.faults.add("bundle", status, times=2, retry_after=7)
    answers = [await visitor.bundle() for _ in range(3)]
    assert [str(answer.status_code) for answer in answers] == [status, status, "200"]
    assert answers[0].headers.get("retry-after") == ("7" if status == "429" else None)


async def test_a_lasting_fault_of_one_account_leaves_the_others_alone():
    sim = TaaraSimulator(FrozenClock(datetime(2026, 3, 4, 10, tzinfo=UTC)), scenario="demo")
    sim.faults.add("*", "503", None, account="hostel")
    office, hostel = TaaraVisitor(sim, "office"), TaaraVisitor(sim, "hostel")
    assert (await office.login()).status_code == 200
    assert [(await hostel.login()).status_code for _ in range(3)] == [503, 503, 503]
    sim.faults.clear()
    assert (await hostel.login()).status_code == 200


async def test_answers_that_are_no_json(sim, visitor):
    await visitor.login()
    for kind in ("html", "truncated"):
        sim.faults.add("bundle", kind)
        answer = await visitor.bundle()
        assert answer.status_code == 200
        with pytest.raises(json.JSONDecodeError):
            answer.json()
    sim.faults.add("bundle", "null")
    assert (await visitor.bundle()).json() is None


async def test_odd_tokens(sim, visitor):
    sim.faults.add("login", "no-token")
    assert "accessToken" not in (await visitor.login()).json()
    sim.faults.add("login", "opaque-token")
    await visitor.login()
    assert "." not in visitor.token
    assert (await visitor.bundle()).status_code == 200
    sim.faults.add("login", "expired-token")
    await visitor.login()
    assert (await visitor.bundle()).status_code == 401
    await visitor.login()
    sim.end_sessions()
    assert (await visitor.bundle()).status_code == 401


@pytest.mark.parametrize("value", [None, "1.2 TB", "Unlimited", 42])
async def test_an_odd_text_spoils_one_plan_only(sim, visitor, value):
    sim.faults.add("bundle", "balance", value=value)
    sim.faults.add("bundle", "expiry", value="Tomorrow", plan=1)
    active, unused = await visitor.plans()
    assert (active["remainingBalance"], active["expiresIn"]) == (value, "19 days")
    assert (unused["remainingBalance"], unused["expiresIn"]) == ("500.0 MB", "Tomorrow")


async def test_odd_lists(sim, visitor):
    sim.faults.add("bundle", "no-plans")
    assert await visitor.plans() == []
    sim.faults.add("bundle", "null-plans")
    assert await visitor.plans() is None
    sim.faults.add("bundle", "duplicate-history")
    names = [row["planDisplayName"] for row in purchases(await visitor.data())]
    assert names == ["1 Month Unlimited", "500 MB Free Trial"] * 2
    sim.faults.add("bundle", "no-history")
    assert purchases(await visitor.data()) == []
    sim.faults.add("bundle", "extra-keys")
    assert (await visitor.plans())[0]["speedCapMbps"] is None


async def test_bytes_that_disagree_with_the_text(sim, visitor):
    sim.faults.add("bundle", "wrong-bytes")
    data = await visitor.data()
    assert purchases(data)[0]["dataUsage"]["totalDataUsage"] == 419_683_000_000
    assert data["subscriberActiveAndUnusedPlans"][0]["remainingBalance"] == "412.7 GB"


async def test_jitter_moves_the_balance_up_and_down_and_goes_away(sim, visitor):
    sim.faults.add("bundle", "jitter", times=4)
    seen = [
        purchases(await visitor.data())[0]["dataUsage"]["totalDataUsage"] - 412_683_000_000 for _ in range(5)
    ]
    assert [balance > 0 for balance in seen[:4]] == [True, False, True, False]
    assert all(0 < abs(balance) <= 40_000_000 for balance in seen[:4])
    assert seen[4] == 0


@pytest.mark.parametrize(
    ("operation", "kind"), [("bundle", "no-token"), ("*", "jitter"), ("data", "503"), ("login", "flood")]
)
def test_a_fault_that_makes_no_sense_is_refused(sim, operation, kind):
    with pytest.raises(ValueError, match=r"fault|operation"):
        sim.faults.add(operation, kind)


def test_over_a_connection_a_reset_is_one_and_silence_exhausts_a_clients_patience(sim):
    with LoopbackServer(sim.app) as server, httpx.Client(base_url=server.url, trust_env=False) as client:
        path = "/v1/users/subscriber/logout/nobody"
        sim.faults.add("logout", "reset")
        with pytest.raises(httpx.TransportError):
            client.get(path)
        sim.faults.add("logout", "timeout")
        with pytest.raises(httpx.ReadTimeout):
            client.get(path, timeout=0.1)
        sim.faults.add("logout", "latency", seconds=0.01)
        assert client.get(path).status_code == 200
        assert not server.errors
    assert [row.status for row in sim.record] == [0, 0, 200]


async def test_in_process_both_raise_what_a_client_would_have_seen(sim, visitor):
    sim.faults.add("login", "reset")
    with pytest.raises(httpx.RemoteProtocolError):
        await visitor.login()
    sim.faults.add("login", "timeout")
    with pytest.raises(httpx.ReadTimeout):
        await visitor.login()
