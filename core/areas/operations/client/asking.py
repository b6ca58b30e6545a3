"""Asking a web address for a health check: a line of its own for each, and its failures as findings."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx

from core.areas.operations.client import pinned
from core.areas.operations.model import Finding, HealthStatus, Reason
from core.engine.exchange import Exchange
from core.engine.politeness import Politeness
from core.engine.reply import Reply
from core.errors import BadAnswerError, OpsdeckError, RateLimitedError
from core.message import Message
from core.moment import Clock

__all__ = ["Line", "failure_finding", "split_address"]

_SHARE_OF_LIMIT = 0.9
"""An exchange ends before the check's own limit does, so that the reason told is the more exact one."""


class Line:
    """A kept-alive line to one address that health checks use."""

    def __init__(
        self,
        address: str,
        *,
        service: Message,
        setting: str,
        politeness: Politeness,
        clock: Clock,
        limit: float,
        headers: Mapping[str, str] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`address` is the whole address; `limit` is the check's time limit in seconds.

        `transport` takes the place of the network.

        Raises:
            SettingsError: the address can't be used.
        """
        base, self._path = split_address(address)
        self._exchange = Exchange(
            base,
            service=service,
            setting=setting,
            politeness=politeness,
            clock=clock,
            headers=headers,
            timeout=limit * _SHARE_OF_LIMIT,
            transport=transport or pinned.transport(),
        )

    async def get(self, path: str = "") -> Reply:
        """What the address, and `path` below it, answers, whatever its status.

        Raises:
            UpstreamError: no answer that could be read; the host asked us to stay away.
        """
        return await self._exchange.reply("GET", f"{self._path.rstrip('/')}/{path}" if path else self._path)

    def judge(self, reply: Reply) -> object:
        """The document of an answer that is meant to be JSON.

        Raises:
            UpstreamError: it is a failure, or no JSON. After a 429 the host is left alone for a while.
        """
        return self._exchange.judge(reply).document

    def stay_away(self, seconds: float) -> None:
        """Ask the host for nothing during `seconds`."""
        self._exchange.stay_away(seconds)

    async def close(self) -> None:
        """Hang up."""
        await self._exchange.close()


def split_address(address: str) -> tuple[str, str]:
    """The address of the host, and the path on it with its query."""
    parts = urlsplit(address)
    path = parts.path.removeprefix("/")
    return f"{parts.scheme}://{parts.netloc}/", f"{path}?{parts.query}" if parts.query else path


def failure_finding(error: OpsdeckError, reason: Reason = Reason.UNREACHABLE) -> Finding:
    """What a look that got no answer found; `reason` is what to call silence."""
    if isinstance(error, RateLimitedError):
        return Finding(HealthStatus.WARN, Reason.RATE_LIMITED, error.message)
    if isinstance(error, BadAnswerError):
        return Finding(HealthStatus.FAIL, Reason.UNEXPECTED_ANSWER, error.message)
    return Finding(HealthStatus.FAIL, reason, error.message)
