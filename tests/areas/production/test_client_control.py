"""Pause, resume and restart: what is sent, and what the answers mean (production.md 6 and 8)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from core.areas.production.client.production_client import ProductionClient
from core.areas.production.model import SystemState
from core.errors import RefusedError, SignInError, UnknownSubjectError, UnreachableError
from core.moment import FrozenClock
from core.principal import Principal, Role
from core.simulators.production import ProductionSimulator
from tests.areas.production.test_client import connected
from tests.areas.production.wire import Script, served

ADMIN = Principal("Op Fake", Role.ADMIN, "console", "op-fake-1")
KEY = "7f9c0000-0000-4000-8000-000000000001"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 1, 22, 11, tzinfo=UTC))


@pytest.fixture
def system(clock: FrozenClock) -> ProductionSimulator:
    return ProductionSimulator(clock)


@pytest.fixture
async def client(system: ProductionSimulator, clock: FrozenClock) -> AsyncIterator[ProductionClient]:
    with served(system.app) as url:
        line = connected(url, system.token, clock)
        yield line
        await line.close()


async def test_a_pause_says_who_why_and_until_when(clock: FrozenClock) -> None:
    script = Script()
    answer = {"changed": True, "state": "pausing", "desired_state": "paused", "in_flight": 2}
    script.answers("/control/pause", (200, answer))
    with served(script) as url:
        client = connected(url, "not-a-real-token", clock)
        until = datetime(2026, 1, 22, 12, tzinfo=UTC)
        found = await client.control("pause", reason="credit check", actor=ADMIN, key=KEY, until=until)
        await client.close()
    assert (found.changed, found.state, found.in_flight) == (True, SystemState.PAUSING, 2)
    (asked,) = script.asked
    assert asked.headers["idempotency-key"] == f'"{KEY}"'
    assert json.loads(asked.body) == {
        "reason": "credit check",
        "until": "2026-01-22T12:00:00Z",
        "actor": {"channel": "console", "user": "op-fake-1"},
    }


async def test_pausing_what_is_paused_changes_nothing(client: ProductionClient) -> None:
    first = await client.control("pause", reason="credit check", actor=ADMIN, key=KEY)
    second = await client.control("pause", reason="credit check", actor=ADMIN, key=f"{KEY}-2")
    assert (first.changed, second.changed) == (True, False)
    assert (await client.status()).system.desired_state is SystemState.PAUSED


async def test_a_restart_is_an_operation_that_is_asked_about_until_it_is_done(
    client: ProductionClient,
) -> None:
    answer = await client.control("restart", reason="new config", actor=ADMIN, key=KEY)
    assert answer.operation is not None
    assert answer.operation.state in {"pending", "running"}
    settled = await client.settled(answer.operation, patience=timedelta(hours=1), every=timedelta(minutes=1))
    assert settled.state == "done"


async def test_an_operation_that_takes_longer_than_the_patience_stays_unsettled(
    client: ProductionClient,
) -> None:
    answer = await client.control("restart", reason="new config", actor=ADMIN, key=KEY)
    assert answer.operation is not None
    assert (await client.settled(answer.operation, patience=timedelta(seconds=2))).state == "running"


async def test_the_same_key_restarts_once(client: ProductionClient, system: ProductionSimulator) -> None:
    first = await client.control("restart", reason="new config", actor=ADMIN, key=KEY)
    second = await client.control("restart", reason="new config", actor=ADMIN, key=KEY)
    assert first == second
    assert [record.verb for record in system.audit] == ["restart"]


async def test_a_verb_during_a_restart_is_refused_in_the_systems_words(client: ProductionClient) -> None:
    await client.control("restart", reason="new config", actor=ADMIN, key=KEY)
    with pytest.raises(RefusedError, match="The system restarts"):
        await client.control("pause", reason="credit check", actor=ADMIN, key=f"{KEY}-2")


async def test_a_key_for_another_request_is_refused(client: ProductionClient) -> None:
    await client.control("pause", reason="credit check", actor=ADMIN, key=KEY)
    with pytest.raises(RefusedError, match="The key was used for another request"):
        await client.control("pause", reason="another one", actor=ADMIN, key=KEY)


async def test_a_restart_of_work_in_flight_needs_force(client: ProductionClient) -> None:
    assert ((await client.status()).system.in_flight or 0) > 0
    with pytest.raises(RefusedError, match="in flight"):
        await client.control("restart", reason="new config", actor=ADMIN, key=KEY, drain=False)
    forced = await client.control(
        "restart", reason="new config", actor=ADMIN, key=f"{KEY}-2", drain=False, force=True
    )
    assert forced.operation is not None


@pytest.mark.parametrize("status", [400, 409, 422])
async def test_a_refusal_carries_the_systems_own_reason(clock: FrozenClock, status: int) -> None:
    script = Script()
    problem = {"title": "Budget hard stop", "status": status, "detail": "daily budget exceeded\x1b[2J"}
    script.answers("/control/resume", (status, problem, {"Content-Type": "application/problem+json"}))
    with served(script) as url:
        client = connected(url, "not-a-real-token", clock)
        with pytest.raises(RefusedError, match="Budget hard stop – daily budget exceeded") as raised:
            await client.control("resume", reason="all is well", actor=ADMIN, key=KEY)
        assert "\x1b" not in str(raised.value)
        assert "override" not in json.loads(script.asked[0].body)
        script.answers("/control/resume", (200, {"changed": True, "state": "running"}))
        await client.control("resume", reason="all is well", actor=ADMIN, key=KEY, override=True)
        assert json.loads(script.asked[1].body)["override"] is True
        await client.close()


async def test_a_token_without_the_scope_may_not_control(
    system: ProductionSimulator, clock: FrozenClock
) -> None:
    with served(system.app) as url:
        client = connected(url, system.read_token, clock)
        with pytest.raises(SignInError, match="not for control"):
            await client.control("pause", reason="credit check", actor=ADMIN, key=KEY)
        await client.close()


async def test_a_verb_whose_answer_was_lost_is_not_sent_twice(clock: FrozenClock) -> None:
    script = Script()
    script.answers("/control/pause", "cut")
    with served(script) as url:
        client = connected(url, "not-a-real-token", clock)
        with pytest.raises(UnreachableError):
            await client.control("pause", reason="credit check", actor=ADMIN, key=KEY)
        await client.close()
    assert script.count("/control/pause") == 1


async def test_a_system_without_control_says_so(clock: FrozenClock) -> None:
    with served(Script()) as url:
        client = connected(url, "not-a-real-token", clock)
        with pytest.raises(UnknownSubjectError):
            await client.control("pause", reason="credit check", actor=ADMIN, key=KEY)
        await client.close()
