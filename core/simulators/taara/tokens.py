"""Access tokens: three parts like a JWT, with the subscriber's id inside (taara.md 2)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from core.simulators.noise import hexadecimal
from core.simulators.taara.steering import SteeredTime

__all__ = ["Tokens"]


@dataclass(frozen=True, slots=True)
class _Grant:
    subscriber_id: str
    expires: int


class Tokens:
    """Gives tokens and knows whose they are; `seed` decides their signatures, which sign nothing."""

    def __init__(self, seed: int, time: SteeredTime) -> None:
        self._seed = seed
        self._time = time
        self._given = 0
        self._living: dict[str, _Grant] = {}
        self._owners: dict[str, str] = {}

    def issue(self, subscriber_id: str, lifetime: int, *, opaque: bool = False) -> str:
        """A new token that lives `lifetime` seconds, which may be negative; an `opaque` one is no JWT."""
        self._given += 1
        now = self._time.seconds()
        signature = hexadecimal(32, self._seed, "signature", self._given)
        claims = {"sub": subscriber_id, "iat": now, "exp": now + lifetime}
        token = f"opaque-{signature}" if opaque else f"{_part({'alg': 'HS256'})}.{_part(claims)}.{signature}"
        self._living[token] = _Grant(subscriber_id, now + lifetime)
        self._owners[token] = subscriber_id
        return token

    def holder(self, authorization: str | None) -> str | None:
        """The subscriber whose living token a header carries."""
        grant = self._living.get(_token(authorization))
        return grant.subscriber_id if grant and self._time.seconds() < grant.expires else None

    def owner(self, authorization: str | None) -> str | None:
        """The subscriber to whom a header's token was once given, living or not."""
        return self._owners.get(_token(authorization))

    def living(self, subscriber_id: str) -> int:
        """How many sessions of the subscriber are open: tokens neither expired nor logged out."""
        now = self._time.seconds()
        return sum(
            row.subscriber_id == subscriber_id and now < row.expires for row in self._living.copy().values()
        )

    def end(self, subscriber_id: str) -> None:
        """End all sessions of a subscriber."""
        self._living = {
            token: row for token, row in self._living.items() if row.subscriber_id != subscriber_id
        }

    def end_all(self) -> None:
        """End every session there is."""
        self._living = {}


def _token(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _part(content: Mapping[str, object]) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
