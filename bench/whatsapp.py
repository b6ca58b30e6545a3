"""WhatsApp under 1,000 concurrent conversations: webhook → durable acknowledgement, answers, loss, memory.

The relay is the real one, in a process of its own, with PostgreSQL, Redis and the demo's plant; what people
write is signed by the simulator's code. Each of 1,000 phones asks for an order and reports a defect, in
eleven messages (`_WRITES`), again and again. Acknowledged means that PostgreSQL has the message on its disk;
answered, that it has the answer in the outbox. The sender works as well, at the 70 messages a second that
the provider takes, so that most answers wait there: that limit is none of ours.

- *All at once*: everybody writes in the same moment, over 64 connections, eleven times: a whole conversation;
  the next time when all are answered. A Starlette route that does nothing gets the same requests from the
  same client over as many connections, by turns. An acknowledgement is timed from when its connection was
  free.
- *By chance*: everybody writes the first message of another conversation, independently of each other
  (Poisson), half as many a second as were answered until then, whether what came before is acknowledged or
  not. One that finds no connection free waits, which counts; with the bare route, too.
- *Without a pause*: everybody goes on with it, all at once at first, then each once the last message is
  answered. That is the most that the relay can do, and how acknowledgements fare while it has no time left.

Client, relay and databases share the machine's processors. The client is a bare protocol whose requests are
made beforehand, so that it costs little beside what is measured.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import time
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from typing import cast
from urllib.parse import urlencode, urlsplit

from redis.asyncio import Redis
from sqlalchemy import func, select

from bench.counterpart import BARE
from bench.figure import Figure, percentile
from bench.plant_line import WEBHOOK_PATH, PlantLine, durable
from bench.posting import Posting
from bench.testbed import Testbed
from core.areas.plant.store.defect_tables import rejects
from core.areas.relay.store.tables import RELAY_INBOUND
from core.deck import Deck
from core.notify.delivery.tables import OUTBOX
from core.relay.dialog import AT_MENU
from core.relay.service import lasting_memory, relay_runner
from core.relay.turn import Outcome
from core.simulators.noise import hexadecimal
from core.simulators.twilio.signature import sign
from core.store.metadata import FOREVER

__all__ = ["run"]

_PHONES = 1_000
_CONNECTIONS = 64
_LEAST_SHARE = 0.4
_MOST_MS = 100.0
_MOST_TIMES = 1 / _LEAST_SHARE
_SHARE_OF_MOST = 0.5
_NOT_COUNTED = 2
"""Bursts in which both warm up."""

_OF_BARE = 300
"""Requests that the bare route gets by chance: enough for its p99, which nothing disturbs."""

_LOOK_EVERY = 0.02
_ANSWERS_WITHIN = 60.0
_FIRST_ANSWER = ":0"
"""How the keys of answers end, but of what is said beside them."""

_SEED = 7

_ORDERS = ("ORD-12004", "ORD-12005", "ORD-12007", "ORD-12008", "ORD-12009", "ORD-12013")
_DESCRIPTION = "The seam opens along the left side"
_WRITES = ("hi", "2", "{order}", "hi", "1", "{order}", "1", "3", "4", _DESCRIPTION, "do it now")
"""An order's status by the menu, then a defect: its order, kind, severity and quantity, what is wrong, and
that nothing is to be added."""


def run(testbed: Testbed) -> list[Figure]:
    """Acknowledgements, answers, loss and memory."""
    phones = [f"1555{number:07}" for number in range(200_000, 200_000 + _PHONES)]
    with PlantLine(testbed.folder / "whatsapp", phones) as line, relay_runner() as runner, lasting_memory():
        runner.run(line.fill())
        line.start()
        return runner.run(_measure(line))


async def _measure(line: PlantLine) -> list[Figure]:
    async with await line.open_deck() as deck:
        if not await durable(deck):
            raise RuntimeError("this PostgreSQL does not wait for its disk")
        ours = await Posting.open(line.port, _CONNECTIONS)
        crowd = _Crowd(line, deck, ours)
        began = time.perf_counter()
        figures = await _all_at_once(crowd)
        rate = crowd.written / (time.perf_counter() - began)
        memory = line.relay_memory
        figures += await _as_people_write(crowd, rate * _SHARE_OF_MOST)
        ours.seconds.clear()
        await ours.reopen()
        most = await crowd.without_a_pause()
        figures += _told("without a pause", ours.seconds)
        figures.append(Figure("messages answered in a second, 1,000 conversations at once", most, "/s"))
        growth = (line.relay_memory / memory - 1) * 100
        figures.append(Figure("memory of the relay after warming up", memory / 2**20, "MiB"))
        figures.append(Figure("its growth from then on", growth, "%", goal=10))
        figures.append(Figure(f"lost of {crowd.written:,} messages", await crowd.lost(), "", goal=0))
        ours.close()
        return figures


async def _all_at_once(crowd: _Crowd) -> list[Figure]:
    bare = await crowd.to_bare()
    took: list[tuple[float, float]] = []
    for _message in _WRITES:
        requests = crowd.next_of_everybody()
        await crowd.posting.reopen()
        await bare.reopen()
        took.append((await crowd.burst(requests), await bare.flood(_to_bare(requests))))
        if len(took) == _NOT_COUNTED:
            crowd.posting.seconds.clear()
            bare.seconds.clear()
    bare.close()
    ours, floor = (statistics.median(each) / _PHONES * 1e6 for each in zip(*took[_NOT_COUNTED:], strict=True))
    return [
        Figure.against(
            "one webhook → acknowledged durably, against bare Starlette", ours, floor, "µs", goal=_MOST_TIMES
        ),
        *_told("all at once", crowd.posting.seconds, bare.seconds),
    ]


async def _as_people_write(crowd: _Crowd, rate: float) -> list[Figure]:
    crowd.posting.seconds.clear()
    await crowd.posting.reopen()
    requests = crowd.next_of_everybody()
    await _by_chance(rate, requests, crowd.posting)
    await crowd.see(len(requests))
    seconds = crowd.posting.seconds.copy()
    bare = await crowd.to_bare()
    await _by_chance(rate, _to_bare(requests[:_OF_BARE]), bare)
    bare.close()
    return _told(f"by chance, {rate:.0f} a second", seconds, bare.seconds)


async def _by_chance(rate: float, requests: Sequence[bytes], posting: Posting) -> None:
    """Post so many a second on average, each independently of all others."""
    chance = random.Random(_SEED)
    due = time.perf_counter()
    for each in requests:
        due += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        posting.post(each)
    await posting.quiet()


def _told(how: str, ours: Sequence[float], bare: Sequence[float] = ()) -> list[Figure]:
    """p50 and p99 of acknowledgements, beside those of the bare route."""
    return [
        Figure(
            f"p{percent} of an acknowledgement, {how}",
            percentile(ours, percent / 100) * 1e3,
            "ms",
            floor=percentile(bare, percent / 100) * 1e3 if bare else None,
            goal=_MOST_MS if percent == 99 else None,
        )
        for percent in (50, 99)
    ]


def _signed(line: PlantLine, phone: str, at: int, words: str) -> bytes:
    """The request that Twilio would make of a phone's message."""
    number = hexadecimal(32, phone, at)
    form = (
        ("SmsMessageSid", f"SM{number}"),
        ("NumMedia", "0"),
        ("ProfileName", f"Person {phone}"),
        ("MessageType", "text"),
        ("SmsSid", f"SM{number}"),
        ("WaId", phone),
        ("SmsStatus", "received"),
        ("Body", words),
        ("To", f"whatsapp:+{line.account.sender}"),
        ("NumSegments", "1"),
        ("ReferralNumMedia", "0"),
        ("MessageSid", f"SM{number}"),
        ("AccountSid", line.account.sid),
        ("From", f"whatsapp:+{phone}"),
        ("ApiVersion", "2010-04-01"),
    )
    return _request(
        urlsplit(line.webhook).path, sign(line.account.token, line.webhook, form), urlencode(form).encode()
    )


