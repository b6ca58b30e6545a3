"""The read endpoints of production.md 8, as a console sees them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.production import ProductionSimulator
from core.simulators.production.records import Event

NOW = datetime(2026, 1, 22, 11, tzinfo=UTC)
SNAPSHOTS = ("/status", "/credits", "/budgets", "/jobs", "/uploads", "/characters", "/platforms", "/schedule")


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


async def test_vector_snapshot_of_section_8(client):
    body = (await client.get("/status")).json()
    assert body["as_of"] == "2026-01-22T11:00:00Z"
    system = {"state": "running", "desired_state": "running", "activity": "generating", "in_flight": 1}
    assert system.items() <= body["system"].items()
    assert body["credits"] == {
        "plan": "pro",
        "monthly_allowance": 1800,
        "monthly_used": 450,
        "monthly_remaining": 1350,
        "daily_bonus": 60,
        "daily_used": 15,
        "daily_remaining": 45,
        "purchased": 0,
        "total_available": 1395,
        "balance_live": 1395,
        "drift": 0,
        "usage_percent": 25.0,
        "status": "healthy",
        "runway_days": 15.5,
        "split": "estimated",
    }
    assert body["today"] == {
        "date": "2026-01-22",
        "total": 2,
        "successful": 2,
        "failed": 0,
        "success_rate": 100.0,
        "target": 4,
        "progress": 50.0,
        "credits_used": 100,
        "cost": {"amount": "1.00", "currency": "USD"},
    }
    assert body["next_run"] == {"id": "credit_check", "at": "2026-01-22T12:00:00Z"}
    assert body["alerts"] == {"critical": 0, "warning": 0}


@pytest.mark.parametrize("path", SNAPSHOTS)
async def test_a_snapshot_keeps_its_tag_until_it_changes(client, clock, path):
    clock.advance(10)  # The hourly check, which a schedule shows as running, is over.
    tag = (await client.get(path)).headers["etag"]
    clock.advance(1)
    unchanged = await client.get(path, headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    clock.advance(40 * 86_400)
    assert (await client.get(path, headers={"If-None-Match": tag})).status_code == 200


@pytest.mark.parametrize("path", [*SNAPSHOTS, "/events", "/reports/daily", "/reports/weekly"])
async def test_without_a_token_only_health_answers(sim, client, path):
    assert (await client.get("/health", headers={"Authorization": ""})).status_code == 200
    answer = await client.get(path, headers={"Authorization": "Bearer wrong", "X-Request-Id": "req_mine"})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == "req_mine"
    assert answer.json()["request_id"] == "req_mine"
    assert answer.json()["type"].startswith("urn:opsdeck:problem:")


async def test_a_reading_token_reads_and_may_not_control(sim, client):
    client.headers["Authorization"] = f"Bearer {sim.read_token}"
    assert (await client.get("/status")).status_code == 200
    answer = await client.post("/control/pause", json={"reason": "not allowed"})
    assert (answer.status_code, answer.json()["title"]) == (403, "Forbidden")
    assert sim.world.desired_state == "running"


async def test_pages_go_on_where_they_ended_though_newer_jobs_come(client, clock):
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": "4"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/jobs", params=query)).json()
        seen += [job["id"] for job in page["jobs"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    whole = (await client.get("/jobs", params={"limit": "200"})).json()["jobs"]
    assert seen == [job["id"] for job in whole]
    assert len(seen) == len(set(seen)) == 21
    assert (await client.get("/jobs", params={"cursor": "rubbish"})).status_code == 400


async def test_jobs_can_be_asked_for_by_what_they_are(client):
    async def ids(**query: str) -> list[str]:
        return [job["id"] for job in (await client.get("/jobs", params=query)).json()["jobs"]]

    assert await ids(status="processing") == ["prod_000000000001"]
    assert await ids(character="ren-official", status="pending") == ["prod_000000000005"]
    assert "prod_000000000001" in await ids(platform="youtube_shorts")
    assert await ids(**{"from": "2026-01-22T10:45:00Z", "status": "pending"}) == [
        f"prod_00000000000{number}" for number in (5, 4, 3, 2)
    ]
    assert (await client.get("/jobs", params={"from": "yesterday"})).status_code == 400


async def test_a_job_comes_with_its_uploads_and_its_books(client, clock):
    clock.advance(3600)
    body = (await client.get("/jobs/prod_000000000001")).json()
    assert body["job"]["status"] == "completed"
    assert body["job"]["cost"] == {"amount": "0.50", "currency": "USD"}
    assert {row["platform"] for row in body["uploads"]} == {"tiktok", "youtube_shorts"}
    assert [(row["kind"], row["credits"]) for row in body["ledger"]] == [("debit", 50)]
    assert body["ledger"][0]["provider_task_id"] == body["job"]["provider_task_id"]
    assert (await client.get("/jobs/prod_missing")).status_code == 404


async def test_a_system_may_lack_a_path_and_what_lies_below_it(sim, client):
    sim.quirks.lacks |= {"/budgets", "/jobs"}
    assert [(await client.get(path)).status_code for path in ("/budgets", "/jobs", "/jobs/prod_1")] == [
        404
    ] * 3
    assert (await client.get("/status")).status_code == 200


async def test_its_clock_may_be_wrong(sim, client):
    sim.quirks.skew = timedelta(minutes=5)
    answer = await client.get("/status")
    assert answer.headers["date"] == "Thu, 22 Jan 2026 11:05:00 GMT"
    assert answer.json()["as_of"] == "2026-01-22T11:05:00Z"


async def test_failing_health_is_a_503(sim, client):
    sim.quirks.health = "fail"
    answer = await client.get("/health")
    assert (answer.status_code, answer.json()["checks"]["provider"]) == (503, "fail")
    assert (await client.get("/status")).json()["alerts"]["critical"] == 1


async def test_words_may_be_unknown_and_fields_missing(sim, client):
    sim.quirks.unknown_words = True
    assert {job["status"] for job in (await client.get("/jobs")).json()["jobs"]} == {"simmering"}
    sim.quirks.missing_fields = True
    job = (await client.get("/jobs")).json()["jobs"][0]
    assert "id" in job
    assert len(job) < 15


async def test_events_are_numbered_once_and_told_in_order(sim, client, clock):
    first = (await client.get("/events", params={"limit": "1000"})).json()
    numbers = [event["seq"] for event in first["events"]]
    assert numbers == list(range(1, len(numbers) + 1))
    clock.advance(600)
    later = (await client.get("/events", params={"after": str(first["last"])})).json()
    told = [(event["type"], event["subject"]["id"]) for event in later["events"]]
    assert told[0] == ("video_completed", "prod_000000000001")
    assert later["events"][0]["dedup_key"] == "job:prod_000000000001:completed"
    assert later["events"][0]["occurred_at"] == "2026-01-22T11:05:00Z"
    assert [kind for kind, _ in told] == ["video_completed", "upload_started"]
    again = (await client.get("/events", params={"limit": "1000"})).json()["events"]
    assert again == first["events"] + later["events"]


async def test_events_may_come_twice_and_backwards(sim, client):
    plain = (await client.get("/events")).json()["events"]
    sim.quirks.duplicated_events = sim.quirks.reordered_events = True
    told = (await client.get("/events")).json()["events"]
    assert [event["id"] for event in told[::2]] == [event["id"] for event in reversed(plain)]


async def test_a_long_poll_answers_as_soon_as_something_happens(clock):
    sim = ProductionSimulator(clock, longest_wait=30)
    last = sim.world.journal().last
    event = Event("proxy_status", "warning", NOW, ("proxy", "main"), "proxy:80", "Proxy", "8 of 10 GB", {})
    transport = httpx.ASGITransport(app=sim.app)
    headers = {"Authorization": f"Bearer {sim.token}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://production.test", headers=headers
    ) as client:
        poll = asyncio.create_task(client.get("/api/v1/events", params={"after": str(last), "wait": "25"}))
        await asyncio.sleep(0)
        assert not poll.done()
        sim.world.tell(event)
        told = (await poll).json()
    assert [(row["type"], row["seq"]) for row in told["events"]] == [("proxy_status", last + 1)]


async def test_forgotten_events_are_gone(sim, client):
    last = (await client.get("/events")).json()["last"]
    sim.keep_events(2)
    assert (await client.get("/events", params={"after": "0"})).status_code == 410
    kept = (await client.get("/events", params={"after": str(last - 2)})).json()["events"]
    assert [event["seq"] for event in kept] == [last - 1, last]


@pytest.mark.parametrize("query", [{"after": "-1"}, {"wait": "31"}, {"limit": "many"}])
async def test_nonsense_is_a_400(client, query):
    assert (await client.get("/events", params=query)).status_code == 400
