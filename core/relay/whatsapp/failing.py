"""What a provider's refusal means for a message: the codes differ, what is to be done about them doesn't."""

from __future__ import annotations

import enum

import httpx

from core.engine.exchange import Exchange, Reply
from core.errors import OpsdeckError, RateLimitedError, UnreachableError
from core.json_fields import JsonObject, as_object
from core.message import Message, _
from core.notify.channels.failures import (
    CredentialsError,
    DeliveryError,
    FormatError,
    GoneError,
    TemporaryError,
    ThrottledError,
    UncertainError,
    WindowError,
)
from core.text import clean, redact, without_phones

__all__ = ["Cause", "cause_of_status", "delivery_error", "document_of", "exchanged", "quoted"]

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures before the first byte of the request."""

_LONGEST_QUOTE = 300


class Cause(enum.Enum):
    """Why a message was refused, by what is to be done."""

    RETRY = "retry"
    """A fault over there: again later."""
    WAIT = "wait"
    """Too much to this user: leave them alone for a while."""
    WAIT_ALL = "wait all"
    """Too much altogether."""
    WINDOW = "window"
    """Not now, or not freely: a template, or another way."""
    STOPPED = "stopped"
    """They stopped us or blocked us, or nothing reaches them."""
    REFUSED = "refused"
    """The message itself is refused, and would be again."""
    ACCOUNT = "account"
    """The account may not: nothing goes by this line until a person looks."""


def delivery_error(cause: Cause, said: Message, wait: float) -> DeliveryError:
    """The failure as the outbox takes it; `wait` is in seconds, for those that ask for one."""
    match cause:
        case Cause.RETRY:
            return TemporaryError(said)
        case Cause.WAIT | Cause.WAIT_ALL:
            return ThrottledError(said, wait, whole_line=cause is Cause.WAIT_ALL)
        case Cause.WINDOW:
            return WindowError(said)
        case Cause.STOPPED:
            return GoneError(said)
        case Cause.REFUSED:
            return FormatError(said)
        case Cause.ACCOUNT:
            return CredentialsError(said)


def cause_of_status(status: int) -> Cause:
    """What a refusal whose code is unknown asks for, by its HTTP status."""
    if status in (401, 403, 404):
        return Cause.ACCOUNT
    if status == 429:
        return Cause.WAIT_ALL
    return Cause.REFUSED if 400 <= status < 500 and status != 408 else Cause.RETRY


def document_of(reply: Reply) -> JsonObject:
    """The answer's JSON object; an empty one where it has none, as a gateway's page."""
    try:
        return as_object(reply.document())
    except ValueError:
        return {}


def quoted(text: object) -> str:
    """A provider's own words, as they may be shown: on one line, without credentials and phone numbers."""
    return clean(without_phones(redact(text)), _LONGEST_QUOTE) if isinstance(text, str) else ""


async def exchanged(
    exchange: Exchange,
    path: str,
    service: Message,
    *,
    json: object = None,
    form: dict[str, str] | None = None,
    headers: dict[str, str],
) -> Reply:
    """What a provider answers to a POST, whatever its status.

    Raises:
        DeliveryError: there is no answer; it says whether the request can have arrived.
    """
    try:
        return await exchange.reply("POST", path, json=json, form=form, headers=headers)
    except UnreachableError as error:
        if isinstance(error.__cause__, _NOT_SENT):
            raise TemporaryError(_("{service} can’t be reached.", service=service)) from error
        raise UncertainError(_("{service} broke off before it had answered.", service=service)) from error
    except RateLimitedError as error:
        raise ThrottledError(error.message, error.wait, whole_line=True) from error
    except OpsdeckError as error:
        raise UncertainError(_("The answer of {service} can’t be read.", service=service)) from error
