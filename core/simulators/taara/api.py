"""The three calls of taara.md 1: login, bundle and logout."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.simulators.taara.bodies import JsonObject, bundle_body
from core.simulators.taara.calls import BUNDLE_PATH, LOGIN_PATH, LOGOUT_PATH, phone_of
from core.simulators.taara.faults import Fault
from core.simulators.taara.gate import FAULTS_KEY
from core.simulators.taara.knobs import Knobs
from core.simulators.taara.spoiling import jittered, spoil_bundle
from core.simulators.taara.steering import SteeredTime
from core.simulators.taara.tokens import Tokens
from core.simulators.taara.world import World

__all__ = ["Api"]


class Api:
    """Answers as Taara does. `locked` holds the names of accounts that may not log in."""

    def __init__(self, world: World, tokens: Tokens, knobs: Knobs, time: SteeredTime) -> None:
        self.locked: set[str] = set()
        self._world = world
        self._tokens = tokens
        self._knobs = knobs
        self._time = time
        self._answered = 0

    def routes(self) -> list[Route]:
        """The routes of all three calls."""
        return [
            Route(LOGIN_PATH, self._guarded(self._login), methods=["POST"]),
            Route(BUNDLE_PATH, self._guarded(self._bundle), methods=["GET"]),
            Route(f"{LOGOUT_PATH}{{subscriber}}", self._guarded(self._logout), methods=["GET"]),
        ]

    def _guarded(
        self, answer: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            if self._knobs.strict_referer and "referer" not in request.headers:
                return _message(403, "Forbidden")
            return await answer(request)

        return endpoint

    async def _login(self, request: Request) -> Response:
        """Phone, passcode and partner are looked at in this order (taara.md 2)."""
        body = await request.body()
        account = self._world.by_phone(*phone_of(body))
        if account is None:
            return _message(404, "User Not Found")
        form: JsonObject = json.loads(body)
        if form.get("passcode") != account.passcode:
            return _message(401, "Incorrect username or password")
        if form.get("partnerId") != account.partner_id:
            return _message(self._knobs.partner_status, "Invalid partner")
        if account.name in self.locked:
            return _message(403, "Account locked")
        return JSONResponse(
            self._token_body(account.subscriber_id, _faults(request)), self._knobs.login_status
        )

    def _token_body(self, subscriber_id: str, faults: list[Fault]) -> JsonObject:
        kinds = {fault.kind for fault in faults}
        lifetime = -60 if "expired-token" in kinds else self._knobs.token_lifetime
        token = self._tokens.issue(subscriber_id, lifetime, opaque="opaque-token" in kinds)
        body: JsonObject = {"accessToken": token, "message": "Login successful"}
        if "no-token" in kinds:
            del body["accessToken"]
        return body

    async def _bundle(self, request: Request) -> Response:
        account = self._world.by_subscriber(self._tokens.holder(request.headers.get("authorization")))
        if account is None:
            return _message(401, "Unauthorized")
        if request.query_params.get("hotspotId") != account.hotspot_id:
            if self._knobs.hotspot_status == 200:
                return JSONResponse({"data": None, "message": "List Customers Bundles"})
            return _message(self._knobs.hotspot_status, "Hotspot Not Found")
        faults = _faults(request)
        standing = self._world.named(account.name).book.standing(self._time.seconds())
        body = bundle_body(account, jittered(standing, faults, self._answered))
        self._answered += 1
        spoil_bundle(body, faults)
        return JSONResponse(body)

    async def _logout(self, request: Request) -> Response:
        """Ends all sessions of the subscriber, who need not show a token (taara.md 4)."""
        subscriber = request.path_params["subscriber"]
        if self._world.by_subscriber(subscriber) is None:
            return _message(self._knobs.unknown_logout_status, "Logout")
        self._tokens.end(subscriber)
        return _message(200, "Logout")


def _faults(request: Request) -> list[Fault]:
    return cast("list[Fault]", request.scope[FAULTS_KEY])


def _message(status: int, text: str) -> JSONResponse:
    return JSONResponse({"message": text}, status_code=status)
