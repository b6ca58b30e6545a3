"""Telegram's answers, our own evidence, and what they come to (operations.md 2.5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.areas.operations.model import HealthStatus as H
from core.areas.operations.model import Reason
from core.areas.operations.rules.telegram import (
    BotEvidence,
    BotIdentity,
    ExpectedBot,
    WebhookInfo,
    telegram_finding,
)
from core.simulators.botapi_status import FAKE_TOKEN, BotStatusSimulator
from tests.areas.operations.watched import serving, watching

NOW = datetime(2026, 1, 14, 17, tzinfo=UTC)
BOT = BotIdentity(True, "opsdeck_bot")
HOOK = "https://ops.example/telegram"
BY_WEBHOOK = ExpectedBot("opsdeck_bot", HOOK)
BY_POLLING = ExpectedBot("@OPSDECK_bot", poll_timeout=timedelta(seconds=30))


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@pytest.mark.parametrize(
    ("hook", "evidence", "outcome", "reason"),
    [
        (WebhookInfo(HOOK, 99), BotEvidence(), H.PASS, None),
        (WebhookInfo(HOOK, 100), BotEvidence(), H.WARN, Reason.BACKLOG),
        (WebhookInfo(HOOK, 999), BotEvidence(), H.WARN, Reason.BACKLOG),
        (WebhookInfo(HOOK, 1_000), BotEvidence(), H.FAIL, Reason.BACKLOG),
        (WebhookInfo(HOOK, 0, NOW - seconds(599)), BotEvidence(), H.WARN, Reason.WEBHOOK_ERROR),
        (WebhookInfo(HOOK, 0, NOW - seconds(601)), BotEvidence(), H.PASS, None),
        (WebhookInfo(HOOK, 0), BotEvidence(queue_age=seconds(60)), H.PASS, None),
        (WebhookInfo(HOOK, 0), BotEvidence(queue_age=seconds(61)), H.WARN, Reason.QUEUE_OLD),
        (WebhookInfo("", 0), BotEvidence(), H.FAIL, Reason.WRONG_WEBHOOK),
        (WebhookInfo("https://other.example/", 0), BotEvidence(), H.FAIL, Reason.WRONG_WEBHOOK),
    ],
)
def test_vector_2_5_webhook(
    hook: WebhookInfo, evidence: BotEvidence, outcome: H, reason: Reason | None
) -> None:
    found = telegram_finding(BOT, hook, BY_WEBHOOK, evidence, NOW)

    assert (found.status, found.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("hook", "polled", "queued", "outcome", "reason"),
    [
        (WebhookInfo("", 0), 59, None, H.PASS, None),
        (WebhookInfo("", 0), 60, None, H.WARN, Reason.NOT_POLLING),
        (WebhookInfo("", 0), 300, None, H.WARN, Reason.NOT_POLLING),
        (WebhookInfo("", 0), 301, None, H.FAIL, Reason.NOT_POLLING),
        (WebhookInfo("", 0), None, None, H.WARN, Reason.NOT_POLLING),
        (WebhookInfo("", 100), 5, None, H.WARN, Reason.BACKLOG),
        (WebhookInfo("", 5_000), 5, None, H.WARN, Reason.BACKLOG),
        (WebhookInfo("", 0), 5, 61, H.WARN, Reason.QUEUE_OLD),
        (WebhookInfo(HOOK, 0), 5, None, H.FAIL, Reason.WRONG_WEBHOOK),
    ],
)
def test_vector_2_5_polling(
    hook: WebhookInfo, polled: int | None, queued: int | None, outcome: H, reason: Reason | None
) -> None:
    evidence = BotEvidence(
        None if polled is None else NOW - seconds(polled), None if queued is None else seconds(queued)
    )

    found = telegram_finding(BOT, hook, BY_POLLING, evidence, NOW)

    assert (found.status, found.reason) == (outcome, reason)


@pytest.mark.parametrize("bot", [BotIdentity(True, "somebody_else"), BotIdentity(False, "opsdeck_bot")])
def test_vector_2_5_the_token_of_another_bot_fails(bot: BotIdentity) -> None:
    found = telegram_finding(bot, WebhookInfo(HOOK, 0), BY_WEBHOOK, BotEvidence(), NOW)

    assert (found.status, found.reason) == (H.FAIL, Reason.WRONG_BOT)


async def probed(
    home: Path, simulator: BotStatusSimulator, token: str = FAKE_TOKEN
) -> tuple[H, Reason | None, str]:
    with serving(simulator.app) as url:
        settings = {"TELEGRAM_API_BASE": url, "TELEGRAM_BOT_TOKEN": token, "TELEGRAM_WEBHOOK_URL": HOOK}
        async with watching(home, **settings) as watched:
            await watched.probe()
            result = await watched.result("telegram_bot")
            page = await watched.run("health", component="telegram_bot")
    return result.status, result.reason, repr(page) + repr(result)


async def test_the_probe_never_takes_updates(tmp_path: Path) -> None:
    simulator = BotStatusSimulator()
    simulator.webhook = HOOK

    status, _reason, _shown = await probed(tmp_path, simulator)

    assert status is H.PASS
    assert simulator.forbidden_calls == []


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (401, H.FAIL, Reason.AUTH_REJECTED),
        (429, H.WARN, Reason.RATE_LIMITED),
        (502, H.FAIL, Reason.PROVIDER_UNAVAILABLE),
        (418, H.FAIL, Reason.UNEXPECTED_ANSWER),
    ],
)
async def test_get_me_that_is_not_ok(tmp_path: Path, status: int, outcome: H, reason: Reason) -> None:
    simulator = BotStatusSimulator()
    simulator.status = status

    found = await probed(tmp_path, simulator)

    assert found[:2] == (outcome, reason)


async def test_the_token_is_shown_nowhere(tmp_path: Path) -> None:
    token = "200000002:another-fake-token-that-is-refused-here"

    _status, reason, shown = await probed(tmp_path, BotStatusSimulator(), token)

    assert reason is Reason.AUTH_REJECTED
    assert token not in shown
