"""What a failure of the Plume cloud means, in one sentence for each cause (plume.md 2.4, 2.6, 5 and 6).

Pure: statuses and words in, errors out. No sentence carries a body, a header or an address; those parts
that are fit for a log are cut and cleaned by `excerpt`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from core.errors import (
    BadAnswerError,
    SignInError,
    UnknownSubjectError,
    UnreachableError,
    UpstreamError,
)
from core.message import Message, _
from core.text import clean, redact

__all__ = ["LOGGED_CHARACTERS", "PLUME", "RATE_LIMIT_PAUSE", "SIGN_IN", "excerpt", "refusal", "token_refusal"]

PLUME = _("Plume")
"""What people call the cloud."""

SIGN_IN = _("Plume's sign-in")
"""What people call the service that gives out the tokens."""

RATE_LIMIT_PAUSE = 300.0
"""Seconds to stay away after the limiter's 403, which carries no time of its own (plume.md 6)."""

LOGGED_CHARACTERS = 300
"""How much of an error's text a log may keep (plume.md 5)."""

_TOKEN_WORDS = {
    "invalid_client": _(
        "Plume does not accept the authorization header. Check it and enter the credentials again."
    ),
    "invalid_scope": _("Plume does not accept the partner id. Check it and enter the credentials again."),
    "invalid_grant": _("Plume's sign-in does not accept the kind of grant. Check the token address."),
    "unsupported_grant_type": _(
        "Plume's sign-in does not offer sign-in for programs at this address. Check the token address."
    ),
    "invalid_request": _(
        "Plume's sign-in could not read the request. Check that the authorization header is complete."
    ),
    "unauthorized_client": _(
        "Plume has not set up these credentials for use by programs. Ask Plume to do so."
    ),
    "access_denied": _("Plume's sign-in denies access to these credentials. Ask Plume why."),
}


def token_refusal(status: int, body: object) -> UpstreamError:
    """Why no token was given. A `SignInError` only where other credentials or another address would help."""
    error = cast("dict[str, object]", body).get("error") if isinstance(body, dict) else None
    if isinstance(error, str) and error in _TOKEN_WORDS and status < 500:
        return SignInError(_TOKEN_WORDS[error])
    if status == 401:
        return SignInError(
            _("Plume's sign-in does not know these credentials. Check the authorization header.")
        )
    if status == 400:
        return SignInError(
            _(
                "Plume's sign-in refuses the request. Check the authorization header, the partner id"
                " and the token address."
            )
        )
    if status == 404:
        return SignInError(_("There is no sign-in of Plume at this token address. Check the token address."))
    if 300 <= status < 400:
        return SignInError(
            _("The token address leads elsewhere. Enter the address that came with the credentials.")
        )
    return UnreachableError(
        _("Plume's sign-in does not work at present (status {status}). Try later.", status=status)
    )


def refusal(status: int, *, customer: bool, location: bool, parameters: Iterable[str] = ()) -> UpstreamError:
    """What a status of the API means for a path that names a customer, a location, both or neither.

    401 here is the one that stayed after the token was renewed, and 403 the one of a path that never
    answered before; the rate limiter's is `LoggedExchange.limited`.
    """
    if status in (401, 403, 404):
        return UnknownSubjectError(_unknown(status, customer=customer, location=location))
    if status == 422:
        return BadAnswerError(_unaccepted(tuple(parameters)))
    if status in (405, 501):
        return BadAnswerError(_("Plume does not offer this at the address in the settings."))
    if status == 500:
        return UnreachableError(_("Plume has a fault of its own (status 500). Try later."))
    if status == 503:
        return UnreachableError(_("Plume is out of service at present (status 503). Try later."))
    if status > 500:
        return UnreachableError(_("Plume could not answer (status {status}). Try later.", status=status))
    if 300 <= status < 400:
        return BadAnswerError(
            _("Plume's address leads elsewhere. Check PLUME_API_BASE and PLUME_REPORTS_BASE.")
        )
    return BadAnswerError(_("Plume refuses the request (status {status}).", status=status))


def _unknown(status: int, *, customer: bool, location: bool) -> Message:
    """Why the subject is unknown: a mistyped customer answers 401 with a perfectly good token."""
    if status == 401:
        if customer:
            return _("Plume does not know this customer, or the customer isn't yours.")
        return _("Plume accepts the credentials, but they lack the right to see this.")
    if status == 403:
        if customer:
            return _("This customer belongs to another partner of Plume.")
        if location:
            return _("This location belongs to another partner of Plume.")
        return _("Plume does not allow these credentials to see this.")
    if customer and location:
        return _("Plume does not know this location, or its customer.")
    if customer:
        return _("Plume does not know this customer.")
    if location:
        return _("Plume does not know this location.")
    return _("Plume has nothing at this address. Check PLUME_API_BASE and PLUME_REPORTS_BASE.")


def _unaccepted(parameters: tuple[str, ...]) -> Message:
    if not parameters:
        return _("Plume does not accept a value of the request.")
    return _("Plume does not accept the value of {parameter}.", parameter=", ".join(parameters))


def excerpt(body: object, raw: bytes, secrets: Iterable[str] = ()) -> str:
    """What an error's body says, fit for a log: one line, at most 300 characters, no credential in it.

    `body` is the JSON when it was JSON; the places of its text are those of plume.md 5.
    """
    said = _said(body) or raw[: LOGGED_CHARACTERS * 4].decode("utf-8", "replace")
    for secret in secrets:
        if secret:
            said = said.replace(secret, "[redacted]")
    return clean(redact(said), LOGGED_CHARACTERS)


def _said(body: object) -> str:
    if not isinstance(body, dict):
        return ""
    fields = cast("dict[str, object]", body)
    inner = fields.get("error")
    if isinstance(inner, dict):
        return _said(cast("dict[str, object]", {**inner, "error": None}))
    words = [fields.get(name) for name in ("error", "error_description", "message")]
    return ": ".join(each for each in words if isinstance(each, str))
