"""Keeping a token safe: where it may be sent, and that no answer carries it any further."""

from __future__ import annotations

from dataclasses import replace

from core.engine.addresses import address
from core.engine.loopback import is_secure
from core.engine.reply import Reply
from core.errors import SettingsError
from core.message import _
from core.secret import Secret

__all__ = ["secure_address", "without_token"]

_SHORTEST = 6
"""Characters below which a token is no secret but a word that answers may well contain."""


def secure_address(text: str, setting: str) -> str:
    """The address without a final slash; `setting` is named where it can't be used.

    Raises:
        SettingsError: it is no web address, or would send the token over a network in the clear.
    """
    url = address(text, setting)
    if not is_secure(url.scheme, url.host):
        raise SettingsError(
            _("{setting} must begin with https://, unless it is on this machine.", setting=setting)
        )
    return str(url).rstrip("/")


def without_token(reply: Reply, token: Secret) -> Reply:
    """The answer with the token, wherever it stands in it, replaced."""
    secret = token.reveal().encode()
    if len(secret) < _SHORTEST or secret not in reply.body:
        return reply
    return replace(reply, body=reply.body.replace(secret, b"[redacted]"))
