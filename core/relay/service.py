"""The relay as a process: what `opsdeck relay run` runs, and what a console asks of it.

Whoever imports this loads nothing heavy; the platforms are loaded where they are used.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import secrets
import sys
from collections.abc import Awaitable, Callable, Generator, Sequence
from typing import TYPE_CHECKING

from core.area import Services
from core.areas.relay.pages.words import HOW_TO_SET_UP
from core.errors import SettingsError
from core.message import Message, _
from core.moment import Clock
from core.notify.channels.channel import Channel
from core.notify.telegram_settings import TelegramSettings
from core.notify.whatsapp_settings import WhatsAppSettings

if TYPE_CHECKING:
    from core.deck import Deck
    from core.settings import SettingsBook

__all__ = ["channels", "lasting_memory", "relay_runner", "run_relay"]

log = logging.getLogger("opsdeck.relay")

Visit = Callable[["Deck"], Awaitable[None]]
"""Something done with the relay's deck."""

_SELDOM = (20_000, 20, 100)
"""When garbage is looked for: objects made since the last time, and how often before the next kind is."""


def channels(services: Services) -> Sequence[Channel]:
    """Telegram and WhatsApp, where they are set up: for any process that sends, whether a relay runs or not.

    Raises:
        SettingsError: a token or an address can't be used.
    """
    found: list[Channel] = []
    if services.settings.of(TelegramSettings).configured:
        from core.relay.telegram.connection import telegram_channel

        found.append(telegram_channel(services, secrets.SystemRandom()))
    if services.settings.of(WhatsAppSettings).configured:
        from core.relay.gateway.media import media_publisher
        from core.relay.whatsapp.wiring import whatsapp_channel

        publisher = media_publisher(services, secrets.SystemRandom())
        publish = None if publisher is None else publisher.publish
        found.append(whatsapp_channel(services, secrets.SystemRandom(), publish))
    return found


def relay_runner() -> asyncio.Runner:
    """What the relay is run by: uvloop's event loop, which costs each answer less, where there is one."""
    if sys.platform == "win32":
        return asyncio.Runner()
    from uvloop import new_event_loop

    return asyncio.Runner(loop_factory=new_event_loop)


async def run_relay(
    book: SettingsBook,
    clock: Clock,
    tell: Callable[[Message], None],
    *,
    prepare: Visit | None = None,
    during: Visit | None = None,
) -> int:
    """Run the relay until the process is told to end (SIGTERM, ctrl+c); the process's exit code.

    `tell` says how it goes. `prepare` is done with the deck before anything is connected; `during` beside the
    relay, which ends with it.

    Raises:
        SettingsError: no platform is set up, or a setting is wrong.
        RefusedError: another process polls the bot; it is named.
        LeaseLostError: another process polls it by now.
        StoreError: the database can't be used.
    """
    _see_that_whatsapp_is_whole(book, tell)
    if not book.of(TelegramSettings).configured and not book.of(WhatsAppSettings).configured:
        raise SettingsError(HOW_TO_SET_UP)
    from core.deck import Deck
    from core.relay.running import Relay, first_to_end
    from core.relay.told_to_end import told_to_end

    with told_to_end() as ending:
        async with await Deck.open(book, clock) as deck:
            if prepare is not None:
                await prepare(deck)
            relay = Relay(deck, tell)
            try:
                await relay.start()
                beside = () if during is None else (during(deck),)
                with lasting_memory():
                    await first_to_end(_set(ending), relay.run(), *beside)
            finally:
                await relay.stop()
    tell(_("The relay has ended."))
    return 0


def _see_that_whatsapp_is_whole(book: SettingsBook, tell: Callable[[Message], None]) -> None:
    """Say what WhatsApp lacks, where Telegram can do without.

    Raises:
        SettingsError: something is missing, and there is no Telegram.
    """
    shortcoming = book.of(WhatsAppSettings).shortcoming
    if shortcoming is None:
        return
    if not book.of(TelegramSettings).configured:
        raise SettingsError(shortcoming)
    tell(shortcoming)


@contextlib.contextmanager
def lasting_memory() -> Generator[None]:
    """Look for garbage seldom inside the block, and never among what is there when it begins.

    That is every class, command and catalogue there is, and lasts as long as the process. Looking through
    it again and again holds up everybody who waits for an answer. So does looking, every few answers, through
    what is being made for those under way: nearly all of it goes by itself when they are sent.
    """
    usual = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


async def _set(event: asyncio.Event) -> None:
    await event.wait()
