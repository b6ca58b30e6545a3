"""Keeping our own token out of what is shown, logged and kept, also where a server sends it back."""

from __future__ import annotations

from dataclasses import replace

from core.engine.reply import Reply
from core.secret import Secret

__all__ = ["without_token"]

_SHORTEST = 6
"""Characters below which a token is no secret but a word that answers may well contain."""


def without_token(reply: Reply, token: Secret) -> Reply:
    """The answer with the token, wherever it stands in it, replaced."""
    secret = token.reveal().encode()
    if len(secret) < _SHORTEST or secret not in reply.body:
        return reply
    return replace(reply, body=reply.body.replace(secret, b"[redacted]"))
