"""The client against the simulated cloud: every location of the contract scenario (plume.md 11)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

import httpx
import pytest

from core.areas.network.client import PlumeClient, PlumeCredential
from core.areas.network.model import Alert, Connection, Health, Node, OnlineWord, ServiceLevel
from core.engine.politeness import Politeness
from core.errors import (
    BadAnswerError,
    RateLimitedError,
    SignInError,
    UnknownSubjectError,
    UnreachableError,
)
from core.moment import FrozenClock, to_epoch
from core.simulators.plume import PlumeSimulator

BASE = "http://plume.test"


@pytest.fixture
def simulator(clock: FrozenClock) -> PlumeSimulator:
    return PlumeSimulator(clock)


def connect(
    simulator: PlumeSimulator, clock: FrozenClock, *, authorization: str = "", partner: str = ""
) -> PlumeClient:
    return PlumeClient(
        api_base=f"{BASE}/api/",
        reports_base=f"{BASE}/reports",
        token_url=f"{BASE}/oauth2/simulated/v1/token",
        credential=PlumeCredential(authorization or simulator.authorization, partner or simulator.partner_id),
        politeness=Politeness(clock, rate=1_000.0, burst=1_000, jitter=random.Random(7)),
        clock=clock,
        jitter=random.Random(7),
        transport=httpx.ASGITransport(app=simulator.app),
    )


@pytest.fixture
async def line(simulator: PlumeSimulator, clock: FrozenClock) -> AsyncIterator[PlumeClient]:
    client = connect(simulator, clock)
    yield client
    await client.close()


def place(simulator: PlumeSimulator, name: str) -> tuple[str, str]:
    return next((customer, location) for customer, location, own in simulator.locations if own == name)


async def test_customers_and_their_locations(line: PlumeClient, simulator: PlumeSimulator) -> None:
    customers = await line.customers()
    assert sorted(customer.id for customer in customers) == sorted(simulator.customer_ids)
    found = [location for customer in customers for location in await line.locations(customer.id)]
    assert {(each.customer, each.id) for each in found} == {
        (customer, location) for customer, location, _name in simulator.locations
    }


async def test_every_location_can_be_read_in_every_part(line: PlumeClient, simulator: PlumeSimulator) -> None:
    for customer, location, name in simulator.locations:
        assert (await line.location(customer, location)).id == location, name
        nodes = await line.nodes(customer, location)
        assert len(nodes) == (0 if name == "No nodes" else 3), name
        slots = await line.wan_slots(customer, location)
        assert [slot.start for slot in slots] == sorted({slot.start for slot in slots})
        assert isinstance(await line.service_level(customer, location), ServiceLevel)
        assert isinstance(await line.wifi_networks(customer, location), list)
        assert isinstance(await line.devices(customer, location), list)
        assert await line.online_history(customer, location, hours=168)
        assert await line.saturation(location) is not None
        assert await line.qoe(location) is not None
        assert await line.alerts(customer, location) is not None
        for node in nodes[:1]:
            await line.speed_tests(customer, location, node.id, days=30)
    assert simulator.token_requests == 1
    assert {entry.status for entry in simulator.log} == {200}
    assert not [entry for entry in simulator.log if entry.path.endswith("/wifiNetwork")]


async def test_the_odd_forms_of_nodes(line: PlumeClient, simulator: PlumeSimulator) -> None:
    async def second_and_third(name: str) -> list[Node]:
        return (await line.nodes(*place(simulator, name)))[1:]

    null = (await second_and_third("Null node row"))[1]
    assert (null.name, null.connection, null.health, null.alerts) == (null.id, Connection.UNKNOWN, None, ())
    unknown = (await second_and_third("Unknown words"))[0]
    assert (unknown.connection, unknown.word) == (Connection.UNKNOWN, "hibernating")
    assert (unknown.health, unknown.health_word) == (Health.UNKNOWN, "splendid")
    shouting = (await second_and_third("Shouting words"))[0]
    assert (shouting.connection, shouting.health) == (Connection.CONNECTED, Health.FAIR)
    assert (await second_and_third("Snoozed alert"))[0].alerts == (Alert("poorHealth", muted=True),)
    spelled = (await second_and_third("Alert spellings"))[0].alerts
    assert spelled == (Alert("poorHealth"), Alert("highInterference"))
    assert (await second_and_third("Flat health"))[0].health is Health.FAIR


@pytest.mark.parametrize(
    "name", ["WAN duplicates", "WAN out of order", "Stamps as epoch ms", "Stamps with offset"]
)
async def test_wan_slots_are_the_true_ones_in_any_form(
    line: PlumeClient, simulator: PlumeSimulator, clock: FrozenClock, name: str
) -> None:
    customer, location = place(simulator, name)
    slots = await line.wan_slots(customer, location)
    assert len(slots) == 96
    true = {row[0]: row for row in simulator.wan_slots(location, clock.now().replace(day=13), clock.now())}
    for slot in slots:
        assert true[slot.start][1:] == (slot.rx_mbytes, slot.tx_mbytes, slot.rx_max_mbps, slot.tx_max_mbps)


@pytest.mark.parametrize("name", ["Date range as list", "Date range startAt", "Green"])
async def test_histories_say_their_window(
    line: PlumeClient, simulator: PlumeSimulator, clock: FrozenClock, name: str
) -> None:
    history = await line.online_history(*place(simulator, name), hours=3)
    assert history.window is not None
    assert to_epoch(history.window.end) == to_epoch(clock.now())
    assert history.window.length.total_seconds() == 3 * 3_600
    assert len(history.rows) == 12


async def test_an_unsteady_history_keeps_its_words(line: PlumeClient, simulator: PlumeSimulator) -> None:
    history = await line.online_history(*place(simulator, "Online stats intermittent"), hours=24)
    words = {row.word for row in history.rows}
    assert words == set(OnlineWord)


async def test_a_speed_test_started_is_found_when_it_has_ended(
    line: PlumeClient, simulator: PlumeSimulator, clock: FrozenClock
) -> None:
    customer, location = place(simulator, "Green")
    gateway = next(node for node in await line.nodes(customer, location) if node.gateway)
    before = await line.speed_tests(customer, location, gateway.id, days=1)
    await line.start_speed_test(customer, location)
    clock.advance(60)
    after = await line.speed_tests(customer, location, gateway.id, days=1)
    assert len(after) == len(before) + 1
    assert after[-1].succeeded


async def test_unknown_and_foreign_subjects(line: PlumeClient, simulator: PlumeSimulator) -> None:
    customer, location = place(simulator, "Green")
    foreign = next(each for each in simulator.world.customers if each.id not in simulator.customer_ids)
    cases = (
        (line.locations("0" * 24), "isn't yours"),
        (line.nodes("0" * 24, location), "does not know this location, or its customer"),
        (line.nodes(customer, "0" * 24), "does not know this location, or its customer"),
        (line.locations(foreign.id), "another partner"),
    )
    for call, sentence in cases:
        with pytest.raises(UnknownSubjectError, match=sentence):
            await call
    assert await line.nodes(customer, location)


async def test_sign_in_tells_a_wrong_secret_from_a_wrong_partner(
    simulator: PlumeSimulator, clock: FrozenClock
) -> None:
    wrong_secret = connect(simulator, clock, authorization="Basic Y2xpZW50Ondyb25n")
    with pytest.raises(SignInError, match="authorization header"):
        await wrong_secret.sign_in()
    wrong_partner = connect(simulator, clock, partner="f" * 24)
    with pytest.raises(SignInError, match="partner id"):
        await wrong_partner.sign_in()
    assert simulator.token_requests == 2


async def test_revoked_tokens_are_renewed_once_for_all(line: PlumeClient, simulator: PlumeSimulator) -> None:
    customer, location = place(simulator, "Green")
    await line.nodes(customer, location)
    simulator.revoke_tokens()
    await asyncio.gather(*(line.nodes(customer, location) for _ in range(5)))
    assert simulator.token_requests == 2


async def test_faults_that_pass_are_not_noticed(line: PlumeClient, simulator: PlumeSimulator) -> None:
    customer, location = place(simulator, "Green")
    for kind in ("500", "503", "drop"):
        simulator.faults.add("*/nodes", kind, 2)
        assert len(await line.nodes(customer, location)) == 3
    simulator.faults.add("*/nodes", "401", 1)
    assert len(await line.nodes(customer, location)) == 3


async def test_faults_that_stay_have_their_type(line: PlumeClient, simulator: PlumeSimulator) -> None:
    customer, location = place(simulator, "Green")
    for kind, error in (
        *(("drop", UnreachableError), ("500", UnreachableError), ("404", UnknownSubjectError)),
        *(
            ("422", BadAnswerError),
            ("html", BadAnswerError),
            ("truncated", BadAnswerError),
            ("null", BadAnswerError),
        ),
    ):
        simulator.faults.add("*/nodes", kind, None)
        with pytest.raises(error):
            await line.nodes(customer, location)
        simulator.faults.clear()


async def test_the_limiter_is_recognised_and_waited_out(clock: FrozenClock) -> None:
    simulator = PlumeSimulator(clock, request_limit=20, limit_window=10.0)
    line = connect(simulator, clock)
    customer, location = place(simulator, "Green")
    for _ in range(20):
        await line.nodes(customer, location)
    with pytest.raises(RateLimitedError):
        await line.nodes(customer, location)
    clock.advance(301)
    assert await line.nodes(customer, location)
    await line.close()
