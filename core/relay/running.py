"""A relay at work: the engine, the sender, the conversations and the lines to platforms in one process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from starlette.routing import BaseRoute

from core.area import Services
from core.areas.relay.model import BEAT_EVERY
from core.areas.relay.processes import PROGRAM
from core.areas.relay.settings import RelaySettings
from core.areas.relay.store.workers import forget_worker, save_worker
from core.deck import Deck
from core.engine.identity import this_process
from core.engine.loopback import is_loopback
from core.errors import StoreError
from core.message import Message, _
from core.notify.telegram_settings import TelegramSettings
from core.notify.whatsapp_settings import WhatsAppSettings
from core.relay.at_work import LineAtWork
from core.relay.connection import Chore, Connection
from core.relay.gateway.app import make_app
from core.relay.gateway.server import GatewayServer
from core.relay.handles import prune_handles
from core.relay.heartbeat import Heartbeat
from core.relay.inbox import prune_inbox
from core.relay.right_of_way import RightOfWay
from core.relay.service import channels

__all__ = ["Relay", "connections", "first_to_end"]

_REPORT_EVERY = 5.0
_EXPIRE_EVERY = 5.0
_PRUNE_EVERY = 3_600.0

_STOP_WITHIN = 1.5
"""Seconds for what is under way; what doesn't end comes again, or is kept for the next start (R31)."""

log = logging.getLogger("opsdeck.relay")


def connections(deck: Deck) -> Sequence[Connection]:
    """The platforms that are set up.

    Raises:
        SettingsError: a token or an address can't be used.
    """
    services, identity = deck.services, this_process(PROGRAM)
    found: list[Connection] = []
    if services.settings.of(TelegramSettings).configured:
        from core.relay.telegram.connection import TelegramConnection

        found.append(TelegramConnection(services, deck.dispatcher.registry, identity))
    if services.settings.of(WhatsAppSettings).configured:
        from core.relay.whatsapp.connection import WhatsAppConnection

        found.append(WhatsAppConnection(services, identity))
    return found


class Relay:
    """Serves chats from `deck`, and runs its engine. `tell` says how it goes."""

    def __init__(self, deck: Deck, tell: Callable[[Message], None]) -> None:
        """Prepare it; nothing is sent.

        Raises:
            SettingsError: a token or an address can't be used.
        """
        self._deck = deck
        self._tell = tell
        self._clock = deck.services.clock
        self._store = deck.services.store
        self._settings = deck.services.settings.of(RelaySettings)
        self._right_of_way = RightOfWay()
        self._lines = [
            LineAtWork(each, deck, self._wake_sender, self._right_of_way) for each in connections(deck)
        ]
        self._heartbeat = Heartbeat(deck.services, self._ailment)
        self._gateway: GatewayServer | None = None
        self._registering: list[asyncio.Task[None]] = []

    @property
    def lines(self) -> Sequence[Connection]:
        """The lines to platforms."""
        return [each.connection for each in self._lines]

    async def start(self) -> None:
        """Take the lines, start the engine where none was, and deal with what an earlier life left.

        Raises:
            SettingsError: a platform doesn't accept the settings, or the gateway's port can't be had.
            RefusedError: another process has a line; it is named.
            StoreError: the database did not do its part.
        """
        for line in self._lines:
            await line.connection.start()
        await self._report()
        if self._deck.engine is None:
            await self._deck.start_engine(PROGRAM, (channels,))
        if self._deck.sender is not None:
            self._deck.sender.give_way_to(self._right_of_way.give_way)
        routes = [route for line in self._lines for route in await line.open()]
        if routes:
            await self._serve(routes)
        for line in self._lines:
            left = await line.connection.resume()
            if left:
                log.info("%s things that came in earlier are dealt with now", left)
        port = None if self._gateway is None else self._gateway.port
        for line in self._lines:
            self._tell(line.connection.started(port))

    async def run(self) -> None:
        """Go on until cancelled.

        Raises:
            LeaseLostError: another process has a line by now.
        """
        chores: list[Chore] = [
            (_REPORT_EVERY, self._report),
            (_PRUNE_EVERY, self._prune),
            (BEAT_EVERY.total_seconds(), self._heartbeat.beat),
        ]
        for line in self._lines:
            chores += [(_EXPIRE_EVERY, line.end_silent_dialogs), *line.connection.chores]
        work = [self._again_and_again(every, what) for every, what in chores]
        await first_to_end(*work, *(line.connection.run() for line in self._lines))

    async def stop(self) -> None:
        """Let what is under way end, give the lines back, say goodbye; the deck is closed by its owner."""
        for task in self._registering:
            task.cancel()
        if self._gateway is not None:
            await self._gateway.stop()
        await asyncio.gather(*(line.stop(_STOP_WITHIN) for line in self._lines))
        await self._heartbeat.close()
        try:
            for line in self._lines:
                await line.connection.let_go()
            async with self._store.writing() as transaction:
                for worker in {line.connection.tally.worker for line in self._lines}:
                    await forget_worker(transaction, worker)
        except StoreError as error:
            log.warning("the relay could not say goodbye: %s", error)

    async def _serve(self, routes: Sequence[BaseRoute]) -> None:
        """Take what is delivered."""
        host, port = self._settings.gateway_host, self._settings.gateway_port
        everything = [*routes, *_more_routes(self._deck.services)]
        app = make_app(everything, lambda: all(line.connection.healthy for line in self._lines))
        self._gateway = GatewayServer(app, host, port)
        await self._gateway.start()
        self._registering = [
            asyncio.create_task(line.connection.register(), name="webhook") for line in self._lines
        ]
        if not is_loopback(host):
            self._tell(
                _(
                    "The gateway at {host} is open to others, without TLS of its own: put a proxy in front.",
                    host=host,
                )
            )

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
        now = self._clock.now()
        async with self._store.writing() as transaction:
            for line in self._lines:
                await save_worker(transaction, line.connection.tally.said(now, line.pipeline.waiting))

    def _ailment(self) -> Message | None:
        """What keeps the relay from being well at present, if anything (reliability.md R16)."""
        if self._deck.engine_state.holder is None:
            return _("No process runs the background jobs.")
        if self._deck.sender is None or not self._deck.sender.alive:
            return _("Nothing takes messages out of the outbox.")
        well = all(line.connection.healthy for line in self._lines)
        return None if well else _("No poll comes back well.")

    async def _prune(self) -> None:
        async with self._store.writing() as transaction:
            await prune_handles(transaction, transaction.recorded_at)
            await prune_inbox(transaction)

    def _wake_sender(self) -> None:
        if self._deck.sender is not None:
            self._deck.sender.wake()


def _more_routes(services: Services) -> Sequence[BaseRoute]:
    """What the gateway serves beside webhooks: the media that answers lead to."""
    from core.relay.gateway.media import media_files

    return media_files(services).routes


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
