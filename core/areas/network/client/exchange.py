"""One request and its answer: politely, in bounded time and size, repeated only where that is safe.

Everything between the endpoints of `client` and the wire: turns at each host, the time limit, the size
limit, and the two repeats a GET gets (plume.md 5 and 6, reliability.md S12, S22, R26).
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, retry_if_result, stop_after_attempt

from core.areas.network.client.causes import excerpt, rate_limited
from core.engine.certificates import known_authorities
from core.engine.politeness import Politeness
from core.errors import BadAnswerError, UnreachableError
from core.message import Message, _
from core.moment import Clock

__all__ = ["LARGEST_ANSWER", "TIME_LIMIT", "Exchange", "Reply", "Sending"]

TIME_LIMIT = 10.0
"""Seconds within which an answer must be complete."""

LARGEST_ANSWER = 8 * 1024 * 1024
"""Bytes of an answer, unpacked, beyond which it is not read."""

_WAITS = (1.0, 3.0)
_MOST_JITTER = 0.5  # As a share of the wait, only ever added.
_LONGEST_RETRY_AFTER = 3_600.0

_log = logging.getLogger("opsdeck.network")


@dataclass(frozen=True, slots=True)
class Sending:
    """A request to make; `expected` are failing statuses that are no news, and only a detail in the log."""

    method: str
    url: httpx.URL
    service: Message
    headers: Mapping[str, str] = field(repr=False)
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    form: Mapping[str, str] | None = field(default=None, repr=False)
    expected: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came: its status, its body, and how long it asks us to wait, if it does."""

    status: int
    body: bytes = field(repr=False)
    retry_after: float | None = None

    def json(self) -> object:
        """The body read as JSON; NaN and the infinities, which JSON has not, become null.

        Raises:
            BadAnswerError: it is not JSON, was cut short, is nested too deeply, or is null.
        """
        try:
            read: object = json.loads(self.body, parse_constant=lambda _name: None)
        except (ValueError, RecursionError) as error:
            raise BadAnswerError(
                _("Plume's answer can't be read: it is not JSON, or was cut short.")
            ) from _bare(error)
        if read is None:
            raise BadAnswerError(_("Plume's answer can't be read: it is empty."))
        return read

    def json_or_nothing(self) -> object:
        """The body of a failure, which may be anything (plume.md 5)."""
        try:
            return self.json()
        except BadAnswerError:
            return None


