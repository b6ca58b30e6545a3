"""Sessions in a Redis that several relays share (whatsapp.md A7).

A session is one key, `whatsapp:` and what the phone is called (`05eb….001`), whose value is JSON and which
every message keeps alive for as long again. Beside it another key remembers for a day that a form was open,
so that its person can be told.

Redis and the database can't commit together. So each session names what it follows from and holds the one
before: what was dealt with and not recorded, because the process or the database ended in between, meets the
session as it was, and leads to the same again (reliability.md R13). While Redis is away nothing is made up in
its place: what came in is durable and waits, and goes on in its order when Redis is back.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncConnection

from core.message import _
from core.moment import Clock
from core.relay.dialog import known_names, state_name
from core.relay.inbound import Inbound
from core.relay.sessions.database import REMEMBERED
from core.relay.sessions.store import Session, SessionsAwayError
from core.relay.sessions.trips import Trips
from core.relay.sessions.turns import LEASE
from core.relay.turn import DialogChange, OpenDialog, Talk, Turn
from core.store.store import Transaction

__all__ = ["RedisSessions", "RedisTurns", "open_redis"]

_PATIENCE = 2.0
"""Seconds that a command may take before Redis is taken for being away."""

_ASK_AGAIN = 0.02
_ASK_SELDOM = 0.25
_AT_ONCE = 500

_CONNECTIONS = 16
"""Connections to Redis at most: who finds none free waits for one, rather than being told that it is away."""

_LEASE_MS = int(LEASE.total_seconds() * 1_000)
_GIVE_BACK = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"
_KEEP = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then "
    "return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0"
)

log = logging.getLogger("opsdeck.relay")


def open_redis(url: str) -> Redis:
    """A client of the Redis at `url`; nothing is connected before something is asked."""
    pool = BlockingConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType]
        url,
        max_connections=_CONNECTIONS,
        timeout=_PATIENCE,
        decode_responses=True,
        socket_timeout=_PATIENCE,
        socket_connect_timeout=_PATIENCE,
    )
    return Redis.from_pool(pool)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A session as Redis has it. `cause` is what came in that it follows from, `before` the one before it."""

    dialog: str
    language: str
    created_at: str
    updated_at: str
    ends_at: str
    cause: str = ""
    before: Mapping[str, Any] | None = None

    @classmethod
    def read(cls, value: str | Mapping[str, Any]) -> _Kept | None:
        """What a key holds; nothing if that is none of ours."""
        try:
            fields = json.loads(value) if isinstance(value, str) else value
            known = {name: fields[name] for name in cls.__slots__}
            made = cls(**known)
            datetime.fromisoformat(made.ends_at)
            datetime.fromisoformat(made.created_at)
        except (KeyError, TypeError, ValueError):
            return None
        return made

    def written(self, user: str) -> dict[str, Any]:
        """Its fields, with those by which others know it."""
        known = {name: getattr(self, name) for name in self.__slots__}
        names = list(known_names(self.dialog))
        return {"phone_number": user, "state": state_name(self.dialog), "data": names, **known}

    @property
    def open_dialog(self) -> OpenDialog:
        return OpenDialog(
            self.dialog,
            datetime.fromisoformat(self.ends_at),
            self.language,
            datetime.fromisoformat(self.created_at),
        )


