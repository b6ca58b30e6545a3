"""A2E's side of the world, as production.md 7 has a console read it."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.a2e import A2ESimulator
from core.simulators.production import ProductionSimulator

NOW = datetime(2026, 1, 22, 11, tzinfo=UTC)
BALANCE = "/user/remainingCoins"


@pytest.fixture
def clock():
    return FrozenClock(NOW)


@pytest.fixture
def production(clock):
    return ProductionSimulator(clock)


@pytest.fixture
def sim(production, clock):
    return A2ESimulator(production.world, clock)


@pytest.fixture
async def client(sim):
    transport = httpx.ASGITransport(app=sim.app)
    headers = {"Authorization": f"Bearer {sim.token}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://a2e.test/api/v1", headers=headers
    ) as client:
        yield client


async def test_the_balance_is_the_example_of_section_7(client):
    body = (await client.get(BALANCE)).json()
    assert body["code"] == 0
    assert body["data"] == {"coins": 1395, "diamonds": 0}
    assert len(body["trace_id"]) == 36


async def test_the_tasks_are_the_attempts_of_the_jobs(client, production, clock):
    clock.advance(10 * 3600)
    avatars = (await client.get("/video/awsList", params={"current": 1, "pageSize": 100})).json()["data"]
    images = (await client.get("/userImage2Video/allRecords", params={"pageNum": 1, "pageSize": 100})).json()[
        "data"
    ]
    ids = [row["_id"] for row in avatars["data"]] + [row["_id"] for row in images["rows"]]
    assert len(ids) == len(set(ids)) == 14 + 2 + 1 + 2 + 3 + 1
    failed = production.world.ledger_of("prod_000000000003")
    assert {entry.provider_task_id for entry in failed} <= set(ids)
    by_id = {row["_id"]: row for row in avatars["data"]}
    for entry in failed:
        row = by_id[entry.provider_task_id]
        assert (row["coins"], row["status"], row["result"]) == (entry.credits, "fail", "")


async def test_a_page_ends_and_the_next_one_goes_on(client):
    first = (await client.get("/video/awsList", params={"current": 1, "pageSize": 3})).json()["data"]
    second = (await client.post("/video/awsList", json={"current": 2, "pageSize": 3})).json()["data"]
    assert len(first["data"]) == len(second["data"]) == 3
    created = [row["createdAt"] for row in first["data"] + second["data"]]
    assert created == sorted(created, reverse=True)


async def test_the_task_in_the_works_can_be_asked_for(client):
    running = (await client.get("/video/awsList")).json()["data"]["data"][0]
    assert (running["status"], running["process"]) == ("process", 25)
    one = (await client.post("/video/awsResult", json={"_id": running["_id"]})).json()["data"]
    assert one == [running]


async def test_a_picture_can_be_asked_for_alone_or_with_others(client):
    rows = (await client.get("/userImage2Video/allRecords")).json()["data"]["rows"]
    one = (await client.get(f"/userImage2Video/{rows[0]['_id']}")).json()["data"]
    assert one == rows[0]
    assert one["current_status"] == "completed"
    ids = [row["_id"] for row in rows[:2]]
    assert (await client.post("/userImage2Video/batchDetail", json={"ids": ids})).json()["data"] == rows[:2]
    typical = (await client.get("/userImage2Video/avgProcessingTime")).json()["data"]
    assert typical == {"avgProcessingTime": 400}


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("text", {"coins": "1395", "diamonds": "0"}),
        ("bare", 1395),
        ("bare text", "1395"),
        ("absent", {}),
        ("null", {"coins": None, "diamonds": None}),
    ],
)
async def test_the_balance_comes_in_many_forms(sim, client, form, data):
    sim.quirks.coins_form, sim.quirks.success_code = form, 200
    body = (await client.get(BALANCE)).json()
    assert (body["code"], body["data"]) == (200, data)


@pytest.mark.parametrize("in_body", [True, False])
async def test_a_bad_token_is_refused_by_status_or_in_the_body(sim, client, in_body):
    sim.quirks.auth_in_body = in_body
    answer = await client.get(BALANCE, headers={"Authorization": "Bearer sk_wrong"})
    assert answer.status_code == (200 if in_body else 401)
    assert answer.json()["code"] == 401
    assert "data" not in answer.json()


@pytest.mark.parametrize("kind", ["429", "500", "502", "503"])
async def test_errors_carry_a_trace(sim, client, kind):
    sim.faults.add("*", kind, retry_after="30" if kind == "429" else None)
    answer = await client.get(BALANCE)
    assert answer.status_code == int(kind)
    assert answer.headers.get("retry-after") == ("30" if kind == "429" else None)
    assert answer.json()["trace_id"]


async def test_a_refusal_may_be_a_200_with_a_text_under_either_name(sim, client):
    sim.quirks.error_text = "message"
    sim.faults.add("*", "refused")
    body = (await client.get(BALANCE)).json()
    assert (body["code"], body["message"]) == (1003, "The request was refused.")
    sim.faults.add("*", "auth")
    assert (await client.get(BALANCE)).json()["code"] == 401


async def test_html_and_unknown_statuses(sim, client):
    sim.faults.add("*", "html", status=404)
    assert (await client.get(BALANCE)).text.startswith("<html>")
    sim.quirks.unknown_statuses = True
    rows = (await client.get("/video/awsList")).json()["data"]["data"]
    assert {row["status"] for row in rows} == {"marinating"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/userImage2Video/start"),
        ("POST", "/video/generate"),
        ("GET", "/user/exchangeDiamonds"),
        ("DELETE", "/userImage2Video/65f000000000000000000000"),
        ("POST", "/userVideoTwin/remove"),
        ("POST", "/talkingVideo/anything"),
    ],
)
async def test_what_a_console_must_never_call_is_remembered(sim, client, method, path):
    assert (await client.request(method, path)).json()["code"] == 0
    assert [(call.method, call.path) for call in sim.forbidden_calls] == [(method, f"/api/v1{path}")]


async def test_reading_is_never_forbidden(sim, client):
    for path in (BALANCE, "/video/awsList", "/userImage2Video/allRecords"):
        await client.get(path)
    await client.post("/video/awsResult", json={"_id": "x"})
    assert sim.forbidden_calls == []
    assert (await client.get("/nothing/here")).status_code == 404
