"""One HTTP request to another system and its answer: politely, in bounded time and size.

What every client of a JSON interface needs and none should write again: turns at the host, a time limit on
the whole exchange, a size limit, no redirects, no cookies, and failures as errors of `core.errors`, each
with a sentence that says what to do (reliability.md S12, S22, R26). What a refusal (a status from 400 to
499) means is the client's to say, so that comes back as an answer.

    exchange = Exchange("https://share.example/", service=_("Example"), setting="EXAMPLE_URL", …)
    reply = await exchange.reply("GET", f"v1/jobs/{segment(job)}", headers={"Authorization": …})
    answer = exchange.judge(reply)
    if answer.status == 404: …

Ids in paths are made safe by `addresses.segment`; repeating is `retries.with_retries`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from core.engine.addresses import address
from core.engine.certificates import known_authorities
from core.engine.failures import check_headers, no_connection, rate_limited, unreadable
from core.engine.loopback import is_loopback
from core.engine.politeness import Politeness
from core.engine.reply import Answer, Reply
from core.engine.retries import retry_after
from core.errors import BadAnswerError, UnreachableError
from core.message import Message, _, plural
from core.moment import Clock

__all__ = ["LARGEST_ANSWER", "RATE_LIMIT_PAUSE", "Answer", "Exchange", "Reply"]

LARGEST_ANSWER = 8 * 1024 * 1024
"""Bytes of an answer, unpacked, beyond which it is not read; unless a client says otherwise."""

RATE_LIMIT_PAUSE = 60.0
"""Seconds to stay away after a 429 that doesn't say for how long; unless a client says otherwise."""


class Exchange:
    """Sends requests to one address over kept-alive connections, opened by the first of them.

    Safe to use from many tasks of one event loop. `service` is what people call the other system and
    `setting` the setting that holds `base_url`, or what people call that where no one setting does; both
    are named in the errors. `headers` go with every request. `pause` is how many seconds the host is left
    alone after a 429 that doesn't say for how long. `transport` takes the place of the network.
    """

    def __init__(
        self,
        base_url: str,
        *,
        service: Message,
        setting: Message | str,
        politeness: Politeness,
        clock: Clock,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,
        cap: int = LARGEST_ANSWER,
        pause: float = RATE_LIMIT_PAUSE,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare the line; nothing is sent and no connection opened.

        `timeout` is in seconds, `cap` in bytes.

        Raises:
            SettingsError: the address can't be used.
        """
        self._base = address(base_url, setting)
        self._service = service
        self._setting = setting
        self._politeness = politeness
        self._clock = clock
        self._headers = {"Accept": "application/json", "User-Agent": "opsdeck", **(headers or {})}
        self._timeout = timeout
        self._cap = cap
        self._pause = pause
        self._transport = transport
        self._client: httpx.AsyncClient | None = None
        self._closed = False

    @property
    def base(self) -> str:
        """The address without a final slash."""
        return str(self._base).rstrip("/")

    async def reply(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Reply:
        """Make a request once; any status is an answer, and the body stays unread.

        `path` is below the base address, its parts encoded; without one, that address itself is asked.
        `form` is sent instead of `json`, in the manner of a web form.

        Raises:
            UnreachableError: no answer, none in time, or one that was cut.
            RateLimitedError: it has asked us to stay away, so it was not asked.
            BadAnswerError: more than the cap, or packed in a broken way.
            SettingsError: a header holds what none can carry.
        """
        self._stay_away_when_told()
        check_headers({**self._headers, **(headers or {})}, self._service)
        url = f"{self.base}/{path.lstrip('/')}" if path else self.base
        request = self._open().build_request(
            method, url, params=params or None, headers=headers, json=json, data=form
        )
        async with self._politeness.turn(self._base.host):
            return await self._exchange(request)

    def judge(self, reply: Reply, *, pausing: bool = True) -> Answer:
        """What a reply comes to: an answer, which may be a refusal, or an error.

        After a 429 nobody asks the host until the time is over; who has something to finish first says
        `pausing=False` and calls `stay_away` then.

        Raises:
            UnreachableError: a fault over there (5xx).
            RateLimitedError: it says 429.
            BadAnswerError: a redirect, a web page, or no JSON.
        """
        status = reply.status
        if status == 429:
            stated = retry_after(reply.headers.get("retry-after"), self._clock.now())
            wait = self._pause if stated is None else stated
            if pausing:
                self.stay_away(wait)
            raise rate_limited(self._service, wait)
        if status >= 500:
            raise UnreachableError(
                _(
                    "{service} has a fault of its own (status {status}). Try later.",
                    service=self._service,
                    status=status,
                )
            )
        if 300 <= status < 400:
            raise BadAnswerError(
                _(
                    "The address of {service} leads elsewhere. Check {setting}.",
                    service=self._service,
                    setting=self._setting,
                )
            )
        try:
            document = reply.document()
        except ValueError as error:
            if status < 400:
                raise BadAnswerError(unreadable(reply, self._service, self._setting)) from error
            document = None
        return Answer(status, reply.headers, document, reply.milliseconds)

    def stay_away(self, seconds: float) -> None:
        """Let nobody ask the host for `seconds`."""
        self._politeness.pause(self._base.host, seconds)

    async def close(self) -> None:
        """Hang up. Whoever still asks is told so."""
        self._closed = True
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _exchange(self, request: httpx.Request) -> Reply:
        service = self._service
        try:
            async with asyncio.timeout(self._timeout):
                return await self._read(request)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise UnreachableError(
                plural(
                    "{service} did not answer within {count} second.",
                    "{service} did not answer within {count} seconds.",
                    max(1, round(self._timeout)),
                    service=service,
                )
            ) from error
        except httpx.ConnectError as error:
            raise UnreachableError(no_connection(error, service, self._setting)) from error
        except httpx.DecodingError as error:
            raise BadAnswerError(
                _("The answer of {service} is packed in a broken way.", service=service)
            ) from error
        except httpx.HTTPError as error:
            raise UnreachableError(
                _("The connection to {service} broke before the answer was complete.", service=service)
            ) from error

    async def _read(self, request: httpx.Request) -> Reply:
        began = self._clock.monotonic()
        response = await self._open().send(request, stream=True)
        try:
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > self._cap:
                    raise BadAnswerError(_("The answer of {service} is too large.", service=self._service))
        finally:
            await response.aclose()
        milliseconds = round((self._clock.monotonic() - began) * 1000)
        return Reply(response.status_code, dict(response.headers), bytes(body), milliseconds)

    def _open(self) -> httpx.AsyncClient:
        if self._closed:
            raise UnreachableError(
                _(
                    "The connection to {service} was closed, because the credentials changed or"
                    " opsdeck ends.",
                    service=self._service,
                )
            )
        if self._client is None:
            self._client = httpx.AsyncClient(
                transport=self._transport,
                verify=known_authorities(),
                timeout=None,  # noqa: S113  the limit is on the whole exchange, see _exchange
                follow_redirects=False,
                headers=self._headers,
                limits=httpx.Limits(max_connections=8, max_keepalive_connections=4),
                # One account's cookies must not travel with another's request.
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                # A proxy of the environment leads to other machines, never back to this one.
                trust_env=not is_loopback(self._base.host),
            )
        return self._client

    def _stay_away_when_told(self) -> None:
        """A person should read at once that the limit was reached, not wait minutes for a turn."""
        until = self._politeness.paused_until(self._base.host)
        if until is not None:
            raise rate_limited(self._service, (until - self._clock.now()).total_seconds())
