"""How much everybody sent, counted in a Redis that several relays share (library `limits`)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

from limits.aio.storage import MovingWindowSupport, RedisStorage, Storage
from limits.aio.storage.redis.redispy import RedispyBridge
from limits.errors import StorageError
from redis.asyncio import BlockingConnectionPool, Redis

from core.relay.moving_window import ClockStorage

__all__ = ["SharedCounts"]

T = TypeVar("T")

_PATIENCE = 1.0
_CONNECTIONS = 16

log = logging.getLogger("opsdeck.relay")


class SharedCounts(Storage, MovingWindowSupport):
    """Moving windows in the Redis at `url`; while it is away this process counts by itself, in `own`.

    A limit protects us, so that one which can't be shared is still one: better than to let everything in, or
    nothing.
    """

    STORAGE_SCHEME: list[str] | None = None

    def __init__(self, url: str, own: ClockStorage) -> None:
        super().__init__()
        self._own = own
        pool = BlockingConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType]
            url,
            max_connections=_CONNECTIONS,
            timeout=_PATIENCE,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
        )
        self._shared = RedisStorage(
            f"async+{url}",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix="whatsapp-limits",
            connection_pool=cast(Any, pool),  # it is handed on to the client as it is
        )

    @property
    def base_exceptions(self) -> type[Exception]:
        return StorageError

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Whether `amount` more hits fit into the window; they count only then."""
        return await self._either(
            lambda: self._shared.acquire_entry(key, limit, expiry, amount),
            lambda: self._own.acquire_entry(key, limit, expiry, amount),
        )

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest hit of the window was, and how many there are."""
        return await self._either(
            lambda: self._shared.get_moving_window(key, limit, expiry),
            lambda: self._own.get_moving_window(key, limit, expiry),
        )

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count without a limit."""
        return await self._either(
            lambda: self._shared.incr(key, expiry, amount), lambda: self._own.incr(key, expiry, amount)
        )

    async def get(self, key: str) -> int:
        """How many hits were counted without a limit."""
        return await self._either(lambda: self._shared.get(key), lambda: self._own.get(key))

    async def get_expiry(self, key: str) -> float:
        """When the newest hit leaves the window."""
        return await self._either(lambda: self._shared.get_expiry(key), lambda: self._own.get_expiry(key))

    async def check(self) -> bool:
        """Whether the windows are shared at present."""
        return bool(await self._shared.check())

    async def reset(self) -> int | None:
        """Forget everything; how many windows there were."""
        await self._own.reset()
        return await self._shared.reset()

    async def clear(self, key: str) -> None:
        """Forget one window."""
        await self._either(lambda: self._shared.clear(key), lambda: self._own.clear(key))

    async def close(self) -> None:
        """Hang up."""
        bridge = cast(RedispyBridge, self._shared.bridge)  # that of the implementation chosen above
        await cast(Redis, bridge.get_connection()).aclose()

    async def _either(self, shared: Callable[[], Awaitable[T]], own: Callable[[], Awaitable[T]]) -> T:
        try:
            return await shared()
        except StorageError as error:
            log.warning("the limits are not shared: %s", type(error.__cause__ or error).__name__)
            return await own()
