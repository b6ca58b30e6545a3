"""Taara, asked for an account's plans: sign in, read, sign out (taara.md 1 to 5).

Three calls are one poll. The session is ended whatever happened; a sign-in that was refused is never
repeated, because that may lock the account.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

import httpx

from core.areas.usage.client.causes import (
    SESSION_LEFT,
    bundle_refusal,
    login_refusal,
    logout_refusal,
    reason_of,
)
from core.areas.usage.client.endpoints import Target, bundle, login, logout
from core.areas.usage.client.exchange import CallLog, LoggedExchange
from core.areas.usage.client.parsing import fingerprint, parse_bundle
from core.areas.usage.client.redaction import LONGEST_BODY, Redactor, cut
from core.areas.usage.client.session import Session, read_session
from core.areas.usage.model import ApiCall, Bundle, TaaraAccess
from core.engine.exchange import Exchange
from core.engine.politeness import Politeness
from core.engine.reply import Reply
from core.engine.retries import with_retries
from core.errors import RateLimitedError, SignInError, UpstreamError
from core.message import _
from core.moment import Clock
from core.text import clean

__all__ = ["Answer", "TaaraAccess", "TaaraClient"]

T = TypeVar("T")

_LARGEST_ANSWER = 1024 * 1024
_LONGEST_REASON = 200

_WAITS = (2.0, 4.0, 8.0)
"""Seconds before each repeat; all calls of one poll share them (taara.md 5)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one poll brought: the plans, and the answer they were read from, redacted and cut short."""

    bundle: Bundle
    body: str


@dataclass(slots=True)
class _Visit:
    """One poll under way: its log, the repeats it has left, and the session it holds."""

    log: CallLog
    waits: Iterator[float]
    session: Session | None = None


class TaaraClient:
    """One account's line to Taara. Not for two polls at once: each would end the other's session."""

    def __init__(
        self,
        *,
        base_url: str,
        access: TaaraAccess,
        politeness: Politeness,
        clock: Clock,
        user_agent: str,
        jitter: random.Random,
        timeout: float = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare the line; nothing is sent and no connection opened. `timeout` is in seconds, for each call.

        Raises:
            SettingsError: the address can't be used.
        """
        self._access = access
        self._clock = clock
        self._jitter = jitter
        self._exchange = Exchange(
            base_url,
            service=_("Taara"),
            setting="TAARA_BASE_URL",
            politeness=politeness,
            clock=clock,
            headers={"User-Agent": user_agent},
            timeout=timeout,
            cap=_LARGEST_ANSWER,
            pause=_WAITS[0],
            transport=transport,
        )
        self._logged = LoggedExchange(self._exchange, clock)

    async def poll(self, calls: list[ApiCall]) -> Answer:
        """Sign in, read the plans, sign out; each call is added to `calls` as it ends, failed ones too.

        A failed sign-out is no failure of the poll and shows in `calls` alone.

        Raises:
            SignInError: Taara doesn't accept the credentials, or refuses the session twice. Don't poll
                again before a person has looked.
            UnknownSubjectError: Taara has no plans for the hotspot.
            UnreachableError: no answer, or a fault of Taara's, also after the repeats.
            RateLimitedError: Taara limits our requests.
            BadAnswerError: an answer that can't be read.
        """
        visit = _Visit(CallLog(calls, Redactor(self._access)), iter(_WAITS))
        try:
            return await self._visit(visit)
        except RateLimitedError as limited:
            # Not before now, because the session had to be ended.
            self._exchange.stay_away(limited.wait)
            raise

    async def close(self) -> None:
        """Hang up."""
        await self._exchange.close()

    async def _visit(self, visit: _Visit) -> Answer:
        try:
            session = await self._log_in(visit)
            try:
                answer = await self._ask(session, visit)
            except SignInError:
                # The session may have been ended elsewhere; a second refusal is meant.
                session = await self._log_in(visit)
                answer = await self._ask(session, visit)
        finally:
            await self._log_out(visit)
        return _completed(answer, session)

    async def _log_in(self, visit: _Visit) -> Session:
        def read(reply: Reply) -> Session:
            answer = self._exchange.judge(reply, pausing=False)
            if answer.status >= 400:
                raise login_refusal(answer.status, _reason(answer.document, visit))
            session = read_session(answer.document)
            visit.log.redactor.learn_token(session.token)
            visit.log.redactor.learn_subscriber(session.subscriber_id)
            return session

        visit.session = await self._until_answered(login(self._exchange.base, self._access), read, visit)
        return visit.session

    async def _ask(self, session: Session, visit: _Visit) -> Answer:
        def read(reply: Reply) -> Answer:
            answer = self._exchange.judge(reply, pausing=False)
            if answer.status >= 400:
                raise bundle_refusal(answer.status, _reason(answer.document, visit))
            parsed = parse_bundle(answer.document, self._clock.now().date())
            return Answer(parsed, cut(visit.log.redactor.document(answer.document), LONGEST_BODY))

        target = bundle(self._exchange.base, self._access, session.token)
        return await self._until_answered(target, read, visit)

    async def _log_out(self, visit: _Visit) -> None:
        """End the session, if there is one whose owner is known; never the reason why a poll fails."""
        if visit.session is None or not visit.session.subscriber_id:
            return

        def read(reply: Reply) -> None:
            # What the body says is not known (taara.md 4), so the status alone counts.
            if not 200 <= reply.status < 300:
                self._exchange.judge(reply)
                raise logout_refusal(reply.status)

        target = logout(self._exchange.base, self._access, visit.session.subscriber_id)
        with suppress(UpstreamError):  # The call's entry in the log says it.
            await self._logged.call(target, read, visit.log)

    async def _until_answered(self, target: Target, read: Callable[[Reply], T], visit: _Visit) -> T:
        return await with_retries(
            lambda: self._logged.call(target, read, visit.log),
            waits=visit.waits,
            clock=self._clock,
            jitter=self._jitter,
        )


def _reason(document: object, visit: _Visit) -> str:
    """Taara's own words for a refusal, fit to be shown."""
    return clean(visit.log.redactor.text(reason_of(document)), _LONGEST_REASON)


def _completed(answer: Answer, session: Session) -> Answer:
    """The answer with what only its session tells: whose it is, and whether that could not be told."""
    read = answer.bundle
    if not session.subscriber_id:
        return replace(answer, bundle=replace(read, warnings=(*read.warnings, SESSION_LEFT)))
    subscriber = read.subscriber or fingerprint(session.subscriber_id)
    return replace(answer, bundle=replace(read, subscriber=subscriber))