def _request(path: str, signature: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nUser-Agent: TwilioProxy/1.1\r\n"
        "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
        f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _to_bare(requests: Sequence[bytes]) -> list[bytes]:
    """The same, posted to the route that does nothing."""
    path, bare = f"POST {WEBHOOK_PATH} ".encode(), f"POST {BARE} ".encode()
    return [each.replace(path, bare, 1) for each in requests]


class _Crowd:
    """The people who write, and what they see of answers. Each is answered before they write again."""

    def __init__(self, line: PlantLine, deck: Deck, posting: Posting) -> None:
        self.posting = posting
        self.written = 0
        self._line = line
        self._store = deck.services.store
        self._next = dict.fromkeys(line.phones, 0)
        self._newest = 0

    async def to_bare(self) -> Posting:
        """Connections to the route that does nothing, as many as to the relay."""
        return await Posting.open(self._line.counterpart_port, _CONNECTIONS)

    def next_of(self, phone: str) -> bytes:
        """The request with a phone's next message."""
        at = self._next[phone]
        self._next[phone] = at + 1
        self.written += 1
        words = _WRITES[at % len(_WRITES)].format(order=_ORDERS[int(phone) % len(_ORDERS)])
        return _signed(self._line, phone, at, words)

    def next_of_everybody(self) -> list[bytes]:
        """A request of each phone."""
        return [self.next_of(phone) for phone in self._line.phones]

    async def burst(self, requests: Sequence[bytes]) -> float:
        """Post all at once and wait for all answers; the seconds until all were acknowledged."""
        seconds = await self.posting.flood(requests)
        await self.see(len(requests))
        return seconds

    async def without_a_pause(self) -> float:
        """Let everybody bring their conversation to its end, each message right after an answer; messages a
        second."""
        left = {phone: deque(self._rest_of(phone)) for phone in self._line.phones}
        count = sum(len(requests) for requests in left.values())
        began = time.perf_counter()
        for requests in left.values():
            self.posting.post_at_leisure(requests.popleft())
        async for phone in self._answers(count):
            if left[phone]:
                self.posting.post(left[phone].popleft())
        return count / (time.perf_counter() - began)

    def _rest_of(self, phone: str) -> list[bytes]:
        """What is left of a phone's conversation."""
        return [self.next_of(phone) for _each in range(len(_WRITES) - self._next[phone] % len(_WRITES))]

    async def see(self, count: int) -> None:
        """Wait until so many more answers are durable."""
        async for _phone in self._answers(count):
            pass

    async def _answers(self, count: int) -> AsyncGenerator[str]:
        """The phones that are answered from now on, as soon as an answer is in the outbox.

        Raises:
            TimeoutError: for too long there was none.
        """
        table = OUTBOX.c
        deadline = time.monotonic() + _ANSWERS_WITHIN
        while count:
            async with self._store.reading() as connection:
                statement = (
                    select(table.id, table.recipient)
                    .where(table.id > self._newest, table.dedup_key.endswith(_FIRST_ANSWER))
                    .order_by(table.id)
                )
                found = (await connection.execute(statement)).all()
            for row in found:
                self._newest = row.id
                yield self._line.users[row.recipient]
            count -= len(found)
            if found:
                deadline = time.monotonic() + _ANSWERS_WITHIN
            elif time.monotonic() > deadline:
                raise TimeoutError(f"{count} messages are not answered")
            await asyncio.sleep(_LOOK_EVERY)

    async def lost(self) -> int:
        """How many messages are not kept, dealt with and answered once, reports not made, and people not
        where their conversation ends."""
        inbound, answered = RELAY_INBOUND.c, Outcome.ANSWERED.value
        kept = select(func.count()).where(inbound.handled_at.is_not(None), inbound.outcome == answered)
        answers = select(func.count()).where(OUTBOX.c.dedup_key.endswith(_FIRST_ANSWER))
        reports = select(func.count()).where(
            rejects.c.description == _DESCRIPTION, rejects.c.superseded_at == FOREVER
        )
        async with self._store.reading() as connection:
            counted = [(await connection.execute(each)).scalar_one() for each in (kept, answers, reports)]
        expected = (self.written, self.written, self.written // len(_WRITES), len(self._line.phones))
        actual = (*counted, await self._at_their_end())
        return sum(abs(each - other) for each, other in zip(expected, actual, strict=True))

    async def _at_their_end(self) -> int:
        """The people whose session is at the menu, with nothing asked."""
        client = Redis.from_url(self._line.redis_url)  # pyright: ignore[reportUnknownMemberType]
        try:
            sessions = cast(
                "list[bytes | None]", await client.mget([f"whatsapp:{user}" for user in self._line.users])
            )
        finally:
            await client.aclose()
        return sum(1 for each in sessions if each is not None and json.loads(each)["state"] == AT_MENU)
