"""Looking at the Telegram bot: `getMe` and `getWebhookInfo`, never `getUpdates` (operations.md 2.5).

The token is part of the address, so no message here holds an address.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

from core.areas.operations.client.asking import Line, failure_finding
from core.areas.operations.model import Finding, HealthStatus, Reason
from core.areas.operations.rules.telegram import (
    BotEvidence,
    BotIdentity,
    ExpectedBot,
    WebhookInfo,
    telegram_finding,
)
from core.engine.exchange import RATE_LIMIT_PAUSE
from core.engine.reply import Reply
from core.errors import UpstreamError
from core.message import _
from core.moment import from_epoch
from core.text import cell, redact

__all__ = ["look_at_telegram"]


async def look_at_telegram(
    line: Line, expected: ExpectedBot, evidence: BotEvidence, now: datetime
) -> Finding:
    """How the bot is. The line's address ends with the token."""
    try:
        me = await line.get("getMe")
        refused = _refusal(line, me)
        if refused is not None:
            return refused
        hook = await line.get("getWebhookInfo")
        refused = _refusal(line, hook)
        if refused is not None:
            return refused
    except UpstreamError as error:
        return failure_finding(error, Reason.PROVIDER_UNAVAILABLE)
    found = telegram_finding(_identity(me), _webhook(hook), expected, evidence, now)
    return replace(found, latency_ms=float(me.milliseconds + hook.milliseconds))


def _refusal(line: Line, reply: Reply) -> Finding | None:
    """What an answer that isn't `ok` comes to; nothing when it is."""
    if reply.status == 200 and _body(reply).get("ok") is True:
        return None
    if reply.status in (401, 404):
        output = _("Telegram doesn’t take the token. Put a new one into TELEGRAM_BOT_TOKEN.")
        return Finding(HealthStatus.FAIL, Reason.AUTH_REJECTED, output)
    if reply.status == 429:
        line.stay_away(RATE_LIMIT_PAUSE)
        output = _("Telegram asks to slow down; it is left alone for a while.")
        return Finding(HealthStatus.WARN, Reason.RATE_LIMITED, output)
    if reply.status >= 500:
        output = _("Telegram has a fault of its own (status {status}).", status=reply.status)
        return Finding(HealthStatus.FAIL, Reason.PROVIDER_UNAVAILABLE, output)
    output = _("What answered at Telegram’s address isn’t Telegram. Check TELEGRAM_API_BASE.")
    return Finding(HealthStatus.FAIL, Reason.UNEXPECTED_ANSWER, output)


def _identity(reply: Reply) -> BotIdentity:
    result = _result(reply)
    return BotIdentity(result.get("is_bot") is True, cell(result.get("username"), 64))


def _webhook(reply: Reply) -> WebhookInfo:
    result = _result(reply)
    pending, failed = result.get("pending_update_count"), result.get("last_error_date")
    return WebhookInfo(
        url=cell(result.get("url")),
        pending=pending if isinstance(pending, int) else 0,
        last_error_at=from_epoch(failed) if isinstance(failed, int) and 0 <= failed < 10**11 else None,
        last_error=redact(cell(result.get("last_error_message"), 200)),
    )


def _result(reply: Reply) -> dict[str, object]:
    result = _body(reply).get("result")
    return cast("dict[str, object]", result) if isinstance(result, dict) else {}


def _body(reply: Reply) -> dict[str, object]:
    try:
        document = reply.document()
    except ValueError:
        return {}
    return cast("dict[str, object]", document) if isinstance(document, dict) else {}
