"""A store, a provider that only remembers, and messages for them."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from core.areas.relay.store.whatsapp import note_written
from core.message import Message, _
from core.moment import FrozenClock
from core.notify.answers import enqueue_replies
from core.notify.channels.channel import Outgoing
from core.notify.channels.failures import DeliveryError
from core.notify.notice import Answer, NoticeClass, Recipient, Wording
from core.notify.whatsapp_templates import Template
from core.page import Action
from core.relay.handles import data_of, new_handle, write_handles
from core.relay.offers import Purpose
from core.relay.reply import Button, Reply, encode_reply
from core.relay.turn import Handle
from core.relay.whatsapp.channel import Publish, WhatsAppChannel
from core.relay.whatsapp.meta.webhook import MetaWebhook
from core.relay.whatsapp.provider import MessageLimits, Provider, Receives, Sendable
from core.relay.whatsapp.twilio.client import TWILIO_LIMITS
from core.secret import Secret
from core.store.store import Store
from core.units import Severity
from tests.notify.alerted import NOON

__all__ = ["ANN", "KEY", "LINE", "World", "notice", "opened", "provider", "said"]

KEY = b"a fake audit key for tests only!"
ANN = "+15550100001"
LINE = "whatsapp:15550100000"


@dataclass
class FakeSends:
    """A provider that remembers what it was handed, and refuses when it is told to."""

    limits: MessageLimits = TWILIO_LIMITS
    host: str = "whatsapp.example.test"
    sent: list[tuple[str, Sendable]] = field(default_factory=list)
    refusals: list[DeliveryError | None] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    async def send(self, user: str, message: Sendable) -> str:
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal is not None:
            raise refusal
        self.sent.append((user, message))
        return f"SM{len(self.sent)}"

    async def mark_read(self, message: str) -> None:
        self.read.append(message)

    async def close(self) -> None:
        pass


def provider(sends: FakeSends | None = None, receives: Receives | None = None) -> Provider:
    webhook = receives or MetaWebhook([Secret("fake-app-secret")], Secret("fake-verify"), "")
    return Provider(LINE, "https://wa.me/15550100000", sends or FakeSends(), webhook)


@dataclass
class World:
    """A store at noon, where Ann wrote a moment ago."""

    store: Store
    clock: FrozenClock
    sends: FakeSends = field(default_factory=FakeSends)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    randomness: Random = field(default_factory=lambda: Random(7))

    def channel(
        self,
        *,
        templates: Mapping[str, Template] | None = None,
        notices: bool = True,
        publish: Publish | None = None,
    ) -> WhatsAppChannel:
        return WhatsAppChannel(
            provider(self.sends),
            self.store,
            self.clock,
            self.randomness,
            templates=templates or {},
            notices=notices,
            publish=publish,
        )

    async def wrote(self, user: str = ANN, ago: timedelta = timedelta()) -> None:
        """The user wrote some time ago."""
        async with self.store.writing() as transaction:
            await note_written(transaction, [(LINE, user, self.clock.now() - ago)])

    async def answered(self, *labels: str, question: str = "", text: Message | None = None) -> Reply:
        """Ann was answered with buttons; with a `question`, they answer it with their labels."""
        key = f"r{next(self._numbers)}"
        handles = [self._handle(key, each, question) for each in labels]
        buttons = tuple(
            (Button(label, data_of(each.handle)),) for label, each in zip(labels, handles, strict=True)
        )
        reply = Reply(key, ANN, text=text or _("Which?"), buttons=buttons)
        async with self.store.writing() as transaction:
            await write_handles(transaction, handles)
            answer = Answer(key, Recipient("ann", "whatsapp", ANN), encode_reply(reply))
            await enqueue_replies(transaction, [answer])
        return reply

    def _handle(self, key: str, label: str, question: str) -> Handle:
        purpose = Purpose.ANSWER if question else Purpose.RUN
        name, value = {"Cancel": ("@cancel", ""), "Skip": (question, "@skip")}.get(label, (question, label))
        arguments = ((name, value),) if question else ()
        return Handle(
            handle=new_handle(self.randomness),
            channel="whatsapp",
            chat=ANN,
            user=ANN,
            reply=key,
            purpose=purpose.value,
            action=Action("order", _("{label}", label=label), arguments),
            expires_at=self.clock.now() + timedelta(days=1),
        )


@asynccontextmanager
async def opened(home: Path, *, wrote: bool = True) -> AsyncIterator[World]:
    clock = FrozenClock(NOON)
    store = await Store.open(f"sqlite:///{home / 'w.db'}", clock=clock, audit_key=KEY)
    world = World(store, clock)
    if wrote:
        await world.wrote()
    yield world
    await store.close()


def notice(kind: str = "plant.sla.warned", title: Message | None = None, **changes: object) -> Outgoing:
    """Something that Ann is told."""
    values: dict[str, object] = {
        "id": 1,
        "key": "row 1",
        "cls": NoticeClass.NORMAL,
        "kind": kind,
        "area": "plant",
        "subject": "ticket:MNT-2026-0001",
        "sequence": 1,
        "severity": Severity.WARNING,
        "recipient": Recipient("ann", "whatsapp", ANN),
        "wording": Wording(
            title or _("MNT-2026-0001 is due in 3.5 hours"), (_("Machine MACH-001."),), _("It is yours.")
        ),
        "created": NOON,
        "possible_repeat": False,
        "plain": False,
        "covers": ("row 1",),
    }
    return Outgoing(**{**values, **changes})  # type: ignore[arg-type]


def said(reply: Reply, *, language: str = "en", plain: bool = False) -> Outgoing:
    """Something that Ann is answered."""
    return notice(
        cls=NoticeClass.REPLY,
        recipient=Recipient("ann", "whatsapp", ANN, language),
        wording=Wording(_("An answer"), (), _("They asked."), encode_reply(reply)),
        plain=plain,
    )
