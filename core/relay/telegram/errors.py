"""What Telegram's refusals mean for a message (telegram.md 7), and what lies behind a broken line."""

from __future__ import annotations

import json

import httpx
from telegram.error import TelegramError

from core.json_fields import JsonObject, as_object
from core.message import _
from core.notify.channels.failures import (
    CredentialsError,
    DeliveryError,
    FormatError,
    GoneError,
    MovedError,
    TemporaryError,
    ThrottledError,
    UncertainError,
)
from core.text import clean, redact

__all__ = ["ApiError", "api_error", "failure_of", "line_failed", "was_not_sent"]

_PAUSE = 30.0
"""Seconds to stay away after a 429 that doesn't say for how long."""

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures before the first byte of the request."""

_UNKNOWN_CHATS = ("chat not found", "user not found", "group is deactivated", "chat was deleted")


class ApiError(TelegramError):
    """The Bot API said no. `description` is its sentence, without what it begins with.

    Derived from the library's own error, which passes through its layers untouched.
    """

    def __init__(
        self, code: int, description: str, *, retry_after: float | None = None, moved_to: str = ""
    ) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.moved_to = moved_to

    def says(self, *words: str) -> bool:
        """Whether its sentence has one of these in it."""
        return any(each in self.description.casefold() for each in words)


def api_error(status: int, payload: bytes) -> ApiError:
    """The refusal in an answer whose status is not a success; a gateway's page instead of JSON will do."""
    answer = _answer(payload)
    said = answer.get("description")
    description = clean(redact(said), 300) if isinstance(said, str) else ""
    parameters = as_object(answer.get("parameters"))
    wait, moved = parameters.get("retry_after"), parameters.get("migrate_to_chat_id")
    return ApiError(
        status,
        description.partition(": ")[2] if ": " in description else description,
        retry_after=float(wait) if isinstance(wait, int | float) and wait >= 0 else None,
        moved_to=str(moved) if isinstance(moved, int) else "",
    )


def failure_of(error: TelegramError) -> DeliveryError:
    """A failed request as the outbox takes it."""
    if not isinstance(error, ApiError):
        if was_not_sent(error):
            return TemporaryError(_("Telegram can't be reached."))
        return UncertainError(_("Telegram broke off before it had answered."))
    code, answered = (
        error.code,
        _("Telegram answered {code}: {text}", code=str(error.code), text=error.description),
    )
    if error.moved_to:
        return MovedError(_("The group is a supergroup now."), error.moved_to)
    if code == 429:
        wait = _PAUSE if error.retry_after is None else error.retry_after
        return ThrottledError(_("Telegram asks us to send less."), wait)
    if code == 403 or (code == 400 and error.says(*_UNKNOWN_CHATS)):
        return GoneError(answered)
    if code in (401, 404, 421):
        return CredentialsError(
            _(
                "Telegram does not accept the bot’s token ({code}). Ask @BotFather for a new one.",
                code=str(code),
            )
        )
    if code in (400, 413):
        return FormatError(answered)
    return TemporaryError(answered, own=code == 409)


def was_not_sent(error: BaseException) -> bool:
    """Whether the request had not begun to leave us when it failed."""
    return isinstance(error.__cause__, _NOT_SENT)


def line_failed(error: TelegramError) -> bool:
    """Whether it says nothing about the request: the network, or a fault over there."""
    return not isinstance(error, ApiError) or error.code >= 500


def _answer(payload: bytes) -> JsonObject:
    try:
        return as_object(json.loads(payload))
    except ValueError:
        return {}
