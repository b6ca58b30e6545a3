"""What is the same for every path: who may call it, what it lacks, its headers and its errors."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime
from typing import cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.simulators.production.problems import ProblemError, problem_response
from core.simulators.production.quirks import Quirks
from core.simulators.production.records import JsonObject, as_json
from core.simulators.production.world import World

__all__ = ["BASE", "Access", "Tokens"]

BASE = "/api/v1"
"""Where the contract's paths begin."""

_FLEETING = frozenset({"uptime_seconds"})
"""What changes with the clock alone and, like `as_of`, makes no new version of a snapshot."""


class Tokens:
    """The two tokens of this system, obviously fake: one may control, one may only read."""

    def __init__(self) -> None:
        self.control = "fake-production-control-token"
        self.read = "fake-production-read-token"

    def check(self, header: str, *, control: bool) -> None:
        """Let a caller in.

        Raises:
            ProblemError: the token is unknown (401), or may only read (403).
        """
        scheme, _, token = header.partition(" ")
        known = [self.control, self.read]
        if scheme.lower() != "bearer" or not any(hmac.compare_digest(token, each) for each in known):
            raise ProblemError(401, "unauthorized", "The token is missing or unknown.")
        if control and token != self.control:
            raise ProblemError(403, "forbidden", "The token lacks the scope control.")


class Access:
    """Makes routes out of handlers, with all that the contract asks of every answer."""

    def __init__(self, world: World, tokens: Tokens, quirks: Quirks) -> None:
        self.world = world
        self.quirks = quirks
        self._tokens = tokens
        self._answered = 0

    @property
    def now(self) -> datetime:
        """The moment on this system's own clock, which may be wrong."""
        return self.world.now + self.quirks.skew

    def snapshot(self, path: str, body: Callable[[Request], JsonObject]) -> Route:
        """A GET whose answer has an ETag and says as of when it is."""

        async def answer(request: Request) -> Response:
            return self._snapshot(request, body(request))

        return self.route(path, answer)

    def route(
        self,
        path: str,
        handler: Callable[[Request], Awaitable[Response]],
        *,
        method: str = "GET",
        scope: str | None = "read",
    ) -> Route:
        """Any path below /api/v1; `scope` None admits everybody."""

        async def endpoint(request: Request) -> Response:
            self._answered += 1
            request_id = request.headers.get("x-request-id") or f"req_{self._answered:06d}SIM"
            request.state.request_id = request_id
            try:
                if scope is not None:
                    self._tokens.check(request.headers.get("authorization", ""), control=scope == "control")
                self._offer(request.url.path.removeprefix(BASE))
                response = await handler(request)
            except ProblemError as problem:
                response = problem_response(problem, instance=request.url.path, request_id=request_id)
            response.headers["X-Request-Id"] = request_id
            response.headers["Date"] = format_datetime(self.now, usegmt=True)
            return response

        return Route(f"{BASE}{path}", endpoint, methods=[method])

    def _offer(self, path: str) -> None:
        if self.quirks.lacking(path):
            raise ProblemError(404, "not-found", "This system doesn't offer that.")

    def json(self, body: JsonObject, status: int = 200) -> Response:
        """A JSON answer as of now, changed as the switches say."""
        stamped = {"as_of": as_json(self.now), **self.quirks.bent(body)}
        return Response(json.dumps(stamped), status, media_type="application/json")

    def _snapshot(self, request: Request, body: JsonObject) -> Response:
        body = {"source": "live", **body}
        lasting = json.dumps(_lasting(self.quirks.bent(body)), sort_keys=True)
        tag = f'W/"{hashlib.sha256(lasting.encode()).hexdigest()[:20]}"'
        wanted = {each.strip() for each in request.headers.get("if-none-match", "").split(",")}
        if tag in wanted or "*" in wanted:
            return Response(status_code=304, headers={"ETag": tag})
        response = self.json(body)
        response.headers["ETag"] = tag
        return response


def _lasting(body: JsonObject) -> JsonObject:
    """The body without what changes every second."""
    system = body.get("system")
    if isinstance(system, dict):
        fields = cast("JsonObject", system)
        body = body | {"system": {name: fields[name] for name in fields if name not in _FLEETING}}
    return body
