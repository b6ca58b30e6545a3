"""The other side of a relay that is measured, as a process of its own: `python -m bench.counterpart PORT`.

It has two routes that webhooks are measured against, one that does nothing and one that checks a signature,
and a provider that takes every message at once and reports none of them.
"""

from __future__ import annotations

import asyncio
import sys
from itertools import count

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.relay.gateway.app import make_app
from core.relay.gateway.server import GatewayServer
from core.relay.service import lasting_memory, relay_runner
from core.relay.whatsapp.meta.signature import SIGNATURE_HEADER, signed
from core.secret import Secret

__all__ = ["BARE", "SECRET", "SIGNED", "main"]

BARE = "/bare"
"""The route that does nothing, and answers what the relay's webhook answers."""

SIGNED = "/signed"
"""The same, but that it checks the signature of what is posted: what performance.md calls bare Starlette."""

SECRET = Secret("no secret at all")

_ACCEPTED = 201


def main() -> None:
    """Serve until the process is ended."""
    with relay_runner() as runner, lasting_memory():
        runner.run(_serve(int(sys.argv[1])))


async def _serve(port: int) -> None:
    server = GatewayServer(make_app(_routes(), lambda: True), "127.0.0.1", port)
    await server.start()
    await asyncio.Event().wait()


def _routes() -> list[BaseRoute]:
    numbers = count(1)

    async def bare(_request: Request) -> Response:
        return Response(b"<Response/>", media_type="text/xml")

    async def checked(request: Request) -> Response:
        genuine = signed([SECRET], await request.body(), request.headers.get(SIGNATURE_HEADER, ""))
        return Response(b"<Response/>", 200 if genuine else 403, media_type="text/xml")

    async def take(_request: Request) -> Response:
        return JSONResponse({"sid": f"SM{next(numbers):032x}", "status": "queued"}, _ACCEPTED)

    async def make(_request: Request) -> Response:
        return JSONResponse({"sid": f"HX{next(numbers):032x}"}, _ACCEPTED)

    return [
        Route(BARE, bare, methods=["POST"]),
        Route(SIGNED, checked, methods=["POST"]),
        Route("/2010-04-01/Accounts/{account}/Messages.json", take, methods=["POST"]),
        Route("/v1/Content", make, methods=["POST"]),
    ]


if __name__ == "__main__":
    main()
