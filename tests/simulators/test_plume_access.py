"""Tokens, status rules, the limiter, faults and the log."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64decode
from datetime import UTC, datetime

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.plume import PlumeSimulator
from core.simulators.plume.faults import FAULT_KINDS

NOW = datetime(2026, 3, 4, 10, 7, 30, tzinfo=UTC)
GRANT = "client_credentials"


@pytest.fixture
def clock():
    return FrozenClock(NOW)


@pytest.fixture
def sim(clock):
    return PlumeSimulator(clock)


@pytest.fixture
async def visitor(sim, visit):
    return await visit(sim)


def basic(text: str) -> str:
    return "Basic " + b64encode(text.encode()).decode()


async def test_a_token_carries_its_expiry_and_the_requests_are_counted(sim, visitor):
    answer = (await visitor.sign_in()).json()
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 600
    assert answer["scope"] == f"partnerId:{sim.partner_id} role:partnerIdAdmin"
    payload = answer["access_token"].split(".")[1]
    claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims["exp"] == NOW.timestamp() + 600
    assert sim.token_requests == 2


async def test_a_token_ends_with_its_lifetime_and_not_with_a_wall_clock_step(clock, visitor):
    clock.step(3_600)
    assert (await visitor.get("/api/Customers")).status_code == 200
    clock.advance(599)
    assert (await visitor.get("/api/Customers")).status_code == 200
    clock.advance(1)
    assert (await visitor.get("/api/Customers")).status_code == 401


async def test_revoking_ends_all_tokens_and_a_new_one_works(sim, visitor):
    sim.revoke_tokens()
    assert (await visitor.get("/api/Customers")).status_code == 401
    await visitor.sign_in()
    assert (await visitor.get("/api/Customers")).status_code == 200


@pytest.mark.parametrize(
    ("header", "changes", "status", "word"),
    [
        ("good", {"grant_type": "password"}, 400, "unsupported_grant_type"),
        ("good", {"grant_type": ""}, 400, "invalid_grant"),
        ("good", {"scope": "partnerId: role:partnerIdAdmin"}, 400, "invalid_scope"),
        ("good", {"scope": "partnerId:0000 role:partnerIdAdmin"}, 400, "invalid_scope"),
        ("good", {"client_id": "twice"}, 400, "invalid_request"),
        ("good", {"scope": ["one", "two"]}, 400, "invalid_request"),
        (None, {}, 400, "invalid_request"),
        ("Basic not base64!", {}, 400, "invalid_request"),
        (basic("no colon"), {}, 400, "invalid_request"),
        ("Bearer something", {}, 401, "invalid_client"),
        (basic("stranger:secret"), {}, 401, "invalid_client"),
    ],
)
async def test_every_token_failure_has_its_word(sim, visitor, header, changes, status, word):
    form = {"grant_type": GRANT, "scope": f"partnerId:{sim.partner_id} role:partnerIdAdmin"} | changes
    answer = await visitor.ask_token(form, sim.authorization if header == "good" else header)
    assert (answer.status_code, answer.json()["error"]) == (status, word)
    assert answer.json()["error_description"]


async def test_introspection_tells_a_live_token_from_a_dead_one(sim, visitor):
    token = visitor.client.headers["Authorization"].removeprefix("Bearer ")
    ask = {"url": "/oauth2/simulated/v1/introspect", "headers": {"Authorization": sim.authorization}}
    form = {"token": token, "token_type_hint": "access_token"}
    live = (await visitor.client.post(**ask, data=form)).json()
    assert live["active"]
    assert live["exp"] == NOW.timestamp() + 600
    sim.revoke_tokens()
    assert (await visitor.client.post(**ask, data=form)).json() == {"active": False}


@pytest.mark.parametrize(
    ("rest", "status"),
    [("/nodes", 404), ("/alerts", 404), ("", 401), ("/devices", 401), ("/wifiNetworks", 401)],
)
async def test_an_unknown_customer_is_401_except_under_nodes_and_alerts(visitor, rest, status):
    place = visitor.path("Green", rest).replace(visitor.sim.customer_ids[0], "f" * 24)
    assert (await visitor.get(place)).status_code == status


async def test_other_partners_customers_are_403_and_unknown_locations_404(sim, visitor):
    foreign = next(row for row in sim.world.locations if row.name == "Foreign Shore")
    theirs = f"/api/Customers/{foreign.customer_id}/locations"
    assert (await visitor.get(theirs)).status_code == 403
    assert (await visitor.get(f"{theirs}/{foreign.id}/nodes")).status_code == 403
    saturation = "/reports/gateway/locations/{}/wan-saturation"
    assert (await visitor.get(saturation.format(foreign.id))).status_code == 403
    assert (await visitor.get(saturation.format("f" * 24))).status_code == 404
    mixed = f"/api/Customers/{sim.customer_ids[1]}/locations/{visitor.location_id('Green')}"
    assert (await visitor.get(mixed)).status_code == 404
    await visitor.sign_in(sim.world.partners[1].id)
    assert (await visitor.get(theirs)).status_code == 200


async def test_path_words_match_in_any_case_and_unknown_parameters_are_ignored(visitor):
    place = visitor.path("Green", "/NODES").replace("/api/Customers", "/API/customers")
    assert (await visitor.get(place, limit=100, client_id="anything")).status_code == 200


async def test_errors_speak_as_loopback_does(visitor):
    answer = await visitor.get(visitor.path("Green", "/nowhere"))
    assert answer.status_code == 404
    assert answer.json()["error"]["statusCode"] == 404
    assert answer.json()["error"]["message"]


async def test_beyond_the_limit_everything_is_403_until_the_frame_ends(clock, visit):
    visitor = await visit(PlumeSimulator(clock, request_limit=20, limit_window=10.0))
    statuses = [(await visitor.get("/api/Customers")).status_code for _ in range(22)]
    assert statuses == [200] * 20 + [403] * 2
    refused = await visitor.get("/api/Customers")
    assert "html" in refused.headers["content-type"]
    assert "retry-after" not in refused.headers
    assert (await visitor.sign_in()).status_code == 200
    clock.advance(9.9)
    assert (await visitor.get("/api/Customers")).status_code == 403
    clock.advance(0.2)
    assert (await visitor.get("/api/Customers")).status_code == 200


@pytest.mark.parametrize("kind", [kind for kind in FAULT_KINDS if kind.isdecimal()])
async def test_a_status_fault_strikes_as_often_as_ordered(sim, visitor, kind):
    sim.faults.add("*/nodes", kind, times=2)
    nodes = visitor.path("Green", "/nodes")
    assert (await visitor.get(visitor.path("Green"))).status_code == 200
    assert [(await visitor.get(nodes)).status_code for _ in range(3)] == [int(kind), int(kind), 200]


async def test_faulty_bodies_are_200_and_no_use(sim, visitor):
    nodes = visitor.path("Green", "/nodes")
    whole = (await visitor.get(nodes)).text
    sim.faults.add("*/NODES", "html")
    sim.faults.add("*/nodes", "truncated")
    sim.faults.add("*/nodes", "null")
    page, half, null = [await visitor.get(nodes) for _ in range(3)]
    assert [answer.status_code for answer in (page, half, null)] == [200, 200, 200]
    assert page.text.startswith("<html>")
    assert whole.startswith(half.text)
    with pytest.raises(json.JSONDecodeError):
        half.json()
    assert null.json() is None


async def test_a_dropped_request_raises_what_a_broken_line_would(sim, visitor):
    sim.faults.add("*", "drop")
    with pytest.raises(httpx.TransportError):
        await visitor.get("/api/Customers")
    assert (await visitor.get("/api/Customers")).status_code == 200
    assert [entry.status for entry in sim.log][-2:] == [0, 200]


async def test_latency_delays_the_true_answer(sim, visitor):
    sim.faults.add("*", "latency", seconds=0.05)
    answer = await visitor.get("/api/Customers")
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() >= 0.05


async def test_faults_can_be_steered_over_http(sim, visitor):
    order = {"path": "*/nodes", "kind": "503", "times": None}
    listed = (await visitor.client.post("/_simulator/faults", json=order)).json()
    assert [(fault["pattern"], fault["kind"]) for fault in listed] == [("*/nodes", "503")]
    assert (await visitor.get(visitor.path("Green", "/nodes"))).status_code == 503
    assert (await visitor.client.delete("/_simulator/faults")).json() == []
    assert (await visitor.get(visitor.path("Green", "/nodes"))).status_code == 200
    wrong = await visitor.client.post("/_simulator/faults", json={"path": "*", "kind": "meteor"})
    assert wrong.status_code == 422


async def test_the_log_keeps_requests_but_never_their_credentials(sim, visitor):
    await visitor.get(visitor.report("Green", "/wanStats"), period="daily")
    entry = sim.log[-1]
    assert (entry.method, entry.query, entry.status) == ("GET", "period=daily", 200)
    shown = (await visitor.get("/_simulator/log")).text + repr(sim.log)
    token = visitor.client.headers["Authorization"].split()[1]
    assert token not in shown
    assert sim.authorization.split()[1] not in shown
