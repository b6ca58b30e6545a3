"""Where reports of the production side come in: `POST /reports` with a bearer token.

    {"reports": [{"id": …, "at": …, "kind": "job", "job": {…}}, …]}
    200 {"taken": 2, "new": 1, "known": 1, "refused": [{"place": 0, "id": "…", "reason": "…"}]}

The place is that in the list, from 0. Reports that can't be used are refused by themselves and never cost
the others. A report counts once by its id, so an answer that was lost costs nothing but a repeat. Errors
are `application/problem+json` (RFC 9457).
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from core.areas.production.client.anomalies import AnomalyLog
from core.areas.production.client.fields import as_list, as_object, identifier
from core.areas.production.reporting.wire_format import (
    LARGEST_BATCH,
    MOST_REPORTS,
    IngestResult,
    Report,
    read_report,
)
from core.errors import InputError, SettingsError, StoreError
from core.message import Message, _
from core.secret import Secret

__all__ = ["SHORTEST_TOKEN", "IngestResult", "Take", "intake_app"]

SHORTEST_TOKEN = 16
"""Characters a token must have at least."""

_TIME_LIMIT = 15.0
_RETRY_AFTER = 5
_PROBLEM = "application/problem+json"

_log = logging.getLogger("opsdeck.production")

Take: TypeAlias = Callable[[Sequence[Report]], Awaitable[IngestResult]]
"""Keeps reports, all in one transaction: when it returns they are durable."""


class _ProblemError(Exception):
    """A request that can't be served, and why."""

    def __init__(self, status: int, detail: Message) -> None:
        super().__init__(str(detail))
        self.status = status
        self.detail = detail


def intake_app(take: Take, token: Secret) -> ASGIApp:
    """The app that hands reports to `take`, to be served on a loopback address.

    Raises:
        SettingsError: the token is too short to protect anything.
    """
    if len(token.reveal()) < SHORTEST_TOKEN:
        raise SettingsError(
            _("PRODUCTION_INTAKE_TOKEN needs at least {count} characters.", count=SHORTEST_TOKEN)
        )
    report_anomaly = AnomalyLog("reports")

    async def reports(request: Request) -> Response:
        try:
            _authorize(request, token)
            async with asyncio.timeout(_TIME_LIMIT):
                documents = _documents(await _body(request))
            return await _taken(documents, take, report_anomaly)
        except TimeoutError:
            return _problem(408, _("The reports did not arrive in time."))
        except ClientDisconnect:
            return Response(status_code=400)
        except _ProblemError as problem:
            return _problem(problem.status, problem.detail)

    async def elsewhere(_request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return _problem(status, _("Reports are taken with POST at /reports."))

    return Starlette(
        routes=[Route("/reports", reports, methods=["POST"])],
        exception_handlers={404: elsewhere, 405: elsewhere},
    )


def _authorize(request: Request, token: Secret) -> None:
    scheme, _space, given = request.headers.get("authorization", "").partition(" ")
    # Comparing secrets takes the same time however much of the token is right.
    if scheme.lower() != "bearer" or Secret(given.strip()) != token:
        raise _ProblemError(401, _("The token is missing or wrong."))


async def _body(request: Request) -> bytes:
    """The body, unless it is larger than may be."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BATCH:
            raise _ProblemError(413, _("At most {count} bytes may come at once.", count=LARGEST_BATCH))
    return bytes(body)


def _documents(body: bytes) -> list[object]:
    """The reports of a body, unread."""
    try:
        document: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _ProblemError(400, _("The body is no JSON.")) from error
    reports = as_object(document).get("reports")
    if not isinstance(reports, list):
        raise _ProblemError(400, _("The body needs a list named “reports”."))
    documents = as_list(as_object(document).get("reports"))
    if len(documents) > MOST_REPORTS:
        raise _ProblemError(413, _("At most {count} reports may come at once.", count=MOST_REPORTS))
    return documents


async def _taken(documents: Sequence[object], take: Take, report_anomaly: AnomalyLog) -> Response:
    """Take in what can be used; the others are named with their reasons."""
    reports: list[Report] = []
    refused: list[dict[str, object]] = []
    for place, document in enumerate(documents):
        try:
            reports.append(read_report(document, report_anomaly))
        except InputError as error:
            report = identifier(as_object(document), "id")
            report_anomaly(f"report {report or 'without an id'} was refused: {error}")
            refused.append({"place": place, "id": report, "reason": str(error)})
    try:
        taken = await take(reports) if reports else IngestResult(0)
    except StoreError as error:
        _log.warning("reports could not be kept: %s", error)
        return _problem(503, error.message, {"Retry-After": str(_RETRY_AFTER)})
    return JSONResponse({"taken": len(reports), "new": taken.new, "known": taken.known, "refused": refused})


def _problem(status: int, detail: Message, headers: dict[str, str] | None = None) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
    }
    more = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse(body, status, headers=more | (headers or {}), media_type=_PROBLEM)
