"""Asking the Plume cloud with a token: when to renew it, to repeat, to stay away (plume.md 2, 5 and 6)."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping

from core.areas.network.client.causes import refusal
from core.areas.network.client.endpoints import Base, Target
from core.areas.network.client.exchange import LoggedExchange
from core.areas.network.client.oauth import TokenSource
from core.engine.reply import Reply
from core.engine.retries import with_retries
from core.errors import UpstreamError
from core.moment import Clock

__all__ = ["PlumeSession", "refused"]

_WAITS = (1.0, 3.0)
"""Seconds before each repeat of a read (plume.md 5)."""


class PlumeSession:
    """Asks the addresses of the cloud with the tokens of one credential.

    It remembers which targets answered well, since their 403 is the limiter's, and which rejected even a
    new token.
    """

    def __init__(
        self,
        exchanges: Mapping[Base, LoggedExchange],
        tokens: TokenSource,
        *,
        clock: Clock,
        jitter: random.Random,
    ) -> None:
        self._exchanges = exchanges
        self._tokens = tokens
        self._clock = clock
        self._jitter = jitter
        self._answered: set[str] = set()
        self._refused: set[str] = set()

    async def ask(self, target: Target, *, expected: frozenset[int] = frozenset()) -> Reply:
        """The answer to a request, whatever its status but for these; a GET is repeated.

        `expected` are failing statuses that are no news.

        Raises:
            SignInError: the credentials are not accepted.
            UnreachableError: there was no answer, or a fault over there (5xx, except that 501 would stay).
            RateLimitedError: the limiter answered, or has done so before and the wait isn't over.
            BadAnswerError: the answer is too large, or packed in a broken way.
        """

        async def attempts(token: str) -> Reply:
            return await with_retries(
                lambda: self._attempt(target, token, expected),
                waits=_WAITS if target.method == "GET" else (),
                clock=self._clock,
                jitter=self._jitter,
                patience=0.0,
            )

        return await self._with_token(target, attempts)

    async def _attempt(self, target: Target, token: str, expected: frozenset[int]) -> Reply:
        """One request; what may pass by itself is an error here, so that it is tried again."""
        reply = await self._exchanges[target.base].send(
            target.method,
            target.path,
            authorization=f"Bearer {token}",
            params=target.params,
            expected=expected,
        )
        if reply.status >= 500 and reply.status != 501:
            raise refused(target, reply)
        return reply

    async def _with_token(self, target: Target, ask: Callable[[str], Awaitable[Reply]]) -> Reply:
        """Ask with a token, and once more with a new one when that was rejected (plume.md 2.3).

        A 401 means that nothing was done, so this is safe for a write too. It also means an unknown
        customer (plume.md 2.6): a target that rejected a new token is not worth another one each time.
        """
        token = await self._tokens.token()
        reply = await ask(token)
        if reply.status == 401 and target.place not in self._refused:
            reply = await ask(await self._tokens.renew(token))
            if reply.status == 401:
                self._refused.add(target.place)
        if reply.status != 401:
            self._refused.discard(target.place)
        self._heed_limits(target, reply)
        if 200 <= reply.status < 300:
            self._answered.add(target.place)
        return reply

    def _heed_limits(self, target: Target, reply: Reply) -> None:
        """Stay away when told to: by 429, or by a 403 of what answered before (plume.md 6).

        Raises:
            RateLimitedError: the limiter answered.
        """
        if reply.status == 429 or (reply.status == 403 and target.place in self._answered):
            raise self._exchanges[target.base].limited(reply)


def refused(target: Target, reply: Reply) -> UpstreamError:
    """What a failing status means for what was asked."""
    return refusal(reply.status, customer=target.customer, location=target.location, parameters=target.params)
