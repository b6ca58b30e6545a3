"""A2E over real HTTP, rule by rule of production.md 7.3."""

from __future__ import annotations

import logging
import random
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from core.areas.production.client.a2e_client import A2EClient
from core.areas.production.client.causes import ProviderError
from core.areas.production.model import JobStatus
from core.engine.politeness import Politeness
from core.errors import (
    BadAnswerError,
    RateLimitedError,
    SignInError,
    UnknownSubjectError,
    UnreachableError,
)
from core.moment import FrozenClock
from core.secret import Secret
from core.simulators.a2e import A2ESimulator
from core.simulators.production import ProductionSimulator
from tests.areas.production.wire import Script, served

TOKEN = "sk_fake_not_a_real_token"
TRACE = "00000000-0000-4000-8000-000000000000"
BALANCE = "/user/remainingCoins"
AVATARS = "/video/awsList"
IMAGES = "/userImage2Video/allRecords"


def answer(data: object, code: object = 0, **more: object) -> tuple[int, Any]:
    return 200, {"code": code, "data": data, "trace_id": TRACE, **more}


GOOD = answer({"coins": 1395, "diamonds": 0})


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 1, 22, 11, tzinfo=UTC))


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def address(script: Script) -> Iterator[str]:
    with served(script) as url:
        yield url


def connected(url: str, clock: FrozenClock, transport: httpx.AsyncBaseTransport | None = None) -> A2EClient:
    politeness = Politeness(clock, rate=1_000.0, burst=1_000, jitter=random.Random(7))
    return A2EClient(url, Secret(TOKEN), politeness, clock, random.Random(7), transport=transport)


@pytest.fixture
async def client(address: str, clock: FrozenClock) -> AsyncIterator[A2EClient]:
    line = connected(address, clock)
    yield line
    await line.close()


async def test_the_balance_of_the_example(client: A2EClient, script: Script, clock: FrozenClock) -> None:
    script.answers(BALANCE, GOOD)
    found = await client.balance()
    assert (found.coins, found.diamonds, found.read_at) == (Decimal(1395), Decimal(0), clock.now())
    (asked,) = script.asked
    assert (asked.method, asked.path) == ("GET", "/api/v1/user/remainingCoins")
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("data", [{"coins": 1395}, {"coins": "1395"}, {"coins": 1395.0}, 1395, "1395"])
async def test_coins_as_number_text_or_bare(client: A2EClient, script: Script, data: object) -> None:
    script.answers(BALANCE, answer(data))
    assert (await client.balance()).coins == 1395


@pytest.mark.parametrize("data", [None, {}, {"coins": None}, {"coins": "many"}, [], True, {"coins": -1}])
async def test_a_balance_that_cannot_be_read_is_an_error_and_never_0(
    client: A2EClient, script: Script, data: object
) -> None:
    script.answers(BALANCE, answer(data))
    with pytest.raises(BadAnswerError, match=TRACE):
        await client.balance()


async def test_a_balance_of_0_is_0(client: A2EClient, script: Script) -> None:
    script.answers(BALANCE, answer({"coins": 0}))
    assert (await client.balance()).coins == 0


@pytest.mark.parametrize("code", [200, "200"])
async def test_the_code_200_is_a_success_with_the_right_shape_and_counted(
    client: A2EClient, script: Script, code: object
) -> None:
    script.answers(BALANCE, answer({"coins": 5}, code))
    assert (await client.balance()).coins == 5
    assert client.answers_of_200 == 1
    script.answers(BALANCE, answer({"status": "ok"}, code))
    with pytest.raises(ProviderError):
        await client.balance()
    assert client.answers_of_200 == 1


@pytest.mark.parametrize("name", ["msg", "message"])
async def test_any_other_code_is_refused_with_its_words_and_its_trace(
    client: A2EClient, script: Script, name: str
) -> None:
    script.answers(BALANCE, answer({"coins": 5}, 1003, **{name: "Not today\x1b[2J"}))
    with pytest.raises(ProviderError, match="Not today") as raised:
        await client.balance()
    assert (raised.value.code, raised.value.trace) == ("1003", TRACE)
    assert TRACE in str(raised.value)
    assert "\x1b" not in str(raised.value)
    assert script.count(BALANCE) == 1


@pytest.mark.parametrize("status", [200, 404])
async def test_a_web_page_is_unavailability_whatever_its_status(
    client: A2EClient, script: Script, status: int
) -> None:
    script.answers(BALANCE, (status, b"<!DOCTYPE html><p>404</p>", {"Content-Type": "text/html"}))
    with pytest.raises(UnreachableError, match="web page"):
        await client.balance()


@pytest.mark.parametrize(
    "refusal",
    [
        (401, {}),
        (403, {}),
        answer(None, 401),
        answer(None, "403"),
        answer(None, 1001, msg="Invalid token"),
    ],
)
async def test_a_rejected_token_is_not_tried_again_until_a_person_asks(
    client: A2EClient, script: Script, refusal: Any
) -> None:
    script.answers(BALANCE, refusal, GOOD)
    for _ in range(3):
        with pytest.raises(SignInError, match="A2E_API_TOKEN"):
            await client.balance()
    assert script.count(BALANCE) == 1
    client.try_again()
    assert (await client.balance()).coins == 1395


