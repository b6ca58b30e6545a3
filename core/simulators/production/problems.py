"""Errors as production.md 8 words them: `application/problem+json`, with the id of the request."""

from __future__ import annotations

import json
from http import HTTPStatus

from starlette.responses import Response

__all__ = ["ProblemError", "problem_response"]


class ProblemError(Exception):
    """A request that is answered with an error; `kind` is the last part of the problem's type."""

    def __init__(self, status: int, kind: str, detail: str, *, title: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.title = title or HTTPStatus(status).phrase
        self.detail = detail


def problem_response(problem: ProblemError, *, instance: str, request_id: str) -> Response:
    """The problem as an HTTP answer."""
    body = {
        "type": f"urn:opsdeck:problem:{problem.kind}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": instance,
        "request_id": request_id,
    }
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    return Response(json.dumps(body), problem.status, headers, media_type="application/problem+json")
