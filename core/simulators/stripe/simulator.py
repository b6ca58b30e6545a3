"""The Stripe simulator: the balance, by a restricted key, and a record of calls that must not be made."""

from __future__ import annotations

import hmac

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

__all__ = ["FAKE_KEY", "StripeSimulator"]

FAKE_KEY = "rk_test_fake_simulated_balance_key"
"""The one key that is accepted; obviously fake."""

_TYPES = {400: "invalid_request_error", 401: "invalid_request_error", 403: "invalid_request_error"}
_AMOUNT = 123_400


class StripeSimulator:
    """Answers reads of the balance.

    `live` is the mode the key is of. `status`, where set, is answered to everything. `forbidden_calls` keeps
    the method and path of whatever a health check has no business with.
    """

    def __init__(self) -> None:
        self.live = False
        self.status: int | None = None
        self.calls = 0
        self.forbidden_calls: list[tuple[str, str]] = []
        everything = ["GET", "POST", "DELETE"]
        routes = [
            Route("/v1/balance", self._balance, methods=["GET"]),
            Route("/{path:path}", self._anything, methods=everything),
        ]
        self.app: ASGIApp = Starlette(routes=routes)

    def _balance(self, request: Request) -> Response:
        self.calls += 1
        if self.status is not None:
            return _error(self.status)
        scheme, _space, key = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not hmac.compare_digest(key, FAKE_KEY):
            return _error(401)
        money = [{"amount": _AMOUNT, "currency": "usd", "source_types": {"card": _AMOUNT}}]
        return JSONResponse({"object": "balance", "available": money, "livemode": self.live, "pending": []})

    def _anything(self, request: Request) -> Response:
        self.forbidden_calls.append((request.method, request.url.path))
        return _error(404)


def _error(status: int) -> Response:
    kind = _TYPES.get(status, "api_error")
    headers = {"Retry-After": "1"} if status == 429 else None
    return JSONResponse({"error": {"type": kind, "message": "Simulated."}}, status, headers)
