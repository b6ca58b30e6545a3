"""The Bot API simulator for health checks: `getMe` and `getWebhookInfo`, and a record of every other call."""

from __future__ import annotations

from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

__all__ = ["FAKE_TOKEN", "BotStatusSimulator"]

FAKE_TOKEN = "100000001:fake-simulated-token-for-health-checks"  # noqa: S105  it opens nothing


class BotStatusSimulator:
    """A bot and its webhook.

    `webhook` is empty while the bot polls. `status`, where set, is answered to everything. `forbidden_calls`
    keeps the methods that a health check must not use, `getUpdates` above all.
    """

    def __init__(self) -> None:
        self.username = "opsdeck_simulated_bot"
        self.webhook = ""
        self.pending = 0
        self.last_error_at: datetime | None = None
        self.last_error = ""
        self.status: int | None = None
        self.forbidden_calls: list[str] = []
        route = Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"])
        self.app: ASGIApp = Starlette(routes=[route])

    def _answer(self, request: Request) -> Response:
        if self.status is not None:
            return _refused(self.status)
        if request.path_params["token"] != FAKE_TOKEN:
            return _refused(401)
        match request.path_params["method"]:
            case "getMe":
                return _result(self._me())
            case "getWebhookInfo":
                return _result(self._webhook_info())
            case other:
                self.forbidden_calls.append(other)
                return _refused(404)

    def _me(self) -> dict[str, object]:
        return {"id": 100_000_001, "is_bot": True, "first_name": "opsdeck", "username": self.username}

    def _webhook_info(self) -> dict[str, object]:
        info: dict[str, object] = {
            "url": self.webhook,
            "has_custom_certificate": False,
            "pending_update_count": self.pending,
        }
        if self.webhook:
            info |= {"ip_address": "192.0.2.10", "max_connections": 40}
        if self.last_error_at is not None:
            info |= {
                "last_error_date": int(self.last_error_at.timestamp()),
                "last_error_message": self.last_error,
            }
        return info


def _result(value: dict[str, object]) -> Response:
    return JSONResponse({"ok": True, "result": value})


def _refused(status: int) -> Response:
    words = {401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}
    body = {"ok": False, "error_code": status, "description": words.get(status, "Internal Server Error")}
    return JSONResponse(body, status)
