"""Webhooks as a channel, signed as Standard Webhooks 1.0 asks, so that ready-made libraries verify them.

Each message is a POST of `{"type", "timestamp", "data"}` with the headers `webhook-id` (the same at every
try), `webhook-timestamp` and `webhook-signature`. Any answer of 200 to 299 takes it; 410 says that nothing
is wanted there any more. The body of an answer is never read.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import httpx
from standardwebhooks import Webhook

from core.engine.addresses import address
from core.engine.certificates import known_authorities
from core.engine.loopback import is_secure
from core.engine.retries import retry_after
from core.errors import SettingsError
from core.message import _
from core.moment import Clock
from core.notify.channels.channel import Capabilities, Limit, Outgoing, Receipt
from core.notify.channels.failures import (
    CredentialsError,
    FormatError,
    GoneError,
    TemporaryError,
    ThrottledError,
    UncertainError,
)
from core.notify.channels.words import stable_id, words_of

__all__ = ["WEBHOOKS_SETTING", "WEBHOOK_SECRETS_SETTING", "WebhookChannel"]

WEBHOOKS_SETTING = "OPSDECK_WEBHOOKS"
WEBHOOK_SECRETS_SETTING = "OPSDECK_WEBHOOK_SECRETS"

_TIME_LIMIT = 15.0
_PAUSE = 60.0
"""Seconds to stay away after a 429 that doesn't say for how long."""

_SHORTEST_SECRET = 24
"""Bytes that Standard Webhooks asks of a secret at least."""

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures before the first byte of the request."""


class WebhookChannel:
    """Posts to the addresses in `targets`, by which recipients call them by name.

    `secrets` sign every message, each once: a receiver that knows any of them can verify it, so that they
    can be changed one after the other. `transport` takes the place of the network.
    """

    name = "webhook"
    capabilities = Capabilities()
    total = Limit(25, 1.0)

    def __init__(
        self,
        targets: Mapping[str, str],
        secrets: Sequence[str],
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare it; nothing is sent.

        Raises:
            SettingsError: an address or a secret can't be used.
        """
        self._targets = {name: _target(text) for name, text in targets.items()}
        self._signers = [_signer(secret) for secret in secrets]
        if self._targets and not self._signers:
            raise SettingsError(_("Set {setting}: webhooks are signed.", setting=WEBHOOK_SECRETS_SETTING))
        self._clock = clock
        self._transport = transport
        self._client: httpx.AsyncClient | None = None

    @property
    def own_addresses(self) -> tuple[str, ...]:
        """Every webhook."""
        return tuple(self._targets)

    def limit(self, address: str) -> Limit:
        """What any receiver should be able to take."""
        return Limit(10, 1.0)

    def line(self, address: str) -> str:
        """The host behind it."""
        target = self._targets.get(address)
        return target.netloc.decode("ascii") if target is not None else address

    async def send(self, message: Outgoing) -> Receipt:
        """Post it once."""
        target = self._targets.get(message.recipient.address)
        if target is None:
            raise GoneError(
                _(
                    "There is no webhook “{name}” in {setting}.",
                    name=message.recipient.address,
                    setting=WEBHOOKS_SETTING,
                )
            )
        now = self._clock.now().astimezone(UTC)
        body = _body(message, now)
        try:
            async with self._open().stream(
                "POST", target, content=body.encode(), headers=self._headers(message, body, now)
            ) as response:
                _judge(response, message, now)
        except _NOT_SENT as error:
            raise TemporaryError(
                _("{host} can't be reached.", host=self.line(message.recipient.address))
            ) from error
        except httpx.HTTPError as error:
            raise UncertainError(
                _("{host} broke off before it had answered.", host=self.line(message.recipient.address))
            ) from error
        return Receipt(stable_id(message))

    async def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                transport=self._transport,
                verify=known_authorities(),
                timeout=_TIME_LIMIT,
                follow_redirects=False,
                trust_env=False,
                # A kept connection that the other side has just closed would make a try uncertain.
                limits=httpx.Limits(max_keepalive_connections=0),
            )
        return self._client

    def _headers(self, message: Outgoing, body: str, now: datetime) -> dict[str, str]:
        number = stable_id(message)
        return {
            "Content-Type": "application/json",
            "User-Agent": "opsdeck",
            "webhook-id": number,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signer.sign(number, now, body) for signer in self._signers),
        }


def _body(message: Outgoing, now: datetime) -> str:
    words = words_of(message, now)
    data = {
        "id": stable_id(message),
        "class": message.cls.value,
        "area": message.area,
        "subject": message.subject,
        "sequence": message.sequence,
        "severity": message.severity.name.lower(),
        "person": message.recipient.person,
        "title": words.title,
        "lines": words.lines,
        "reason": words.reason,
        "possible_repeat": message.possible_repeat,
        "covers": message.covers,
    }
    return json.dumps({"type": message.kind, "timestamp": message.created.isoformat(), "data": data})


def _judge(response: httpx.Response, message: Outgoing, now: datetime) -> None:
    """Raise what the answer's status means; nothing when the message was taken."""
    status, host = response.status_code, response.url.host
    if response.is_success:
        return
    wait = _wait(response.headers.get("retry-after"), now)
    if status == 429 or (status == 503 and wait is not None):
        raise ThrottledError(_("{host} asks us to send less.", host=host), _PAUSE if wait is None else wait)
    if status == 410:
        raise GoneError(_("{host} wants no more messages there.", host=host))
    if status in (401, 403):
        raise CredentialsError(
            _(
                "{host} does not accept our signature ({status}). Check {setting}.",
                host=host,
                status=status,
                setting=WEBHOOK_SECRETS_SETTING,
            )
        )
    answered = _("{host} answered {status}.", host=host, status=status)
    if status in (400, 413, 415, 422):
        raise FormatError(answered)
    raise TemporaryError(answered, own=status == 409)


def _wait(header: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After asks for, in full."""
    if header is not None and header.isascii() and header.isdecimal():
        return float(header[:9])
    return retry_after(header, now)


def _target(text: str) -> httpx.URL:
    address(text, WEBHOOKS_SETTING)
    url = httpx.URL(text.strip())
    if not is_secure(url.scheme, url.host):
        raise SettingsError(
            _("The addresses in {setting} must begin with https://.", setting=WEBHOOKS_SETTING)
        )
    return url


def _signer(secret: str) -> Webhook:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_") + "==")
    except ValueError as error:
        raise _unusable_secret() from error
    if len(key) < _SHORTEST_SECRET:
        raise _unusable_secret()
    return Webhook(key)


def _unusable_secret() -> SettingsError:
    return SettingsError(
        _(
            "A secret in {setting} can't be used. Write it like whsec_ and 24 to 64 bytes in base64.",
            setting=WEBHOOK_SECRETS_SETTING,
        )
    )
