"""The relay: updates dealt with, from raw JSON to the durable answer, and webhooks acknowledged durably.

Both floors are measured in the same run: python-telegram-bot's own way from the same JSON to a handler that
does nothing, and a Starlette route that does nothing.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any

import httpx
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import Application, CommandHandler
from telegram.request import BaseRequest, RequestData

from bench.figure import Figure, compare, percentile
from bench.testbed import Testbed
from core.area import Area, Read, Request, Verb
from core.areas.relay.model import Identity
from core.areas.relay.settings import RelaySettings
from core.areas.relay.store.identities import save_identity
from core.command import Command
from core.deck import Deck
from core.folders import Folders
from core.message import _
from core.moment import SystemClock
from core.page import Fact, Facts, Page
from core.principal import Role
from core.relay.conversation import Conversations
from core.relay.gateway.app import make_app
from core.relay.gateway.server import GatewayServer
from core.relay.pipeline import AT_ONCE, MOST_WAITING, Pipeline
from core.relay.recording import record
from core.relay.service import lasting_memory, relay_runner
from core.relay.tally import Tally
from core.relay.telegram.intake import Intake
from core.relay.telegram.line import BotAccount, TelegramLine
from core.relay.telegram.webhook import Webhook
from core.secret import Secret
from core.settings import SettingsBook
from core.units import Severity, State

__all__ = ["run"]

_UPDATES = 2_000
_UPDATE_ROUNDS = 15
"""Many short rounds: the floor next to each was measured on the same machine in the same mood."""

_USERS = 1_000
_WEBHOOK_ROUNDS = 3
_LEAST_SHARE = 0.4
_WEBHOOKS = 3_000
_CONNECTIONS = 40
_SECRET = "bench-secret-of-nobody-000000000000000"
_TOKEN = "42:BENCH-not-a-real-token-000000000000000"


def run(testbed: Testbed) -> list[Figure]:
    """Updates a second with their slowest answers, and webhooks a second with theirs."""
    with relay_runner() as runner:
        bench = runner.run(_Bench.open(testbed.folder / "relay"))
        try:
            with lasting_memory():  # as the relay does, and for the floors as well
                return [*_updates(runner, bench), *runner.run(_webhooks(bench))]
        finally:
            runner.run(bench.close())


def _updates(runner: asyncio.Runner, bench: _Bench) -> list[Figure]:
    floor = runner.run(_Floor.open())
    latencies: list[float] = []

    def ours() -> float:
        latencies.clear()
        return runner.run(bench.answer(_raw(bench.next_numbers(_UPDATES)), latencies)) / _UPDATES * 1e6

    share = compare(
        "one Telegram update → durable answer, against python-telegram-bot alone",
        ours,
        lambda: runner.run(floor.process(_raw(range(_UPDATES)))) / _UPDATES * 1e6,
        "µs",
        rounds=_UPDATE_ROUNDS,
        goal=1 / _LEAST_SHARE,
    )
    slowest = percentile(latencies, 0.99) * 1e3
    return [
        share,
        Figure("updates dealt with in a second", 1e6 / share.measured, "/s"),
        Figure(f"p99 from an update to its durable answer, {AT_ONCE} under way", slowest, "ms"),
    ]


async def _webhooks(bench: _Bench) -> list[Figure]:
    """Webhooks from 40 connections, as many as Telegram opens, against a route that does nothing.

    Each is durable when it is acknowledged. What becomes of it is measured apart, and not done here.
    """

    async def nothing(_request: HttpRequest) -> Response:
        return Response()

    bare = GatewayServer(make_app([Route("/", nothing, methods=["POST"])], lambda: True), "127.0.0.1", 0)
    pipeline = bench.pipeline(most_waiting=1_000_000)
    webhook = Webhook(bench.line, bench.intake(pipeline), Secret(_SECRET), bench.clock, "/")
    ours = GatewayServer(make_app([webhook.route], lambda: True), "127.0.0.1", 0)
    pairs: list[tuple[float, float]] = []
    latencies: list[float] = []
    for server in (bare, ours):
        await server.start()
    try:
        for _round in range(_WEBHOOK_ROUNDS + 1):
            latencies.clear()
            bodies = _raw(bench.next_numbers(_WEBHOOKS))
            took = await _post(ours.port, bodies, latencies)
            pairs.append((took, await _post(bare.port, bodies, [])))
    finally:
        for server in (bare, ours):
            await server.stop()
        await pipeline.stop(0)
    measured, floor = (
        sorted(each)[len(pairs) // 2] / _WEBHOOKS * 1e6 for each in zip(*pairs[1:], strict=True)
    )
    return [
        Figure.against(
            "one webhook → acknowledged durably, against bare Starlette",
            measured,
            floor,
            "µs",
            goal=1 / _LEAST_SHARE,
        ),
        Figure("p99 of a webhook's acknowledgement", percentile(latencies, 0.99) * 1e3, "ms", goal=50),
    ]


class _Bench:
    """The relay's way of an update, with a command that does as little as the floor's handler."""

    def __init__(self, deck: Deck) -> None:
        self.clock = deck.services.clock
        self.deck = deck
        self.line = TelegramLine(BotAccount(Secret(_TOKEN)), transport=httpx.MockTransport(_taken))
        self.line.username = "ops_demo_bot"
        self._conversations = Conversations(
            deck,
            {"telegram": self.line},
            deck.services.settings.of(RelaySettings),
            self.clock,
            secrets.SystemRandom(),
        )
        self._pipeline = self.pipeline()
        self._pipeline.start()
        self._intake = self.intake(self._pipeline)
        self._numbers = 0

    @classmethod
    async def open(cls, home: Path) -> _Bench:
        flags = {"OPSDECK_CHAT_PER_MINUTE": "600"}
        book = SettingsBook(Folders.below(home), flags=flags, environment={}, dotenv=home / ".env")
        deck = await Deck.open(book, SystemClock(), areas=(_AREA,))
        async with deck.services.store.writing() as transaction:
            for number in range(_USERS):
                user = str(5_000 + number)
                await save_identity(
                    transaction,
                    Identity("telegram", user, person=f"person {number}", role=Role.VIEWER, chat=user),
                )
        return cls(deck)

    def pipeline(self, *, most_waiting: int = MOST_WAITING) -> Pipeline:
        """One that hasn't begun to work."""
        return Pipeline(
            self._conversations,
            record,
            self.deck.services.store,
            self.line,
            self.clock,
            Tally("bench", self.line.name, "polling", self.clock.now()),
            committed=lambda: None,
            most_waiting=most_waiting,
        )

    def intake(self, pipeline: Pipeline) -> Intake:
        services = self.deck.services
        return Intake(self.line, pipeline, services.store, services.vault, self.clock)

    def next_numbers(self, count: int) -> range:
        self._numbers += count
        return range(self._numbers - count, self._numbers)

    async def answer(self, raw: Sequence[bytes], latencies: list[float]) -> float:
        """Deal with the updates, as many at a time as the pipeline works on; the seconds it took."""
        room = asyncio.Semaphore(AT_ONCE)
        began = time.perf_counter()
        for each in raw:
            await room.acquire()
            arrived = time.perf_counter()

            def done(_future: asyncio.Future[None], arrived: float = arrived) -> None:
                latencies.append(time.perf_counter() - arrived)
                room.release()

            future = self._intake.take(json.loads(each))
            assert future is not None
            future.add_done_callback(done)
        for _each in range(AT_ONCE):
            await room.acquire()
        return time.perf_counter() - began

    async def close(self) -> None:
        await self._pipeline.stop(10)
        await self._intake.close()
        await self.line.close()
        await self.deck.close()


