"""A2E, asked for the balance and the tasks of an account, to the letter of production.md 7.3.

Reads only: nothing here starts, deletes or exchanges anything.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

import httpx

from core.areas.production.client.anomalies import AnomalyLog
from core.areas.production.client.causes import (
    A2E,
    a2e_break,
    a2e_rate_limited,
    a2e_refusal,
    provider_refusal,
    trace_of,
    unusable,
    web_page,
)
from core.areas.production.client.fields import JsonObject, as_object, decimal, text
from core.areas.production.client.parsing_a2e import FAMILIES, Family, parse_balance, parse_tasks
from core.areas.production.client.throttling import CircuitBreaker, RateLimit
from core.areas.production.client.timestamps import parse_http_date
from core.areas.production.model import Balance, ProviderTask
from core.engine.exchange import Exchange
from core.engine.politeness import Politeness
from core.engine.reply import Reply
from core.engine.retries import with_retries
from core.engine.token_safety import secure_address, without_token
from core.errors import BadAnswerError, SignInError, UnknownSubjectError, UnreachableError, UpstreamError
from core.message import Message, _
from core.moment import Clock
from core.secret import Secret

__all__ = ["A2EClient"]

T = TypeVar("T")

_SETTING = "A2E_URL"
_TIME_LIMIT = 15.0
_LARGEST_ANSWER = 2 * 1024 * 1024
_RETRIES = (1.0, 2.0, 4.0)
_FIRST_PAUSE, _LONGEST_PAUSE = 60.0, 900.0
_LONGEST_RETRY_AFTER = 3_600.0
_PAGE = 20
_MOST_PAGES = 5
_AUTH_CODES = frozenset({"401", "403"})
_AUTH_WORDS = ("unauthorized", "unauthorised", "invalid token", "token invalid", "token expired")
_SUCCESS, _ALSO_SUCCESS = "0", "200"

_log = logging.getLogger("opsdeck.production")


class A2EClient:
    """One token's line to A2E. Safe to use from many tasks of one event loop.

    At most one request a second and ten a minute. Once the token was rejected nothing more is sent until
    `try_again`, because that needs a person. `answers_of_200` counts successes with the code 200 instead
    of the documented 0.
    """

    def __init__(
        self,
        base_url: str,
        token: Secret,
        politeness: Politeness,
        clock: Clock,
        jitter: random.Random,
        *,
        rate: float = 1.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare the line; nothing is sent. At most `rate` requests a second will be.

        Raises:
            SettingsError: the address can't be used.
        """
        self._exchange = Exchange(
            secure_address(base_url, _SETTING).removesuffix("/api/v1") + "/api/v1",
            service=A2E,
            setting=_SETTING,
            politeness=politeness,
            clock=clock,
            timeout=_TIME_LIMIT,
            cap=_LARGEST_ANSWER,
            transport=transport,
        )
        self._token = token
        self._clock = clock
        self._jitter = jitter
        self._pace = RateLimit(clock, apart=1 / rate)
        self._circuit = CircuitBreaker(clock)
        self._anomalies = AnomalyLog("A2E")
        self._rejected: SignInError | None = None
        self._resume = 0.0
        self._pause = _FIRST_PAUSE
        self.answers_of_200 = 0

    async def balance(self) -> Balance:
        """The coins and diamonds left.

        Raises:
            UpstreamError: among them `BadAnswerError` when there is no balance in the answer.
        """
        thing = _("the balance")
        return await self._ask(
            "user/remainingCoins", {}, thing, lambda data: parse_balance(data, self._clock.now())
        )

    async def tasks(self, *, since: datetime | None = None) -> tuple[ProviderTask, ...]:
        """The newest tasks of every family; with `since`, page by page until older ones come.

        A family that A2E doesn't offer is left out while there is another.

        Raises:
            UpstreamError: a family could not be read.
        """
        found: list[ProviderTask] = []
        missing: UnknownSubjectError | None = None
        offered = False
        for family in FAMILIES:
            try:
                found += await self._tasks(family, since)
                offered = True
            except UnknownSubjectError as error:
                missing = error
                self._anomalies(f"there is no list of tasks ({family.name})")
        if missing is not None and not offered:
            raise missing
        return tuple(found)

    def try_again(self) -> None:
        """Let the next call be sent although the token was rejected or A2E kept failing: a person asked."""
        self._rejected = None
        self._circuit.succeeded()

    async def close(self) -> None:
        """Hang up."""
        await self._exchange.close()

    async def _tasks(self, family: Family, since: datetime | None) -> list[ProviderTask]:
        found: dict[str, ProviderTask] = {}
        for page in range(1, _MOST_PAGES + 1):
            params = {family.page: str(page), family.size: str(_PAGE)}
            tasks = await self._ask(
                family.path,
                params,
                _("a list of tasks"),
                lambda data: parse_tasks(data, family, self._anomalies),
            )
            new = {task.id: task for task in tasks if task.id not in found}
            found |= new
            oldest = min((task.created_at for task in tasks if task.created_at), default=None)
            if since is None or len(tasks) < _PAGE or not new or oldest is None or oldest < since:
                break
        return list(found.values())

    async def _ask(
        self,
        path: str,
        params: Mapping[str, str],
        thing: Message,
        parse: Callable[[object], T | None],
    ) -> T:
        """What `parse` makes of the answer's data, once the answer is a success by 7.3.2."""
        reply = await with_retries(
            lambda: self._attempt(path, params), waits=_RETRIES, clock=self._clock, jitter=self._jitter
        )
        envelope = self._judged(reply)
        code = _code(envelope)
        value = parse(envelope.get("data")) if code in (_SUCCESS, _ALSO_SUCCESS) else None
        _log_answer(path, reply, envelope)
        if value is not None:
            if code == _ALSO_SUCCESS:
                self.answers_of_200 += 1
                self._anomalies("a success had the code 200 instead of 0")
            return value
        if code == _SUCCESS:
            raise unusable(thing, trace_of(envelope))
        raise self._refused(provider_refusal(code, envelope, about_token=_is_about_token(code, envelope)))

    async def _attempt(self, path: str, params: Mapping[str, str]) -> Reply:
        """One request; only what may pass by itself is an error here, so that it is tried again.

        Raises:
            UnreachableError: there was no answer, or a 5xx.
            RateLimitedError: nothing may be sent now, and not for longer than is worth waiting for.
        """
        self._hold_back()
        await self._pace.turn()
        headers = {"Authorization": f"Bearer {self._token.reveal()}"}
        try:
            reply = await self._exchange.reply("GET", path, headers=headers, params=params)
            if reply.status >= 500:
                self._exchange.judge(reply)
        except UnreachableError:
            self._circuit.failed()
            raise
        return without_token(reply, self._token)

    def _judged(self, reply: Reply) -> JsonObject:
        """The envelope of an answer, or what the failure means (7.3.2 to 7.3.5)."""
        if reply.status == 429:
            raise a2e_rate_limited(self._stay_away(reply.headers.get("retry-after")))
        if reply.is_web_page:
            self._circuit.failed()
            raise web_page(A2E, _SETTING)
        self._circuit.succeeded()
        self._pause = _FIRST_PAUSE
        try:
            document = reply.document()
        except ValueError as error:
            if reply.status < 300:
                # Without the error's own text: that of a JSON error carries the whole answer.
                raise BadAnswerError(_not_json(reply)) from ValueError(type(error).__name__)
            document = None
        if reply.status >= 300:
            _log.info("A2E answered %d, trace %s", reply.status, trace_of(as_object(document)))
            raise self._refused(a2e_refusal(reply.status, document))
        envelope = as_object(document)
        if "code" not in envelope:
            raise unusable(_("a code"), trace_of(envelope))
        return envelope

    def _refused(self, error: UpstreamError) -> UpstreamError:
        """The error; one about the token is remembered, so that A2E isn't asked again with it."""
        if isinstance(error, SignInError):
            self._rejected = error
        return error

    def _hold_back(self) -> None:
        """Raise what is to be said while nothing may be sent."""
        if self._rejected is not None:
            raise SignInError(self._rejected.message)
        asked_for = self._resume - self._clock.monotonic()
        if asked_for > 0:
            raise a2e_rate_limited(asked_for)
        if self._circuit.remaining > 0:
            raise a2e_break(self._circuit.remaining)

    def _stay_away(self, retry_after: str | None) -> float:
        """How many seconds nothing is sent after a 429: as told, else a minute, then twice as long."""
        told = self._seconds(retry_after)
        wait = self._pause if told is None else told
        if told is None:
            self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        self._resume = self._clock.monotonic() + wait
        return wait

    def _seconds(self, retry_after: str | None) -> float | None:
        """A Retry-After header, given in seconds or as a date."""
        told = decimal(retry_after, Decimal(0))
        if told is not None:
            return min(float(told), _LONGEST_RETRY_AFTER)
        until = parse_http_date(retry_after or "")
        if until is None:
            return None
        return min(max((until - self._clock.now()).total_seconds(), 0.0), _LONGEST_RETRY_AFTER)


def _code(envelope: JsonObject) -> str:
    """The code as a plain number where it is one; error codes are opaque."""
    figure = decimal(envelope.get("code"))
    return (
        str(int(figure)) if figure is not None and figure == int(figure) else text(envelope, "code", limit=20)
    )


def _is_about_token(code: str, envelope: JsonObject) -> bool:
    """Whether a refusal with the status 200 is one of the token (7.3.2, 7.3.4)."""
    said = f"{text(envelope, 'msg')} {text(envelope, 'message')}".lower()
    return code in _AUTH_CODES or any(word in said for word in _AUTH_WORDS)


def _not_json(reply: Reply) -> Message:
    if reply.was_cut:
        return _("The answer of A2E was cut short. Try again.")
    return _("The answer of A2E can't be read: it is not JSON.")


def _log_answer(path: str, reply: Reply, envelope: JsonObject) -> None:
    """Put the trace into the log; of answers themselves nothing, they hold links to media."""
    level = logging.DEBUG if _code(envelope) == _SUCCESS else logging.INFO
    trace, code = trace_of(envelope), _code(envelope)
    _log.log(level, "A2E %s answered %d, code %s, trace %s", path, reply.status, code, trace)
