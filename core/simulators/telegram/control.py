"""The control paths: what the simulator's methods do, over HTTP, for another process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.simulators.telegram.model import Press

if TYPE_CHECKING:
    from core.simulators.telegram.simulator import TelegramSimulator

__all__ = ["CONTROL_PREFIX", "control_routes"]

CONTROL_PREFIX = "/_sim"

_Form = dict[str, Any]


def control_routes(simulator: TelegramSimulator) -> list[Route]:
    """Routes that steer `simulator`.

    `POST /_sim/users {"user_id": 5001, "name": "Op"}` and
    `POST /_sim/groups {"chat_id": -500, "title": "Ops", "members": [5001]}` make them;
    `POST /_sim/write {"user_id": 5001, "text": "/start"}`,
    `POST /_sim/press {"user_id": 5001, "label": "Status"}` or `{"position": 1}` or `{"data": "forged"}`;
    `POST /_sim/standing {"chat_id": 5001, "standing": "blocked", "by": 5001}`;
    `POST /_sim/migrate {"chat_id": -500, "new_id": -100500}`;
    `GET /_sim/transcript/5001`, and with `?format=text` as text;
    `POST /_sim/faults {"method": "send*", "kind": "429", "times": 2, "seconds": 7}`, `DELETE` ends all;
    `POST /_sim/updates {"poison": 1, "duplicate": 1, "disorder": 1}`, or `{"inject": {...}}`;
    `POST /_sim/clock {"advance": 60}`; `GET /_sim/calls` shows what the bot asked for.
    """
    people = simulator.people

    def users(request: Request, form: _Form) -> object:
        return people.add_user(**form).body

    def groups(request: Request, form: _Form) -> object:
        form["members"] = tuple(form.get("members", ()))
        return people.add_group(**form).body

    def write(request: Request, form: _Form) -> object:
        return people.write(**form).body()

    def press(request: Request, form: _Form) -> object:
        if "data" in form:
            return _press_body(people.press_data(**form))
        if "position" in form:
            return _press_body(people.press_at(**form))
        return _press_body(people.press(**form))

    def standing(request: Request, form: _Form) -> object:
        people.set_standing(form.pop("chat_id"), form.pop("standing"), **form)
        return {}

    def migrate(request: Request, form: _Form) -> object:
        return people.migrate(**form).body

    def transcript(request: Request, form: _Form) -> object:
        chat = int(request.path_params["chat"])
        if request.query_params.get("format") == "text":
            return simulator.transcript(chat) + "\n"
        return [asdict(entry) for entry in simulator.entries_after(0, chat)]

    def faults(request: Request, form: _Form) -> object:
        if request.method == "DELETE":
            simulator.faults.clear()
        elif form:
            simulator.faults.add(form.pop("method"), form.pop("kind"), form.pop("times", 1), **form)
        return [asdict(fault) for fault in simulator.faults.listed()]

    def updates(request: Request, form: _Form) -> object:
        for _ in range(int(form.get("poison", 0))):
            simulator.poison()
        for _ in range(int(form.get("duplicate", 0))):
            simulator.duplicate()
        simulator.disorder(int(form.get("disorder", 0)))
        if "inject" in form:
            simulator.inject(form["inject"])
        return {"pending": simulator.pending}

    def clock(request: Request, form: _Form) -> object:
        simulator.advance(float(form.get("advance", 0)))
        return {"now": simulator.time.now().isoformat()}

    def calls(request: Request, form: _Form) -> object:
        return [asdict(call) for call in list(simulator.calls)]

    return [
        Route(f"{CONTROL_PREFIX}/users", _endpoint(users), methods=["POST"]),
        Route(f"{CONTROL_PREFIX}/groups", _endpoint(groups), methods=["POST"]),
        Route(f"{CONTROL_PREFIX}/write", _endpoint(write), methods=["POST"]),
        Route(f"{CONTROL_PREFIX}/press", _endpoint(press), methods=["POST"]),
        Route(f"{CONTROL_PREFIX}/standing", _endpoint(standing), methods=["POST"]),
        Route(f"{CONTROL_PREFIX}/migrate", _endpoint(migrate), methods=["POST"]),
        Route(f"{CONTROL_PREFIX}/transcript/{{chat}}", _endpoint(transcript), methods=["GET"]),
        Route(f"{CONTROL_PREFIX}/faults", _endpoint(faults), methods=["GET", "POST", "DELETE"]),
        Route(f"{CONTROL_PREFIX}/updates", _endpoint(updates), methods=["GET", "POST"]),
        Route(f"{CONTROL_PREFIX}/clock", _endpoint(clock), methods=["GET", "POST"]),
        Route(f"{CONTROL_PREFIX}/calls", _endpoint(calls), methods=["GET"]),
    ]


def _press_body(press: Press | None) -> object:
    return None if press is None else {"id": press.id, "label": press.label, "data": press.data}


def _endpoint(answer: Callable[[Request, _Form], object]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            raw: object = await request.json() if await request.body() else {}
            if not isinstance(raw, dict):
                return _refused("The body is no JSON object.")
            result = answer(request, cast("_Form", raw))
        except (KeyError, TypeError, ValueError) as error:
            return _refused(str(error))
        return PlainTextResponse(result) if isinstance(result, str) else JSONResponse(result)

    return endpoint


def _refused(why: str) -> Response:
    return JSONResponse({"message": why}, status_code=422)
