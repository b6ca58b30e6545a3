"""Errors as the backend words them: a `detail`, which is a list where a request has the wrong form."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

__all__ = ["ProblemError", "invalid", "problem_response"]


class ProblemError(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, detail: object) -> None:
        super().__init__(str(detail))
        self.status = status
        self.detail = detail


def invalid(place: str, name: str, said: str, kind: str = "value_error") -> ProblemError:
    """A field of the wrong form; `place` is `body`, `query` or `path`."""
    return ProblemError(422, [{"loc": [place, name], "msg": said, "type": kind}])


def problem_response(problem: ProblemError) -> Response:
    """The error as an HTTP answer."""
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    return JSONResponse({"detail": problem.detail}, problem.status, headers)
