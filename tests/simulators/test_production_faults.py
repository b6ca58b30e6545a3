"""Faults on demand, and the production simulator over a real connection."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.production import ProductionSimulator
from core.simulators.server import LoopbackServer

NOW = datetime(2026, 1, 22, 11, tzinfo=UTC)


@pytest.fixture
def sim():
    return ProductionSimulator(FrozenClock(NOW))


@pytest.fixture
async def client(sim):
    transport = httpx.ASGITransport(app=sim.app)
    headers = {"Authorization": f"Bearer {sim.token}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://production.test/api/v1", headers=headers
    ) as client:
        yield client


@pytest.mark.parametrize("kind", ["401", "403", "404", "429", "500", "503"])
async def test_any_error_can_be_ordered_for_one_path(sim, client, kind):
    sim.faults.add("*/jobs", kind, retry_after="7")
    answer = await client.get("/jobs")
    assert answer.status_code == int(kind)
    assert answer.headers["retry-after"] == "7"
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await client.get("/jobs")).status_code == 200


async def test_an_answer_can_be_html_half_or_nothing(sim, client):
    sim.faults.add("*/status", "html")
    assert (await client.get("/status")).text.startswith("<html>")
    sim.faults.add("*/status", "truncated")
    with pytest.raises(json.JSONDecodeError):
        (await client.get("/status")).json()
    sim.faults.add("*/status", "null")
    assert (await client.get("/status")).json() is None


def test_the_log_keeps_what_was_asked_and_no_header(sim):
    with LoopbackServer(sim.app) as server:
        headers = {"Authorization": f"Bearer {sim.token}"}
        with httpx.Client(base_url=server.url, trust_env=False, headers=headers) as client:
            sim.faults.add("*", "drop")
            with pytest.raises(httpx.TransportError):
                client.get("/api/v1/status")
            sim.faults.add("*", "slow", seconds=0.2)
            with pytest.raises(httpx.ReadTimeout):
                client.get("/api/v1/status", timeout=0.1)
            assert client.get("/api/v1/jobs?limit=1").status_code == 200
        assert not server.errors
    assert [(row.path, row.query, row.status) for row in sim.log if row.path.endswith("jobs")] == [
        ("/api/v1/jobs", "limit=1", 200)
    ]
    assert sim.token not in repr(sim.log)


def test_no_fault_makes_no_sense(sim):
    with pytest.raises(ValueError, match="Unknown kind"):
        sim.faults.add("*", "meteor")
    with pytest.raises(ValueError, match="Unknown scenario"):
        ProductionSimulator(FrozenClock(NOW), scenario="elsewhere")
