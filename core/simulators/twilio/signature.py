"""How Twilio signs its webhooks (whatsapp.md B2)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit, urlunsplit

__all__ = ["HMAC_SHA1", "HMAC_SHA256", "sign", "with_body_hash", "with_port"]

HMAC_SHA1: Final = "HMAC_SHA1"
HMAC_SHA256: Final = "HMAC_SHA256"

_DIGESTS = {HMAC_SHA1: hashlib.sha1, HMAC_SHA256: hashlib.sha256}


def sign(
    secret: str, url: str, parameters: Iterable[tuple[str, str]] = (), algorithm: str = HMAC_SHA1
) -> str:
    """The signature of a call to `url` with these form parameters, in Base64.

    What is signed is the URL and then, in the order of their characters' numbers, each distinct name with its
    value; a name that was given several times stands with each distinct value.

    Raises:
        KeyError: there is no such algorithm.
    """
    message = url + "".join(name + value for name, value in sorted(set(parameters)))
    digest = hmac.new(secret.encode(), message.encode(), _DIGESTS[algorithm]).digest()
    return base64.b64encode(digest).decode()


def with_body_hash(url: str, body: bytes) -> str:
    """`url` with the hash of a JSON body in its query: what is signed in place of parameters."""
    parts = urlsplit(url)
    found = f"bodySHA256={hashlib.sha256(body).hexdigest()}"
    return urlunsplit(parts._replace(query=f"{parts.query}&{found}" if parts.query else found))


def with_port(url: str) -> str:
    """`url` with the port that its scheme stands for, which Twilio signs now and then."""
    parts = urlsplit(url)
    if parts.port is not None:
        return url
    return urlunsplit(parts._replace(netloc=f"{parts.netloc}:{443 if parts.scheme == 'https' else 80}"))
