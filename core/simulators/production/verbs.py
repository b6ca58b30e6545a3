"""The control endpoints of production.md 6 and 8: pause, resume, restart, and their idempotency keys."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from core.moment import parse_moment
from core.simulators.production.access import Access
from core.simulators.production.bodies import budget_exceeded, system_state
from core.simulators.production.control import RefusalError
from core.simulators.production.problems import ProblemError
from core.simulators.production.records import JsonObject

__all__ = ["AuditRecord", "Verbs"]

_KEY = re.compile(r'"([\x20-\x21\x23-\x5b\x5d-\x7e]{1,128})"')
"""A string of the structured-field grammar, without its escapes."""

_KEYS_KEPT = timedelta(hours=24)
_SHORTEST_REASON, _LONGEST_REASON = 3, 200
_DRAIN_TIMEOUT = 600
_LONGEST_DRAIN = 86_400


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """What production.md 6 has every verb write."""

    at: datetime
    actor: str
    verb: str
    arguments: Mapping[str, object]
    idempotency_key: str | None
    from_state: str
    to_state: str
    result: str
    request_id: str


@dataclass(slots=True)
class _Kept:
    """A key that was used: for what, when, and the answer once there is one."""

    digest: str
    at: datetime
    answer: tuple[int, JsonObject] | None = None


class Verbs:
    """The three verbs. `takes` is for how many real seconds a verb is carried out before it is answered."""

    def __init__(self, access: Access) -> None:
        self.takes = 0.0
        self.audit: list[AuditRecord] = []
        self._access = access
        self._keys: dict[str, _Kept] = {}

    @property
    def routes(self) -> list[BaseRoute]:
        """The paths of the verbs."""
        verbs = {"pause": self._pause, "resume": self._resume, "restart": self._restart}
        return [
            self._access.route(f"/control/{verb}", self._endpoint(verb, do), method="POST", scope="control")
            for verb, do in verbs.items()
        ]

    def _endpoint(
        self, verb: str, do: Callable[[JsonObject], tuple[int, JsonObject]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            key = _key(request, required=verb == "restart")
            raw = await request.body()
            kept = self._kept(key, hashlib.sha256(verb.encode() + b"\n" + raw).hexdigest())
            if kept is not None and kept.answer is not None:
                return self._response(*kept.answer)
            try:
                answer = await self._carry_out(verb, do, raw, key, request.state.request_id)
            except ProblemError:
                # A refused request did nothing, so its key may be used again.
                self._keys.pop(key or "", None)
                raise
            if kept is not None:
                kept.answer = answer
            return self._response(*answer)

        return endpoint

    def _kept(self, key: str | None, digest: str) -> _Kept | None:
        """The key's record, new or with the answer of its first use."""
        if key is None:
            return None
        now = self._access.world.now
        self._keys = {name: row for name, row in self._keys.items() if now - row.at < _KEYS_KEPT}
        kept = self._keys.get(key)
        if kept is None:
            kept = self._keys[key] = _Kept(digest, now)
        elif kept.digest != digest:
            raise ProblemError(422, "idempotency-key-reused", "The key was used for another request.")
        elif kept.answer is None:
            raise ProblemError(409, "idempotency-key-in-use", "The first request with this key still runs.")
        return kept

    async def _carry_out(
        self,
        verb: str,
        do: Callable[[JsonObject], tuple[int, JsonObject]],
        raw: bytes,
        key: str | None,
        request_id: str,
    ) -> tuple[int, JsonObject]:
        arguments = _arguments(raw)
        if self.takes:
            await asyncio.sleep(self.takes)
        world = self._access.world
        with world.locked():
            before, result = world.state, "refused"
            try:
                status, body = do(arguments)
                result = "changed" if body["changed"] else "unchanged"
            except RefusalError as refusal:
                raise ProblemError(409, refusal.kind, refusal.detail, title=refusal.title) from refusal
            finally:
                who = _actor(arguments)
                record = AuditRecord(
                    world.now, who, verb, arguments, key, before, world.state, result, request_id
                )
                self.audit.append(record)
        return status, body

    def _pause(self, arguments: JsonObject) -> tuple[int, JsonObject]:
        world = self._access.world
        changed = world.pause(reason=_reason(arguments), by=_actor(arguments), until=self._until(arguments))
        return 200, self._state_body(changed)

    def _resume(self, arguments: JsonObject) -> tuple[int, JsonObject]:
        world, reason = self._access.world, _reason(arguments)
        if world.desired_state == "paused" and arguments.get("override") is not True:
            self._guard()
        return 200, self._state_body(world.resume(reason=reason))

    def _restart(self, arguments: JsonObject) -> tuple[int, JsonObject]:
        _reason(arguments)
        patience = arguments.get("drain_timeout_s", _DRAIN_TIMEOUT)
        if isinstance(patience, bool) or not isinstance(patience, int) or not 0 <= patience <= _LONGEST_DRAIN:
            raise ProblemError(422, "bad-argument", "drain_timeout_s is a number of seconds.")
        running = self._access.world.state == "restarting"
        operation = self._access.world.restart(
            drain=_flag(arguments, "drain", default=True),
            patience=timedelta(seconds=patience),
            force=_flag(arguments, "force", default=False),
        )
        return 202, self._state_body(changed=not running) | {"operation": operation.body}

    def _guard(self) -> None:
        """Refuse what would spend credits or money that aren't there (production.md 6).

        Raises:
            ProblemError: the credits are exhausted, or a budget with a hard stop is exceeded.
        """
        world = self._access.world
        if world.credits().balance_live <= 0:
            raise ProblemError(409, "blocked-by-guard", "no credits are left", title="Credits exhausted")
        budget = budget_exceeded(world)
        if budget is not None:
            detail = f"{budget.period} budget exceeded"
            raise ProblemError(409, "blocked-by-guard", detail, title="Budget hard stop")

    def _until(self, arguments: JsonObject) -> datetime | None:
        text = arguments.get("until")
        if text is None:
            return None
        try:
            until = parse_moment(str(text))
        except ValueError as error:
            raise ProblemError(422, "bad-argument", "until is a moment in RFC 3339.") from error
        if until <= self._access.world.now:
            raise ProblemError(422, "bad-argument", "until lies in the past.")
        return until

    def _state_body(self, changed: bool) -> JsonObject:
        world = self._access.world
        return {
            "changed": changed,
            "state": system_state(world, self._access.quirks),
            "desired_state": world.desired_state,
            "in_flight": len(world.in_flight()),
        }

    def _response(self, status: int, body: JsonObject) -> Response:
        response = self._access.json(body, status)
        if status == 202:
            operation = cast("JsonObject", body["operation"])
            response.headers["Location"] = f"/api/v1/operations/{operation['id']}"
        return response


