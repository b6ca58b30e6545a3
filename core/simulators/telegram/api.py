"""The Bot API over HTTP: addresses, tokens, the envelope, and the faults ordered (telegram.md 1)."""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core.simulators.server import cut_connection
from core.simulators.telegram.arguments import Arguments, read_arguments
from core.simulators.telegram.errors import ApiError
from core.simulators.telegram.faults import Fault, Faults, fault_error
from core.simulators.telegram.methods import METHODS, Backend
from core.simulators.telegram.polling import Polling
from core.simulators.telegram.webhooks import Webhooks

__all__ = ["BotApi", "Call"]

_TOKEN = re.compile(r"[1-9]\d*:[\w-]+", re.ASCII)
_LONGEST_TOKEN = 80
_CALL = re.compile(r"/bot([^/]+)(/test)?/([^/]*)")
_DOWNLOAD = re.compile(r"/file/bot([^/]+)/(.+)")
_PROXY_PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"
_WAITING = frozenset({"getupdates", "setwebhook", "deletewebhook", "getwebhookinfo"})
_UNSEEN = frozenset({"secret_token"})


@dataclass(frozen=True, slots=True)
class Call:
    """One answered call: the method in small letters, its parameters, its files' names, how it went.

    `at` is the simulator's monotonic time. The status is 0 for a connection that was dropped. No token and no
    secret is kept.
    """

    method: str
    values: dict[str, Any]
    files: tuple[str, ...]
    at: float
    status: int


class BotApi:
    """Answers the calls of one bot.

    A malformed token is answered as the public cloud does or, by `own_server`, as a server of one's own does.
    """

    def __init__(
        self,
        backend: Backend,
        polling: Polling,
        webhooks: Webhooks,
        faults: Faults,
        calls: deque[Call],
        token: str,
        *,
        own_server: bool,
    ) -> None:
        self.revoked = False
        self._backend = backend
        self._polling = polling
        self._webhooks = webhooks
        self._faults = faults
        self._calls = calls
        self._token = token
        self._own_server = own_server

    async def answer(self, request: Request) -> Response:
        """Whatever was asked for that isn't the simulator's control side."""
        try:
            return await self._answer(request)
        except ApiError as error:
            return _refusal(error)

    async def _answer(self, request: Request) -> Response:
        path = request.url.path
        if (download := _DOWNLOAD.fullmatch(path)) is not None:
            self._check_token(download[1])
            return self._file(download[2])
        called = _CALL.fullmatch(path)
        if called is None or request.method not in ("GET", "POST"):
            raise ApiError(404, "Not Found")
        self._check_token(called[1])
        if called[2]:  # The test environment, where there is no such bot.
            raise ApiError(401, "Unauthorized")
        return await self._call(request, called[3].lower())

    def _check_token(self, token: str) -> None:
        if not _TOKEN.fullmatch(token) or len(token) > _LONGEST_TOKEN:
            if self._own_server:
                raise ApiError(401, "Unauthorized: invalid token specified")
            raise ApiError(404, "Not Found")
        if self.revoked or token != self._token:
            raise ApiError(401, "Unauthorized")

    def _file(self, path: str) -> Response:
        found = self._backend.files.download(path)
        if found is None:
            raise ApiError(404, "Not Found")
        return Response(found.content, media_type="application/octet-stream")

    async def _call(self, request: Request, method: str) -> Response:
        if method not in METHODS and method not in _WAITING:
            raise ApiError(404, "Not Found: method not found")
        begun = self._backend.world.time.monotonic()
        arguments = Arguments({})
        status = 0
        try:
            arguments = await read_arguments(request, self._backend.files.limits.document)
            response = await self._spoiled(request, method, arguments)
            status = response.status_code
        except ApiError as error:
            status = error.code
            raise
        finally:
            values = {name: value for name, value in arguments.values.items() if name not in _UNSEEN}
            self._calls.append(Call(method, values, tuple(arguments.files), begun, status))
        return response

    async def _spoiled(self, request: Request, method: str, arguments: Arguments) -> Response:
        """The answer, unless a fault is in line for it."""
        chat = arguments.integer("chat_id") or None
        fault = self._faults.take(method, chat)
        if fault is None:
            return await self._done(request, method, arguments)
        match fault.kind:
            case "slow":
                await asyncio.sleep(fault.seconds)
                return await self._done(request, method, arguments)
            case "502":
                return HTMLResponse(_PROXY_PAGE, status_code=502)
            case "drop-before":
                return await cut_connection(request.scope)
            case "drop-after":
                await self._done(request, method, arguments)
                return await cut_connection(request.scope)
            case _:
                raise self._ordered(fault, chat)

    def _ordered(self, fault: Fault, chat_id: int | None) -> ApiError:
        chat = self._backend.world.chats.get(chat_id or 0)
        error = fault_error(fault, chat.kind if chat else "private")
        assert error is not None
        return error

    async def _done(self, request: Request, method: str, arguments: Arguments) -> Response:
        match method:
            case "getupdates":
                webhook = self._webhooks.hook is not None
                body = await self._polling.get_updates(
                    arguments, webhook=webhook, gone=request.is_disconnected
                )
                return Response(body, media_type="application/json")
            case "setwebhook":
                result, description = self._webhooks.set_webhook(arguments)
                if self._webhooks.hook is not None:
                    self._polling.end()
                return _success(result, description)
            case "deletewebhook":
                return _success(*self._webhooks.delete_webhook(arguments))
            case "getwebhookinfo":
                return _success(self._webhooks.info())
            case _:
                return _success(self.execute(method, arguments))

    def execute(self, method: str, arguments: Arguments) -> object:
        """Run a method that answers at once.

        Raises:
            ApiError: it fails, or there is none of that name.
        """
        found = METHODS.get(method)
        if found is None:
            raise ApiError(404, "Not Found: method not found")
        with self._backend.world.lock:
            return found(self._backend, arguments)


def _success(result: object, description: str = "") -> Response:
    body: dict[str, Any] = {"ok": True, "result": result}
    if description:
        body["description"] = description
    return Response(json.dumps(body, ensure_ascii=False), media_type="application/json")


def _refusal(error: ApiError) -> Response:
    headers = {"Retry-After": str(error.parameters["retry_after"])} if error.code == 429 else None
    return Response(
        json.dumps(error.body, ensure_ascii=False), error.code, headers, media_type="application/json"
    )
