"""What a line's conversations are remembered by: in Redis where it is set up, else in the database."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from limits.aio.storage import Storage

from core.areas.relay.settings import RelaySettings
from core.moment import Clock
from core.notify.whatsapp_settings import WhatsAppSettings
from core.relay.manners import Manners
from core.relay.moving_window import ClockStorage
from core.relay.sessions.database import DatabaseDialogs, DatabaseSessions
from core.relay.sessions.store import DialogStore, Sessions, Turns
from core.relay.sessions.turns import DatabaseTurns
from core.store.store import Store

__all__ = ["Memory", "plain_memory", "session_memory"]


@dataclass(frozen=True, slots=True)
class Memory:
    """Where a line's dialogs are, whose turn it is, and how much everybody sent.

    Where `turns` is missing only one process hears the line. `sessions` are the dialogs where a person may
    ask for them. `close` gives back what it holds.
    """

    manners: Manners
    dialogs: DialogStore
    counts: Storage
    close: Callable[[], Awaitable[None]]
    turns: Turns | None = None
    sessions: Sessions | None = None


def plain_memory(settings: RelaySettings, clock: Clock) -> Memory:
    """Dialogs in the database, and nothing that outlives them."""
    manners = Manners(settings.dialog_silence, settings.per_minute)

    async def close() -> None:
        """Nothing is held."""

    return Memory(manners, DatabaseDialogs(), ClockStorage(clock), close)


def session_memory(channel: str, settings: WhatsAppSettings, store: Store, clock: Clock) -> Memory:
    """Sessions that begin with the menu, shared by all processes that hear the line."""
    manners = Manners(settings.session_timeout, settings.per_minute, menu=True)
    if settings.redis is None or not settings.use_redis:
        turns, sessions = (
            DatabaseTurns(channel, store, clock, secrets.token_hex(16)),
            DatabaseSessions(channel, store),
        )
        return Memory(manners, sessions, ClockStorage(clock), turns.close, turns, sessions)
    from core.relay.sessions.counts import SharedCounts
    from core.relay.sessions.redis import RedisSessions, RedisTurns, open_redis

    url = str(settings.redis)
    client = open_redis(url)
    counts = SharedCounts(url, ClockStorage(clock))

    async def close() -> None:
        await client.aclose()
        await counts.close()

    kept = RedisSessions(channel, client, clock)
    return Memory(manners, kept, counts, close, RedisTurns(channel, client, clock), kept)
