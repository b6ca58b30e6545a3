"""What a refusal of the plant's backend means, in one sentence that says what to do."""

from __future__ import annotations

from core.errors import (
    BadAnswerError,
    OpsdeckError,
    RefusedError,
    SignInError,
    UnknownSubjectError,
    UpstreamError,
)
from core.json_fields import as_list, as_object
from core.message import Message, _
from core.text import clean, redact

__all__ = ["BACKEND", "no_list", "not_taken", "refusal"]

BACKEND = _("The plant’s backend")
"""What people call it."""

_LONGEST_DETAIL = 200


def refusal(status: int, document: object, part: Message) -> UpstreamError:
    """Why it did not give `part` of what it knows."""
    if status == 401:
        return SignInError(_("The plant’s backend does not accept the token. Check PLANT_TOKEN."))
    if status == 403:
        return SignInError(_("The plant’s backend accepts the token, but not for reading {part}.", part=part))
    if status in (404, 405):
        return UnknownSubjectError(
            _("The plant’s backend does not offer {part}. Check PLANT_BASE_URL.", part=part)
        )
    return BadAnswerError(
        _(
            "The plant’s backend refuses to give {part}: {reason}",
            part=part,
            reason=_reason(document) or _("it gave no reason (status {status}).", status=status),
        )
    )


def not_taken(status: int, document: object, part: Message) -> OpsdeckError:
    """Why it took nothing new for `part` of what it knows."""
    if status == 401:
        return refusal(status, document, part)
    if status == 403:
        return SignInError(
            _("The plant’s backend accepts the token, but not for adding to {part}.", part=part)
        )
    if status == 405:
        return UnknownSubjectError(_("The plant’s backend takes nothing new for {part}.", part=part))
    reason = _reason(document) or _("it gave no reason (status {status}).", status=status)
    return RefusedError(_("{reason}", reason=reason))


def no_list(part: Message) -> BadAnswerError:
    """The answer isn't `{total, skip, limit, data[]}`."""
    return BadAnswerError(
        _("The answer of the plant’s backend about {part} is no list of things.", part=part)
    )


def _reason(document: object) -> str:
    """Its own words: a detail, or what is wrong with each field (422)."""
    detail = as_object(document).get("detail")
    if isinstance(detail, str):
        return clean(redact(detail), _LONGEST_DETAIL)
    said = [
        f"{'.'.join(str(part) for part in as_list(each.get('loc')))}: {each.get('msg')}"
        for each in map(as_object, as_list(detail))
    ]
    return clean(redact("; ".join(said)), _LONGEST_DETAIL)
