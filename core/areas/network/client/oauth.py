"""Signing in to the Plume cloud: OAuth 2.0 client credentials (plume.md 2)."""

from __future__ import annotations

import asyncio
import binascii
import re
from base64 import b64decode
from dataclasses import dataclass, field

from core.areas.network.client.causes import token_refusal
from core.areas.network.client.exchange import LoggedExchange, document, document_or_none
from core.areas.network.client.fields import as_object, number
from core.engine.reply import Reply
from core.errors import BadAnswerError, InputError, UpstreamError
from core.message import _
from core.moment import Clock

__all__ = ["PlumeCredential", "TokenSource", "read_authorization"]

_LIFETIME_UNSTATED = 300.0
_LONGEST_MARGIN = 60.0
_MARGIN_SHARE = 0.1
_LONGEST_HEADER = 4_096
_LONGEST_TOKEN = 16_384
_BASIC = re.compile(r"basic(?:\s*:\s*|\s+)(?P<pair>[A-Za-z0-9+/_.~-]+=*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PlumeCredential:
    """Who we are to Plume. `authorization` is the whole header value, and is never shown."""

    authorization: str = field(repr=False)
    partner: str


def read_authorization(text: str) -> str:
    """The header value out of what a person typed: `Basic x`, `Basic:x`, or x alone (plume.md 2.1).

    x alone must be base64 of `id:secret`, so that a password or any other word is not taken for it.

    Raises:
        InputError: it is none of these. What was typed is not repeated, neither here nor in a cause.
    """
    typed = text.strip()
    if len(typed) <= _LONGEST_HEADER:
        if found := _BASIC.fullmatch(typed):
            return f"Basic {found['pair']}"
        if _is_pair(typed):
            return f"Basic {typed}"
    raise InputError(
        _(
            "This is no authorization header. It is the word Basic, a space, and the text that Plume"
            " gave you: the client id and secret in base64."
        )
    )


def _is_pair(typed: str) -> bool:
    try:
        decoded = b64decode(typed, validate=True)
    except (binascii.Error, ValueError):
        return False
    name, colon, secret = decoded.partition(b":")
    return bool(name and colon and secret)


class TokenSource:
    """The token of one credential: kept, renewed a little before it ends, asked for by one at a time.

    Its age is measured by the monotonic clock from before the request, so that neither a changed wall
    clock nor a slow answer makes it look younger than it is. `exchange` leads to the token address.
    """

    def __init__(self, *, exchange: LoggedExchange, credential: PlumeCredential, clock: Clock) -> None:
        self._exchange = exchange
        self._credential = credential
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token: str | None = None
        self._good_until = 0.0
        self._outcomes = 0
        self._failure: UpstreamError | None = None

    async def token(self) -> str:
        """A token that has not ended.

        Raises:
            SignInError: the credentials are not accepted.
            UpstreamError: no token could be had for another reason.
        """
        return self._current() or await self._ask()

    async def renew(self, rejected: str) -> str:
        """Another token than the one that was just rejected; errors as in `token`."""
        if self._token == rejected:
            self._token = None
        return await self.token()

    async def sign_in(self) -> None:
        """Make one token request now, whatever token there is; errors as in `token`."""
        async with self._lock:
            await self._request()

    def _current(self) -> str | None:
        return self._token if self._clock.monotonic() < self._good_until else None

    async def _ask(self) -> str:
        """Ask, or share what the one who is asking already gets, be it a token or a failure."""
        before = self._outcomes
        async with self._lock:
            if (token := self._current()) is not None:
                return token
            if self._outcomes != before and self._failure is not None:
                raise self._failure
            return await self._request()

    async def _request(self) -> str:
        started = self._clock.monotonic()
        try:
            token, lifetime = self._read(await self._send())
        except UpstreamError as error:
            self._failure = error
            self._outcomes += 1
            raise
        self._failure = None
        self._outcomes += 1
        margin = min(_LONGEST_MARGIN, lifetime * _MARGIN_SHARE)
        self._token, self._good_until = token, started + lifetime - margin
        return token

    async def _send(self) -> Reply:
        return await self._exchange.send(
            "POST",
            "",
            authorization=self._credential.authorization,
            headers={"Cache-Control": "no-cache"},
            form={
                "grant_type": "client_credentials",
                "scope": f"partnerId:{self._credential.partner} role:partnerIdAdmin",
            },
        )

    def _read(self, reply: Reply) -> tuple[str, float]:
        """The token and its lifetime in seconds."""
        if reply.status == 429:
            raise self._exchange.limited(reply)
        if not 200 <= reply.status < 300:
            raise token_refusal(reply.status, document_or_none(reply))
        answer = as_object(document(reply))
        token = answer.get("access_token")
        if not isinstance(token, str) or not _is_header_safe(token):
            raise BadAnswerError(_("Plume's sign-in answered without a token."))
        return token, number(answer.get("expires_in"), 1, 10 * 86_400) or _LIFETIME_UNSTATED


def _is_header_safe(token: str) -> bool:
    """Whether a token can stand in a header: printable ASCII without blanks, and not absurdly long."""
    return 0 < len(token) <= _LONGEST_TOKEN and token.isascii() and token.isprintable() and " " not in token
