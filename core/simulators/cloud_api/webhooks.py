"""Delivering to the webhook: verified first, then signed posts, tried again until taken (whatsapp.md C1)."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import httpx

from core.simulators.cloud_api.signature import sign
from core.simulators.courier import Courier, Errand, NoWayError
from core.simulators.noise import hexadecimal
from core.simulators.simulated_time import SimulatedTime
from core.simulators.whatsapp.model import Json, Phone

__all__ = ["Posted", "Webhooks"]

_FIRST_REST = 5.0
_LONGEST_REST = 3600.0
_GIVEN_UP_AFTER = 7 * 24 * 3600.0
_VERIFIES_EVERY = 1.0
_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Posted:
    """A delivery: its raw body, its signature, the how many-th try it was, and the status (0 without one)."""

    body: bytes
    signature: str
    tries: int
    status: int


@dataclass(frozen=True, slots=True)
class _Event:
    """A message or a state, which goes into a delivery. `line` keeps those of one user in their order."""

    line: str
    key: str
    body: Json
    phone: Phone | None


class Webhooks:
    """Posts events to the one webhook of the app.

    The next `duplicate` deliveries are posted twice; the next `forged` are signed wrongly. `batch` events are
    held until they are so many, and go out as one delivery; 1 is each at once.
    """

    def __init__(
        self, courier: Courier, time: SimulatedTime, app_secret: str, waba_id: str, metadata: Json
    ) -> None:
        self.duplicate = 0
        self.forged = 0
        self.batch = 1
        self.url = ""
        self.verified = False
        self.posted: deque[Posted] = deque(maxlen=_KEPT)
        self._courier = courier
        self._time = time
        self._secret = app_secret
        self._waba_id = waba_id
        self._metadata = metadata
        self._held: list[_Event] = []
        self._newest: tuple[str, bytes] | None = None
        self._asked = 0
        self._retried = 0

    async def verify(self, client: httpx.AsyncClient, url: str, token: str) -> bool:
        """Ask the receiver whether it knows the token; it must return the challenge as plain text."""
        self._asked += 1
        challenge = str(int(hexadecimal(8, "challenge", self._asked), 16))
        query = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": challenge}
        joint = "&" if urlsplit(url).query else "?"
        try:
            answer = await client.get(self._courier.way(f"{url}{joint}{urlencode(query)}"))
        except (httpx.HTTPError, NoWayError):
            return False
        if answer.status_code != 200 or answer.text != challenge:
            return False
        self.url, self.verified = url, True
        self._time.ring()
        return True

    def verify_later(self, url: str, token: str) -> None:
        """Ask again and again until the receiver is there and knows the token."""

        async def errand(client: httpx.AsyncClient) -> float | None:
            return None if await self.verify(client, url, token) else _VERIFIES_EVERY

        self._courier.send("verification", errand)

    def tell_message(self, body: Json, phone: Phone) -> None:
        """A message came in."""
        self._tell(_Event(f"from {phone.number}", "messages", body, phone))

    def tell_status(self, body: Json) -> None:
        """A message that went out is in another state."""
        self._tell(_Event(f"states of {body['id']}", "statuses", body, None))

    def flush(self) -> None:
        """Deliver the events that are held, however few they are."""
        events, self._held = self._held, []
        if events and self.verified:
            self._post(events[0].line, self._envelope(events))

    def repeat(self) -> None:
        """Deliver the newest delivery once more.

        Raises:
            ValueError: there was none.
        """
        if self._newest is None:
            raise ValueError("Nothing was delivered.")
        self._courier.send(self._newest[0], self._errand(self._newest[1]))

    def _tell(self, event: _Event) -> None:
        self._held.append(event)
        if len(self._held) >= self.batch:
            self.flush()

    def _post(self, line: str, body: bytes) -> None:
        self._newest = (line, body)
        for _ in range(2 if self.duplicate > 0 else 1):
            self._courier.send(line, self._errand(body))
        self.duplicate = max(self.duplicate - 1, 0)

    def _errand(self, body: bytes) -> Errand:
        """Post a delivery; one that isn't taken is tried again beside the line, with growing rests."""

        async def errand(client: httpx.AsyncClient) -> None:
            if await self._try(client, body, 1):
                return
            begun, tries = self._time.monotonic(), 1
            first = True

            async def again(client: httpx.AsyncClient) -> float | None:
                nonlocal tries, first
                if first:  # The first rest comes before the second try.
                    first = False
                    return _FIRST_REST
                tries += 1
                if await self._try(client, body, tries):
                    return None
                rest = min(_FIRST_REST * 2.0 ** min(tries - 1, 20), _LONGEST_REST)
                return None if self._time.monotonic() + rest - begun > _GIVEN_UP_AFTER else rest

            self._retried += 1
            self._courier.send(f"again {self._retried}", again)

        return errand

    async def _try(self, client: httpx.AsyncClient, body: bytes, tries: int) -> bool:
        secret = self._secret
        if self.forged > 0:
            self.forged -= 1
            secret = "somebody else’s"  # noqa: S105 - a forger's
        signature = sign(secret, body)
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": signature,
            "User-Agent": "facebookexternalua",
        }
        status = 0
        try:
            answer = await client.post(self._courier.way(self.url), content=body, headers=headers)
            status = answer.status_code
        except (httpx.HTTPError, NoWayError):
            pass
        self.posted.append(Posted(body, signature, tries, status))
        return 200 <= status < 300

    def _envelope(self, events: list[_Event]) -> bytes:
        """Events in one delivery: the messages and the states each make a change."""
        changes: list[Json] = []
        for key in ("messages", "statuses"):
            chosen = [event for event in events if event.key == key]
            if not chosen:
                continue
            value: Json = {"messaging_product": "whatsapp", "metadata": self._metadata}
            phones = {event.phone.number: event.phone for event in chosen if event.phone is not None}
            if phones:
                value["contacts"] = [
                    {"profile": {"name": phone.name}, "wa_id": number} for number, phone in phones.items()
                ]
            value[key] = [event.body for event in chosen]
            changes.append({"value": value, "field": "messages"})
        envelope = {
            "object": "whatsapp_business_account",
            "entry": [{"id": self._waba_id, "changes": changes}],
        }
        return json.dumps(envelope, separators=(",", ":")).encode()
