"""What the gateway serves. It says nothing of itself to whom it doesn't know."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

__all__ = ["HEALTH_PATH", "make_app"]

HEALTH_PATH = "/healthz"


def make_app(routes: Sequence[BaseRoute], healthy: Callable[[], bool]) -> Starlette:
    """The routes given, and one that answers 200 while `healthy`, else 503."""

    async def health(_request: Request) -> JSONResponse:
        well = healthy()
        return JSONResponse({"ok": well}, status_code=200 if well else 503)

    return Starlette(routes=[Route(HEALTH_PATH, health, methods=["GET"]), *routes])
