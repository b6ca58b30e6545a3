"""The production system over real HTTP: its simulator, and a script where the contract has to be bent."""

from __future__ import annotations

import logging
import random
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from core.areas.production.client.production_client import EventsGoneError, ProductionClient
from core.areas.production.model import JobStatus, SystemState
from core.engine.politeness import Politeness
from core.errors import SettingsError, SignInError, UnknownSubjectError, UnreachableError
from core.moment import FrozenClock
from core.secret import Secret
from core.simulators.production import ProductionSimulator
from tests.areas.production.wire import Script, served

TOKEN = "not-a-real-production-token"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 1, 22, 11, tzinfo=UTC))


@pytest.fixture
def system(clock: FrozenClock) -> ProductionSimulator:
    return ProductionSimulator(clock)


def connected(
    url: str, token: str, clock: FrozenClock, transport: httpx.AsyncBaseTransport | None = None
) -> ProductionClient:
    politeness = Politeness(clock, rate=1_000.0, burst=1_000, jitter=random.Random(7))
    return ProductionClient(url, Secret(token), politeness, clock, transport=transport)


PARTS = ("budgets", "characters", "platforms", "schedule", "credits", "jobs", "uploads")


@pytest.fixture
async def client(system: ProductionSimulator, clock: FrozenClock) -> AsyncIterator[ProductionClient]:
    with served(system.app) as url:
        line = connected(url, system.token, clock)
        yield line
        await line.close()


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def address(script: Script) -> Iterator[str]:
    with served(script) as url:
        yield url


async def test_the_snapshot_of_the_contract_comes_through(client: ProductionClient) -> None:
    found = await client.status()
    assert found.system.state is SystemState.RUNNING
    assert found.credits is not None
    assert found.credits.monthly_allowance == 1800
    assert found.today is not None
    assert found.today.target == 4
    assert found.as_of == datetime(2026, 1, 22, 11, tzinfo=UTC)


async def test_every_part_of_the_contract_is_read(client: ProductionClient) -> None:
    assert (await client.health()).status == "pass"
    assert (await client.credits()).plan
    assert await client.budgets()
    assert (await client.characters()).characters
    assert (await client.platforms()).platforms
    assert (await client.schedule()).entries
    assert (await client.uploads()).uploads


async def test_pages_of_jobs_hold_every_job_once(client: ProductionClient) -> None:
    found: list[str] = []
    page = await client.jobs(limit=3)
    while True:
        found += [job.id for job in page.jobs]
        if not page.cursor:
            break
        page = await client.jobs(limit=3, cursor=page.cursor)
    assert len(found) == len(set(found)) > 3


async def test_a_job_comes_with_what_belongs_to_it(client: ProductionClient) -> None:
    done = (await client.jobs(status="completed", limit=1)).jobs[0]
    detail = await client.job(done.id)
    assert detail.job.status is JobStatus.COMPLETED
    assert detail.ledger
    assert {entry.job for entry in detail.ledger} == {done.id}


async def test_events_go_on_where_they_ended(client: ProductionClient) -> None:
    first = await client.events(0, limit=3)
    rest = await client.events(first.last)
    numbers = [event.sequence or 0 for event in (*first.events, *rest.events)]
    assert numbers == sorted(set(numbers))
    assert (await client.events(rest.last)).events == ()


async def test_events_twice_and_reordered_are_there_once_and_in_order(
    client: ProductionClient, system: ProductionSimulator
) -> None:
    plain = await client.events(0)
    system.quirks.duplicated_events = system.quirks.reordered_events = True
    assert await client.events(0) == plain


async def test_events_older_than_what_is_kept_are_gone(
    client: ProductionClient, system: ProductionSimulator
) -> None:
    system.keep_events(1)
    with pytest.raises(EventsGoneError):
        await client.events(0)


@pytest.mark.parametrize(
    "part", ["budgets", "characters", "platforms", "schedule", "credits", "jobs", "uploads"]
)
async def test_a_system_that_lacks_a_path_lacks_that_part_alone(
    client: ProductionClient, system: ProductionSimulator, part: str
) -> None:
    system.quirks.lacks = {f"/{part}"}
    with pytest.raises(UnknownSubjectError):
        await getattr(client, part)()
    assert (await client.status()).system.state is SystemState.RUNNING


