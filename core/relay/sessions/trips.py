"""Commands to Redis that share a trip: what is asked while one is under way goes together with the next."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis

__all__ = ["Trips"]

_Command = tuple[str | int, ...]

_MOST = 500
"""Commands of one trip."""


class Trips:
    """Asks the Redis of `client`, over one connection however many ask at a time."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._waiting: list[tuple[_Command, asyncio.Future[Any]]] = []
        self._under_way: asyncio.Task[None] | None = None

    async def ask(self, *command: str | int) -> Any:
        """What Redis answers to a command.

        Raises:
            RedisError: it refuses the command, or can't be reached.
            OSError: it can't be reached.
            TimeoutError: it does not answer.
        """
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((command, future))
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(self._ask_all(), name="asking Redis")
        return await future

    async def _ask_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            try:
                async with self._client.pipeline(transaction=False) as pipe:
                    for command, _future in batch:
                        pipe.execute_command(*command)  # pyright: ignore[reportUnknownMemberType]
                    answers: Sequence[Any] = await pipe.execute(raise_on_error=False)
            except Exception as error:
                answers = [error] * len(batch)
            for (_command, future), answer in zip(batch, answers, strict=True):
                _settle(future, answer)


def _settle(future: asyncio.Future[Any], answer: object) -> None:
    if future.done():  # whoever asked has given up waiting
        return
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
