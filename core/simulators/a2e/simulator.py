"""The A2E simulator: A2E's view of a simulated production system's world (production.md 7)."""

from __future__ import annotations

import hmac
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from core.moment import Clock
from core.simulators.a2e.quirks import A2EQuirks
from core.simulators.a2e.tasks import (
    avatar_record,
    avatar_tasks,
    image_record,
    image_tasks,
    typical_seconds,
)
from core.simulators.production.faults import Fault, Faults
from core.simulators.production.gate import Gate, LogEntry
from core.simulators.production.records import JsonObject
from core.simulators.production.world import World

__all__ = ["A2ESimulator", "ForbiddenCall"]

_BASE = "/api/v1"
_FAKE_KEY = "sk_fake_simulated_a2e_key"
_LOG_LENGTH = 5_000
_PAGE = 20
_LONGEST_PAGE = 100
_FORBIDDEN_WORDS = ("start", "create", "generate", "remove", "delete", "exchange", "train", "clone", "cancel")
"""What a path has in it that makes, destroys or trades something."""

_REFUSED_CODE = 1003
_AUTH_CODE = 401


@dataclass(frozen=True, slots=True)
class ForbiddenCall:
    """A request that a console must never make: it starts, deletes or exchanges something."""

    at: datetime
    method: str
    path: str


class A2ESimulator:
    """A stand-in of A2E. The tasks are the attempts of the world's jobs, the coins what its books leave.

    `forbidden_calls` keeps every request that would have changed something; each is answered like a
    success, as the real service would, so that nothing but this record tells.
    """

    def __init__(self, world: World, clock: Clock) -> None:
        self.world = world
        self.quirks = A2EQuirks()
        self.faults = Faults()
        self.log: deque[LogEntry] = deque(maxlen=_LOG_LENGTH)
        self.forbidden_calls: list[ForbiddenCall] = []
        self._clock = clock
        self._traces = 0
        self.app: ASGIApp = Gate(Starlette(routes=self._routes()), self.faults, self.log, self._fault_answer)

    @property
    def token(self) -> str:
        """The API token that is accepted; obviously fake."""
        return _FAKE_KEY

    def _routes(self) -> list[Route]:
        family = "/userImage2Video"
        return [
            self._route("/user/remainingCoins", self._balance, "GET", "POST"),
            self._route("/video/awsList", self._avatar_list, "GET", "POST"),
            self._route("/video/awsResult", self._avatar_one, "POST"),
            self._route(f"{family}/allRecords", self._image_list, "GET"),
            self._route(f"{family}/batchDetail", self._image_many, "POST"),
            self._route(f"{family}/avgProcessingTime", self._typical_time, "GET"),
            self._route(f"{family}/{{id:str}}", self._image_one, "GET"),
            self._route("/{rest:path}", self._other, "GET", "POST", "PUT", "PATCH", "DELETE"),
        ]

    def _route(self, path: str, handler: Callable[[Request], Awaitable[Response]], *methods: str) -> Route:
        async def endpoint(request: Request) -> Response:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(token, self.token):
                status = 200 if self.quirks.auth_in_body else 401
                return self._no(_AUTH_CODE, "Invalid token", status)
            if _forbidden(request):
                call = ForbiddenCall(self._clock.now(), request.method, request.url.path)
                self.forbidden_calls.append(call)
                return self._yes({"_id": "000000000000000000000000"})
            return await handler(request)

        return Route(f"{_BASE}{path}", endpoint, methods=list(methods))

    async def _balance(self, _: Request) -> Response:
        return self._yes(self.quirks.balance(self.world.credits().balance_live))

    async def _avatar_list(self, request: Request) -> Response:
        tasks = avatar_tasks(self.world.provider_tasks())
        current, size = await _page(request, "current")
        rows = [avatar_record(task, self.quirks) for task in tasks[(current - 1) * size : current * size]]
        return self._yes({"current": current, "total": len(tasks), "success": True, "data": rows})

    async def _avatar_one(self, request: Request) -> Response:
        wanted = (await _body(request)).get("_id")
        tasks = [task for task in avatar_tasks(self.world.provider_tasks()) if task.id == wanted]
        return self._yes([avatar_record(task, self.quirks) for task in tasks])

    async def _image_list(self, request: Request) -> Response:
        tasks = image_tasks(self.world.provider_tasks())
        number, size = await _page(request, "pageNum")
        rows = [image_record(task, self.quirks) for task in tasks[(number - 1) * size : number * size]]
        return self._yes({"rows": rows, "total": len(tasks)})

    async def _image_many(self, request: Request) -> Response:
        wanted = (await _body(request)).get("ids")
        ids = set(cast("list[object]", wanted)) if isinstance(wanted, list) else set[object]()
        tasks = [task for task in image_tasks(self.world.provider_tasks()) if task.id in ids]
        return self._yes([image_record(task, self.quirks) for task in tasks])

    async def _image_one(self, request: Request) -> Response:
        wanted = request.path_params["id"]
        task = next((row for row in image_tasks(self.world.provider_tasks()) if row.id == wanted), None)
        if task is None:
            return self._no(_REFUSED_CODE, "No such task", 200)
        return self._yes(image_record(task, self.quirks))

    async def _typical_time(self, _: Request) -> Response:
        return self._yes({"avgProcessingTime": typical_seconds(image_tasks(self.world.provider_tasks()))})

    async def _other(self, _: Request) -> Response:
        return self._no(404, "Not found", 404)

    def _yes(self, data: object) -> Response:
        return JSONResponse({"code": self.quirks.success_code, "data": data, "trace_id": self._trace()})

    def _no(self, code: int, text: str, status: int) -> Response:
        return JSONResponse({"code": code, self.quirks.error_text: text, "trace_id": self._trace()}, status)

    def _trace(self) -> str:
        """The next trace id: a UUID in form, a number in fact."""
        self._traces += 1
        return f"00000000-0000-4000-8000-{self._traces:012d}"

    def _fault_answer(self, fault: Fault) -> Response:
        """An ordered fault in A2E's words; “auth” and “refused” say no in an HTTP 200."""
        if fault.kind == "auth":
            return self._no(_AUTH_CODE, "Invalid token", 200)
        if fault.kind == "refused":
            return self._no(_REFUSED_CODE, "The request was refused.", 200)
        status = int(fault.kind)
        response = self._no(status, "A fault that was ordered.", status)
        if fault.retry_after is not None:
            response.headers["Retry-After"] = fault.retry_after
        return response


def _forbidden(request: Request) -> bool:
    """Whether the request makes, destroys or trades something: by a word of its path, or its method."""
    path = request.url.path.lower()
    reading = ("/remainingcoins", "/awslist", "/awsresult", "/batchdetail")
    if any(word in path.rpartition("/")[2] for word in _FORBIDDEN_WORDS):
        return True
    return request.method not in {"GET", "HEAD"} and not path.endswith(reading)


async def _body(request: Request) -> JsonObject:
    """The JSON object that came along; anything else is an empty one."""
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError:
        return {}
    return cast("JsonObject", body) if isinstance(body, dict) else {}


async def _page(request: Request, number_name: str) -> tuple[int, int]:
    """The page asked for, from 1, and how many rows it has; a POST carries both in its body."""
    asked = {**request.query_params, **(await _body(request))}
    return max(1, _whole(asked.get(number_name), 1)), min(
        max(1, _whole(asked.get("pageSize"), _PAGE)), _LONGEST_PAGE
    )


def _whole(value: object, default: int) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else default