async def test_unknown_words_are_shown_and_count_as_processing(
    client: ProductionClient, system: ProductionSimulator
) -> None:
    system.quirks.unknown_words = True
    jobs = (await client.jobs()).jobs
    assert {job.status for job in jobs} == {JobStatus.PROCESSING}
    assert all(job.status_word for job in jobs)
    assert (await client.status()).system.state is SystemState.UNKNOWN


async def test_missing_fields_never_lose_a_job(client: ProductionClient, system: ProductionSimulator) -> None:
    whole = {job.id for job in (await client.jobs()).jobs}
    system.quirks.missing_fields = True
    assert {job.id for job in (await client.jobs()).jobs} == whole
    await client.status()


async def test_a_failing_system_still_tells_of_its_health(
    client: ProductionClient, system: ProductionSimulator
) -> None:
    system.quirks.health = "fail"
    assert (await client.health()).status == "fail"


async def test_the_difference_of_the_clocks_is_known(system: ProductionSimulator, clock: FrozenClock) -> None:
    # Without a server in between: that has a clock of its own.
    client = connected("https://production.test", system.token, clock, httpx.ASGITransport(system.app))
    assert client.skew is None
    system.quirks.skew = timedelta(minutes=3)
    assert (await client.status()).skew == timedelta(minutes=3)
    assert client.skew == timedelta(minutes=3)
    await client.close()


async def test_what_has_not_changed_is_not_sent_again(
    script: Script, address: str, clock: FrozenClock
) -> None:
    snapshot = {"as_of": "2026-01-22T10:59:00Z", "system": {"state": "running"}}
    script.answers(
        "/status", (200, snapshot, {"ETag": '"v1"'}), (304, b"", {"ETag": '"v1"'}), (200, snapshot)
    )
    client = connected(address, TOKEN, clock)
    first, again = await client.status(), await client.status()
    assert first.system.state is again.system.state is SystemState.RUNNING
    assert again.as_of > first.as_of
    await client.status()
    sent = [each.headers.get("if-none-match") for each in script.asked]
    assert sent == [None, '"v1"', '"v1"']
    await client.close()


async def test_a_read_only_token_reads(system: ProductionSimulator, clock: FrozenClock) -> None:
    with served(system.app) as url:
        client = connected(f"{url}/api/v1/", system.read_token, clock)
        assert (await client.status()).system.state is SystemState.RUNNING
        await client.close()


async def test_a_wrong_token_is_a_matter_of_signing_in(
    system: ProductionSimulator, clock: FrozenClock
) -> None:
    with served(system.app) as url:
        client = connected(url, TOKEN, clock)
        with pytest.raises(SignInError):
            await client.status()
        await client.close()


async def test_health_is_asked_without_the_token(script: Script, address: str, clock: FrozenClock) -> None:
    script.answers("/health", (200, {"status": "pass"}))
    client = connected(address, TOKEN, clock)
    await client.health()
    assert "authorization" not in script.asked[0].headers
    await client.close()


async def test_a_fault_is_not_answered_with_more_requests(
    client: ProductionClient, system: ProductionSimulator
) -> None:
    system.faults.add("*/status", "500", None)
    with pytest.raises(UnreachableError):
        await client.status()
    assert sum(entry.path.endswith("/status") for entry in system.log) == 1


@pytest.mark.parametrize("address", ["http://production.test", "ftp://production.test", "production", ""])
def test_the_token_goes_nowhere_in_the_clear(address: str, clock: FrozenClock) -> None:
    with pytest.raises(SettingsError):
        connected(address, TOKEN, clock)


async def test_the_token_is_in_no_log_and_no_message(
    script: Script, address: str, clock: FrozenClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    script.answers("/jobs", (400, {"title": "Bad", "detail": f"Authorization: Bearer {TOKEN}"}))
    client = connected(address, TOKEN, clock)
    with pytest.raises(Exception, match="Bad") as raised:
        await client.jobs()
    assert TOKEN not in str(raised.value)
    assert TOKEN not in caplog.text
    await client.close()
