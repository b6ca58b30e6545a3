"""The control verbs of production.md 6 and their idempotency keys."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.production import ProductionSimulator

NOW = datetime(2026, 1, 22, 11, tzinfo=UTC)
KEY = '"7f9c0000-0000-4000-8000-000000000001"'
OTHER_KEY = '"7f9c0000-0000-4000-8000-000000000002"'
ACTOR = {"channel": "tui", "user": "op-fake-1"}


@pytest.fixture
def clock():
    return FrozenClock(NOW)


@pytest.fixture
def sim(clock):
    return ProductionSimulator(clock)


@pytest.fixture
async def client(sim):
    transport = httpx.ASGITransport(app=sim.app)
    headers = {"Authorization": f"Bearer {sim.token}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://production.test/api/v1", headers=headers
    ) as client:
        yield client


async def control(client, verb: str, *, key: str | None = None, **arguments: object) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    body = {"reason": "credit check", "actor": ACTOR, **arguments}
    return await client.post(f"/control/{verb}", json=body, headers=headers)


async def test_pausing_becomes_paused_when_the_last_job_is_done(client, clock, sim):
    answer = (await control(client, "pause")).json()
    assert answer == {
        "as_of": "2026-01-22T11:00:00Z",
        "changed": True,
        "state": "pausing",
        "desired_state": "paused",
        "in_flight": 1,
    }
    clock.advance(300)
    system = (await client.get("/status")).json()["system"]
    assert (system["state"], system["in_flight"]) == ("paused", 0)
    assert (system["paused_by"], system["pause_reason"]) == ("tui:op-fake-1", "credit check")
    again = (await control(client, "pause")).json()
    assert (again["changed"], again["state"]) == (False, "paused")


async def test_a_pause_holds_new_work_back_and_a_resume_lets_it_go_without_a_burst(client, clock):
    await control(client, "pause")
    clock.advance(5 * 3600)
    jobs = (await client.get("/jobs", params={"status": "pending"})).json()["jobs"]
    assert len(jobs) == 4
    schedule = (await client.get("/schedule")).json()
    assert (schedule["state"], {row["next_run"] for row in schedule["entries"]}) == ("paused", {None})
    assert (await control(client, "resume")).json()["state"] == "running"
    clock.advance(120)
    queued = (await client.get("/status")).json()["system"]["in_flight"]
    assert queued == 1
    clock.advance(3 * 3600)
    assert (await client.get("/jobs", params={"status": "pending"})).json()["jobs"] == []
    check = (await client.get("/schedule")).json()["entries"][0]
    assert check["missed_count"] == 4
    assert check["last_run"] == "2026-01-22T19:00:00Z"


async def test_a_pause_with_an_end_ends_by_itself_and_says_so(client, clock):
    await control(client, "pause", until="2026-01-22T11:10:00Z")
    last = (await client.get("/events")).json()["last"]
    clock.advance(660)
    assert (await client.get("/status")).json()["system"]["state"] == "running"
    events = (await client.get("/events", params={"after": str(last)})).json()["events"]
    told = [event["data"]["state"] for event in events if event["type"] == "scheduler_status"]
    assert told == ["running"]
    assert (await control(client, "resume")).json()["changed"] is False


async def test_a_restart_drains_and_comes_back_paused_if_it_was(client, clock):
    await control(client, "pause")
    answer = await control(client, "restart", key=KEY)
    operation = answer.json()["operation"]
    assert answer.status_code == 202
    assert (operation["state"], operation["from"], operation["to"]) == ("pending", "pausing", "paused")
    clock.advance(100)
    assert (await client.get(f"/operations/{operation['id']}")).json()["state"] == "running"
    second = (await control(client, "restart", key=OTHER_KEY)).json()
    assert (second["changed"], second["operation"]["id"]) == (False, operation["id"])
    assert (await control(client, "pause")).status_code == 409
    assert (await control(client, "resume")).status_code == 409
    clock.advance(300)
    assert (await client.get(f"/operations/{operation['id']}")).json()["state"] == "done"
    system = (await client.get("/status")).json()["system"]
    assert (system["state"], system["started_at"]) == ("paused", "2026-01-22T11:05:20Z")


async def test_a_restart_that_cannot_drain_in_time_fails(client, clock):
    operation = (await control(client, "restart", key=KEY, drain_timeout_s=60)).json()["operation"]
    clock.advance(90)
    body = (await client.get(f"/operations/{operation['id']}")).json()
    assert body["state"] == "failed"
    assert body["error"]
    assert (await client.get("/status")).json()["system"]["state"] == "running"


async def test_a_restart_without_draining_must_be_forced(client, clock):
    refused = await control(client, "restart", key=KEY, drain=False)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:opsdeck:problem:jobs-in-flight")
    assert (await control(client, "restart", key=OTHER_KEY, drain=False, force=True)).status_code == 202
    clock.advance(21)
    assert (await client.get("/status")).json()["system"]["state"] == "running"


async def test_a_restart_needs_a_key_and_a_key_is_for_one_request(client, clock):
    assert (await control(client, "restart")).status_code == 400
    assert (await control(client, "restart", key="bare-word")).status_code == 400
    first = await control(client, "restart", key=KEY)
    clock.advance(1000)
    assert (await control(client, "restart", key=KEY)).json()["operation"] == first.json()["operation"]
    assert (await control(client, "restart", key=KEY, reason="another one")).status_code == 422
    clock.advance(86_400)
    renewed = (await control(client, "restart", key=KEY)).json()["operation"]
    assert renewed["id"] != first.json()["operation"]["id"]


async def test_a_key_in_use_is_a_conflict_and_answered_once(client, sim):
    sim.verbs.takes = 0.02
    answers = await asyncio.gather(*(control(client, "pause", key=KEY) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert [record.result for record in sim.audit] == ["changed"]
    assert (await control(client, "pause", key=KEY)).json()["changed"] is True


async def test_no_credits_block_a_resume_unless_an_admin_insists(client, sim):
    await control(client, "pause")
    sim.world.provider_surplus = -2000
    refused = await control(client, "resume")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:opsdeck:problem:blocked-by-guard")
    assert (await control(client, "resume", override=True)).json()["desired_state"] == "running"
    assert [record.result for record in sim.audit] == ["changed", "refused", "changed"]


@pytest.mark.parametrize(
    "arguments",
    [{"reason": "no"}, {"reason": "x" * 201}, {"reason": None}, {"until": "2026-01-22T10:00:00Z"}],
)
async def test_what_makes_no_sense_is_refused_and_changes_nothing(client, sim, arguments):
    assert (await control(client, "pause", **arguments)).status_code == 422
    assert sim.world.state == "running"
