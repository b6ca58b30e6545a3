"""What a failure of the backend is called, and what its rows are made of."""

from __future__ import annotations

import random
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.plant.client import parsing, parsing_tickets
from core.areas.plant.client.parsing import Names
from core.areas.plant.client.plant_client import LISTS, PlantClient
from core.engine.politeness import Politeness
from core.errors import (
    BadAnswerError,
    OpsdeckError,
    RateLimitedError,
    SettingsError,
    SignInError,
    UnknownSubjectError,
    UnreachableError,
)
from core.moment import FrozenClock
from core.secret import Secret
from tests.areas.plant.orders.world import NOW


def client(answer: httpx.Response, base: str = "https://plant.example") -> PlantClient:
    clock = FrozenClock(NOW)
    transport = httpx.MockTransport(lambda _request: answer)
    politeness = Politeness(clock, jitter=random.Random(1))
    return PlantClient(base, Secret("fake-plant-token"), politeness, clock, transport=transport)


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (httpx.Response(401, json={"detail": "no"}), SignInError, "Check PLANT_TOKEN"),
        (httpx.Response(403, json={"detail": "no"}), SignInError, "not for reading its orders"),
        (httpx.Response(404, json={"detail": "Not Found"}), UnknownSubjectError, "does not offer its orders"),
        (httpx.Response(429, headers={"Retry-After": "7"}), RateLimitedError, ""),
        (httpx.Response(500, text="Internal Server Error"), UnreachableError, "fault of its own"),
        (httpx.Response(302, headers={"Location": "/login"}), BadAnswerError, "PLANT_BASE_URL"),
        (httpx.Response(200, json=[1, 2]), BadAnswerError, "no list of things"),
        (httpx.Response(200, json={"data": [], "total": "many"}), BadAnswerError, "no list of things"),
        (
            httpx.Response(422, json={"detail": [{"loc": ["query", "limit"], "msg": "too big"}]}),
            BadAnswerError,
            "query.limit: too big",
        ),
    ],
)
async def test_each_failure_says_what_to_do(
    answer: httpx.Response, error: type[OpsdeckError], said: str
) -> None:
    with pytest.raises(error) as raised:
        await client(answer).rows("orders")
    assert said in str(raised.value)
    assert "fake-plant-token" not in str(raised.value)


async def test_a_list_that_never_ends_is_given_up() -> None:
    def endless(request: httpx.Request) -> httpx.Response:
        skip = int(request.url.params["skip"])
        rows = [{"id": skip + at} for at in range(100)]
        return httpx.Response(200, json={"total": 10**9, "skip": skip, "limit": 100, "data": rows})

    clock = FrozenClock(NOW)
    made = PlantClient(
        "https://plant.example/api",
        Secret("fake-plant-token"),
        Politeness(clock, rate=1e9, burst=10**9, jitter=random.Random(1)),
        clock,
        transport=httpx.MockTransport(endless),
    )
    with pytest.raises(BadAnswerError, match="too much"):
        await made.rows("orders")


def test_a_token_is_sent_over_https_only() -> None:
    with pytest.raises(SettingsError, match="https"):
        client(httpx.Response(200), "http://plant.example")


_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=8), each, max_size=3),
    max_leaves=6,
)
_FIELDS = (
    *("id", "order_number", "ticket_number", "machine_number", "status", "severity", "code", "name"),
    *("quantity", "end_date", "created_at", "machine_id", "order_id", "product_id", "version"),
    *("components", "expected_completion_time", "sop_reference", "is_active", "employee_number"),
)


@given(st.lists(st.dictionaries(st.sampled_from(_FIELDS), _junk, max_size=12), max_size=4))
def test_no_row_breaks_the_reading(rows: list[dict[str, Any]]) -> None:
    names = Names(orders={1: "ORD-1"}, machines={1: "MACH-001"})
    for parse in (
        parsing.parse_machines,
        parsing.parse_orders,
        parsing_tickets.parse_rejects,
        parsing_tickets.parse_returns,
        parsing_tickets.parse_maintenance,
        parsing_tickets.parse_sops,
        parsing.parse_boms,
    ):
        found = parse(rows, names, NOW)
        assert len(found.things) + found.left_out <= len(rows) or not rows
    parsing.parse_departments(rows)
    parsing.parse_operators(rows, names)


def test_every_list_of_the_contract_is_known() -> None:
    assert {path for path, _part in LISTS.values()} >= {
        "api/orders",
        "api/defects/rejects",
        "api/defects/returns",
        "api/maintenance/tickets",
        "api/machines",
        "api/finance/boms",
    }
