"""The receiving end of a provider's webhooks: checked, made durable, acknowledged; dealt with afterwards
(reliability.md R14, S5, S6).

Whatever is wrong with a request, the answer is the same 403, so that nobody learns which guess was close.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence

import httpx
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from core.errors import StoreError
from core.moment import Clock
from core.relay.whatsapp.intake import Intake
from core.relay.whatsapp.provider import Receives, UnreadableEventError, WebhookCall

__all__ = ["LARGEST_BODY", "STATUS_SUFFIX", "Webhook", "status_url_of"]

LARGEST_BODY = 256 * 1024
"""Bytes that a request may have."""

STATUS_SUFFIX = "/status"
"""What stands behind the webhook's path where reports of delivery go."""

_FORGERIES = 30
"""Refused requests of one source within a second, beyond which its requests are not read any more (S21)."""

_COME_AGAIN = b"5"
"""Seconds after which to deliver again what can't be kept now."""

log = logging.getLogger("opsdeck.relay.whatsapp")


class Webhook:
    """Takes what the provider delivers to `url`, its public address.

    `unsigned` lets everything in, whoever made it: for development on one machine only. `unkept` is told of
    each request that could not be made durable.
    """

    def __init__(
        self,
        url: str,
        receives: Receives,
        intake: Intake,
        clock: Clock,
        *,
        unsigned: bool = False,
        unkept: Callable[[StoreError], None] | None = None,
    ) -> None:
        self._public = str(httpx.URL(url).copy_with(query=None))
        self._paths = {
            httpx.URL(each).path: str(httpx.URL(each).copy_with(query=None))
            for each in (url, status_url_of(url))
        }
        self._receives = receives
        self._intake = intake
        self._clock = clock
        self._unsigned = unsigned
        self._unkept = unkept
        self._forged: Counter[str] = Counter()
        self._forged_in = 0
        if unsigned:
            log.warning(
                "WHATSAPP_UNSIGNED_WEBHOOKS is on: ANYBODY who reaches the gateway speaks for any phone"
            )

    def __repr__(self) -> str:
        return f"Webhook({next(iter(self._paths))})"

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Where the gateway serves it: messages, and reports of delivery behind `STATUS_SUFFIX`."""
        return [Route(path, self, methods=list(self._receives.methods)) for path in self._paths]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        client = scope.get("client")
        source = str(client[0]) if client else ""
        if self._floods(source):
            await _answer(send, 403)
            return
        body = await _body(scope, receive)
        call = self._call(scope, body) if body is not None else None
        challenge = self._receives.challenge(call) if call is not None else None
        if challenge is not None:
            await _answer(send, 200, b"text/plain", challenge.encode())
        elif call is None or not self._genuine(call):
            self._forged[source] += 1
            await _answer(send, 403)
        else:
            await self._take(call, send)

    def _genuine(self, call: WebhookCall) -> bool:
        if self._receives.genuine(call):
            return True
        if self._unsigned:
            log.warning("an unsigned request is taken for WhatsApp's (WHATSAPP_UNSIGNED_WEBHOOKS)")
        return self._unsigned

    async def _take(self, call: WebhookCall, send: Send) -> None:
        """Keep what a genuine request says, then acknowledge it; what can't be read now never could."""
        acknowledgement = self._receives.acknowledgement
        kind = acknowledgement.content_type.encode()
        try:
            received = self._receives.events(call)
            with self._intake.right_of_way.ahead():
                await self._intake.keep(received)
        except UnreadableEventError as error:
            log.error("what a provider signed was left out: %s", error)
            await _answer(send, 200, kind, acknowledgement.body)
        except StoreError as error:
            log.error("what came in is not kept: %s", error)
            if self._unkept is not None:
                self._unkept(error)
            await _answer(send, 503, retry_after=_COME_AGAIN)
        else:
            await _answer(send, 200, kind, acknowledgement.body)
            self._intake.take(received)

    def _call(self, scope: Scope, body: bytes) -> WebhookCall:
        """The request as the provider made it: at our public address, whatever the proxy calls us."""
        public = self._paths.get(scope["path"], self._public)
        query = scope["query_string"].decode("latin-1")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        return WebhookCall(scope["method"], f"{public}?{query}" if query else public, query, headers, body)

    def _floods(self, source: str) -> bool:
        """Whether the source has sent too many forgeries in this second."""
        second = int(self._clock.monotonic())
        if second != self._forged_in:
            self._forged_in = second
            self._forged.clear()
        return self._forged[source] >= _FORGERIES if source in self._forged else False


def status_url_of(url: str) -> str:
    """The public address for reports of delivery, beside that for messages."""
    parsed = httpx.URL(url)
    return str(parsed.copy_with(path=parsed.path.rstrip("/") + STATUS_SUFFIX))


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """The request's body; nothing if it is too large or breaks off."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    if not (length.isdigit() and len(length) < 10 and int(length) <= LARGEST_BODY):
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


async def _answer(
    send: Send, status: int, kind: bytes = b"", body: bytes = b"", *, retry_after: bytes = b""
) -> None:
    headers = [(b"content-length", str(len(body)).encode())]
    if kind:
        headers.append((b"content-type", kind))
    if retry_after:
        headers.append((b"retry-after", retry_after))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
