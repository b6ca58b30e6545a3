"""The simulated plant backend behaves as the contract says, over HTTP on loopback (whatsapp.md A2 and A3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.plant import PlantSimulator
from core.simulators.server import LoopbackServer

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
REJECT = {
    "order_id": 3,
    "quantity_rejected": 5,
    "production_stage": "Sewing",
    "department_id": 2,
    "reason": "Open seams",
}
COMPONENTS = [{"code": "FAB-01", "name": "Canvas", "quantity": 2, "unit_cost": "4.20"}]


class Visitor:
    """A client with the token, and the backend behind it."""

    def __init__(self, clock: FrozenClock, sim: PlantSimulator, client: httpx.Client) -> None:
        self.clock = clock
        self.sim = sim
        self.client = client

    def get(self, path: str, **query: object) -> httpx.Response:
        return self.client.get(path, params={name: str(value) for name, value in query.items()})

    def post(self, path: str, body: object = None) -> httpx.Response:
        return self.client.post(path, json=body or {})


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    clock = FrozenClock(NOW)
    sim = PlantSimulator(clock)
    headers = {"Authorization": f"Bearer {sim.token}"}
    with (
        LoopbackServer(sim.app) as server,
        httpx.Client(base_url=server.url, headers=headers, trust_env=False) as client,
    ):
        yield Visitor(clock, sim, client)
        assert not server.errors


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic fake-plant-token"])
def test_nobody_comes_in_without_the_token(visitor: Visitor, header: str) -> None:
    answer = visitor.client.get("/api/orders", headers={"Authorization": header})
    assert (answer.status_code, answer.json()) == (401, {"detail": "Could not validate credentials"})
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_list_has_its_total_skip_limit_and_data(visitor: Visitor) -> None:
    body = visitor.get("/api/orders").json()
    assert (body["total"], body["skip"], body["limit"], len(body["data"])) == (24, 0, 100, 24)
    body = visitor.get("/api/orders", skip=20, limit=10).json()
    assert [each["order_number"] for each in body["data"]] == [f"ORD-{5021 + at}" for at in range(4)]
    held = visitor.get("/api/orders", status="on_hold").json()
    assert {each["status"] for each in held["data"]} == {"on_hold"}


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 1001}, {"skip": -1}, {"limit": "many"}])
def test_a_page_of_the_wrong_size_is_refused(visitor: Visitor, query: dict[str, object]) -> None:
    answer = visitor.get("/api/orders", **query)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", next(iter(query))]


def test_rows_are_known_by_their_ids_only(visitor: Visitor) -> None:
    assert visitor.get("/api/orders/3").json()["order_number"] == "ORD-5003"
    assert visitor.get("/api/orders/ORD-5003").status_code == 422
    assert visitor.get("/api/orders/999").json() == {"detail": "Order not found"}


@pytest.mark.parametrize("path", ["/api/maintenance/tickets/sla-breached", "/api/sop/tickets/sla-breached"])
def test_the_breached_ones_can_not_be_reached_for_the_order_of_routes(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["path", "id"]


def test_a_reject_is_numbered_by_the_second(visitor: Visitor) -> None:
    answer = visitor.post("/api/defects/rejects", REJECT)
    assert answer.status_code == 201
    assert (answer.json()["ticket_number"], answer.json()["status"]) == ("RJT-20260302080000", "pending")


def test_two_of_one_second_collide_and_the_second_is_not_kept(visitor: Visitor) -> None:
    body = {"order_id": 5, "quantity_returned": 2, "reason": "Too small"}
    assert visitor.post("/api/defects/returns", body).status_code == 201
    assert visitor.post("/api/defects/returns", body).status_code == 500
    visitor.clock.advance(1)
    assert visitor.post("/api/defects/returns", body).json()["ticket_number"] == "RET-20260302080001"
    assert visitor.get("/api/defects/returns").json()["total"] == 3


@pytest.mark.parametrize("missing", list(REJECT))
def test_what_a_reject_needs(visitor: Visitor, missing: str) -> None:
    answer = visitor.post("/api/defects/rejects", {k: v for k, v in REJECT.items() if k != missing})
    assert answer.status_code == 422
    assert answer.json()["detail"] == [{"loc": ["body", missing], "msg": "Field required", "type": "missing"}]


def test_a_maintenance_ticket_promises_by_its_severity(visitor: Visitor) -> None:
    body = {"machine_id": 1, "department_id": 1, "issue_description": "Noise", "severity": "critical"}
    made = visitor.post("/api/maintenance/tickets", body).json()
    assert made["ticket_number"] == "MNT-20260302080000"
    assert made["expected_response_time"] == "2026-03-02T09:00:00"
    assert made["expected_completion_time"] == "2026-03-02T12:00:00"
    assert visitor.post("/api/maintenance/tickets", {**body, "severity": "awful"}).status_code == 422


def test_steps_are_taken_in_their_order_and_no_other(visitor: Visitor) -> None:
    path = "/api/maintenance/tickets/1"
    assert visitor.post(f"{path}/complete").status_code == 409
    assert visitor.post(f"{path}/start").json()["status"] == "in_progress"
    assert visitor.post(f"{path}/complete", {"root_cause": "Worn"}).json()["completed_at"]
    answer = visitor.post(f"{path}/start")
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "Cannot start a ticket with status completed",
    )


def test_a_reject_without_stock_puts_its_order_on_hold(visitor: Visitor) -> None:
    path = "/api/defects/rejects/1"
    assert visitor.post(f"{path}/no-stock").status_code == 409
    visitor.post(f"{path}/approve")
    assert visitor.get("/api/orders/3").json()["status"] == "in_progress"
    visitor.post(f"{path}/no-stock")
    assert visitor.get("/api/orders/3").json()["status"] == "on_hold"


def test_a_procedures_ticket_goes_its_way(visitor: Visitor) -> None:
    path = "/api/sop/tickets/1"
    report = {"root_cause": "a", "corrective_action": "b", "preventive_action": "c"}
    assert visitor.post(f"{path}/ncr", report).status_code == 409
    assert visitor.post(f"{path}/reject").status_code == 422
    assert visitor.post(f"{path}/reject", {"reason": "Not ours"}).json()["status"] == "escalated"
    assert visitor.post(f"{path}/reject", {"reason": "Not ours"}).status_code == 409
    decided = visitor.post(f"{path}/hod-decision", {"decision": "accept"}).json()
    assert decided["status"] == "in_investigation"
    assert visitor.post(f"{path}/ncr", report).json()["status"] == "closed"


def test_a_head_of_department_may_close_it_or_charge_another(visitor: Visitor) -> None:
    path = "/api/sop/tickets/1"
    moved = visitor.post(f"{path}/reassign", {"department_id": 2, "reason": "Their blades"}).json()
    assert (moved["charged_department_id"], moved["status"]) == (2, "open")
    visitor.post(f"{path}/reject", {"reason": "No"})
    assert visitor.post(f"{path}/hod-decision", {"decision": "reject"}).json()["status"] == "closed"


def test_a_new_version_of_a_bill_is_active_at_once(visitor: Visitor) -> None:
    made = visitor.post("/api/finance/boms", {"product_id": 1, "components": COMPONENTS})
    assert (made.status_code, made.json()["version"]) == (201, 2)
    bills = visitor.get("/api/finance/boms").json()["data"]
    assert [(each["version"], each["is_active"]) for each in bills] == [(1, False), (2, True)]
    assert visitor.post("/api/finance/boms", {"product_id": 1, "components": []}).status_code == 422
    assert visitor.client.post("/api/finance/boms", content=b"{").status_code == 422


def test_ordered_failures_come_first_and_headers_are_never_kept(visitor: Visitor) -> None:
    visitor.sim.failures.append(503)
    assert visitor.get("/api/machines").status_code == 503
    assert visitor.get("/api/machines").status_code == 200
    assert [each.status for each in visitor.sim.log] == [503, 200]
    assert visitor.sim.token not in repr(visitor.sim.log)
