"""The simulator over a real connection."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.plume import PlumeSimulator
from core.simulators.server import LoopbackServer


@pytest.fixture
def sim():
    return PlumeSimulator(FrozenClock(datetime(2026, 3, 4, 10, 7, tzinfo=UTC)))


@pytest.fixture
def server(sim):
    with LoopbackServer(sim.app) as server:
        yield server


@pytest.fixture
def client(sim, server):
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        answer = client.post(
            "/oauth2/simulated/v1/token",
            headers={"Authorization": sim.authorization},
            data={
                "grant_type": "client_credentials",
                "scope": f"partnerId:{sim.partner_id} role:partnerIdAdmin",
            },
        )
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


def test_a_client_signs_in_and_reads_over_loopback(sim, server, client):
    assert server.url.startswith("http://127.0.0.1:")
    assert [row["id"] for row in client.get("/api/Customers").json()] == sim.customer_ids


def test_a_drop_really_breaks_the_connection(sim, server, client):
    sim.faults.add("*", "drop")
    with pytest.raises(httpx.TransportError):
        client.get("/api/Customers")
    assert client.get("/api/Customers").status_code == 200
    assert not server.errors


def test_latency_exhausts_a_clients_patience(sim, client):
    sim.faults.add("*", "latency", seconds=0.5)
    with pytest.raises(httpx.ReadTimeout):
        client.get("/api/Customers", timeout=0.1)


def test_it_leaves_its_port_when_it_stops(sim, capfd):
    server = LoopbackServer(sim.app)
    server.start()
    port = int(server.url.rpartition(":")[2])
    server.stop()
    with LoopbackServer(sim.app, port=port) as second:
        assert httpx.get(f"{second.url}/_simulator/log", trust_env=False).json() == []
    assert capfd.readouterr() == ("", "")
