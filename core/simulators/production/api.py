"""The read endpoints of production.md 8."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from core.moment import Clock, parse_moment
from core.simulators.production import bodies
from core.simulators.production.access import Access
from core.simulators.production.journal import EventsGoneError
from core.simulators.production.problems import ProblemError
from core.simulators.production.records import Job, JsonObject, Upload, json_object
from core.simulators.production.reports import daily_body, iso_week, weekly_body

__all__ = ["read_routes"]

_PAGE = 50
_LONGEST_PAGE = 200
_LONGEST_WAIT = 30.0
_EVENTS_AT_ONCE = 100
_LOOK_EVERY = 0.05
"""Seconds between two looks for a new event while a long poll waits."""


def read_routes(access: Access, clock: Clock, longest_wait: float) -> list[BaseRoute]:
    """Every path that changes nothing; a long poll is held for at most `longest_wait` seconds."""
    world = access.world

    async def health(_: Request) -> Response:
        return access.json(bodies.health_body(access.quirks), 503 if access.quirks.health == "fail" else 200)

    async def events(request: Request) -> Response:
        return access.json(await _events(access, request, clock, longest_wait))

    return [
        access.route("/health", health, scope=None),
        access.snapshot("/status", lambda _: bodies.status_body(world, access.quirks)),
        access.snapshot("/credits", lambda _: bodies.credits_body(world)),
        access.snapshot("/budgets", lambda _: bodies.budgets_body(world)),
        access.snapshot("/jobs", lambda request: _jobs(access, request)),
        access.snapshot("/jobs/{id}", lambda request: _job(access, request)),
        access.snapshot("/uploads", lambda request: _uploads(access, request)),
        access.snapshot("/characters", lambda _: bodies.characters_body(world)),
        access.snapshot("/platforms", lambda _: bodies.platforms_body(world)),
        access.snapshot("/schedule", lambda _: bodies.schedule_body(world)),
        access.snapshot("/reports/daily", lambda request: _daily(access, request)),
        access.snapshot("/reports/weekly", lambda request: _weekly(access, request)),
        access.snapshot("/operations/{id}", lambda request: _operation(access, request)),
        access.route("/events", events),
    ]


def _jobs(access: Access, request: Request) -> JsonObject:
    """Newest first; `from` and `to` are about when a job was planned, `updated` about its last step."""
    query = request.query_params
    start, end, updated = (_moment(request, name) for name in ("from", "to", "updated"))
    found = [
        job
        for job in access.world.jobs()
        if query.get("status") in {None, job.status}
        and query.get("character") in {None, job.character_id}
        and (query.get("platform") is None or query["platform"] in job.target_platforms)
        and (start is None or job.created_at >= start)
        and (end is None or job.created_at < end)
        and (updated is None or job.updated_at >= updated)
    ]
    return _page(request, "jobs", found)


def _job(access: Access, request: Request) -> JsonObject:
    job = next((row for row in access.world.jobs() if row.id == request.path_params["id"]), None)
    if job is None:
        raise ProblemError(404, "not-found", "There is no such job.")
    uploads = [row for row in access.world.uploads() if row.job_id == job.id]
    return json_object({"job": job, "uploads": uploads, "ledger": access.world.ledger_of(job.id)})


def _uploads(access: Access, request: Request) -> JsonObject:
    query = request.query_params
    start, end = _moment(request, "from"), _moment(request, "to")
    found = [
        row
        for row in access.world.uploads()
        if query.get("status") in {None, row.status}
        and query.get("platform") in {None, row.platform}
        and query.get("job") in {None, row.job_id}
        and (start is None or row.scheduled_for >= start)
        and (end is None or row.scheduled_for < end)
    ]
    return _page(request, "uploads", found)


def _page(request: Request, name: str, rows: Sequence[Job] | Sequence[Upload]) -> JsonObject:
    """A page that begins after the row the cursor names, however many newer ones have come since."""
    limit = _number(request, "limit", _PAGE, 1, _LONGEST_PAGE)
    cursor = request.query_params.get("cursor")
    first = 0
    if cursor:
        first = next((index for index, row in enumerate(rows, 1) if row.id == _row_named(cursor)), -1)
        if first < 0:
            raise ProblemError(400, "bad-cursor", "The cursor is unknown.")
    page = rows[first : first + limit]
    more = first + limit < len(rows)
    return json_object({name: page, "next_cursor": _cursor(page[-1].id) if more else None})


async def _events(access: Access, request: Request, clock: Clock, longest_wait: float) -> JsonObject:
    after = _number(request, "after", 0, 0, 2**53)
    limit = _number(request, "limit", _EVENTS_AT_ONCE, 1, 1000)
    wait = min(float(_number(request, "wait", 0, 0, int(_LONGEST_WAIT))), longest_wait)
    until = clock.monotonic() + wait
    while True:
        journal = access.world.journal()
        try:
            found = journal.after(after)
        except EventsGoneError as error:
            detail = "Those events are no longer kept; begin anew from the snapshots."
            raise ProblemError(410, "events-gone", detail) from error
        if found or clock.monotonic() >= until or await request.is_disconnected():
            page = list(found[:limit])
            return {"events": access.quirks.events(page), "last": page[-1]["seq"] if page else journal.last}
        await asyncio.sleep(_LOOK_EVERY)


def _daily(access: Access, request: Request) -> JsonObject:
    world = access.world
    asked = request.query_params.get("date")
    try:
        day = world.today if asked is None else date.fromisoformat(asked)
    except ValueError as error:
        raise ProblemError(400, "bad-parameter", "The date is written YYYY-MM-DD.") from error
    return json_object(daily_body(world.day(day), world.company.target, world.credits()))


def _weekly(access: Access, request: Request) -> JsonObject:
    world = access.world
    asked = request.query_params.get("week") or iso_week(world.today)
    try:
        year, _, week = asked.partition("-W")
        monday = date.fromisocalendar(int(year), int(week), 1)
    except ValueError as error:
        raise ProblemError(400, "bad-parameter", "The week is written YYYY-Www.") from error
    before = world.week(monday - timedelta(days=7))
    return json_object(weekly_body(asked, world.week(monday), before, world.company.target))


def _operation(access: Access, request: Request) -> JsonObject:
    operation = access.world.operation(request.path_params["id"])
    if operation is None:
        raise ProblemError(404, "not-found", "There is no such operation.")
    return operation.body


def _number(request: Request, name: str, default: int, least: int, most: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise ProblemError(400, "bad-parameter", f"“{name}” is a number from {least} to {most}.")
    return int(text)


def _moment(request: Request, name: str) -> datetime | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        return parse_moment(text)
    except ValueError as error:
        raise ProblemError(400, "bad-parameter", f"“{name}” is a moment in RFC 3339.") from error


def _cursor(row_id: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([row_id]).encode()).decode()


def _row_named(cursor: str) -> str:
    try:
        (row_id,) = json.loads(base64.urlsafe_b64decode(cursor))
    except (binascii.Error, ValueError, TypeError) as error:
        raise ProblemError(400, "bad-cursor", "The cursor is unknown.") from error
    return str(row_id)
