"""Updates by webhook: checked, made durable, acknowledged; dealt with afterwards (reliability.md R14, S5).

Whatever is wrong with a request, the answer is the same 403, so that nobody learns which guess was close.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections import Counter

from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from core.errors import StoreError
from core.moment import Clock
from core.relay.telegram.intake import Intake
from core.relay.telegram.line import ALLOWED_UPDATES, TelegramLine
from core.relay.telegram.updates import number_of
from core.secret import Secret

__all__ = ["LARGEST_BODY", "Webhook"]

LARGEST_BODY = 256 * 1024
"""Bytes that an update may have."""

_SECRET_HEADER = b"x-telegram-bot-api-secret-token"
_CONNECTIONS = 40
_FORGERIES = 30
"""Refused requests of one source within a second, beyond which its requests are not read any more (S21)."""

_COME_AGAIN = 5
"""Seconds after which Telegram is to deliver again what we can't take now."""

log = logging.getLogger("opsdeck.relay.telegram")


class Webhook:
    """The receiving end of one bot's webhook, at `path`."""

    def __init__(self, line: TelegramLine, intake: Intake, secret: Secret, clock: Clock, path: str) -> None:
        self._line = line
        self._intake = intake
        self._secret = secret.reveal().encode()
        self._clock = clock
        self._path = path or "/"
        self._forged: Counter[str] = Counter()
        self._forged_in = 0

    def __repr__(self) -> str:
        return f"Webhook({self._line.name})"

    @property
    def route(self) -> BaseRoute:
        """Where the gateway serves it."""
        return Route(self._path, self, methods=["POST"])

    async def register(self, url: str) -> None:
        """Tell Telegram to deliver to `url`, which leads here.

        Raises:
            TelegramError: Telegram refused, or can't be reached.
        """
        await self._line.bot.set_webhook(
            url,
            secret_token=self._secret.decode(),
            allowed_updates=ALLOWED_UPDATES,
            max_connections=_CONNECTIONS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one update."""
        client = scope.get("client")
        source = str(client[0]) if client else ""
        if self._floods(source):
            await _answer(send, 403)
            return
        body = await self._genuine_body(scope, receive)
        update = _parsed(body)
        if body is None or number_of(update) is None:
            self._forged[source] += 1
            await _answer(send, 403)
        elif self._intake.full:
            await _answer(send, 503, retry_after=_COME_AGAIN)
        else:
            await self._take(update, body, send)

    async def _take(self, update: object, body: bytes, send: Send) -> None:
        try:
            with self._intake.right_of_way.ahead():
                await self._intake.keep(update, body.decode())
        except StoreError as error:
            log.error("an update is not kept and will come again: %s", error)
            await _answer(send, 503, retry_after=_COME_AGAIN)
            return
        await _answer(send, 200)
        self._intake.take(update)

    async def _genuine_body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The body, if the request is Telegram's by its secret, kind and size."""
        headers = dict(scope["headers"])
        given = headers.get(_SECRET_HEADER, b"")
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        length = headers.get(b"content-length", b"0")
        known = hmac.compare_digest(given, self._secret)
        if not known or kind != b"application/json" or not _small(length):
            return None
        body = b""
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return None
            body += message.get("body", b"")
            if len(body) > LARGEST_BODY:
                return None
            if not message.get("more_body", False):
                return body

    def _floods(self, source: str) -> bool:
        """Whether the source has sent too many forgeries in this second."""
        second = int(self._clock.monotonic())
        if second != self._forged_in:
            self._forged_in = second
            self._forged.clear()
        return self._forged[source] >= _FORGERIES if source in self._forged else False


def _small(length: bytes) -> bool:
    return length.isdigit() and len(length) < 10 and int(length) <= LARGEST_BODY


def _parsed(body: bytes | None) -> object:
    if body is None:
        return None
    try:
        return json.loads(body.decode())
    except (ValueError, RecursionError):
        return None


async def _answer(send: Send, status: int, *, retry_after: int = 0) -> None:
    headers = [(b"content-length", b"0")]
    if retry_after:
        headers.append((b"retry-after", str(retry_after).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
