"""One call to Taara, made and logged: whatever comes of it, it leaves an `ApiCall` without secrets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from core.areas.usage.client.endpoints import Target
from core.areas.usage.client.redaction import LONGEST_EXCERPT, Redactor
from core.areas.usage.model import ApiCall
from core.engine.exchange import Exchange
from core.engine.reply import Reply
from core.errors import UpstreamError
from core.message import Message, _
from core.moment import Clock
from core.text import shorten

__all__ = ["CallLog", "LoggedExchange"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CallLog:
    """Where the calls of one poll are written down, and what takes the secrets out of them."""

    calls: list[ApiCall]
    redactor: Redactor


class LoggedExchange:
    """Makes calls over an `Exchange` and logs them as they end."""

    def __init__(self, exchange: Exchange, clock: Clock) -> None:
        self._exchange = exchange
        self._clock = clock

    async def call(self, target: Target, read: Callable[[Reply], T], log: CallLog) -> T:
        """Make the call once, and answer what `read` makes of the reply; its errors count as the call's.

        Raises:
            UpstreamError: as the exchange, or as `read`.
        """
        at, began = self._clock.now(), self._clock.monotonic()
        reply: Reply | None = None
        error: Message | None = _("The call was given up before it was answered.")
        try:
            reply = await self._exchange.reply(
                target.method, target.path, json=target.json, headers=target.headers, params=target.params
            )
            result = read(reply)
            error = None
        except UpstreamError as failure:
            error = failure.message
            raise
        finally:
            took = reply.milliseconds if reply else round((self._clock.monotonic() - began) * 1000)
            log.calls.append(_logged(target, reply, log.redactor, at, took, error))
        return result


def _logged(
    target: Target,
    reply: Reply | None,
    redactor: Redactor,
    at: datetime,
    milliseconds: int,
    error: Message | None,
) -> ApiCall:
    request = "" if target.json is None else redactor.document(target.json)
    response = "" if reply is None else redactor.body(reply.body)
    return ApiCall(
        operation=target.operation,
        method=target.method,
        path=target.shown_path,
        at=at,
        success=error is None,
        status=None if reply is None else reply.status,
        milliseconds=milliseconds,
        error=error,
        request=shorten(request, LONGEST_EXCERPT),
        response=shorten(response, LONGEST_EXCERPT),
    )
