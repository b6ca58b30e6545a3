"""One request to the Plume cloud, and what an answer that fails leaves in the log (plume.md 5 and 6)."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from core.areas.network.client.causes import PLUME, RATE_LIMIT_PAUSE, excerpt
from core.engine.exchange import Exchange
from core.engine.failures import rate_limited
from core.engine.reply import Reply
from core.engine.retries import retry_after
from core.errors import BadAnswerError, RateLimitedError
from core.message import _
from core.moment import Clock

__all__ = ["LoggedExchange", "document", "document_or_none"]

_log = logging.getLogger("opsdeck.network")


class LoggedExchange:
    """Makes requests over an `Exchange` and logs the answers that fail.

    `name` tells the log which of Plume's addresses was asked, so that the address itself needn't stand there.
    """

    def __init__(self, name: str, exchange: Exchange, clock: Clock) -> None:
        self._name = name
        self._exchange = exchange
        self._clock = clock

    async def send(
        self,
        method: str,
        path: str,
        *,
        authorization: str,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        expected: frozenset[int] = frozenset(),
    ) -> Reply:
        """Make a request once; any status is an answer.

        `expected` are failing statuses that are no news, and only a detail in the log.

        Raises:
            UpstreamError: as `Exchange.reply`.
        """
        carried = {"Authorization": authorization, **(headers or {})}
        reply = await self._exchange.reply(method, path, headers=carried, params=params, form=form)
        if reply.status >= 400:
            level = logging.DEBUG if reply.status in expected else logging.INFO
            self._note(level, f"{method} {self._name}/{path}", reply, authorization.split()[1:])
        return reply

    def limited(self, reply: Reply) -> RateLimitedError:
        """What to raise for an answer of the limiter; its host is asked nothing until the wait is over."""
        wait = retry_after(reply.headers.get("retry-after"), self._clock.now()) or RATE_LIMIT_PAUSE
        self._exchange.stay_away(wait)
        return rate_limited(PLUME, wait)

    async def close(self) -> None:
        """Hang up."""
        await self._exchange.close()

    def _note(self, level: int, asked: str, reply: Reply, secrets: list[str]) -> None:
        """Log a failure; of good answers nothing is logged, they may hold anything."""
        if _log.isEnabledFor(level):
            said = excerpt(document_or_none(reply), reply.body, secrets)
            _log.log(level, "%s answered %d: %s", asked, reply.status, said)


def document(reply: Reply) -> object:
    """The body of a success, read as JSON.

    Raises:
        BadAnswerError: it is not JSON, was cut short, is nested too deeply, or is empty.
    """
    try:
        read = reply.document()
    except ValueError as error:
        raise BadAnswerError(_("Plume's answer can't be read: it is not JSON, or was cut short.")) from error
    if read is None:
        raise BadAnswerError(_("Plume's answer can't be read: it is empty."))
    return read


def document_or_none(reply: Reply) -> object:
    """The body of a failure, which may be anything (plume.md 5)."""
    try:
        return reply.document()
    except ValueError:
        return None