async def test_a_fault_is_tried_again_after_1_2_and_4_seconds(
    client: A2EClient, script: Script, clock: FrozenClock
) -> None:
    script.answers(BALANCE, (500, {}), "cut", (503, {}), GOOD)
    before = clock.monotonic()
    assert (await client.balance()).coins == 1395
    # Each wait is lengthened at random by up to a half.
    assert 7.0 <= clock.monotonic() - before <= 10.5


async def test_five_failures_in_a_row_are_followed_by_five_minutes_of_rest(
    client: A2EClient, script: Script, clock: FrozenClock
) -> None:
    script.answers(BALANCE, *[(502, {})] * 5, GOOD)
    with pytest.raises(UnreachableError):
        await client.balance()
    with pytest.raises(RateLimitedError, match="failed several times") as raised:
        await client.balance()
    assert raised.value.wait == pytest.approx(300, abs=2)
    assert script.count(BALANCE) == 5
    clock.advance(200)
    with pytest.raises(RateLimitedError):
        await client.balance()
    assert script.count(BALANCE) == 5
    clock.advance(101)
    assert (await client.balance()).coins == 1395


async def test_one_more_failure_after_the_rest_begins_the_next(
    client: A2EClient, script: Script, clock: FrozenClock
) -> None:
    script.answers(BALANCE, (502, {}))
    for _ in range(2):
        with pytest.raises((UnreachableError, RateLimitedError)):
            await client.balance()
    clock.advance(301)
    with pytest.raises(RateLimitedError):
        await client.balance()
    assert script.count(BALANCE) == 6


async def test_a_success_forgets_the_failures_before_it(client: A2EClient, script: Script) -> None:
    script.answers(BALANCE, *[(500, {}), (500, {}), (500, {}), GOOD] * 3)
    for _ in range(3):
        assert (await client.balance()).coins == 1395


async def test_a_429_is_heeded_for_as_long_as_it_says(
    client: A2EClient, script: Script, clock: FrozenClock
) -> None:
    script.answers(BALANCE, (429, {}, {"Retry-After": "90"}), GOOD)
    with pytest.raises(RateLimitedError) as raised:
        await client.balance()
    assert raised.value.wait == 90
    clock.advance(40)
    with pytest.raises(RateLimitedError):
        await client.balance()
    assert script.count(BALANCE) == 1
    clock.advance(51)
    assert (await client.balance()).coins == 1395


async def test_a_429_that_names_a_moment(client: A2EClient, script: Script, clock: FrozenClock) -> None:
    until = format_datetime(clock.now() + timedelta(minutes=5), usegmt=True)
    script.answers(BALANCE, (429, {}, {"Retry-After": until}))
    with pytest.raises(RateLimitedError) as raised:
        await client.balance()
    assert raised.value.wait == 300


async def test_a_429_without_a_time_doubles_from_a_minute_to_a_quarter_of_an_hour(
    client: A2EClient, script: Script, clock: FrozenClock
) -> None:
    script.answers(BALANCE, (429, {}))
    waits: list[float] = []
    for _ in range(6):
        with pytest.raises(RateLimitedError) as raised:
            await client.balance()
        waits.append(raised.value.wait)
        clock.advance(raised.value.wait)
    assert waits == [60, 120, 240, 480, 900, 900]


async def test_no_more_than_one_request_a_second_and_ten_a_minute(
    client: A2EClient, script: Script, clock: FrozenClock
) -> None:
    script.answers(BALANCE, GOOD)
    before = clock.monotonic()
    for _ in range(10):
        await client.balance()
    assert 9 <= clock.monotonic() - before < 10
    await client.balance()
    assert clock.monotonic() - before >= 60


async def test_what_was_cut_or_is_no_json_is_not_a_balance(client: A2EClient, script: Script) -> None:
    script.answers(BALANCE, (200, b'{"code":0,"data":{"coi'))
    with pytest.raises(BadAnswerError, match="cut short"):
        await client.balance()
    script.answers(BALANCE, (200, b"coins: many"))
    with pytest.raises(BadAnswerError, match="not JSON"):
        await client.balance()


async def test_an_answer_beyond_2_mib_is_not_read(client: A2EClient, script: Script) -> None:
    script.answers(BALANCE, (200, b'{"code":0,"pad":"' + b"x" * (2 * 1024 * 1024) + b'"}'))
    with pytest.raises(BadAnswerError, match="too large"):
        await client.balance()


AVATAR_ROWS = [
    {"_id": f"a{number}", "status": status, "process": 50, "createdAt": "2026-01-22T10:00:00.000Z"}
    for number, status in enumerate(
        ["init", "start", "pending", "process", "copy", "success", "fail", "thinking"]
    )
]
IMAGE_ROWS = [
    {"_id": f"i{number}", "current_status": status, "coins": 13, "failed_message": "no face"}
    for number, status in enumerate(["initialized", "completed", "failed", "error", "upscaling"])
]


