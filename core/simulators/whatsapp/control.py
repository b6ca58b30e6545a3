"""The control paths: what a simulator's methods do, over HTTP, for another process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from inspect import isawaitable
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.simulators.whatsapp.model import Message
from core.simulators.whatsapp.simulator import WhatsAppSimulator

__all__ = ["CONTROL_PREFIX", "Form", "Steer", "control_routes", "steered"]

CONTROL_PREFIX = "/_sim"

Form = dict[str, Any]
Steer = Callable[[Request, Form], object]
"""What a control path does with a JSON object; what it returns, or awaits, is the answer."""


def control_routes(simulator: WhatsAppSimulator) -> list[Route]:
    """Routes that steer `simulator`, whichever provider it stands in for.

    `POST /_sim/phones {"number": "15550100001", "name": "Ana"}` makes one;
    `POST /_sim/write {"user": "15550100001", "text": "menu"}`;
    `POST /_sim/send {"user": …, "kind": "image", "name": "fault.jpg", "caption": "Look"}`, or
    `{"user": …, "latitude": 36.72, "longitude": -4.42, "label": "Pier 4"}`;
    `POST /_sim/press {"user": …, "label": "Order"}` or `{"position": 1}` or `{"data": "forged"}`;
    `POST /_sim/read {"user": …}`; `POST /_sim/standing {"user": …, "blocked": true, "online": false}`;
    `GET /_sim/transcript/15550100001`, and with `?format=text` as text;
    `POST /_sim/faults {"operation": "send", "kind": "429", "times": 2}`, `DELETE` ends all;
    `POST /_sim/clock {"advance": 60}`; `GET /_sim/calls` shows what was asked for.
    """
    people = simulator.people

    def phones(request: Request, form: Form) -> object:
        phone = people.add(**form)
        return {"number": phone.number, "name": phone.name, "language": phone.language}

    def write(request: Request, form: Form) -> object:
        return _message_body(people.write(form["user"], form["text"]))

    def send(request: Request, form: Form) -> object:
        user = form.pop("user")
        if "latitude" in form:
            return _message_body(people.share(user, **form))
        return _message_body(people.send(user, **form))

    def press(request: Request, form: Form) -> object:
        if "data" in form:
            return _message_body(people.press_data(**form))
        return _message_body(people.press(form["user"], form.get("label") or form["position"]))

    def read(request: Request, form: Form) -> object:
        people.read(form["user"])
        return {}

    def standing(request: Request, form: Form) -> object:
        if "blocked" in form:
            (people.block if form["blocked"] else people.unblock)(form["user"])
        if "online" in form:
            people.set_online(form["user"], bool(form["online"]))
        return {}

    def transcript(request: Request, form: Form) -> object:
        user = int(request.path_params["user"])
        if request.query_params.get("format") == "text":
            return simulator.transcript(user) + "\n"
        return [asdict(entry) for entry in simulator.entries_after(0, user)]

    def faults(request: Request, form: Form) -> object:
        if request.method == "DELETE":
            simulator.faults.clear()
        elif form:
            simulator.faults.add(form.pop("operation"), form.pop("kind"), form.pop("times", 1), **form)
        return [asdict(fault) for fault in simulator.faults.listed()]

    def clock(request: Request, form: Form) -> object:
        simulator.advance(float(form.get("advance", 0)))
        return {"now": simulator.time.now().isoformat()}

    def calls(request: Request, form: Form) -> object:
        return [asdict(call) for call in list(simulator.calls)]

    return [
        steered("phones", phones, "POST"),
        steered("write", write, "POST"),
        steered("send", send, "POST"),
        steered("press", press, "POST"),
        steered("read", read, "POST"),
        steered("standing", standing, "POST"),
        steered("transcript/{user}", transcript, "GET"),
        steered("faults", faults, "GET", "POST", "DELETE"),
        steered("clock", clock, "GET", "POST"),
        steered("calls", calls, "GET"),
    ]


def steered(path: str, steer: Steer, *methods: str) -> Route:
    """A control path."""
    return Route(f"{CONTROL_PREFIX}/{path}", _endpoint(steer), methods=list(methods))


def _message_body(message: Message) -> object:
    return {"id": message.id, "text": message.content.text}


def _endpoint(steer: Steer) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            raw: object = await request.json() if await request.body() else {}
            if not isinstance(raw, dict):
                return _refused("The body is no JSON object.")
            result = steer(request, cast("Form", raw))
            if isawaitable(result):
                result = await result
        except (KeyError, TypeError, ValueError) as error:
            return _refused(str(error))
        return PlainTextResponse(result) if isinstance(result, str) else JSONResponse(result)

    return endpoint


def _refused(why: str) -> Response:
    return JSONResponse({"message": why}, status_code=422)
