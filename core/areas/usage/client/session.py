"""A session at Taara: the token that a sign-in answers, and whose it is (taara.md 2)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import cast

from core.engine.addresses import segment
from core.errors import BadAnswerError, InputError
from core.message import _

__all__ = ["Session", "read_session"]

_LONGEST_TOKEN = 8_192


@dataclass(frozen=True, slots=True)
class Session:
    """A token to ask with; `subscriber_id` is empty when the token doesn't say whose it is."""

    token: str = field(repr=False)
    subscriber_id: str = field(repr=False)


def read_session(document: object) -> Session:
    """The session of a login's answer.

    Raises:
        BadAnswerError: there is no token in it, or one that no header can carry.
    """
    token = cast("dict[str, object]", document).get("accessToken") if isinstance(document, dict) else None
    if not isinstance(token, str) or not token.strip():
        raise BadAnswerError(
            _("Taara accepted the sign-in but sent no token. If that stays so, Taara has changed.")
        )
    token = token.strip()
    if len(token) > _LONGEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise BadAnswerError(
            _("Taara accepted the sign-in but sent an unusable token. If that stays so, Taara has changed.")
        )
    return Session(token, _subject(token))


def _subject(token: str) -> str:
    """The claim `sub` of a JSON web token, its signature unchecked: it only says whom to sign out."""
    parts = token.split(".")
    if len(parts) != 3:
        return ""
    try:
        payload: object = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return ""
    subject = cast("dict[str, object]", payload).get("sub") if isinstance(payload, dict) else None
    if not isinstance(subject, str):
        return ""
    try:
        segment(subject)
    except InputError:
        return ""
    return subject