async def test_both_vocabularies_are_mapped_to_ours(client: A2EClient, script: Script) -> None:
    script.answers(AVATARS, answer({"current": 1, "total": 8, "data": AVATAR_ROWS}))
    script.answers(IMAGES, answer({"rows": IMAGE_ROWS}))
    tasks = {task.id: task for task in await client.tasks()}
    queued, working, done, failed = (
        {key for key, task in tasks.items() if task.status is status}
        for status in (JobStatus.QUEUED, JobStatus.PROCESSING, JobStatus.COMPLETED, JobStatus.FAILED)
    )
    assert queued == {"a0", "a1", "a2", "i0"}
    assert working == {"a3", "a4", "a7", "i4"}
    assert done == {"a5", "i1"}
    assert failed == {"a6", "i2", "i3"}
    assert tasks["i1"].coins == Decimal(13)
    assert (tasks["a7"].status_word, tasks["a0"].coins) == ("thinking", None)
    assert (tasks["i2"].failure, tasks["i1"].failure) == ("no face", "")
    assert tasks["a0"].created_at == datetime(2026, 1, 22, 10, tzinfo=UTC)


async def test_an_unknown_status_is_put_into_the_log_once(
    client: A2EClient, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    script.answers(AVATARS, answer({"data": AVATAR_ROWS}))
    script.answers(IMAGES, answer({"rows": []}))
    await client.tasks()
    await client.tasks()
    assert sum("thinking" in record.getMessage() for record in caplog.records) == 1


async def test_a_family_that_is_not_offered_leaves_the_other(client: A2EClient, script: Script) -> None:
    script.answers(AVATARS, answer({"data": AVATAR_ROWS[:1]}))
    assert [task.id for task in await client.tasks()] == ["a0"]


async def test_no_family_at_all_is_no_empty_list(client: A2EClient) -> None:
    with pytest.raises(UnknownSubjectError):
        await client.tasks()


async def test_pages_are_read_until_older_tasks_come(client: A2EClient, script: Script) -> None:
    def page(number: int) -> Any:
        stamp = f"2026-01-{22 - number:02d}T10:00:00Z"
        return answer({"data": [{"_id": f"{number}-{row}", "createdAt": stamp} for row in range(20)]})

    script.answers(AVATARS, page(0), page(1), page(2), page(3))
    script.answers(IMAGES, answer([]))
    tasks = await client.tasks(since=datetime(2026, 1, 21, tzinfo=UTC))
    assert len(tasks) == 60
    asked = [each.query["current"] for each in script.asked if each.path.endswith(AVATARS)]
    assert asked == ["1", "2", "3"]


async def test_nothing_but_the_three_reads_is_ever_asked(client: A2EClient, script: Script) -> None:
    script.answers(BALANCE, GOOD)
    script.answers(AVATARS, answer({"data": []}))
    script.answers(IMAGES, answer({"rows": []}))
    await client.balance()
    await client.tasks()
    assert {(each.method, each.path.removeprefix("/api/v1")) for each in script.asked} == {
        ("GET", BALANCE),
        ("GET", AVATARS),
        ("GET", IMAGES),
    }


async def test_the_trace_is_in_the_log_and_no_token_and_no_links_query(
    client: A2EClient, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    link = "https://media.test/v.mp4?signature=CANARY"
    rows = [{"_id": "i1", "current_status": "odd", "result_url": link, "name": TOKEN}]
    script.answers(IMAGES, answer({"rows": rows}))
    script.answers(AVATARS, answer({"data": []}))
    await client.tasks()
    script.answers(BALANCE, answer(None, 7, msg=f"{TOKEN} is odd"))
    with pytest.raises(ProviderError) as raised:
        await client.balance()
    assert TRACE in caplog.text
    assert "CANARY" not in caplog.text
    assert TOKEN not in caplog.text + str(raised.value)


async def test_the_simulators_account_is_read(clock: FrozenClock) -> None:
    production = ProductionSimulator(clock)
    provider = A2ESimulator(production.world, clock)
    with served(provider.app) as url:
        politeness = Politeness(clock, rate=1_000.0, burst=1_000, jitter=random.Random(7))
        client = A2EClient(url, Secret(provider.token), politeness, clock, random.Random(7))
        assert (await client.balance()).coins == 1395
        tasks = await client.tasks()
        await client.close()
    assert {task.status for task in tasks} >= {JobStatus.COMPLETED}
    assert provider.forbidden_calls == []


async def test_a_timeout_is_a_failure_like_any_other(clock: FrozenClock) -> None:
    def never(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("", request=request)

    client = connected("https://a2e.test", clock, httpx.MockTransport(never))
    with pytest.raises(UnreachableError, match="15 seconds"):
        await client.balance()
    await client.close()