class _Floor:
    """python-telegram-bot's own processing of updates, with a handler that only counts."""

    def __init__(self, application: Any) -> None:
        self._application = application

    @classmethod
    async def open(cls) -> _Floor:
        builder = Application.builder().token(_TOKEN).request(_NoNetwork()).get_updates_request(_NoNetwork())
        application = builder.updater(None).build()

        async def handle(_update: object, _context: object) -> None:
            return

        application.add_handler(CommandHandler("ping", handle))
        await application.initialize()
        return cls(application)

    async def process(self, raw: Sequence[bytes]) -> float:
        began = time.perf_counter()
        for each in raw:
            await self._application.process_update(Update.de_json(json.loads(each), self._application.bot))
        return time.perf_counter() - began


class _NoNetwork(BaseRequest):
    """Answers getMe, and nothing else is asked."""

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        return

    async def shutdown(self) -> None:
        return

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_rest: object, **_more: object
    ) -> tuple[int, bytes]:
        return 200, _ME


async def _ping(request: Request) -> Page:
    facts = Facts("answer", _("Answer"), (Fact(_("Heard"), "pong"),))
    return Page("ping", _("Ping"), State(Severity.GOOD, _("GOOD")), (facts,), as_of=request.now)


_AREA = Area("bench", _("Bench"), verbs=(Verb(Command("ping", _("Ping"), role=Role.VIEWER), Read(_ping)),))

_ME = json.dumps(
    {"ok": True, "result": {"id": 42, "is_bot": True, "first_name": "Ops", "username": "ops_demo_bot"}}
).encode()


def _taken(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=_ME)


def _raw(numbers: range) -> list[bytes]:
    return [_update(number) for number in numbers]


def _update(number: int) -> bytes:
    user = {
        "id": 5_000 + number % _USERS,
        "is_bot": False,
        "first_name": "Op",
        "username": "op_one",
        "language_code": "en",
    }
    chat = {"id": user["id"], "type": "private", "first_name": "Op", "username": "op_one"}
    message = {
        "message_id": number + 1,
        "date": int(time.time()),
        "from": user,
        "chat": chat,
        "text": "/ping",
        "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
    }
    return json.dumps({"update_id": number + 1, "message": message}).encode()


async def _post(port: int, bodies: Sequence[bytes], latencies: list[float]) -> float:
    """Post each body once over as many connections as Telegram opens; the seconds it took."""
    waiting = iter(bodies)

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for body in waiting:
            began = time.perf_counter()
            writer.write(
                b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                b"X-Telegram-Bot-Api-Secret-Token: %b\r\nContent-Length: %d\r\n\r\n%b"
                % (_SECRET.encode(), len(body), body)
            )
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.decode())
            latencies.append(time.perf_counter() - began)
        writer.close()

    began = time.perf_counter()
    work: list[Awaitable[None]] = [connection() for _number in range(_CONNECTIONS)]
    await asyncio.gather(*work)
    return time.perf_counter() - began
