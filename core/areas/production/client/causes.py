"""What a failure of the production system or of A2E means, in one sentence for each cause.

Pure: statuses and words in, errors out (production.md 6, 7.3 and 8). What a server says of its own reasons
is shown, cleaned; no sentence carries a token or an address. Failures of the connection itself have their
sentences in `core.engine.exchange`.
"""

from __future__ import annotations

from datetime import timedelta

from core.areas.production.client.fields import JsonObject, as_object, text
from core.errors import (
    BadAnswerError,
    OpsdeckError,
    RateLimitedError,
    RefusedError,
    SignInError,
    UnknownSubjectError,
    UnreachableError,
    UpstreamError,
)
from core.message import Message, _, plural
from core.text import clean, redact

__all__ = [
    "A2E",
    "MOST_SKEW",
    "PRODUCTION",
    "EventsGoneError",
    "ProviderError",
    "a2e_break",
    "a2e_rate_limited",
    "a2e_refusal",
    "clock_skew",
    "control_refusal",
    "provider_refusal",
    "read_refusal",
    "reason_of",
    "trace_of",
    "unusable",
    "web_page",
]

PRODUCTION = _("Production")
"""What people call the production system."""

A2E = _("A2E")
"""What people call the provider."""

MOST_SKEW = timedelta(seconds=30)
"""How far the system's clock may be from ours without a word about it (section 8)."""

_NOT_OFFERED = frozenset({404, 405, 501})


class EventsGoneError(UpstreamError):
    """The events asked for are older than what the system keeps: read everything anew (section 8)."""


class ProviderError(UpstreamError):
    """A2E answered in its own form that it won't: `code` and `trace` are its own (7.3)."""

    def __init__(self, message: Message, code: str, trace: str) -> None:
        super().__init__(message)
        self.code = code
        self.trace = trace


def web_page(service: Message, setting: str) -> UnreachableError:
    """Something in front of the service answered for it, or the address is another's."""
    return UnreachableError(
        _(
            "{service} is unavailable: a web page came instead of data. Try later, or check {setting}.",
            service=service,
            setting=setting,
        )
    )


def read_refusal(status: int, problem: object, part: Message) -> UpstreamError:
    """Why the production system did not give `part` of what it knows."""
    if status == 401:
        return SignInError(_("Production does not accept the token. Check PRODUCTION_TOKEN."))
    if status == 403:
        return SignInError(
            _("Production accepts the token, but not for reading {part}. Give it the scope read.", part=part)
        )
    if status in _NOT_OFFERED:
        return UnknownSubjectError(_("Production does not offer {part}.", part=part))
    if status == 410:
        return EventsGoneError(_("Production no longer keeps events this old; everything is read anew."))
    return BadAnswerError(
        _("Production refuses to give {part}: {reason}", part=part, reason=reason_of(status, problem))
    )


def control_refusal(status: int, problem: object) -> OpsdeckError:
    """Why the production system did not do what it was asked to; its own reason, where it gave one."""
    if status == 401:
        return SignInError(_("Production does not accept the token. Check PRODUCTION_TOKEN."))
    if status == 403:
        return SignInError(_("Production accepts the token, but not for control. Give it the scope control."))
    if status in _NOT_OFFERED:
        return UnknownSubjectError(_("Production does not offer control over HTTP."))
    return RefusedError(_("Production refuses: {reason}", reason=reason_of(status, problem)))


def reason_of(status: int, problem: object) -> str | Message:
    """The reason in a problem document: its title and detail, else the status."""
    row = as_object(problem)
    title, detail = _said(row, "title", 120), _said(row, "detail", 300)
    if title and detail and title.lower() != detail.lower():
        return f"{title} – {detail}"
    return title or detail or _("it gave no reason (status {status}).", status=status)


def clock_skew(skew: timedelta | None) -> Message | None:
    """What to say of clocks that differ; nothing while they agree well enough, or it isn't known."""
    if skew is None or abs(skew) <= MOST_SKEW:
        return None
    off = round(abs(skew).total_seconds())
    if skew > timedelta():
        return plural(
            "Production's clock is {count} second ahead of ours. Set both clocks right.",
            "Production's clock is {count} seconds ahead of ours. Set both clocks right.",
            off,
        )
    return plural(
        "Production's clock is {count} second behind ours. Set both clocks right.",
        "Production's clock is {count} seconds behind ours. Set both clocks right.",
        off,
    )


def a2e_refusal(status: int, document: object) -> UpstreamError:
    """What a status from 300 to 499 means that isn't about the limit."""
    if status in (401, 403):
        return _token_rejected("")
    if status in _NOT_OFFERED:
        return UnknownSubjectError(_("A2E does not offer this at the address in A2E_URL."))
    if 300 <= status < 400:
        return BadAnswerError(_("The address of A2E leads elsewhere. Check A2E_URL."))
    row = as_object(document)
    return _provider_error(str(status), _said(row, "msg", 200) or _said(row, "message", 200), trace_of(row))


def provider_refusal(code: str, envelope: JsonObject, *, about_token: bool) -> UpstreamError:
    """What a code in the envelope means that isn't success."""
    if about_token:
        return _token_rejected(trace_of(envelope))
    return _provider_error(
        code, _said(envelope, "msg", 200) or _said(envelope, "message", 200), trace_of(envelope)
    )


def unusable(thing: Message, trace: str) -> BadAnswerError:
    """A success without what it should hold: unknown, never 0."""
    if trace:
        return BadAnswerError(
            _("A2E's answer can't be read: it lacks {thing} (trace {trace}).", thing=thing, trace=trace)
        )
    return BadAnswerError(_("A2E's answer can't be read: it lacks {thing}.", thing=thing))


def a2e_rate_limited(wait: float) -> RateLimitedError:
    """A2E asked for fewer requests; `wait` is in seconds."""
    return RateLimitedError(
        plural(
            "A2E limits our requests; nothing is asked for about {count} second.",
            "A2E limits our requests; nothing is asked for about {count} seconds.",
            max(1, round(wait)),
        ),
        wait,
    )


def a2e_break(wait: float) -> RateLimitedError:
    """A2E failed so often in a row that it is left alone; `wait` is in seconds."""
    return RateLimitedError(
        plural(
            "A2E failed several times in a row; nothing is asked for about {count} minute.",
            "A2E failed several times in a row; nothing is asked for about {count} minutes.",
            max(1, round(wait / 60)),
        ),
        wait,
    )


def trace_of(envelope: JsonObject) -> str:
    """The id by which A2E can find the request in its own log."""
    return text(envelope, "trace_id", limit=60)


def _token_rejected(trace: str) -> SignInError:
    if trace:
        return SignInError(
            _("A2E does not accept the token (trace {trace}). Check A2E_API_TOKEN.", trace=trace)
        )
    return SignInError(_("A2E does not accept the token. Check A2E_API_TOKEN."))


def _provider_error(code: str, said: str, trace: str) -> ProviderError:
    reason = said or _("it gave no reason")
    if trace:
        return ProviderError(
            _(
                "A2E refuses the request: {reason} (code {code}, trace {trace}).",
                reason=reason,
                code=code,
                trace=trace,
            ),
            code,
            trace,
        )
    return ProviderError(
        _("A2E refuses the request: {reason} (code {code}).", reason=reason, code=code), code, trace
    )


def _said(row: JsonObject, name: str, limit: int) -> str:
    """Foreign words fit to be shown: cleaned, and without anything that looks like a credential."""
    return clean(redact(text(row, name, limit=limit)), limit)
