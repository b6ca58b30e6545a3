"""The environment of the seed is taken as it is, and what is dangerous is refused (A7, D9)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import SettingsError
from core.folders import Folders
from core.notify.whatsapp_settings import WhatsAppSettings
from core.relay.whatsapp.wiring import provider_of
from core.settings import SettingsBook
from tests.relay.whatsapp.world import opened

SEED = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "fake-token-000",
    "TWILIO_WHATSAPP_NUMBER": "whatsapp:+15550100000",
    "WHATSAPP_WEBHOOK_URL": "https://ops.example.test/api/whatsapp/webhook",
    "ENABLE_WHATSAPP": "true",
    "WHATSAPP_NOTIFICATIONS_ENABLED": "true",
    "WHATSAPP_USE_REDIS": "true",
    "WHATSAPP_SESSION_TIMEOUT": "3600",
    "REDIS_URL": "redis://localhost:6379/0",
    "WHATSAPP_RATE_LIMIT": "30",
}

META = SEED | {
    "WHATSAPP_PROVIDER": "meta",
    "WHATSAPP_BUSINESS_PHONE_ID": "1",
    "WHATSAPP_BUSINESS_ACCESS_TOKEN": "fake",
    "WHATSAPP_APP_SECRET": "fake-app-secret",
    "WHATSAPP_VERIFY_TOKEN": "fake-word",
}
UNSIGNED = {
    "WHATSAPP_UNSIGNED_WEBHOOKS": "true",
    "WHATSAPP_WEBHOOK_URL": "http://localhost:8766/hook",
}


def settings(tmp_path: Path, **changes: str) -> WhatsAppSettings:
    book = SettingsBook(Folders.below(tmp_path), environment=SEED | changes, dotenv=tmp_path / ".env")
    return book.of(WhatsAppSettings)


def test_a7_the_names_of_the_seed_are_accepted(tmp_path: Path) -> None:
    read = settings(tmp_path)
    assert read.configured
    assert (read.sender, read.per_minute, read.session_timeout) == ("+15550100000", 30, timedelta(hours=1))
    assert read.use_redis
    assert read.redis is not None
    assert not settings(tmp_path, ENABLE_WHATSAPP="false").configured


def test_meta_needs_its_own(tmp_path: Path) -> None:
    assert not settings(tmp_path, WHATSAPP_PROVIDER="meta").configured
    own = {"WHATSAPP_BUSINESS_PHONE_ID": "1", "WHATSAPP_BUSINESS_ACCESS_TOKEN": "fake"}
    assert settings(tmp_path, WHATSAPP_PROVIDER="meta", **own).configured


def test_templates_are_read_from_json(tmp_path: Path) -> None:
    sid = "HX" + "1" * 32
    assert settings(tmp_path, WHATSAPP_TEMPLATES=f'{{"*": "{sid}"}}').templates == {"*": sid}


@pytest.mark.parametrize("url", ["https://ops.example.test/x", "http://127.0.0.1.example.test/x", ""])
def test_d9_unsigned_webhooks_are_for_this_machine_only(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="localhost"):
        settings(tmp_path, WHATSAPP_UNSIGNED_WEBHOOKS="true", WHATSAPP_WEBHOOK_URL=url)
    home = "http://localhost:8766/api/whatsapp/webhook"
    assert settings(tmp_path, WHATSAPP_UNSIGNED_WEBHOOKS="true", WHATSAPP_WEBHOOK_URL=home).unsigned


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TWILIO_ACCOUNT_SID", "../../x"),
        ("TWILIO_WHATSAPP_NUMBER", "15550100000"),
        ("WHATSAPP_BUSINESS_PHONE_ID", "1/2"),
        ("WHATSAPP_TEMPLATES", "{"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings(tmp_path, **{name: value})


@pytest.mark.parametrize("name", ["TWILIO_API_BASE", "TWILIO_CONTENT_BASE"])
async def test_s12_credentials_go_over_tls(tmp_path: Path, name: str) -> None:
    async with opened(tmp_path) as world:
        with pytest.raises(SettingsError, match=name):
            provider_of(settings(tmp_path, **{name: "http://example.test/"}), world.store, world.clock)


async def test_s4_nothing_prints_a_credential(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        made = provider_of(settings(tmp_path), world.store, world.clock)
        assert "fake-token-000" not in repr(made) + repr(settings(tmp_path))
        assert (made.line, made.link) == ("whatsapp:15550100000", "https://wa.me/15550100000")


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, None),
        ({"ENABLE_WHATSAPP": "true"}, "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_WHATSAPP_NUMBER, "),
        ({"TWILIO_ACCOUNT_SID": SEED["TWILIO_ACCOUNT_SID"]}, ": TWILIO_AUTH_TOKEN, TWILIO_WHATSAPP_NUMBER, "),
        ({"TWILIO_ACCOUNT_SID": SEED["TWILIO_ACCOUNT_SID"], "ENABLE_WHATSAPP": "false"}, None),
        (SEED | {"WHATSAPP_WEBHOOK_URL": ""}, ": WHATSAPP_WEBHOOK_URL."),
        (
            SEED | {"WHATSAPP_PROVIDER": "meta"},
            ": WHATSAPP_BUSINESS_PHONE_ID, WHATSAPP_BUSINESS_ACCESS_TOKEN, ",
        ),
        (META, None),
        (META | {"WHATSAPP_VERIFY_TOKEN": ""}, "missing: WHATSAPP_VERIFY_TOKEN."),
        (
            META | UNSIGNED | {"WHATSAPP_VERIFY_TOKEN": "", "WHATSAPP_APP_SECRET": ""},
            None,
        ),
        (
            SEED | {"WHATSAPP_WEBHOOK_URL": "http://ops.example.test/hook"},
            "WHATSAPP_WEBHOOK_URL must begin with",
        ),
        (
            META | {"WHATSAPP_WEBHOOK_URL": "http://10.0.0.7/hook"},
            "WHATSAPP_WEBHOOK_URL must begin with https://",
        ),
        (SEED | {"WHATSAPP_WEBHOOK_URL": "http://[::1]:8766/hook"}, None),
        (SEED | {"WHATSAPP_WEBHOOK_URL": "http://ops.example.test/hook", "ENABLE_WHATSAPP": "false"}, None),
        (SEED, None),
    ],
)
def test_what_is_set_up_by_half_is_told(tmp_path: Path, changes: dict[str, str], missing: str | None) -> None:
    book = SettingsBook(Folders.below(tmp_path), environment=changes, dotenv=tmp_path / ".env")
    told = book.of(WhatsAppSettings).shortcoming
    assert told is None if missing is None else missing in str(told)
