"""Making a request again where that is safe and may help, and when."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from tenacity import AsyncRetrying, retry_if_exception

from core.errors import RateLimitedError, UnreachableError
from core.moment import Clock

__all__ = ["retry_after", "with_retries"]

_LONGEST_RETRY_AFTER = 3_600.0
_MOST_JITTER = 0.5  # As a share of the wait, only ever added.

T = TypeVar("T")


async def with_retries(
    attempt: Callable[[], Awaitable[T]],
    *,
    waits: Iterable[float],
    clock: Clock,
    jitter: random.Random,
    patience: float = 30.0,
) -> T:
    """What `attempt` answers, made once more after each of `waits` (seconds) while that may help.

    It may help when the other system can't be reached, or asks for a wait of at most `patience` seconds,
    which is then waited in full. An iterator of waits is used up, so that several requests can share one
    allowance. Only for requests that may safely be made twice.

    Raises:
        UpstreamError: as the last attempt.
    """
    left = iter(waits)
    wait = 0.0

    def may_help(error: BaseException) -> bool:
        """Whether to ask again, and if so after which wait."""
        nonlocal wait
        if not isinstance(error, RateLimitedError | UnreachableError):
            return False
        asked_for = error.wait if isinstance(error, RateLimitedError) else 0.0
        step = next(left, None) if asked_for <= patience else None
        if step is None:
            return False
        wait = max(step, asked_for) * (1 + _MOST_JITTER * jitter.random())
        return True

    async def once() -> T:
        return await attempt()

    retrying = AsyncRetrying(
        retry=retry_if_exception(may_help), wait=lambda _state: wait, sleep=clock.sleep, reraise=True
    )
    return await retrying(once)


def retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for, in either of its forms; never more than an hour.

    `None` when there is no such header, or nothing that can be read in it.
    """
    if value is None:
        return None
    if value.isascii() and value.isdecimal() and len(value) <= 9:
        return min(float(value), _LONGEST_RETRY_AFTER)
    try:
        until: datetime = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), _LONGEST_RETRY_AFTER)
