"""Whether Meta made a request: an HMAC-SHA256 of the raw body with the app's secret (whatsapp.md C1)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from core.secret import Secret

__all__ = ["SIGNATURE_HEADER", "signature_of", "signed"]

SIGNATURE_HEADER = "x-hub-signature-256"


def signature_of(secret: Secret, body: bytes) -> str:
    """What Meta's header says for a body."""
    return "sha256=" + hmac.new(secret.reveal().encode(), body, hashlib.sha256).hexdigest()


def signed(secrets: Sequence[Secret], body: bytes, signature: str) -> bool:
    """Whether one of the secrets made the signature."""
    given = signature.encode("utf-8", "replace")
    return any(hmac.compare_digest(signature_of(each, body).encode(), given) for each in secrets if each)