class Exchange:
    """Sends requests over one pool of kept-alive connections, opened by the first of them.

    `transport` takes the place of the network; `jitter` gives a number from 0 up to 1 for each repeat.
    """

    def __init__(
        self,
        *,
        politeness: Politeness,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None,
        jitter: Callable[[], float],
    ) -> None:
        self._politeness = politeness
        self._clock = clock
        self._transport = transport
        self._jitter = jitter
        self._client: httpx.AsyncClient | None = None
        self._closed = False

    async def send(self, sending: Sending) -> Reply:
        """Make the request once; any status is an answer.

        Raises:
            UnreachableError: no answer, or none in time.
            RateLimitedError: the host has asked us to stay away, so it was not asked.
            BadAnswerError: the answer is too large, or its encoding is broken.
        """
        host = sending.url.host
        self._stay_away_when_told(host)
        async with self._politeness.turn(host):
            reply = await self._answer(sending)
        self._note(sending, reply)
        return reply

    async def send_until_answered(self, sending: Sending) -> Reply:
        """Make a request that changes nothing, and twice more while there is no answer or a 5xx.

        Raises:
            UpstreamError: as `send`, after the last try.
        """
        retrying = AsyncRetrying(
            sleep=self._clock.sleep,
            stop=stop_after_attempt(len(_WAITS) + 1),
            wait=self._wait,
            retry=retry_if_exception(_may_pass) | retry_if_result(_has_fault),
            retry_error_callback=_outcome,
        )
        return await retrying(self.send, sending)

    def stay_away(self, host: str, seconds: float) -> None:
        """Let nobody ask `host` for `seconds`."""
        self._politeness.pause(host, seconds)

    async def close(self) -> None:
        """Hang up. Whoever still asks is told so."""
        self._closed = True
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _stay_away_when_told(self, host: str) -> None:
        """A person should read at once that the limit was reached, not wait minutes for a turn."""
        until = self._politeness.paused_until(host)
        if until is not None:
            raise rate_limited((until - self._clock.now()).total_seconds())

    async def _answer(self, sending: Sending) -> Reply:
        service = sending.service
        try:
            async with asyncio.timeout(TIME_LIMIT):
                return await self._read(sending)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise UnreachableError(
                _(
                    "{service} did not answer within {seconds} seconds.",
                    service=service,
                    seconds=int(TIME_LIMIT),
                )
            ) from error
        except httpx.ConnectError as error:
            raise UnreachableError(_no_connection(error, service)) from error
        except httpx.DecodingError as error:
            raise BadAnswerError(
                _("The answer of {service} is packed in a broken way.", service=service)
            ) from error
        except httpx.HTTPError as error:
            raise UnreachableError(
                _("The connection to {service} broke before the answer was complete.", service=service)
            ) from error

    async def _read(self, sending: Sending) -> Reply:
        async with self._open().stream(
            sending.method,
            sending.url,
            params=sending.query or None,
            data=sending.form,
            headers=sending.headers,
        ) as response:
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > LARGEST_ANSWER:
                    raise BadAnswerError(_("The answer of {service} is too large.", service=sending.service))
            return Reply(
                response.status_code, bytes(body), self._retry_after(response.headers.get("Retry-After"))
            )

    def _open(self) -> httpx.AsyncClient:
        if self._closed:
            raise UnreachableError(
                _("The connection to Plume was closed, because the credentials changed or opsdeck ends.")
            )
        if self._client is None:
            self._client = httpx.AsyncClient(
                transport=self._transport,
                verify=known_authorities(),
                timeout=None,  # noqa: S113  the limit is on the whole exchange, see TIME_LIMIT
                follow_redirects=False,
                limits=httpx.Limits(max_connections=8, max_keepalive_connections=4),
                headers={"Accept": "application/json", "User-Agent": "opsdeck"},
            )
        return self._client

    def _retry_after(self, value: str | None) -> float | None:
        """The seconds of a Retry-After header, given as such or as a date; never more than an hour."""
        if value is None:
            return None
        if value.isascii() and value.isdecimal() and len(value) <= 9:
            return min(float(value), _LONGEST_RETRY_AFTER)
        try:
            until: datetime = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(max((until - self._clock.now()).total_seconds(), 0.0), _LONGEST_RETRY_AFTER)

    def _wait(self, state: RetryCallState) -> float:
        # The library asks once more after the last try, and does not use the answer.
        return _WAITS[min(state.attempt_number, len(_WAITS)) - 1] * (1 + _MOST_JITTER * self._jitter())

    def _note(self, sending: Sending, reply: Reply) -> None:
        """Put a failure into the log; of good answers nothing is logged, they may hold anything."""
        if reply.status < 400:
            return
        level = logging.DEBUG if reply.status in sending.expected else logging.INFO
        if not _log.isEnabledFor(level):
            return
        secrets = sending.headers.get("Authorization", "").split()[1:]
        said = excerpt(reply.json_or_nothing(), reply.body, secrets)
        _log.log(level, "%s %s answered %d: %s", sending.method, sending.url.path, reply.status, said)


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, UnreachableError)


def _has_fault(reply: Reply) -> bool:
    return reply.status >= 500 and reply.status != 501


def _outcome(state: RetryCallState) -> Reply:
    """What the last try came to: its answer, or its error."""
    assert state.outcome is not None
    reply: Reply = state.outcome.result()
    return reply


def _no_connection(error: httpx.ConnectError, service: Message) -> Message:
    """Why there is no connection: the certificate, or anything else."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _(
                "The certificate of {service} can't be verified. Check this machine's date and the address.",
                service=service,
            )
        cause = cause.__cause__ or cause.__context__
    return _(
        "{service} can't be reached. Check the network of this machine and the address.", service=service
    )


def _bare(error: Exception) -> Exception:
    """The error without the text it was reading: a JSON error carries all of it."""
    return ValueError(type(error).__name__)
