"""What a fault does to a call, whichever provider's it is: all but how that one refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core.simulators.server import cut_connection
from core.simulators.whatsapp.faults import Fault

__all__ = ["spoiled"]

_PROXY_PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"


async def spoiled(
    request: Request,
    fault: Fault | None,
    refusal: Callable[[Fault], Exception],
    answer: Callable[[], Response | Awaitable[Response]],
) -> Response:
    """The answer to a call, unless the fault that it meets is in its way.

    `refusal` is how the provider says no by a “429”, a “500” or an “error”. A “fail” is up to `answer`.

    Raises:
        Exception: the refusal.
        httpx.RemoteProtocolError: as `cut_connection`.
    """
    kind = fault.kind if fault is not None else ""
    if fault is not None:
        match kind:
            case "429" | "500" | "error":
                raise refusal(fault)
            case "502":
                return HTMLResponse(_PROXY_PAGE, status_code=502)
            case "slow":
                await asyncio.sleep(fault.seconds)
            case "drop-before":
                return await cut_connection(request.scope)
            case _:
                pass
    response = answer()
    if not isinstance(response, Response):
        response = await response
    return await cut_connection(request.scope) if kind == "drop-after" else response
