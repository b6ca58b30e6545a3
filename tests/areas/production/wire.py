"""A service that answers over real HTTP what a test tells it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core.simulators.server import CUT_EXTENSION, LoopbackServer


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Script:
    """Answers by the end of the path: each answer once, in turn, and the last one from then on.

    An answer is a status with a body (JSON unless it is bytes) and perhaps headers, or the word “cut”.
    """

    asked: list[Asked] = field(default_factory=list)
    plan: dict[str, list[Any]] = field(default_factory=dict)

    def answers(self, path_end: str, *answers: Any) -> None:
        self.plan[path_end] = list(answers)

    def count(self, path_end: str) -> int:
        return sum(each.path.endswith(path_end) for each in self.asked)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        self.asked.append(
            Asked(request.method, request.url.path, dict(request.query_params), dict(request.headers), body)
        )
        answer = self._next(request.url.path)
        if answer == "cut":
            scope["extensions"][CUT_EXTENSION]()
            return
        status, content, *headers = answer
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        given = {"Content-Type": "application/json"} | (headers[0] if headers else {})
        await Response(raw, status, given)(scope, receive, send)

    def _next(self, path: str) -> Any:
        for end, answers in self.plan.items():
            if path.endswith(end):
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return 404, {"title": "Not found", "status": 404}


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The address at which `app` is served."""
    with LoopbackServer(app) as server:
        yield server.url