def _key(request: Request, *, required: bool) -> str | None:
    header = request.headers.get("idempotency-key")
    if header is None:
        if required:
            raise ProblemError(400, "idempotency-key-missing", "A restart needs an Idempotency-Key.")
        return None
    match = _KEY.fullmatch(header.strip())
    if match is None:
        raise ProblemError(400, "idempotency-key-malformed", "The Idempotency-Key is a string in quotes.")
    return match[1]


def _arguments(raw: bytes) -> JsonObject:
    try:
        arguments = json.loads(raw)
    except ValueError as error:
        raise ProblemError(400, "bad-json", "The body is no JSON.") from error
    if not isinstance(arguments, dict):
        raise ProblemError(400, "bad-json", "The body is no JSON object.")
    return cast("JsonObject", arguments)


def _reason(arguments: JsonObject) -> str:
    reason = arguments.get("reason")
    if not isinstance(reason, str) or not _SHORTEST_REASON <= len(reason.strip()) <= _LONGEST_REASON:
        raise ProblemError(422, "bad-argument", "A reason of 3 to 200 characters is required.")
    return reason.strip()


def _flag(arguments: JsonObject, name: str, *, default: bool) -> bool:
    value = arguments.get(name, default)
    if not isinstance(value, bool):
        raise ProblemError(422, "bad-argument", f"{name} is true or false.")
    return value


def _actor(arguments: JsonObject) -> str:
    """`channel:user`, as the caller gives it."""
    actor = arguments.get("actor")
    if not isinstance(actor, dict):
        return "unknown"
    row = cast("JsonObject", actor)
    return f"{row.get('channel', 'unknown')}:{row.get('user', 'unknown')}"
