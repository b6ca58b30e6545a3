"""What a refusal of Taara means, in one sentence for each cause (taara.md 2 and 3.5).

Pure: statuses and words in, errors out. Failures that any system can have (no answer, a web page, a rate
limit) get their sentences in `core.engine.exchange`.
"""

from __future__ import annotations

import re
from typing import cast

from core.errors import BadAnswerError, SignInError, UnknownSubjectError, UpstreamError
from core.message import Message, _

__all__ = ["SESSION_LEFT", "bundle_refusal", "login_refusal", "logout_refusal", "reason_of"]

SESSION_LEFT = _("The session at Taara could not be ended: its token doesn't say whose it is.")
"""A warning, for a poll that went well otherwise."""

_UNKNOWN_PERSON = re.compile(r"\b(user|subscriber|customer|account)s?\b[^/]*\bnot\b", re.IGNORECASE)
"""Taara's own word for a number it doesn't know, told from a server's word for a path it doesn't know."""


def reason_of(document: object) -> str:
    """The words of a refusal, foreign and unredacted; the empty string when there are none."""
    said = cast("dict[str, object]", document).get("message") if isinstance(document, dict) else None
    return said.strip() if isinstance(said, str) else ""


def login_refusal(status: int, reason: str) -> UpstreamError:
    """Why a sign-in was refused (a status from 400 to 499); `reason` is safe to show, or empty."""
    if status == 401:
        return SignInError(_("Taara doesn't accept the passcode. Check it and set the account up again."))
    if status == 404 and _UNKNOWN_PERSON.search(reason):
        return SignInError(
            _(
                "Taara doesn't know the phone number. Check it and its country code,"
                " and set the account up again."
            )
        )
    if status in (404, 405, 410) or not reason:
        return BadAnswerError(
            _(
                "There is no sign-in of Taara at this address (status {status}). Check TAARA_BASE_URL;"
                " if it is right, Taara has changed.",
                status=status,
            )
        )
    return SignInError(
        _(
            "Taara refuses the sign-in: “{reason}”. Check the partner id, and whether the account is locked.",
            reason=reason,
        )
    )


def bundle_refusal(status: int, reason: str) -> UpstreamError:
    """Why there are no plans (a status from 400 to 499); a 401 or 403 is about the session."""
    if status in (401, 403):
        return SignInError(_session_refused(reason))
    if not reason:
        return BadAnswerError(
            _(
                "There are no plans of Taara at this address (status {status}). Check TAARA_BASE_URL;"
                " if it is right, Taara has changed.",
                status=status,
            )
        )
    return UnknownSubjectError(
        _("Taara has no plans for this hotspot: “{reason}”. Check the hotspot id.", reason=reason)
    )


def logout_refusal(status: int) -> UpstreamError:
    """A sign-out that was refused, which is worth a note and no more (taara.md 4)."""
    return BadAnswerError(_("Taara did not end the session (status {status}).", status=status))


def _session_refused(reason: str) -> Message:
    if not reason:
        return _("Taara refuses the session it has just opened. Check the partner id and the hotspot id.")
    return _(
        "Taara refuses the session it has just opened: “{reason}”. Check the partner id and the hotspot id.",
        reason=reason,
    )
