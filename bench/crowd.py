"""The people who write in `bench.whatsapp`: what each says next, and what they see of answers."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from typing import cast
from urllib.parse import urlencode, urlsplit

from redis.asyncio import Redis
from sqlalchemy import func, select

from bench.counterpart import SECRET, SIGNED
from bench.plant_line import PlantLine
from bench.posting import Posting
from core.areas.plant.store.defect_tables import rejects
from core.areas.relay.store.tables import RELAY_INBOUND
from core.deck import Deck
from core.notify.delivery.rows import UNFINISHED, OutboxState, values_of
from core.notify.delivery.tables import OUTBOX
from core.relay.dialog import AT_MENU
from core.relay.turn import Outcome
from core.relay.whatsapp.meta.signature import SIGNATURE_HEADER, signature_of
from core.simulators.noise import hexadecimal
from core.simulators.twilio.signature import sign
from core.store.metadata import FOREVER

__all__ = ["Crowd", "to_bare"]

_TWILIO_HEADER = "X-Twilio-Signature"
_LOOK_EVERY = 0.02
_ANSWERS_WITHIN = 60.0
_FIRST_ANSWER = ":0"
"""How the keys of answers end, but of what is said beside them."""

_ORDERS = ("ORD-12004", "ORD-12005", "ORD-12007", "ORD-12008", "ORD-12009", "ORD-12013")
_DESCRIPTION = "The seam opens along the left side"
_WRITES = ("hi", "2", "{order}", "hi", "1", "{order}", "1", "3", "4", _DESCRIPTION, "do it now")
"""An order's status by the menu, then a defect: its order, kind, severity and quantity, what is wrong, and
that nothing is to be added."""


class Crowd:
    """The people who write. Each is answered before they write again."""

    def __init__(self, line: PlantLine, deck: Deck, posting: Posting) -> None:
        self.posting = posting
        self.written = 0
        self._line = line
        self._store = deck.services.store
        self._next = dict.fromkeys(line.phones, 0)
        self._newest = 0

    def next_of_everybody(self) -> list[bytes]:
        """A request of each phone with its next message."""
        return [self._next_of(phone) for phone in self._line.phones]

    async def burst(self, requests: Sequence[bytes]) -> float:
        """Post all at once and wait for all answers; the seconds until all were acknowledged."""
        seconds = await self.posting.flood(requests)
        await self.see(len(requests))
        return seconds

    async def one_conversation(self) -> None:
        """Let the first phone have a whole conversation, and wait until all of it is sent."""
        for _message in _WRITES:
            await self.burst([self._next_of(self._line.phones[0])])
        await self._all_sent()

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

    async def see(self, count: int) -> None:
        """Wait until so many more answers are durable."""
        async for _phone in self._answers(count):
            pass

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

    async def too_late(self) -> int:
        """How many answers expired before they were sent."""
        statement = select(func.count()).where(OUTBOX.c.state == OutboxState.EXPIRED.value)
        async with self._store.reading() as connection:
            return int((await connection.execute(statement)).scalar_one())

    def _next_of(self, phone: str) -> bytes:
        at = self._next[phone]
        self._next[phone] = at + 1
        self.written += 1
        words = _WRITES[at % len(_WRITES)].format(order=_ORDERS[int(phone) % len(_ORDERS)])
        return _signed(self._line, phone, at, words)

    def _rest_of(self, phone: str) -> list[bytes]:
        """What is left of a phone's conversation."""
        return [self._next_of(phone) for _each in range(len(_WRITES) - self._next[phone] % len(_WRITES))]

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

    async def _all_sent(self) -> None:
        """Wait until nothing is left to be sent.

        Raises:
            TimeoutError: it took too long.
        """
        statement = select(func.count()).where(OUTBOX.c.state.in_(values_of(UNFINISHED)))
        async with asyncio.timeout(_ANSWERS_WITHIN):
            while True:
                async with self._store.reading() as connection:
                    if not (await connection.execute(statement)).scalar_one():
                        return
                await asyncio.sleep(_LOOK_EVERY)

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


def to_bare(requests: Sequence[bytes]) -> list[bytes]:
    """The same bodies for the route that only checks the signature."""
    bodies = (each.partition(b"\r\n\r\n")[2] for each in requests)
    return [_request(SIGNED, SIGNATURE_HEADER, signature_of(SECRET, body), body) for body in bodies]


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
    signature = sign(line.account.token, line.webhook, form)
    return _request(urlsplit(line.webhook).path, _TWILIO_HEADER, signature, urlencode(form).encode())


def _request(path: str, header: str, signature: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nUser-Agent: TwilioProxy/1.1\r\n"
        "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
        f"{header}: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
