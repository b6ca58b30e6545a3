"""The production system, asked for what it knows and told what to do (production.md 8).

Typed answers, typed errors. A path it lacks raises `UnknownSubjectError`, so that only that part goes
without. Nothing is repeated here: the polls come round by themselves, and a control verb is a person's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import httpx

from core.areas.production.client import parsing_lists, parsing_system
from core.areas.production.client.anomalies import AnomalyLog
from core.areas.production.client.answers import (
    CharacterList,
    ControlAnswer,
    ControlVerb,
    EventPage,
    JobDetail,
    JobPage,
    PlatformList,
    Status,
    UploadPage,
)
from core.areas.production.client.causes import (
    PRODUCTION,
    EventsGoneError,
    control_refusal,
    read_refusal,
    web_page,
)
from core.areas.production.client.fields import as_object
from core.areas.production.client.requests import control_body, page_params
from core.areas.production.client.timestamps import parse_http_date, rfc3339
from core.areas.production.model import Health, Operation, ReportedBudget, ReportedCredits, Scheduler
from core.engine.addresses import segment
from core.engine.exchange import Exchange
from core.engine.politeness import Politeness
from core.engine.reply import Answer, Reply
from core.engine.token_safety import secure_address, without_token
from core.errors import OpsdeckError
from core.message import Message, _
from core.moment import Clock
from core.principal import Principal
from core.secret import Secret

__all__ = ["EventsGoneError", "ProductionClient"]

LONGEST_WAIT = timedelta(seconds=30)
"""How long the system may hold a request for events back (section 8)."""

_SETTING = "PRODUCTION_URL"
_BASE = "/api/v1"
_TIME_LIMIT = 10.0
_PAGE = 100


class ProductionClient:
    """One production system. Safe to use from many tasks of one event loop.

    Every method raises an `UpstreamError`: `UnreachableError` (no answer, a fault over there, or a web
    page), `RateLimitedError`, `SignInError`, `UnknownSubjectError`, `BadAnswerError`.
    """

    def __init__(
        self,
        base_url: str,
        token: Secret,
        politeness: Politeness,
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare the line; nothing is sent. `base_url` may end in /api/v1 or not.

        Raises:
            SettingsError: the address can't be used.
        """
        base = secure_address(base_url, _SETTING).removesuffix(_BASE) + _BASE
        self._exchange, self._held = (
            Exchange(
                base,
                service=PRODUCTION,
                setting=_SETTING,
                politeness=politeness,
                clock=clock,
                timeout=timeout,
                transport=transport,
            )
            for timeout in (_TIME_LIMIT, _TIME_LIMIT + LONGEST_WAIT.total_seconds())
        )
        self._token = token
        self._clock = clock
        self._anomalies = AnomalyLog("production")
        self._snapshots: dict[str, tuple[str, object]] = {}
        self._skew: timedelta | None = None

    @property
    def skew(self) -> timedelta | None:
        """The system's clock less ours, by its newest answer; `None` while it has told no time."""
        return self._skew

    async def health(self) -> Health:
        """What the system says of its own health; a failing one says so with status 503."""
        reply = self._seen(await self._exchange.reply("GET", "health"))
        if reply.status == 503 and reply.body.lstrip().startswith(b"{"):
            with suppress(ValueError):
                return parsing_system.parse_health(reply.document())
        return parsing_system.parse_health(
            self._judged(reply, partial(read_refusal, part=_("its health"))).document
        )

    async def status(self) -> Status:
        """The snapshot of the system, its credits and its day."""
        document, read_at = await self._snapshot("status", _("its status"))
        return parsing_system.parse_status(document, self._anomalies, read_at=read_at, skew=self._skew)

    async def credits(self) -> ReportedCredits:
        """The credits by the system's own account."""
        document, _read_at = await self._snapshot("credits", _("its credits"))
        return parsing_system.parse_credits(document)

    async def budgets(self) -> tuple[ReportedBudget, ...]:
        """The budgets the system keeps itself."""
        document, _read_at = await self._snapshot("budgets", _("its budgets"))
        return parsing_lists.parse_budgets(document, self._anomalies)

    async def characters(self) -> CharacterList:
        """The characters, and whom the system means to take next."""
        document, _read_at = await self._snapshot("characters", _("its characters"))
        return parsing_lists.parse_characters(document, self._anomalies)

    async def platforms(self) -> PlatformList:
        """The platforms the system publishes on."""
        document, _read_at = await self._snapshot("platforms", _("its platforms"))
        return parsing_lists.parse_platforms(document, self._anomalies)

    async def schedule(self) -> Scheduler:
        """The scheduler and what it will run."""
        document, _read_at = await self._snapshot("schedule", _("its schedule"))
        return parsing_lists.parse_schedule(document, self._anomalies)

    async def jobs(
        self,
        *,
        status: str = "",
        character: str = "",
        platform: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        cursor: str = "",
        limit: int = _PAGE,
    ) -> JobPage:
        """A page of jobs; `cursor` of the page before leads on."""
        chosen = {"status": status, "character": character, "platform": platform}
        params = page_params(since, until, cursor, limit) | {k: v for k, v in chosen.items() if v}
        return parsing_lists.parse_jobs(await self._get("jobs", _("its jobs"), params), self._anomalies)

    async def job(self, job: str) -> JobDetail:
        """A job with its uploads and its ledger entries."""
        part = _("the job {job}", job=job)
        document = await self._get(f"jobs/{segment(job)}", part)
        return parsing_lists.parse_job_detail(document, self._anomalies)

    async def uploads(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        cursor: str = "",
        limit: int = _PAGE,
    ) -> UploadPage:
        """A page of uploads; `cursor` of the page before leads on."""
        params = page_params(since, until, cursor, limit)
        document = await self._get("uploads", _("its uploads"), params)
        return parsing_lists.parse_uploads(document, self._anomalies)

    async def events(self, after: int, wait: timedelta = timedelta(), *, limit: int = _PAGE) -> EventPage:
        """The events after a sequence number; with `wait` the system holds an empty answer back so long.

        Raises:
            EventsGoneError: `after` is older than what the system keeps.
        """
        held = int(min(max(wait, timedelta()), LONGEST_WAIT).total_seconds())
        params = {"after": str(after), "limit": str(limit), "wait": str(held)}
        document = await self._get("events", _("its events"), params, exchange=self._held)
        return parsing_lists.parse_events(document, after, self._anomalies)

    async def operation(self, operation: str) -> Operation:
        """How a control request stands that the system is still carrying out."""
        part = _("the operation {operation}", operation=operation)
        return parsing_system.parse_operation(await self._get(f"operations/{segment(operation)}", part))

    async def settled(
        self,
        operation: Operation,
        *,
        patience: timedelta = timedelta(seconds=20),
        every: timedelta = timedelta(seconds=2),
    ) -> Operation:
        """The operation once it is done or failed, or as it stands when the patience is at its end."""
        limit = self._clock.monotonic() + patience.total_seconds()
        while operation.state not in {"done", "failed"} and self._clock.monotonic() < limit:
            await self._clock.sleep(every.total_seconds())
            operation = await self.operation(operation.id)
        return operation

    async def control(
        self,
        verb: ControlVerb,
        *,
        reason: str,
        actor: Principal,
        key: str,
        until: datetime | None = None,
        override: bool = False,
        drain: bool = True,
        drain_timeout: timedelta = timedelta(seconds=600),
        force: bool = False,
    ) -> ControlAnswer:
        """Ask for a verb, once. The same `key` (a UUID) never makes the system do it twice.

        `until` is for pause, `override` for resume, the other three for restart. After an
        `UnreachableError` nobody knows whether it was done: read the state back.

        Raises:
            RefusedError: the system won't, for the reason in the message.
        """
        body = control_body(
            verb,
            reason=reason,
            actor=actor,
            until=until,
            override=override,
            drain=drain,
            drain_timeout=drain_timeout,
            force=force,
        )
        headers = self._authorization() | {"Idempotency-Key": f'"{key}"'}
        reply = self._seen(await self._exchange.reply("POST", f"control/{verb}", json=body, headers=headers))
        answer = self._judged(reply, control_refusal)
        return parsing_system.parse_control(answer.document, underway=answer.status == 202)

    async def close(self) -> None:
        """Hang up."""
        await self._exchange.close()
        await self._held.close()

    async def _get(
        self,
        path: str,
        part: Message,
        params: Mapping[str, str] | None = None,
        *,
        exchange: Exchange | None = None,
    ) -> object:
        reply = await (exchange or self._exchange).reply(
            "GET", path, headers=self._authorization(), params=params
        )
        return self._judged(self._seen(reply), partial(read_refusal, part=part)).document

    async def _snapshot(self, path: str, part: Message) -> tuple[object, datetime]:
        """What is at `path`, and when by the system's clock it was so; sent only when it has changed."""
        known = self._snapshots.get(path)
        headers = self._authorization() | ({"If-None-Match": known[0]} if known else {})
        reply = self._seen(await self._exchange.reply("GET", path, headers=headers))
        read_at = parse_http_date(reply.headers.get("date", "")) or self._clock.now()
        if known is not None and reply.status == 304:
            document = as_object(known[1])
            return ({**document, "as_of": rfc3339(read_at)} if document else known[1]), read_at
        answer = self._judged(reply, partial(read_refusal, part=part))
        self._snapshots.pop(path, None)
        if tag := reply.headers.get("etag", ""):
            self._snapshots[path] = (tag, answer.document)
        return answer.document, read_at

    def _judged(self, reply: Reply, refusal: Callable[[int, object], OpsdeckError]) -> Answer:
        """The answer, or what its failure means: `refusal` says that of a status and its document."""
        if reply.status in (404, 405, 501):
            raise refusal(reply.status, None)
        if reply.status < 500 and reply.is_web_page:
            raise web_page(PRODUCTION, _SETTING)
        answer = self._exchange.judge(reply)
        if answer.status >= 400:
            raise refusal(answer.status, answer.document)
        return answer

    def _seen(self, reply: Reply) -> Reply:
        told = parse_http_date(reply.headers.get("date", ""))
        if told is not None:
            self._skew = told - self._clock.now()
        return without_token(reply, self._token)

    def _authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token.reveal()}"}
