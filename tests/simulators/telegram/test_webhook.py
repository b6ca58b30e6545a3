"""Acceptance line 3 of telegram.md 9: delivery by webhook, over real HTTP on loopback and in process."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from core.moment import FrozenClock, SystemClock
from core.simulators.server import LoopbackServer
from core.simulators.telegram import TelegramSimulator
from core.simulators.webhook import WebhookReceiver
from tests.simulators.telegram.conftest import populated
from tests.simulators.telegram.line import ANA, BEN, GROUP, Line, keyboard, until

URL = "https://ops.example/hook"
SECRET = "not-a-secret_0123"


class Receiver:
    """A bot's side in process: keeps what is posted, answers as it was told, 200 otherwise."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answers: deque[httpx.Response | Exception] = deque()
        self.always: Callable[[dict[str, Any]], httpx.Response] = lambda update: httpx.Response(200)
        self.transport = httpx.MockTransport(self._take)

    @property
    def updates(self) -> list[dict[str, Any]]:
        return [json.loads(request.content) for request in self.requests]

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates]

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if not self.answers:
            return self.always(json.loads(request.content))
        answer = self.answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def sim(clock: FrozenClock, receiver: Receiver) -> TelegramSimulator:
    return populated(TelegramSimulator(clock, webhook_transport=receiver.transport, longest_wait=5.0))


@pytest.fixture
async def hooked(line: Line) -> AsyncIterator[Line]:
    await line.call("setWebhook", url=URL, secret_token=SECRET)
    yield line
    await line.sim.close()


async def test_an_update_is_posted_with_its_secret_over_real_http() -> None:
    receiver = WebhookReceiver(SystemClock())
    sim = populated(TelegramSimulator(SystemClock()))
    with LoopbackServer(receiver.app) as bot, LoopbackServer(sim.app) as server:
        async with httpx.AsyncClient(base_url=server.url) as client:
            line = Line(client, sim)
            await line.call("setWebhook", url=f"{bot.url}/hook", secret_token=SECRET)
            sim.people.write(ANA, "hello")
            await until(lambda: bool(receiver.arrivals))
            await until(lambda: sim.pending == 0)
            await line.call("deleteWebhook")

    (arrival,) = receiver.arrivals
    assert arrival.path == "/hook"
    assert arrival.headers["content-type"] == "application/json"
    assert arrival.headers["x-telegram-bot-api-secret-token"] == SECRET
    assert arrival.headers["accept-encoding"] == "gzip, deflate"
    assert json.loads(arrival.body)["message"]["text"] == "hello"


async def test_without_a_secret_there_is_no_header(line: Line, receiver: Receiver) -> None:
    await line.call("setWebhook", url=URL)
    line.sim.people.write(ANA, "hello")
    await until(lambda: bool(receiver.requests))

    assert "x-telegram-bot-api-secret-token" not in receiver.requests[0].headers


async def test_what_waited_before_is_delivered_unless_it_is_dropped(line: Line, receiver: Receiver) -> None:
    line.sim.people.write(ANA, "early")
    await line.call("setWebhook", url=URL)
    await until(lambda: receiver.texts == ["early"])

    await line.call("deleteWebhook")
    line.sim.people.write(ANA, "dropped")
    line.sim.advance(2)
    await line.call("setWebhook", url=URL, drop_pending_updates=True)
    line.sim.people.write(ANA, "late")
    await until(lambda: receiver.texts == ["early", "late"])


async def test_a_chat_is_a_queue_in_which_order_holds_through_failures(
    hooked: Line, receiver: Receiver
) -> None:
    receiver.answers.extend([httpx.Response(500), httpx.Response(500)])
    for number in range(4):
        hooked.sim.people.write(ANA, str(number))
    await until(lambda: len(receiver.requests) == 2)
    assert hooked.sim.pending == 4

    hooked.sim.advance(2)
    await until(lambda: hooked.sim.pending == 0)

    assert receiver.texts == ["0", "0", "0", "1", "2", "3"]


async def test_other_chats_and_presses_do_not_wait_for_a_queue_that_is_stuck(
    hooked: Line, receiver: Receiver
) -> None:
    def fails_for_ana(update: dict[str, Any]) -> httpx.Response:
        stuck = update.get("message", {}).get("chat", {}).get("id") == ANA
        return httpx.Response(500 if stuck else 200)

    receiver.always = fails_for_ana
    await hooked.say("buttons", ANA, reply_markup=keyboard("Go"))
    hooked.sim.people.write(ANA, "stuck")
    hooked.sim.people.press(ANA, "Go")
    hooked.sim.people.write(BEN, "passes")
    hooked.sim.people.write(ANA, "/go", GROUP)

    await until(lambda: hooked.sim.pending == 1)
    assert any("callback_query" in update for update in receiver.updates)


