"""The test kit of delivery: an outbox, simulated receivers, and senders that go only when told to."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx
from sqlalchemy import select

from core.engine.identity import Identity
from core.event import RecordedEvent
from core.message import Message, _
from core.moment import FrozenClock
from core.notify.channels.channel import Capabilities, Channel, Limit, Outgoing, Receipt
from core.notify.channels.failures import TemporaryError
from core.notify.channels.webhook import WebhookChannel
from core.notify.delivery.planning import Undeliverable
from core.notify.delivery.rows import OutboxRow, OutboxState, rows
from core.notify.delivery.sender import Sender
from core.notify.delivery.tables import OUTBOX_ATTEMPT
from core.notify.notice import Notice, NoticeClass, Recipient
from core.notify.outbox import enqueue
from core.simulators.webhook import Arrival, WebhookReceiver
from core.store.events import recent
from core.store.store import Store
from core.units import Severity

SECRET = "whsec_bm90LWEtcmVhbC1zZWNyZXQtYnV0LWxvbmctZW5vdWdo"
HERE = Identity("console", "deck", 100, place="deck", process_start="1", boot_id="one")
THERE = Identity("relay", "tower", 200, place="tower", process_start="2", boot_id="two")
NAMES = ("ann", "bob", "cid")
SEVERITIES = {NoticeClass.CRITICAL: Severity.CRITICAL, NoticeClass.NORMAL: Severity.WARNING}


class ManualPulse:
    """A pulse that never beats: tests take the turns."""

    def start(self, beat: Callable[[], Awaitable[None]]) -> None: ...

    def stop(self) -> None: ...


class Trial(Channel):
    """A channel that does what a test gave it, one thing a message; afterwards it takes everything."""

    name = "trial"
    capabilities = Capabilities()
    own_addresses = ("own",)
    total = Limit(1_000, 1.0)

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.does: list[Exception | asyncio.Event] = []
        self.crashes_over: set[str] = set()
        self.closed = False

    def limit(self, address: str) -> Limit:
        return self.total

    def line(self, address: str) -> str:
        return "trial"

    async def send(self, message: Outgoing) -> Receipt:
        self.sent.append(message)
        if message.covers[0] in self.crashes_over:
            raise TemporaryError(_("it crashes over this one"))
        if self.does:
            match self.does.pop(0):
                case asyncio.Event() as gate:
                    await gate.wait()
                case error:
                    raise error
        return Receipt(f"id{len(self.sent)}")

    async def close(self) -> None:
        self.closed = True


def webhooks(receiver: WebhookReceiver, clock: FrozenClock, names: Sequence[str] = NAMES) -> WebhookChannel:
    """The webhook channel with one target a name, all of them at the receiver."""
    targets = {name: f"https://hooks.test/{name}" for name in names}
    transport = httpx.ASGITransport(app=receiver.app)
    return WebhookChannel(targets, [SECRET], clock, transport=transport)


def to(name: str = "ann", channel: str = "webhook") -> Recipient:
    return Recipient(name, channel, name)


class Delivery:
    """One outbox with its clock and its receiver. `sender` makes senders, as of several processes."""

    def __init__(self, store: Store, clock: FrozenClock) -> None:
        self.store = store
        self.clock = clock
        self.receiver = WebhookReceiver(clock)
        self.trial = Trial()
        self._count = 0

    def sender(
        self,
        identity: Identity = HERE,
        *,
        channels: Sequence[Channel] | None = None,
        undeliverable: Undeliverable | None = None,
        dead: Callable[[Identity, Identity], bool] = lambda _other, _here: False,
    ) -> Sender:
        return Sender(
            self.store,
            channels or [webhooks(self.receiver, self.clock), self.trial],
            self.clock,
            jitter=random.Random(7),
            identity=identity,
            dead=dead,
            undeliverable=undeliverable,
            pulse=ManualPulse(),
        )

    async def tell(
        self,
        *recipients: Recipient,
        cls: NoticeClass = NoticeClass.NORMAL,
        subject: str = "pod:1",
        key: str = "",
        title: str = "",
        **more: Any,
    ) -> str:
        """Put a notice into the outbox; its key."""
        notice = self.notice(cls, subject, key, title)
        async with self.store.writing() as transaction:
            await enqueue(transaction, notice, recipients or [to()], **more)
        return notice.key

    def notice(self, cls: NoticeClass, subject: str, key: str = "", title: str = "") -> Notice:
        self._count += 1
        key = key or f"notice{self._count}"
        return Notice(
            key=key,
            cls=cls,
            kind="toy.happened",
            area="toy",
            subject=subject,
            severity=SEVERITIES.get(cls, Severity.NOTICE),
            title=_("{words}", words=title or key),
            lines=(),
            reason=_("You asked for it."),
            created=self.store.present(),
        )

    async def go(self, *senders: Sender, seconds: float = 0.0, step: float = 1.0) -> None:
        """Let senders take turns until nothing is left to do now, then every `step` for `seconds`."""
        end = self.clock.monotonic() + seconds
        while True:
            while sum([await sender.turn() for sender in senders]):
                for sender in senders:
                    await sender.settled()
            for sender in senders:
                await sender.settled()
            if self.clock.monotonic() >= end - 1e-9:
                return
            self.clock.advance(min(step, end - self.clock.monotonic()))

    async def rows(self, **where: Any) -> list[OutboxRow]:
        """The rows, oldest first."""
        async with self.store.reading() as connection:
            return list(reversed(await rows(connection, limit=5_000, **where)))

    async def states(self) -> list[OutboxState]:
        return [row.state for row in await self.rows()]

    async def events(self, *kinds: str) -> list[RecordedEvent]:
        async with self.store.reading() as connection:
            return await recent(connection, at=self.store.present(), kinds=kinds, limit=500)

    async def outcomes(self, number: int) -> list[str | None]:
        """How each try of a row ended."""
        async with self.store.reading() as connection:
            statement = select(OUTBOX_ATTEMPT.c.outcome).where(OUTBOX_ATTEMPT.c.outbox == number)
            return list((await connection.execute(statement.order_by(OUTBOX_ATTEMPT.c.id))).scalars())

    @property
    def arrivals(self) -> list[Arrival]:
        return self.receiver.arrivals

    def titles(self) -> list[str]:
        return [arrival.data["title"] for arrival in self.receiver.taken]


def said(message: Message | None) -> str:
    return "" if message is None else str(message)
