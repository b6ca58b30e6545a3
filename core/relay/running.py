"""A relay at work: the engine, the sender, the conversations and the bot's line in one process."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable

from core.areas.relay.model import BEAT_EVERY
from core.areas.relay.processes import PROGRAM
from core.areas.relay.settings import RelaySettings
from core.areas.relay.store.workers import forget_worker, save_worker
from core.deck import Deck
from core.engine.addresses import is_loopback
from core.engine.identity import this_process
from core.errors import StoreError
from core.message import Message, _
from core.relay.conversation import Conversations
from core.relay.gateway.app import make_app
from core.relay.gateway.server import GatewayServer
from core.relay.handles import prune_handles
from core.relay.heartbeat import Heartbeat
from core.relay.inbox import prune_inbox
from core.relay.pipeline import Pipeline
from core.relay.recording import record
from core.relay.service import channels
from core.relay.telegram.connection import TelegramConnection
from core.relay.telegram.intake import Intake

__all__ = ["Relay", "first_to_end"]

_REPORT_EVERY = 5.0
_EXPIRE_EVERY = 5.0
_MENU_EVERY = 60.0
_INTRODUCE_EVERY = 15.0
_PRUNE_EVERY = 3_600.0

_STOP_WITHIN = 1.5
"""Seconds for what is under way; what doesn't end comes again, or is kept for the next start (R31)."""

log = logging.getLogger("opsdeck.relay")


class Relay:
    """Serves chats from `deck`, and runs its engine. `tell` says how it goes."""

    def __init__(self, deck: Deck, tell: Callable[[Message], None]) -> None:
        """Prepare it; nothing is sent.

        Raises:
            SettingsError: the token or the address can't be used.
        """
        services = deck.services
        self._deck = deck
        self._tell = tell
        self._clock = services.clock
        self._store = services.store
        self._settings = services.settings.of(RelaySettings)
        self._connection = TelegramConnection(services, deck.dispatcher.registry, this_process(PROGRAM))
        line = self._connection.line
        self._conversations = Conversations(
            deck,
            {line.channel: line},
            self._settings,
            services.clock,
            secrets.SystemRandom(),
        )
        self._pipeline = Pipeline(
            self._conversations,
            record,
            services.store,
            line,
            services.clock,
            self._connection.tally,
            committed=self._wake_sender,
        )
        self._heartbeat = Heartbeat(services, self._ailment)
        self._intake: Intake = self._connection.intake(self._pipeline)
        self._gateway: GatewayServer | None = None
        self._registering: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take the bot's line, start the engine where none was, and deal with what an earlier life left.

        Raises:
            SettingsError: Telegram doesn't accept the token, or the gateway's port can't be had.
            RefusedError: another process polls the bot; it is named.
            StoreError: the database did not do its part.
        """
        await self._connection.introduce()
        await self._connection.take_line()
        await self._report()
        if self._deck.engine is None:
            await self._deck.start_engine(PROGRAM, (channels,))
        self._pipeline.start()
        if self._connection.by_webhook:
            await self._serve()
        left = await self._intake.resume()
        if left:
            log.info("%s things that came in earlier are dealt with now", left)
        self._tell_of_start()

    async def run(self) -> None:
        """Go on until cancelled.

        Raises:
            LeaseLostError: another process polls the bot by now.
        """
        connection = self._connection
        work = [
            self._again_and_again(every, what)
            for every, what in (
                (_REPORT_EVERY, self._report),
                (_EXPIRE_EVERY, self._end_silent_dialogs),
                (_PRUNE_EVERY, self._prune),
                (_MENU_EVERY, connection.menus.refresh),
                (_INTRODUCE_EVERY, connection.introduce_late),
                (BEAT_EVERY.total_seconds(), self._heartbeat.beat),
            )
        ]
        if self._gateway is None:
            work.append(connection.poller(self._intake).run())
        await first_to_end(*work)

    async def stop(self) -> None:
        """Let what is under way end, give the line back, and say goodbye; the deck is closed by its owner."""
        if self._registering is not None:
            self._registering.cancel()
        if self._gateway is not None:
            await self._gateway.stop()
        await self._pipeline.stop(_STOP_WITHIN)
        await self._intake.close()
        await self._heartbeat.close()
        try:
            await self._connection.let_go()
            async with self._store.writing() as transaction:
                await forget_worker(transaction, self._connection.tally.worker)
        except StoreError as error:
            log.warning("the relay could not say goodbye: %s", error)

    async def _serve(self) -> None:
        """Take updates that are delivered."""
        webhook = await self._connection.webhook(self._intake)
        host, port = self._settings.gateway_host, self._settings.gateway_port
        app = make_app(self._connection.routes(webhook), lambda: self._connection.healthy)
        self._gateway = GatewayServer(app, host, port)
        await self._gateway.start()
        self._registering = asyncio.create_task(self._connection.register(webhook), name="webhook")
        if not is_loopback(host):
            self._tell(
                _(
                    "The gateway at {host} is open to others, without TLS of its own: put a proxy in front.",
                    host=host,
                )
            )

    def _tell_of_start(self) -> None:
        bot = self._connection.tally.bot or self._connection.line.name
        if self._gateway is None:
            self._tell(_("The relay polls for @{bot}.", bot=bot))
        else:
            port = str(self._gateway.port)
            self._tell(_("The relay takes updates for @{bot} at port {port}.", bot=bot, port=port))

    async def _again_and_again(self, every: float, what: Callable[[], Awaitable[None]]) -> None:
        """Do it every so many seconds; that it fails once, or by a fault of ours, ends nothing."""
        while True:
            try:
                await what()
            except StoreError as error:
                log.warning("the database is waited for: %s", error)
            except Exception:
                log.exception("a fault in opsdeck beside the conversations")
            await self._clock.sleep(every)

    async def _report(self) -> None:
        """Say how it goes, for everybody who looks at the Relay pane."""
        worker = self._connection.tally.said(self._clock.now(), self._pipeline.waiting)
        async with self._store.writing() as transaction:
            await save_worker(transaction, worker)

    def _ailment(self) -> Message | None:
        """What keeps the relay from being well at present, if anything (reliability.md R16)."""
        if self._deck.engine_state.holder is None:
            return _("No process runs the background jobs.")
        if self._deck.sender is None or not self._deck.sender.alive:
            return _("Nothing takes messages out of the outbox.")
        return None if self._connection.healthy else _("No poll comes back well.")

    async def _end_silent_dialogs(self) -> None:
        if await self._conversations.expire():
            self._wake_sender()

    async def _prune(self) -> None:
        async with self._store.writing() as transaction:
            await prune_handles(transaction, transaction.recorded_at)
            await prune_inbox(transaction)

    def _wake_sender(self) -> None:
        if self._deck.sender is not None:
            self._deck.sender.wake()


async def first_to_end(*work: Awaitable[None]) -> None:
    """Do all of it side by side until one piece is over; how that ended is how all of it ends."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        done, _left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
