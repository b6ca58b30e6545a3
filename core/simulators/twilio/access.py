"""The account: how a client proves to be its, and the senders and services it has."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass, field

from core.simulators.noise import hexadecimal
from core.simulators.twilio.errors import refused

__all__ = ["Account"]

_SENDER = "15550100000"
_SANDBOX = "15550100099"


@dataclass(slots=True)
class Account:
    """A Twilio account. Senders are WhatsApp numbers in digits; `services` are messaging services with their
    senders, `keys` API keys with their secrets, and `shared_key` (id and secret) is what webhooks are signed
    with in the newer scheme."""

    sid: str
    token: str
    keys: dict[str, str]
    shared_key: tuple[str, str]
    services: dict[str, tuple[str, ...]]
    sender: str = _SENDER
    sandbox: str = _SANDBOX
    senders: set[str] = field(default_factory=lambda: {_SENDER, _SANDBOX})

    @classmethod
    def made(cls, seed: int) -> Account:
        """The one that belongs to `seed`; its secrets say that they are none."""
        service = "MG" + hexadecimal(32, seed, "service")
        return cls(
            sid="AC" + hexadecimal(32, seed, "account"),
            token="simulated-auth-token-of-nobody",  # noqa: S106 - it opens nothing
            keys={"SK" + hexadecimal(32, seed, "key"): "simulated-key-secret-of-nobody"},
            shared_key=("webhooks_sharedkey_simulated", "simulated-shared-secret-of-nobody"),
            services={service: (_SENDER,)},
        )

    @property
    def service(self) -> str:
        """The messaging service that has the sender."""
        return next(iter(self.services))

    def check(self, authorization: str | None, account_sid: str | None = None) -> None:
        """Whether the header of HTTP Basic lets in, to `account_sid` where the path names one.

        Raises:
            TwilioError: 401, code 20003.
        """
        user, secret = _basic(authorization or "")
        known = self.token if user == self.sid else self.keys.get(user)
        right = known is not None and hmac.compare_digest(known.encode(), secret.encode())
        if not right or account_sid not in (None, self.sid):
            raise refused(20003)


def _basic(header: str) -> tuple[str, str]:
    scheme, _space, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, secret
