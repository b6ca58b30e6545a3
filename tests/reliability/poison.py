"""An upstream whose every word is hostile (reliability.md section 5)."""

from __future__ import annotations

import itertools
import json
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HOSTILE", "Poison"]

HOSTILE = (
    "\x1b]0;PWNED\x07",
    "\x1b]52;c;UFdORUQ=\x1b\\",
    "\x1b[2JPWNED",
    "\x9b31mPWNED",
    "\x9d0;PWNED\x9c",
    "\x1b]8;;https://pwned.invalid\x1b\\y",
    "PWNED\x1b",
    "over\rPWNED",
    "\u202ePWNED",
    "\u2028PWNED",
    "nul\x00PWNED",
    "[/x]PWNED",
    "[/PWNED",
    "[@click=app.quit]PWNED[/]",
    "[link=https://pwned.invalid]y",
    'x\n{"level":"PWNED"}',
    "PWNED\\",
    "P" * 5_000,
)

_KEPT = frozenset(
    {
        *(
            "id",
            "customerId",
            "partnerId",
            "locationId",
            "accountId",
            "mac",
            "access_token",
            "token_type",
            "scope",
        ),
        *("connectionState", "status", "value", "timestamp", "start", "end"),
    }
)


class Poison:
    """Wraps a simulator: every text of its answers but ids, states and moments becomes hostile."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._words = itertools.cycle(HOSTILE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        body = b""

        async def collect(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                await self._answer(start, body, send)

        await self._app(scope, receive, collect)

    async def _answer(self, start: Message, body: bytes, send: Send) -> None:
        changed = json.dumps(self._poisoned("", json.loads(body))).encode()
        headers = [(k, v) for k, v in start["headers"] if k != b"content-length"]
        await send({**start, "headers": [*headers, (b"content-length", str(len(changed)).encode())]})
        await send({"type": "http.response.body", "body": changed})

    def _poisoned(self, key: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._poisoned(name, each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._poisoned(key, each) for each in value]
        if isinstance(value, str) and key not in _KEPT and not key.endswith(("At", "Time")):
            return next(self._words)
        return value
