"""The control paths: what the methods of the simulator do, over HTTP, for another process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from core.simulators.taara.gate import CONTROL_PREFIX

if TYPE_CHECKING:
    from core.simulators.taara.simulator import TaaraSimulator

__all__ = ["control_routes"]

_Form = dict[str, Any]


def control_routes(simulator: TaaraSimulator) -> list[Route]:
    """Routes that steer `simulator`.

    `POST /_sim/clock {"step": 3600, "rate": 60}`, rate 0 to hold it;
    `POST /_sim/accounts/office/top_up {"gigabytes": 50}`, and likewise every other action;
    `POST /_sim/faults {"operation": "bundle", "kind": "503", "times": 2}`, `DELETE` ends all;
    `POST /_sim/knobs {"login_status": 201}`; `DELETE /_sim/tokens` ends all sessions;
    `GET /_sim/record` shows the requests, `DELETE` forgets them. `GET` of the others shows how they stand.
    """

    def clock(request: Request, form: _Form) -> object:
        if "step" in form:
            simulator.time.step(float(form["step"]))
        if "rate" in form:
            simulator.time.run(float(form["rate"]))
        return {"now": simulator.time.now().isoformat(), "rate": simulator.time.rate}

    def accounts(request: Request, form: _Form) -> object:
        moment = simulator.time.now()
        return {
            row.name: [plan._asdict() for plan in simulator.balances(row.name, moment, moment, 1)]
            for row in simulator.accounts
        }

    def action(request: Request, form: _Form) -> object:
        simulator.act(request.path_params["account"], request.path_params["action"], **form)
        return accounts(request, form)

    def faults(request: Request, form: _Form) -> object:
        if request.method == "DELETE":
            simulator.faults.clear()
        elif form:
            simulator.faults.add(form.pop("operation"), form.pop("kind"), form.pop("times", 1), **form)
        return [asdict(fault) for fault in simulator.faults.listed()]

    def knobs(request: Request, form: _Form) -> object:
        for name, value in form.items():
            simulator.knobs.set(name, value)
        return asdict(simulator.knobs)

    def tokens(request: Request, form: _Form) -> object:
        simulator.end_sessions()
        return {}

    def record(request: Request, form: _Form) -> object:
        if request.method == "DELETE":
            simulator.record.clear()
        return [row._asdict() | {"at": row.at.isoformat()} for row in list(simulator.record)]

    return [
        Route(f"{CONTROL_PREFIX}/clock", _endpoint(clock), methods=["GET", "POST"]),
        Route(f"{CONTROL_PREFIX}/accounts", _endpoint(accounts), methods=["GET"]),
        Route(f"{CONTROL_PREFIX}/accounts/{{account}}/{{action}}", _endpoint(action), methods=["POST"]),
        Route(f"{CONTROL_PREFIX}/faults", _endpoint(faults), methods=["GET", "POST", "DELETE"]),
        Route(f"{CONTROL_PREFIX}/knobs", _endpoint(knobs), methods=["GET", "POST"]),
        Route(f"{CONTROL_PREFIX}/tokens", _endpoint(tokens), methods=["DELETE"]),
        Route(f"{CONTROL_PREFIX}/record", _endpoint(record), methods=["GET", "DELETE"]),
    ]


def _endpoint(answer: Callable[[Request, _Form], object]) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def endpoint(request: Request) -> JSONResponse:
        try:
            raw: object = await request.json() if await request.body() else {}
            if not isinstance(raw, dict):
                return _refused("The body is no JSON object.")
            return JSONResponse(answer(request, cast("_Form", raw)))
        except (KeyError, TypeError, ValueError) as error:
            return _refused(str(error))

    return endpoint


def _refused(why: str) -> JSONResponse:
    return JSONResponse({"message": why}, status_code=422)
