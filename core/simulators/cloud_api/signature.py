"""How Meta signs its webhooks (whatsapp.md C1)."""

from __future__ import annotations

import hashlib
import hmac

__all__ = ["sign"]


def sign(app_secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256 for a raw body."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