async def test_retries_come_at_once_then_after_two_seconds_doubling(hooked: Line, receiver: Receiver) -> None:
    receiver.always = lambda update: httpx.Response(500)
    hooked.sim.people.write(ANA, "x")
    tries = 2
    await until(lambda: len(receiver.requests) == tries)
    for rest in (2, 4, 8, 16, 32):
        hooked.sim.advance(rest - 0.5)
        await asyncio.sleep(0.03)
        assert len(receiver.requests) == tries, f"not before {rest} s"
        hooked.sim.advance(0.5)
        tries += 1
        await until(lambda tries=tries: len(receiver.requests) == tries)


async def test_a_retry_after_delays_the_next_try(hooked: Line, receiver: Receiver) -> None:
    receiver.answers.append(httpx.Response(503, headers={"Retry-After": "30"}))
    hooked.sim.people.write(ANA, "x")
    await until(lambda: len(receiver.requests) == 1)
    hooked.sim.advance(29)
    await asyncio.sleep(0.03)
    assert len(receiver.requests) == 1

    hooked.sim.advance(1)

    await until(lambda: hooked.sim.pending == 0)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (httpx.Response(500), "Wrong response from the webhook: 500 Internal Server Error"),
        (httpx.ConnectError("no"), "Connection refused"),
        (httpx.ReadTimeout("no"), "Read timeout expired"),
        (httpx.RemoteProtocolError("no"), "Connection reset by peer"),
    ],
)
async def test_the_last_error_is_told(
    hooked: Line, receiver: Receiver, answer: httpx.Response | Exception, message: str
) -> None:
    receiver.answers.append(answer)
    hooked.sim.people.write(ANA, "x")
    await until(lambda: hooked.sim.pending == 0)

    info = await hooked.call("getWebhookInfo")

    assert (info["last_error_message"], info["last_error_date"]) == (message, 1769079600)


async def test_an_update_too_old_is_given_up(hooked: Line, receiver: Receiver) -> None:
    receiver.answers.append(httpx.Response(503, headers={"Retry-After": "150"}))
    await hooked.say("buttons", reply_markup=keyboard("Go"))
    hooked.sim.people.press(ANA, "Go")
    await until(lambda: len(receiver.requests) == 1)

    hooked.sim.advance(150)
    await asyncio.sleep(0.05)

    assert (len(receiver.requests), hooked.sim.pending) == (1, 0)


async def test_an_address_gone_for_23_hours_is_removed(hooked: Line, receiver: Receiver) -> None:
    receiver.always = lambda update: httpx.Response(410, headers={"Retry-After": "3600"})
    hooked.sim.people.write(ANA, "x")
    for hour in range(24):
        await until(lambda hour=hour: len(receiver.requests) > hour)
        hooked.sim.advance(3600 if hour < 23 else 0)
    await until(lambda: len(receiver.requests) == 24)
    await asyncio.sleep(0.02)

    assert (await hooked.call("getWebhookInfo"))["url"] == ""


async def test_a_method_in_the_answer_is_run(hooked: Line, receiver: Receiver) -> None:
    receiver.answers.append(httpx.Response(200, json={"method": "sendMessage", "chat_id": ANA, "text": "hi"}))
    hooked.sim.people.write(ANA, "x")
    await until(lambda: hooked.sim.pending == 0)

    assert [message.text for message in hooked.sim.messages(ANA)] == ["x", "hi"]


@pytest.mark.parametrize("method", ["getMe", "setWebhook", "deleteWebhook", "close", "logOut"])
async def test_some_methods_in_an_answer_are_ignored(hooked: Line, receiver: Receiver, method: str) -> None:
    receiver.answers.append(httpx.Response(200, json={"method": method}))
    hooked.sim.people.write(ANA, "x")
    await until(lambda: hooked.sim.pending == 0)

    assert [call.method for call in hooked.sim.calls] == ["setwebhook"]
    assert (await hooked.call("getWebhookInfo"))["url"] == URL


async def test_a_line_can_be_put_out_of_order(hooked: Line, receiver: Receiver) -> None:
    hooked.sim.disorder()
    for number in range(3):
        hooked.sim.people.write(ANA, str(number))
    await until(lambda: hooked.sim.pending == 0)

    assert receiver.texts == ["1", "0", "2"]


async def test_an_update_can_be_posted_twice(hooked: Line, receiver: Receiver) -> None:
    hooked.sim.people.write(ANA, "once")
    await until(lambda: hooked.sim.pending == 0)
    hooked.sim.duplicate()
    await until(lambda: len(receiver.requests) == 2)

    assert receiver.updates[0] == receiver.updates[1]