class RedisSessions:
    """The sessions of one channel. `client` answers in text."""

    def __init__(self, channel: str, client: Redis, clock: Clock) -> None:
        self._channel = channel
        self._client = client
        self._clock = clock

    async def read(self, connection: AsyncConnection, batch: Sequence[Inbound]) -> Mapping[Talk, OpenDialog]:
        causes = {
            (each.channel, each.chat, each.sender.user): f"{each.line}:{each.key}"
            for each in batch
            if each.sender is not None
        }
        if not causes:
            return {}
        talks = list(causes)
        async with _reached():
            keys = [self._key(user) for _channel, _chat, user in talks]
            values = await self._values([*keys, *map(_open_form, keys)])
        found: dict[Talk, OpenDialog] = {}
        for talk, value, form in zip(talks, values[: len(talks)], values[len(talks) :], strict=True):
            known = self._known(value, form, causes[talk])
            if known is not None:
                found[talk] = known
        return found

    async def write(self, transaction: Transaction, pairs: Sequence[tuple[Inbound, Turn]]) -> None:
        changes = {
            turn.dialog.user: (turn.dialog, f"{inbound.line}:{inbound.key}")
            for inbound, turn in pairs
            if turn.dialog is not None
        }
        if not changes:
            return
        now = transaction.recorded_at
        async with _reached():
            before = await self._values([self._key(user) for user in changes])
            async with self._client.pipeline(transaction=False) as pipe:
                for (user, (change, cause)), value in zip(changes.items(), before, strict=True):
                    self._put(pipe, user, change, cause, value, now)
                await pipe.execute()

    async def present(self) -> Sequence[Session]:
        found: list[Session] = []
        async with _reached():
            found_keys = cast(
                "AsyncIterator[str]",
                self._client.scan_iter(f"{self._channel}:*", count=_AT_ONCE),  # pyright: ignore[reportUnknownMemberType]
            )
            # What lies beside a session has another colon, and a scan may come by a key twice.
            keys = list({key async for key in found_keys if ":" not in key.removeprefix(f"{self._channel}:")})
            for start in range(0, len(keys), _AT_ONCE):
                part = keys[start : start + _AT_ONCE]
                for key, value in zip(part, await self._values(part), strict=True):
                    kept = _Kept.read(value) if value is not None else None
                    if kept is not None:
                        found.append(self._session(key.removeprefix(f"{self._channel}:"), kept))
        return sorted(found, key=lambda each: each.updated_at, reverse=True)

    async def end(self, user: str) -> bool:
        async with _reached():
            key = self._key(user)
            return bool(await self._client.delete(key, _open_form(key)))

    async def prune(self) -> None:
        """Redis forgets by itself."""

    async def _values(self, keys: Sequence[str]) -> list[str | None]:
        """What the keys hold, as text."""
        return cast("list[str | None]", await self._client.mget(list(keys)))

    def _key(self, user: str) -> str:
        return f"{self._channel}:{user}"

    def _known(self, value: str | None, form: str | None, cause: str) -> OpenDialog | None:
        """The dialog in which `cause` came in: the one before, where this one follows from it already."""
        kept = _Kept.read(value) if value is not None else None
        if kept is not None and kept.cause == cause:
            kept = _Kept.read(kept.before) if kept.before is not None else None
        if kept is not None:
            return kept.open_dialog
        lapsed = _Kept.read(form) if form is not None else None
        if lapsed is None or lapsed.open_dialog.ends_at > self._clock.now():
            return None
        return lapsed.open_dialog

    def _put(
        self,
        pipe: Any,
        user: str,
        change: DialogChange,
        cause: str,
        value: str | None,
        now: datetime,
    ) -> None:
        """Queue what the change writes: the session, and beside it whether a form is open."""
        key = self._key(user)
        if change.state is None or change.ends_at is None:
            pipe.delete(key, _open_form(key))
            return
        earlier = _Kept.read(value) if value is not None else None
        before: Mapping[str, Any] | None = None
        if earlier is not None:
            if earlier.cause == cause:
                before = earlier.before
            else:
                before = {name: getattr(earlier, name) for name in _Kept.__slots__} | {"before": None}
        kept = _Kept(
            dialog=change.state,
            language=change.language,
            created_at=(change.began_at or now).isoformat(),
            updated_at=now.isoformat(),
            ends_at=change.ends_at.isoformat(),
            cause=cause,
            before=before,
        )
        expiry = max(change.ends_at - now, timedelta(seconds=1))
        pipe.set(key, json.dumps(kept.written(user), ensure_ascii=False), px=expiry)
        if change.state:
            form = json.dumps({name: getattr(kept, name) for name in _Kept.__slots__} | {"before": None})
            pipe.set(_open_form(key), form, px=expiry + REMEMBERED)
        else:
            pipe.delete(_open_form(key))

    def _session(self, user: str, kept: _Kept) -> Session:
        return Session(
            user,
            state_name(kept.dialog),
            known_names(kept.dialog),
            datetime.fromisoformat(kept.created_at),
            datetime.fromisoformat(kept.updated_at),
        )


class RedisTurns:
    """Whose turn it is, kept in Redis: a key for each user, which lapses with the process that holds it."""

    def __init__(self, channel: str, client: Redis, clock: Clock) -> None:
        self._channel = channel
        self._trips = Trips(client)
        self._clock = clock
        self._held: dict[str, str] = {}

    @asynccontextmanager
    async def of(self, user: str) -> AsyncGenerator[None]:
        key, token, pause = f"{self._channel}:{user}:turn", secrets.token_hex(16), _ASK_AGAIN
        while not await self._take(key, token):
            await self._clock.sleep(pause)
            pause = min(2 * pause, _ASK_SELDOM)
        self._held[key] = token
        try:
            yield
        finally:
            del self._held[key]
            try:
                async with _reached():
                    await self._trips.ask("EVAL", _GIVE_BACK, 1, key, token)
            except SessionsAwayError as error:
                log.warning("a turn is not given back, and lapses: %s", error)

    async def renew(self) -> None:
        if not self._held:
            return
        async with _reached():
            kept = [self._trips.ask("EVAL", _KEEP, 1, *each, _LEASE_MS) for each in self._held.items()]
            await asyncio.gather(*kept)

    async def close(self) -> None:
        """Nothing is left to be given back."""

    async def _take(self, key: str, token: str) -> bool:
        async with _reached():
            return bool(await self._trips.ask("SET", key, token, "NX", "PX", _LEASE_MS))


def _open_form(key: str) -> str:
    return f"{key}:form"


@asynccontextmanager
async def _reached() -> AsyncGenerator[None]:
    """Say in our words that Redis can't be had; what it said itself may hold its address and password."""
    try:
        yield
    except (RedisError, OSError, TimeoutError) as error:
        log.warning("Redis is away: %s", type(error).__name__)
        raise SessionsAwayError(
            _("Redis can’t be reached (REDIS_URL). What came in waits until it is back.")
        ) from error
