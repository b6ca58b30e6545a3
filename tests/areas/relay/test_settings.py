"""The settings of the bot, and the secret of its webhook."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.relay.settings import RelaySettings
from core.areas.relay.writes.webhook_secret import webhook_secret
from core.errors import SettingsError
from core.folders import Folders
from core.notify.telegram_settings import TelegramSettings
from core.settings import SettingsBook
from core.store.credentials import credential

from .world import BOT, opened


def book(home: Path, **settings: str) -> SettingsBook:
    return SettingsBook(Folders.below(home), flags=settings, environment={}, dotenv=home / ".env")


async def test_a_secret_is_made_once_kept_encrypted_and_long_enough(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        services = world.deck.services
        made = await webhook_secret(services)
        assert len(made.reveal()) >= 32
        assert await webhook_secret(services) == made
        async with services.store.reading() as connection:
            kept = await credential(connection, "telegram webhook", services.store.present())
        assert kept is not None
        assert made.reveal() not in kept


async def test_the_settings_secret_comes_first(tmp_path: Path) -> None:
    given = "0123456789abcdef0123456789abcdef"
    async with opened(tmp_path, {**BOT, "TELEGRAM_WEBHOOK_SECRET": given}) as world:
        assert (await webhook_secret(world.deck.services)).reveal() == given


@pytest.mark.parametrize("secret", ["short", "x" * 31, "x" * 257, "ä" * 40, "with space " * 4])
def test_a_secret_that_could_be_guessed_or_isnt_taken_is_refused(tmp_path: Path, secret: str) -> None:
    with pytest.raises(SettingsError, match="32 to 256"):
        book(tmp_path, TELEGRAM_WEBHOOK_SECRET=secret).of(TelegramSettings)


def test_s23_the_gateway_is_loopbacks_alone_unless_told(tmp_path: Path) -> None:
    assert book(tmp_path).of(RelaySettings).gateway_host == "127.0.0.1"


def test_telegram_waits_fifty_seconds_at_most(tmp_path: Path) -> None:
    settings = book(tmp_path, TELEGRAM_POLL_SECONDS="120").of(TelegramSettings)
    assert settings.poll_timeout == timedelta(seconds=50)


def test_without_a_token_there_is_no_bot_and_an_empty_webhook_is_none(tmp_path: Path) -> None:
    settings = book(tmp_path, TELEGRAM_WEBHOOK_URL="", TELEGRAM_BOT_USERNAME="@ops").of(TelegramSettings)
    assert not settings.configured
    assert settings.webhook is None
    assert settings.bot_name == "ops"
