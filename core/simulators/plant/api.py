"""The backend's paths: lists by skip and limit, single rows, new ones and steps (whatsapp.md A3)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.simulators.plant.backend import Backend
from core.simulators.plant.creating import CREATORS
from core.simulators.plant.forms import Form
from core.simulators.plant.problems import ProblemError, invalid, problem_response
from core.simulators.plant.steps import STEPS, Step, take

__all__ = ["PATHS", "routes"]

PATHS = {
    "departments": "/api/departments",
    "users": "/api/users",
    "products": "/api/products",
    "machines": "/api/machines",
    "orders": "/api/orders",
    "rejects": "/api/defects/rejects",
    "returns": "/api/defects/returns",
    "maintenance": "/api/maintenance/tickets",
    "sops": "/api/sop/tickets",
    "boms": "/api/finance/boms",
}
"""Where each table is."""

_PAGE, _LONGEST_PAGE = 100, 1_000

Handler = Callable[[Request], Awaitable[Response]]


def routes(backend: Backend, allowed: Callable[[Request], None]) -> list[Route]:
    """Every path; `allowed` raises `ProblemError` for a caller who isn't.

    As upstream, `/tickets/sla-breached` is declared after `/tickets/{id}` and can't be reached: its last part
    is taken for an id, and refused.
    """
    found: list[Route] = []
    for table, path in PATHS.items():
        found.append(Route(path, _guarded(allowed, _list(backend, table)), methods=["GET"]))
        found.append(Route(f"{path}/{{id}}", _guarded(allowed, _one(backend, table)), methods=["GET"]))
        if table in CREATORS:
            found.append(Route(path, _guarded(allowed, _create(backend, table)), methods=["POST"]))
    for table in ("maintenance", "sops"):
        breached = _guarded(allowed, _list(backend, table))
        found.append(Route(f"{PATHS[table]}/sla-breached", breached, methods=["GET"]))
    for (table, name), step in STEPS.items():
        path = f"{PATHS[table]}/{{id}}/{name}"
        found.append(Route(path, _guarded(allowed, _act(backend, step)), methods=["POST"]))
    return found


def _guarded(allowed: Callable[[Request], None], handler: Handler) -> Handler:
    async def answer(request: Request) -> Response:
        try:
            allowed(request)
            return await handler(request)
        except ProblemError as problem:
            return problem_response(problem)

    return answer


def _list(backend: Backend, table: str) -> Handler:
    async def answer(request: Request) -> Response:
        skip = _number(request, "skip", 0, 0, 10**9)
        limit = _number(request, "limit", _PAGE, 1, _LONGEST_PAGE)
        status = request.query_params.get("status")
        rows = [each for each in backend.all(table) if status is None or each.get("status") == status]
        page = rows[skip : skip + limit]
        return JSONResponse({"total": len(rows), "skip": skip, "limit": limit, "data": page})

    return answer


def _one(backend: Backend, table: str) -> Handler:
    async def answer(request: Request) -> Response:
        return JSONResponse(backend.row(table, _id(request)))

    return answer


def _create(backend: Backend, table: str) -> Handler:
    async def answer(request: Request) -> Response:
        return JSONResponse(CREATORS[table](backend, Form(await request.body())), 201)

    return answer


def _act(backend: Backend, step: Step) -> Handler:
    async def answer(request: Request) -> Response:
        return JSONResponse(take(backend, step, _id(request), Form(await request.body())))

    return answer


def _id(request: Request) -> int:
    text = request.path_params["id"]
    if not text.isascii() or not text.isdigit():
        raise invalid("path", "id", "Input should be a valid integer", "int_parsing")
    return int(text)


def _number(request: Request, name: str, default: int, least: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise invalid("query", name, f"Input should be from {least} to {most}", "int_parsing")
    return int(text)
