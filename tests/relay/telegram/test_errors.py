"""Telegram's refusals as the outbox takes them (telegram.md 7)."""

from __future__ import annotations

import json

import httpx
import pytest
from telegram.error import NetworkError, TelegramError, TimedOut

from core.notify.channels.failures import DeliveryError, FailureClass, MovedError, ThrottledError
from core.relay.telegram.errors import api_error, failure_of


def refused(code: int, description: str, **parameters: object) -> DeliveryError:
    answer = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return failure_of(api_error(code, json.dumps(answer).encode()))


@pytest.mark.parametrize(
    ("code", "description", "expected"),
    [
        (400, "Bad Request: chat not found", FailureClass.GONE),
        (400, 'Bad Request: can\'t parse entities: Unsupported start tag "p"', FailureClass.FIX),
        (400, "Bad Request: message is too long", FailureClass.FIX),
        (400, "Bad Request: BUTTON_DATA_INVALID", FailureClass.FIX),
        (401, "Unauthorized", FailureClass.AUTH),
        (403, "Forbidden: bot was blocked by the user", FailureClass.GONE),
        (403, "Forbidden: user is deactivated", FailureClass.GONE),
        (403, "Forbidden: bot was kicked from the group chat", FailureClass.GONE),
        (403, "Forbidden: bot is not a member of the channel chat", FailureClass.GONE),
        (403, "Forbidden: the group chat was deleted", FailureClass.GONE),
        (403, "Forbidden: bot can't initiate conversation with a user", FailureClass.GONE),
        (404, "Not Found", FailureClass.AUTH),
        (409, "Conflict: terminated by other getUpdates request", FailureClass.RETRY),
        (413, "Request Entity Too Large", FailureClass.FIX),
        (500, "Internal Server Error: restart", FailureClass.LINE),
    ],
)
def test_the_catalogue(code: int, description: str, expected: FailureClass) -> None:
    assert refused(code, description).failure is expected


def test_a_wait_is_taken_exactly() -> None:
    failure = refused(429, "Too Many Requests: retry after 7", retry_after=7)
    assert isinstance(failure, ThrottledError)
    assert (failure.wait, failure.whole_line) == (7.0, False)


def test_a_group_that_moved_says_where() -> None:
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    failure = refused(400, text, migrate_to_chat_id=-100_500)
    assert isinstance(failure, MovedError)
    assert failure.address == "-100500"


def test_a_gateways_page_is_a_fault_of_the_line() -> None:
    assert failure_of(api_error(502, b"<html>Bad Gateway</html>")).failure is FailureClass.LINE


def _caused(error: TelegramError, cause: Exception) -> TelegramError:
    try:
        raise error from cause
    except TelegramError as raised:
        return raised


def test_what_never_left_us_may_be_sent_again() -> None:
    error = _caused(NetworkError("refused"), httpx.ConnectError("refused"))
    assert failure_of(error).failure is FailureClass.LINE


def test_what_left_us_and_was_not_answered_is_uncertain() -> None:
    error = _caused(TimedOut(), httpx.ReadTimeout("slow"))
    assert failure_of(error).failure is FailureClass.UNCERTAIN
