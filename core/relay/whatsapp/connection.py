"""A sender on WhatsApp, connected to a relay process."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence

from starlette.routing import BaseRoute

from core.area import Services
from core.areas.relay.model import WEBHOOK
from core.areas.relay.settings import RelaySettings
from core.areas.relay.store.messages import prune_messages
from core.areas.relay.store.whatsapp import prune_states
from core.engine.identity import Identity
from core.errors import SettingsError
from core.message import Message, _
from core.notify.delivery.claims import holder_text
from core.notify.people.phones import Phones
from core.notify.whatsapp_settings import WhatsAppSettings
from core.relay.connection import Chore, Converses
from core.relay.inbound import Inbound
from core.relay.media.keeping import Keeper
from core.relay.media.reading import MediaReading
from core.relay.pipeline import Pipeline, Takes
from core.relay.recording import Also
from core.relay.sessions.memory import session_memory
from core.relay.sessions.turns import RENEW_EVERY
from core.relay.tally import Tally
from core.relay.turn import Turn
from core.relay.whatsapp.api import WhatsAppApi
from core.relay.whatsapp.intake import Intake, note_windows
from core.relay.whatsapp.interpreting import Interpreter
from core.relay.whatsapp.line import WhatsAppLine
from core.relay.whatsapp.log import MessageLog
from core.relay.whatsapp.phones import CHANNEL
from core.relay.whatsapp.private import private
from core.relay.whatsapp.repeating import repeating
from core.relay.whatsapp.unkept import Unkept
from core.relay.whatsapp.webhook import Webhook
from core.relay.whatsapp.wiring import provider_of
from core.secret import Secret
from core.settings import CoreSettings
from core.store.store import Transaction
from core.text import masked_phone

__all__ = ["WhatsAppConnection"]

_SETTLE_EVERY = 10.0
_FETCH_EVERY = 15.0
_PRUNE_EVERY = 3_600.0


class WhatsAppConnection:
    """Connects the sender of the settings to a relay process; any number of them may hear it."""

    def __init__(self, services: Services, identity: Identity) -> None:
        """Prepare it; nothing is sent.

        Raises:
            SettingsError: an address can't be used, or none is said at which messages are delivered.
        """
        settings = services.settings.of(WhatsAppSettings)
        if settings.webhook is None:
            raise SettingsError(
                _(
                    "WhatsApp is set up, and WHATSAPP_WEBHOOK_URL isn’t: it is the public address at which"
                    " messages are delivered to the relay."
                )
            )
        self._services = services
        self._settings = settings
        self._url = str(settings.webhook)
        self._phones = Phones(services.vault)
        provider = provider_of(settings, services.store, services.clock)
        self._provider = private(provider, self._phones, services.store)
        self._intake: Intake | None = None
        self._keeper = self._keeping(services)
        self._wake: Callable[[], None] = lambda: None
        self.line = WhatsAppLine(self._provider)
        self.memory = session_memory(CHANNEL, settings, services.store, services.clock)
        self.tally = Tally(
            worker=holder_text(identity),
            line=self._provider.line,
            mode=WEBHOOK,
            started_at=services.clock.now(),
            bot=masked_phone(settings.sender or settings.phone_id),
        )

        self._unkept = Unkept(self.tally, services.clock, again=settings.provider == "meta")

    @property
    def healthy(self) -> bool:
        """By webhook there is nothing that could be overdue."""
        return True

    @property
    def chores(self) -> Sequence[Chore]:
        """Letting late reports follow, keeping turns, and forgetting what is old."""
        chores: list[Chore] = [(_SETTLE_EVERY, self._settle_late), (_PRUNE_EVERY, self._prune)]
        if self._keeper is not None:
            chores.append((_FETCH_EVERY, self._fetch_late))
        if self.memory.turns is not None:
            chores.append((RENEW_EVERY, self.memory.turns.renew))
        return chores

    @property
    def log(self) -> Also | None:
        """Opens the windows of those who wrote, and writes down every message, its phone masked."""
        messages = MessageLog(self._services.vault.audit_key)

        async def note(transaction: Transaction, pairs: Sequence[tuple[Inbound, Turn]]) -> None:
            await note_windows(transaction, pairs)
            await messages.record(transaction, pairs)

        return note

    def reading(self, conversations: Converses) -> Takes:
        """What reads files, then digits, lists that go on, and the words to stop."""
        services, randomness = self._services, random.SystemRandom()
        zone = services.settings.of(CoreSettings).zone
        words = Interpreter(conversations, services.store, zone, randomness, self.memory.dialogs)
        if self._keeper is None:
            return words
        return MediaReading(
            words,
            self._keeper,
            services,
            self.memory.dialogs,
            self.memory.manners,
            randomness,
            conversations.admit,
            repeating(services.store, randomness),
        )

    async def start(self) -> None:
        """The provider is told nothing: its console says where it delivers."""

    async def open(self, pipeline: Pipeline) -> Sequence[BaseRoute]:
        """Hand messages to the pipeline that are delivered to the gateway."""
        services = self._services
        intake = Intake(self._provider, pipeline, services.store, services.vault, services.clock)
        self._intake = intake
        self._wake = pipeline.wake_sender
        webhook = Webhook(
            self._url,
            self._provider.receives,
            intake,
            services.clock,
            unsigned=self._settings.unsigned,
            unkept=self._unkept.note,
        )
        return [*webhook.routes, *self._api_routes(pipeline)]

    async def resume(self) -> int:
        """Hand in messages that an earlier life of ours kept and did not finish; how many.

        Raises:
            StoreError: they can't be read.
        """
        return 0 if self._intake is None else await self._intake.resume()

    async def register(self) -> None:
        """There is nothing to be told."""

    async def run(self) -> None:
        """Messages are delivered: only wait."""
        await asyncio.Event().wait()

    def started(self, port: int | None) -> Message:
        """Where messages are taken."""
        return _(
            "The relay takes WhatsApp messages to {phone} at port {port}.",
            phone=self.tally.bot,
            port=str(port or ""),
        )

    async def close(self) -> None:
        """Wait until every message and report is kept that was to be."""
        if self._intake is not None:
            await self._intake.close()

    async def let_go(self) -> None:
        """Hang up."""
        await self.memory.close()
        await self._provider.sends.close()
        if self._keeper is not None:
            await self._keeper.close()

    def _api_routes(self, pipeline: Pipeline) -> Sequence[BaseRoute]:
        """Figures and sessions, for who has the token."""
        services = self._services
        token = Secret(services.settings.of(RelaySettings).api_token.get_secret_value())
        if self.memory.sessions is None:
            return ()
        return WhatsAppApi(
            token,
            self._provider.line,
            self.memory.sessions,
            self._phones,
            services.store,
            services.clock,
            pipeline.wake_sender,
        ).routes

    def _keeping(self, services: Services) -> Keeper | None:
        """What keeps the files that users send."""
        files = self._provider.files
        if files is None:
            return None
        line = self._provider.line
        return Keeper(CHANNEL, line, files, services.store, services.vault, services.clock)

    async def _fetch_late(self) -> None:
        if self._keeper is not None and await self._keeper.fetch_late():
            self._wake()

    async def _settle_late(self) -> None:
        if self._intake is not None:
            async with self._services.store.writing() as transaction:
                await self._intake.reports.settle_late(transaction)
                told = await self._unkept.tell(transaction)
            self._unkept.told(told)

    async def _prune(self) -> None:
        if self.memory.sessions is not None:
            await self.memory.sessions.prune()
        async with self._services.store.writing() as transaction:
            await prune_states(transaction)
            await prune_messages(transaction)
