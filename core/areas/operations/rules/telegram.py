"""What Telegram's answers and our own evidence say of the bot (operations.md 2.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.operations.model import Finding, HealthStatus, Reason
from core.message import Message, _
from core.units import Span

__all__ = ["BotEvidence", "BotIdentity", "ExpectedBot", "WebhookInfo", "telegram_finding"]

_PENDING_WARN = 100
_PENDING_FAIL = 1_000
_ERROR_WITHIN = timedelta(minutes=10)
_QUEUE_WARN = timedelta(seconds=60)
_POLL_FAIL = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """What `getMe` answered."""

    is_bot: bool
    username: str


@dataclass(frozen=True, slots=True)
class WebhookInfo:
    """What `getWebhookInfo` answered: an empty `url` when nothing is set."""

    url: str
    pending: int
    last_error_at: datetime | None = None
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedBot:
    """How the bot is meant to run: with `webhook` where it is given, by long polling otherwise."""

    username: str = ""
    webhook: str = ""
    poll_timeout: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class BotEvidence:
    """What we know ourselves: when the bot was last polled, and how old the oldest unsent message is."""

    last_poll_at: datetime | None = None
    queue_age: timedelta | None = None


def telegram_finding(
    bot: BotIdentity, hook: WebhookInfo, expected: ExpectedBot, evidence: BotEvidence, now: datetime
) -> Finding:
    """The worst that can be said of the bot; failures before warnings."""
    wanted = expected.username.removeprefix("@").casefold()
    if not bot.is_bot or (wanted and bot.username.casefold() != wanted):
        return _fail(
            Reason.WRONG_BOT,
            _("The token is that of @{found}. Check TELEGRAM_BOT_TOKEN.", found=bot.username),
        )
    found = _webhook(hook, expected, now) if expected.webhook else _polling(hook, expected, evidence, now)
    if found.status is HealthStatus.FAIL:
        return found
    if hook.pending >= _PENDING_WARN:
        return _warn(Reason.BACKLOG, _("{count} updates wait to be fetched.", count=hook.pending))
    if evidence.queue_age is not None and evidence.queue_age > _QUEUE_WARN:
        age = Span(evidence.queue_age)
        return _warn(Reason.QUEUE_OLD, _("The oldest unsent message has waited for {age}.", age=age))
    return found


def _webhook(hook: WebhookInfo, expected: ExpectedBot, now: datetime) -> Finding:
    if not hook.url:
        return _fail(Reason.WRONG_WEBHOOK, _("No webhook is set at Telegram, so no message arrives. Set it."))
    if hook.url.rstrip("/") != expected.webhook.rstrip("/"):
        return _fail(Reason.WRONG_WEBHOOK, _("Telegram delivers to another address. Set the webhook anew."))
    if hook.pending >= _PENDING_FAIL:
        return _fail(Reason.BACKLOG, _("{count} updates wait to be delivered.", count=hook.pending))
    if hook.last_error_at is not None and now - hook.last_error_at <= _ERROR_WITHIN:
        said = hook.last_error or _("no reason given")
        return _warn(Reason.WEBHOOK_ERROR, _("Telegram could not deliver: {reason}.", reason=said))
    return Finding(HealthStatus.PASS)


def _polling(hook: WebhookInfo, expected: ExpectedBot, evidence: BotEvidence, now: datetime) -> Finding:
    if hook.url:
        return _fail(
            Reason.WRONG_WEBHOOK,
            _("A webhook is set at Telegram, so polling can’t work. Remove it, or set TELEGRAM_WEBHOOK_URL."),
        )
    if evidence.last_poll_at is None:
        return _warn(Reason.NOT_POLLING, _("The token works, but no poll of this bot is on record."))
    age = now - evidence.last_poll_at
    if age > _POLL_FAIL:
        return _fail(Reason.NOT_POLLING, _("The bot was last polled {age} ago.", age=Span(age)))
    if age >= 2 * expected.poll_timeout:
        return _warn(Reason.NOT_POLLING, _("The bot was last polled {age} ago.", age=Span(age)))
    return Finding(HealthStatus.PASS)


def _warn(reason: Reason, output: Message) -> Finding:
    return Finding(HealthStatus.WARN, reason, output)


def _fail(reason: Reason, output: Message) -> Finding:
    return Finding(HealthStatus.FAIL, reason, output)
