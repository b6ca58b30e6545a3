"""Everything the relay's page and its light are made of, read at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.area import Request
from core.areas.relay.model import (
    BEAT_EVERY,
    HEARTBEAT,
    TELEGRAM,
    WHATSAPP,
    Chat,
    Identity,
    Traffic,
    Worker,
)
from core.areas.relay.rules.condition import Condition, condition
from core.areas.relay.rules.window import WhatsAppUser
from core.areas.relay.settings import RelaySettings
from core.areas.relay.store.chats import read_chats
from core.areas.relay.store.identities import read_identities
from core.areas.relay.store.traffic import read_hours, read_traffic, waiting_notices
from core.areas.relay.store.whatsapp import read_users
from core.areas.relay.store.workers import line_holders, read_workers
from core.engine.lease import LeaseHolder
from core.moment import Window
from core.notify.delivery.recipients import gone_recipients
from core.notify.telegram_settings import TelegramSettings
from core.notify.whatsapp_settings import WhatsAppSettings
from core.page import SourceState
from core.store.polls import health

__all__ = [
    "Bots",
    "Chats",
    "Standing",
    "configured_channels",
    "read_bots",
    "read_chats_page",
    "read_condition",
    "read_standing",
]

_CHANNELS = (TELEGRAM, WHATSAPP)
_SENDING_TAKES = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the relay is at present.

    By channel, `traffic` is what went to and fro, and `hours` how much came in by the hour
    (`store.traffic.read_hours`); a channel is there when it is set up, or was. `whatsapp` is who wrote there,
    `watcher` how telling the outside watcher goes, where there is one.
    """

    condition: Condition
    workers: tuple[Worker, ...]
    holders: Mapping[str, LeaseHolder]
    traffic: Mapping[str, Traffic]
    hours: Mapping[str, Mapping[int, int]]
    whatsapp: tuple[WhatsAppUser, ...] = ()
    watcher: SourceState | None = None

    @property
    def waiting(self) -> int:
        """How many messages wait to go out by any channel."""
        return sum(each.waiting for each in self.traffic.values())


@dataclass(frozen=True, slots=True)
class Bots:
    """Whom to write to on each platform: a user name, and a number with its plus; empty where unknown."""

    telegram: str = ""
    whatsapp: str = ""


@dataclass(frozen=True, slots=True)
class Chats:
    """Who is known, and the chats, as of some moment; `gone` are those that nothing reaches any more."""

    identities: tuple[Identity, ...]
    chats: tuple[Chat, ...]
    gone: frozenset[tuple[str, str]]


async def read_condition(request: Request) -> tuple[Condition, int]:
    """How the relay is at present, and how many messages wait to go out by it."""
    settings = request.services.settings.of(TelegramSettings)
    async with request.services.store.reading() as connection:
        workers = await read_workers(connection)
        queues = [await waiting_notices(connection, channel) for channel in _CHANNELS]
    waiting = sum(_overdue(count, oldest, request.now) for count, oldest in queues)
    found = condition(
        workers,
        configured=bool(configured_channels(request)),
        poll_timeout=settings.poll_timeout,
        waiting=waiting,
        now=request.now,
    )
    return found, waiting


async def read_standing(request: Request, since: datetime, window: Window) -> Standing:
    """How the relay is at present, with what went to and fro since a moment, and came in within a window."""
    settings = request.services.settings.of(TelegramSettings)
    host = request.services.settings.of(RelaySettings).watcher
    async with request.services.store.reading() as connection:
        watcher = await health(connection, HEARTBEAT, host, request.now, BEAT_EVERY) if host else None
        workers = await read_workers(connection)
        holders = await line_holders(connection, {each.line for each in workers}, request.now)
        traffic = {each: await read_traffic(connection, each, since, request.now) for each in _CHANNELS}
        hours = {each: await read_hours(connection, each, window) for each in _CHANNELS}
        whatsapp = await read_users(connection)
    configured = configured_channels(request)
    found = condition(
        workers,
        configured=bool(configured),
        poll_timeout=settings.poll_timeout,
        waiting=sum(_overdue(each.waiting, each.oldest, request.now) for each in traffic.values()),
        now=request.now,
    )
    shown = [each for each in _CHANNELS if each in configured or hours[each] or traffic[each] != Traffic()]
    return Standing(
        found,
        tuple(workers),
        holders,
        {each: traffic[each] for each in shown},
        {each: hours[each] for each in shown},
        tuple(whatsapp),
        watcher,
    )


def configured_channels(request: Request) -> set[str]:
    """The channels that are set up."""
    settings = request.services.settings
    by_channel = {
        TELEGRAM: settings.of(TelegramSettings).configured,
        WHATSAPP: settings.of(WhatsAppSettings).configured,
    }
    return {channel for channel, configured in by_channel.items() if configured}


def _overdue(waiting: int, oldest: datetime | None, now: datetime) -> int:
    """How many messages wait, once the first of them has waited for longer than sending takes.

    Any process with a sender sends them, a console too: what was made a moment ago waits for nobody.
    """
    return waiting if oldest is not None and now - oldest >= _SENDING_TAKES else 0


async def read_chats_page(request: Request) -> Chats:
    """Who is known, and the chats, as of the request's moment."""
    async with request.services.store.reading() as connection:
        identities = await read_identities(connection, request.moment)
        chats = await read_chats(connection, request.moment)
        gone = await gone_recipients(connection)
    return Chats(tuple(identities), tuple(chats), frozenset((each.channel, each.address) for each in gone))


async def read_bots(request: Request) -> Bots:
    """Whom to write to: as a relay learned of Telegram, else as the settings say."""
    settings = request.services.settings
    whatsapp = settings.of(WhatsAppSettings)
    async with request.services.store.reading() as connection:
        workers = await read_workers(connection)
    learned = (each.bot for each in workers if each.bot and each.line.startswith(f"{TELEGRAM}:"))
    telegram = next(learned, "").removeprefix("@") or settings.of(TelegramSettings).bot_name
    return Bots(telegram, whatsapp.sender if whatsapp.configured else "")
