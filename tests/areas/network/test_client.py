"""The Plume client: what it asks, and what it does when the cloud stumbles (plume.md 2 to 6)."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from core.areas.network.client import PlumeClient
from core.engine.politeness import Politeness
from core.errors import (
    RateLimitedError,
    UnknownSubjectError,
    UnreachableError,
    UpstreamError,
)
from core.moment import FrozenClock

CUSTOMER = "c0ffee00c0ffee00c0ffee01"
LOCATION = "10ca7104000000000000beef"
NODES = (200, {"nodes": [{"id": "SIMGW00001", "connectionState": "connected"}]})


async def test_addresses_join_with_one_slash_and_ids_are_encoded(client: PlumeClient, cloud: Any) -> None:
    cloud.answers("/nodes", NODES)
    cloud.answers("/onlineStats", (200, {"locationState": []}))
    await client.nodes("a/b?c", "l o#c")
    await client.online_history("C", "L", hours=3)
    api, reports = (str(each.url) for each in cloud.requests if each.method == "GET")
    assert api == "https://plume.test/api/Customers/a%2Fb%3Fc/locations/l%20o%23c/nodes"
    assert (
        reports == "https://plume.test/reports/Customers/C/locations/L/onlineStats?granularity=hours&limit=3"
    )


async def test_every_call_carries_the_token_and_asks_for_json(client: PlumeClient, cloud: Any) -> None:
    cloud.answers("/nodes", NODES)
    await client.nodes(CUSTOMER, LOCATION)
    request = cloud.requests[-1]
    assert request.headers["Authorization"] == "Bearer CANARY-TOKEN-1"
    assert request.headers["Accept"] == "application/json"


async def test_a_dropped_token_is_renewed_once_and_the_call_repeated(client: PlumeClient, cloud: Any) -> None:
    cloud.answers("/nodes", NODES, (401, b""), NODES)
    await client.nodes(CUSTOMER, LOCATION)
    assert await client.nodes(CUSTOMER, LOCATION)
    assert cloud.tokens == 2
    assert cloud.requests[-1].headers["Authorization"] == "Bearer CANARY-TOKEN-2"


async def test_calls_whose_token_was_dropped_together_renew_it_once(client: PlumeClient, cloud: Any) -> None:
    await client.sign_in()
    cloud.answers("/nodes", *[(401, b"")] * 4, NODES)
    await asyncio.gather(*(client.nodes(CUSTOMER, LOCATION) for _ in range(4)))
    assert cloud.tokens == 2


async def test_an_unknown_customer_polled_again_costs_no_further_token(
    client: PlumeClient, cloud: Any
) -> None:
    cloud.answers("/locations", (401, b""))
    for _ in range(5):
        with pytest.raises(UnknownSubjectError):
            await client.locations(CUSTOMER)
    assert cloud.tokens == 2
    cloud.answers("/locations", (200, []), (401, b""), (200, []))
    assert await client.locations(CUSTOMER) == []
    assert await client.locations(CUSTOMER) == []
    assert cloud.tokens == 3


@pytest.mark.parametrize("stumble", [(500, b""), (503, b""), httpx.ReadTimeout("x"), httpx.ConnectError("x")])
async def test_a_read_is_repeated_twice_after_one_and_three_seconds(
    client: PlumeClient, cloud: Any, clock: FrozenClock, stumble: Any
) -> None:
    await client.sign_in()
    cloud.answers("/nodes", stumble, stumble, NODES)
    before = clock.monotonic()
    assert await client.nodes(CUSTOMER, LOCATION)
    # The fixture's jitter is one half of the most, which is one half of the wait.
    assert clock.monotonic() - before == pytest.approx((1 + 3) * 1.25, abs=0.05)
    cloud.answers("/nodes", stumble)
    with pytest.raises(UnreachableError):
        await client.nodes(CUSTOMER, LOCATION)
    assert cloud.asked("/nodes") == 6


@pytest.mark.parametrize("final", [(404, b""), (422, b""), (501, b""), (200, b"{")])
async def test_an_answer_that_would_not_change_is_not_asked_for_again(
    client: PlumeClient, cloud: Any, final: Any
) -> None:
    cloud.answers("/nodes", final)
    with pytest.raises(UpstreamError):
        await client.nodes(CUSTOMER, LOCATION)
    assert cloud.asked("/nodes") == 1


@pytest.mark.parametrize("stumble", [(500, b""), httpx.ReadTimeout("x")])
async def test_starting_a_speed_test_is_never_repeated(client: PlumeClient, cloud: Any, stumble: Any) -> None:
    cloud.answers("/ispSpeedTest", stumble)
    with pytest.raises(UnreachableError):
        await client.start_speed_test(CUSTOMER, LOCATION)
    assert cloud.asked("/ispSpeedTest") == 1


async def test_starting_a_speed_test_survives_a_dropped_token(client: PlumeClient, cloud: Any) -> None:
    cloud.answers("/ispSpeedTest", (401, b""), (200, b""))
    await client.start_speed_test(CUSTOMER, LOCATION)
    assert cloud.requests[-1].method == "POST"
    assert cloud.tokens == 2


async def test_a_403_of_what_answered_before_is_the_limiter(
    client: PlumeClient, cloud: Any, clock: FrozenClock, politeness: Politeness
) -> None:
    cloud.answers("/nodes", NODES, (403, b"<html>"), NODES)
    await client.nodes(CUSTOMER, LOCATION)
    with pytest.raises(RateLimitedError) as caught:
        await client.nodes(CUSTOMER, LOCATION)
    assert caught.value.wait == 300
    assert politeness.paused_until("plume.test") is not None
    sent = len(cloud.requests)
    clock.advance(100)
    with pytest.raises(RateLimitedError) as again:
        await client.locations(CUSTOMER)
    assert again.value.wait == pytest.approx(200)
    clock.advance(190)
    with pytest.raises(RateLimitedError) as short:  # A wait that is not sat out, short as it is.
        await client.nodes(CUSTOMER, LOCATION)
    assert short.value.wait == pytest.approx(10)
    assert len(cloud.requests) == sent
    clock.advance(11)
    assert await client.nodes(CUSTOMER, LOCATION)


async def test_another_partners_customer_pauses_nothing(
    client: PlumeClient, cloud: Any, politeness: Politeness
) -> None:
    cloud.answers("/mine/nodes", NODES)
    cloud.answers("/theirs/nodes", (403, b""))
    await client.nodes(CUSTOMER, "mine")
    with pytest.raises(UnknownSubjectError):
        await client.nodes(CUSTOMER, "theirs")
    assert politeness.paused_until("plume.test") is None


@pytest.mark.parametrize(
    ("header", "wait"),
    [("7", 7), ("Wed, 14 Jan 2026 12:01:30 GMT", 90), ("999999", 3_600), ("soon", 300), ("", 300)],
)
async def test_retry_after_is_heeded(client: PlumeClient, cloud: Any, header: str, wait: float) -> None:
    cloud.answers("/nodes", (429, b"", {"Retry-After": header}))
    with pytest.raises(RateLimitedError) as caught:
        await client.nodes(CUSTOMER, LOCATION)
    assert caught.value.wait == pytest.approx(wait, abs=0.01)


@pytest.mark.parametrize("status", [401, 403, 404, 405, 501])
async def test_what_is_not_offered_is_no_error(client: PlumeClient, cloud: Any, status: int) -> None:
    for end in ("/wan-saturation", "/qoe", "/alerts"):
        cloud.answers(end, (status, b""))
    assert await client.saturation(LOCATION) is None
    assert await client.qoe(LOCATION) is None
    assert await client.alerts(CUSTOMER, LOCATION) is None


async def test_a_broken_alert_list_only_adds_nothing(client: PlumeClient, cloud: Any) -> None:
    for answer in ((500, b""), (200, b"{"), (200, {"odd": 1})):
        cloud.answers("/alerts", answer)
        assert await client.alerts(CUSTOMER, LOCATION) is None


async def test_a_broken_saturation_is_an_error_not_an_absence(client: PlumeClient, cloud: Any) -> None:
    cloud.answers("/wan-saturation", (500, b""))
    with pytest.raises(UnreachableError):
        await client.saturation(LOCATION)


async def test_wan_slots_come_from_the_twin_where_the_first_is_missing(
    client: PlumeClient, cloud: Any
) -> None:
    row = {"timestamp": "2026-01-14T10:00:00Z", "rxMb": 5, "txMb": 1, "rxMaxMbps": 2, "txMaxMbps": None}
    cloud.answers("/wan-stats/history", (200, {"items": [row]}))
    (slot,) = await client.wan_slots(CUSTOMER, LOCATION)
    assert (slot.rx_mbytes, slot.tx_mbytes, slot.rx_max_mbps, slot.tx_max_mbps) == (5, 1, 2, None)


async def test_an_unknown_location_is_unknown_when_the_twin_does_not_know_it_either(
    client: PlumeClient, cloud: Any
) -> None:
    with pytest.raises(UnknownSubjectError, match="does not know this location"):
        await client.wan_slots(CUSTOMER, LOCATION)
    assert cloud.asked("/wan-stats/history") == 1


@pytest.mark.parametrize(
    ("hours", "query"),
    [
        (3, ("hours", "3")),
        (24, ("hours", "24")),
        (25, ("days", "2")),
        (168, ("days", "7")),
        (0, ("hours", "1")),
    ],
)
async def test_long_histories_are_asked_for_in_days(
    client: PlumeClient, cloud: Any, hours: int, query: tuple[str, str]
) -> None:
    cloud.answers("/onlineStats", (200, {"locationState": []}))
    await client.online_history(CUSTOMER, LOCATION, hours=hours)
    asked = cloud.requests[-1].url.params
    assert (asked["granularity"], asked["limit"]) == query


async def test_customers_are_read_page_by_page(client: PlumeClient, cloud: Any) -> None:
    first = [{"id": f"c{number}"} for number in range(500)]
    cloud.answers("/Customers", (200, first), (200, [{"id": "c500"}]))
    assert len(await client.customers()) == 501
    offsets = [
        json.loads(each.url.params["filter"])["offset"] for each in cloud.requests if each.method == "GET"
    ]
    assert offsets == [0, 500]


async def test_a_cloud_that_ignores_the_paging_is_not_asked_for_ever(client: PlumeClient, cloud: Any) -> None:
    cloud.answers("/Customers", (200, [{"id": f"c{number}"} for number in range(500)]))
    assert len(await client.customers()) == 500
    assert cloud.asked("/Customers") == 2


async def test_fifty_calls_at_once_reach_the_host_four_at_a_time(client: PlumeClient, cloud: Any) -> None:
    await client.sign_in()
    cloud.answers("/nodes", NODES)
    await asyncio.gather(*(client.nodes(CUSTOMER, LOCATION) for _ in range(50)))
    assert cloud.most_at_once == 4


async def test_a_closed_line_says_so(client: PlumeClient) -> None:
    await client.close()
    with pytest.raises(UnreachableError, match="closed"):
        await client.sign_in()
