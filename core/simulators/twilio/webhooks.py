"""What Twilio posts by itself, signed: incoming messages and states (whatsapp.md B1, B2, B5)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import urlencode, urlsplit

import httpx

from core.simulators.courier import Courier, NoWayError
from core.simulators.noise import hexadecimal
from core.simulators.simulated_time import SimulatedTime
from core.simulators.twilio.access import Account
from core.simulators.twilio.signature import HMAC_SHA1, HMAC_SHA256, sign, with_body_hash, with_port

__all__ = ["Alert", "Answered", "Parameters", "Posted", "Webhooks"]

Parameters: TypeAlias = Sequence[tuple[str, str]]
Answered: TypeAlias = Callable[[httpx.Response | None], None]
"""Gets the receiver's answer; None when there was none, or no good one."""

_FORM = "application/x-www-form-urlencoded; charset=utf-8"
_UNREACHABLE = 11200
_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Alert:
    """What Twilio's debugger shows of a webhook that went wrong."""

    code: int
    message: str
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Posted:
    """A webhook that was called: the address that was signed, the parameters, the headers, and the status (0
    without an answer)."""

    url: str
    parameters: dict[str, str]
    headers: dict[str, str]
    status: int


class Webhooks:
    """Calls webhooks. `algorithm` is how they are signed; the next `forged` of them are signed wrongly, and
    `port` puts the default port into what is signed, as Twilio does now and then."""

    def __init__(self, courier: Courier, time: SimulatedTime, account: Account, seed: int) -> None:
        self.algorithm = HMAC_SHA1
        self.forged = 0
        self.port = False
        self.alerts: deque[Alert] = deque(maxlen=_KEPT)
        self.posted: deque[Posted] = deque(maxlen=_KEPT)
        self._courier = courier
        self._time = time
        self._account = account
        self._seed = seed
        self._called = 0

    def call(
        self,
        line: str,
        url: str,
        parameters: Parameters,
        answered: Answered | None = None,
        *,
        method: str = "POST",
        token: str = "",
    ) -> str:
        """Call `url` with a form, after what waits in the same line; what it answers goes to `answered`.

        `token` is the idempotency token of an earlier call that this one repeats; the one used is returned.
        """
        self._called += 1
        token = token or self._token()
        if method == "GET":
            query = urlencode(parameters)
            full = f"{url}{'&' if urlsplit(url).query else '?'}{query}"
            self._send(line, "GET", full, parameters, self._headers(full, (), token), b"", answered)
        else:
            headers = self._headers(url, parameters, token) | {"Content-Type": _FORM}
            body = urlencode(parameters).encode()
            self._send(line, "POST", url, parameters, headers, body, answered)
        return token

    def call_with_json(self, line: str, url: str, body: bytes) -> None:
        """Call `url` with a body in JSON, whose hash is signed within the address."""
        hashed = with_body_hash(url, body)
        self._called += 1
        headers = self._headers(hashed, (), self._token()) | {"Content-Type": "application/json"}
        self._send(line, "POST", hashed, (), headers, body, None)

    def alert(self, code: int, message: str, url: str) -> None:
        """Note in the debugger what went wrong."""
        self.alerts.append(Alert(code, message, url, self._time.now()))

    def _headers(self, url: str, parameters: Parameters, token: str) -> dict[str, str]:
        key_id, secret = self._account.shared_key
        newer = self.algorithm == HMAC_SHA256
        secret = secret if newer else self._account.token
        if self.forged > 0:
            self.forged -= 1
            secret = "somebody else’s"  # noqa: S105 - a forger's
        signed = with_port(url) if self.port else url
        headers = {
            "X-Twilio-Signature": sign(secret, signed, parameters, self.algorithm),
            "I-Twilio-Idempotency-Token": token,
            "User-Agent": "TwilioProxy/1.1",
            "X-Home-Region": "us1",
            "Accept": "*/*",
        }
        if newer:
            headers["X-Twilio-Webhooks-Signature-Settings"] = f"key={key_id},algorithm={self.algorithm}"
        return headers

    def _token(self) -> str:
        digits = hexadecimal(32, self._seed, "idempotency", self._called)
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def _send(
        self,
        line: str,
        method: str,
        url: str,
        parameters: Parameters,
        headers: dict[str, str],
        body: bytes,
        answered: Answered | None,
    ) -> None:
        async def errand(client: httpx.AsyncClient) -> None:
            answer = await self._asked(client, method, url, headers, body)
            status = answer.status_code if answer is not None else 0
            self.posted.append(Posted(url, dict(parameters), headers, status))
            if answered is not None:
                answered(answer if answer is not None and answer.is_success else None)

        self._courier.send(line, errand)

    async def _asked(
        self, client: httpx.AsyncClient, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> httpx.Response | None:
        """The answer; None without one, which the debugger shows as every answer that isn't good."""
        try:
            way = self._courier.way(url)
            answer = await client.request(method, way, headers=headers, content=body or None)
        except NoWayError as error:
            self.alert(_UNREACHABLE, str(error), url)
            return None
        except httpx.HTTPError as error:
            self.alert(_UNREACHABLE, f"HTTP retrieval failure: {type(error).__name__}", url)
            return None
        if not answer.is_success:
            phrase = HTTPStatus(answer.status_code).phrase
            self.alert(_UNREACHABLE, f"HTTP retrieval failure: {answer.status_code} {phrase}", url)
        return answer
