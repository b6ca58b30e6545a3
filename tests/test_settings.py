from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import Field, SecretStr

from console.cli import main
from core.areas.network.settings import NetworkSettings
from core.areas.operations.settings import OperationsSettings
from core.areas.usage.settings import UsageSettings
from core.errors import SettingsError
from core.folders import Folders
from core.notify.telegram_settings import TelegramSettings
from core.notify.whatsapp_settings import WhatsAppSettings
from core.settings import CoreSettings, SettingsBook, SettingsGroup


class HarbourSettings(SettingsGroup):
    """Settings of an area that has a secret."""

    pilots: int = Field(3, alias="HARBOUR_PILOTS", ge=1, description="How many pilots there are.")
    pass_phrase: SecretStr = Field(
        SecretStr(""),
        alias="HARBOUR_PASS_PHRASE",
        min_length=12,
        validate_default=False,
        description="The pass phrase.",
    )


class Desk:
    """Every place that settings can stand in, made of what a test puts there."""

    def __init__(self, home: Path) -> None:
        self.folders = Folders.below(home)
        self.folders.make()
        self.dotenv = home / ".env"

    def book(
        self,
        *,
        flags: dict[str, str] | None = None,
        environment: dict[str, str] | None = None,
        dotenv: str = "",
        file: str = "",
    ) -> SettingsBook:
        self.dotenv.write_text(dotenv, encoding="utf-8")
        self.folders.settings_file.write_text(file, encoding="utf-8")
        return SettingsBook(self.folders, flags=flags, environment=environment or {}, dotenv=self.dotenv)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


PLACES: dict[str, Any] = {
    "flags": {"OPSDECK_RAW_DAYS": "11"},
    "environment": {"OPSDECK_RAW_DAYS": "12"},
    "dotenv": "OPSDECK_RAW_DAYS=13",
    "file": "opsdeck_raw_days = 14",
}


@pytest.mark.parametrize(
    ("taken", "days"),
    [(4, 11), (3, 12), (2, 13), (1, 14), (0, 400)],
    ids=["flags", "environment", ".env", "file", "default"],
)
def test_the_first_place_that_names_a_setting_wins(desk: Desk, taken: int, days: int) -> None:
    filled = dict(list(PLACES.items())[len(PLACES) - taken :])

    assert desk.book(**filled).of(CoreSettings).raw_days == days


def test_each_setting_says_where_it_stood(desk: Desk) -> None:
    book = desk.book(
        flags={"opsdeck_theme": "light"},
        environment={"OPSDECK_POLL_DAYS": "9"},
        dotenv="OPSDECK_RAW_DAYS=13",
        file="opsdeck_backups_kept = 3",
    )
    found = {each.name: (each.value, each.place) for each in book.settings(CoreSettings)}

    assert found["OPSDECK_THEME"] == ("light", "flag --set")
    assert found["OPSDECK_POLL_DAYS"] == ("9", "environment")
    assert found["OPSDECK_RAW_DAYS"] == ("13", str(desk.dotenv))
    assert found["OPSDECK_BACKUPS_KEPT"] == ("3", str(desk.folders.settings_file))
    assert found["OPSDECK_EVENT_DAYS"] == ("400", "default")


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_name_in_the_environment_is_as_good_as_none(desk: Desk, empty: str) -> None:
    book = desk.book(
        environment={"OPSDECK_RAW_DAYS": empty},
        dotenv=f"OPSDECK_POLL_DAYS={empty}",
        file="opsdeck_raw_days = 14",
    )

    assert book.of(CoreSettings).raw_days == 14
    assert book.of(CoreSettings).poll_days == 14


def test_keys_are_a_table_in_the_file_and_json_elsewhere(desk: Desk) -> None:
    in_file = desk.book(file='[opsdeck_keys]\nrefresh = "f5"')
    assert in_file.of(CoreSettings).keys == {"refresh": "f5"}

    in_environment = desk.book(environment={"OPSDECK_KEYS": '{"refresh": "f5"}'})
    assert in_environment.of(CoreSettings).keys == {"refresh": "f5"}


@pytest.mark.parametrize(
    ("place", "given"),
    [
        ("flag --set", {"flags": {"OPSDECK_RAW_DAYS": "many"}}),
        ("environment", {"environment": {"OPSDECK_RAW_DAYS": "many"}}),
        (".env", {"dotenv": "OPSDECK_RAW_DAYS=many"}),
        ("opsdeck.toml", {"file": 'opsdeck_raw_days = "many"'}),
    ],
)
def test_a_wrong_value_is_told_with_its_name_its_place_and_the_remedy(
    desk: Desk, place: str, given: dict[str, Any]
) -> None:
    with pytest.raises(SettingsError) as caught:
        desk.book(**given).of(CoreSettings)

    sentence = str(caught.value)
    assert "OPSDECK_RAW_DAYS" in sentence
    assert place in sentence
    assert "“many”" in sentence
    assert "integer" in sentence
    assert "Days for which single samples are kept." in sentence


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("OPSDECK_RAW_DAYS", "1", "greater than or equal to 2"),
        ("OPSDECK_TIMEZONE", "Mars/Olympus", "Africa/Nairobi"),
        ("LOG_LEVEL", "loud", "'WARNING'"),
        ("OPSDECK_KEYS", "refresh=f5", '{"refresh": "f5"}'),
        ("DEBUG", "perhaps", "boolean"),
    ],
)
def test_the_sentence_says_what_would_do(desk: Desk, name: str, value: str, remedy: str) -> None:
    with pytest.raises(SettingsError) as caught:
        desk.book(environment={name: value}).of(CoreSettings)

    assert remedy in str(caught.value)


def test_a_wrong_address_of_an_area_is_told(desk: Desk) -> None:
    with pytest.raises(
        SettingsError, match=r"PLUME_API_BASE in environment can't be “the cloud”.*as Plume gave it"
    ):
        desk.book(environment={"PLUME_API_BASE": "the cloud"}).of(NetworkSettings)


def test_what_a_value_holds_cannot_steer_the_terminal(desk: Desk) -> None:
    with pytest.raises(SettingsError) as caught:
        desk.book(environment={"OPSDECK_TIMEZONE": "\x1b]0;mine\x07"}).of(CoreSettings)

    assert "\x1b" not in str(caught.value)


def test_a_secret_is_never_shown(desk: Desk) -> None:
    book = desk.book(environment={"HARBOUR_PASS_PHRASE": "canary-not-a-real-secret"})
    shown = {each.name: each.value for each in book.settings(HarbourSettings)}
    assert shown == {"HARBOUR_PILOTS": "3", "HARBOUR_PASS_PHRASE": "••••"}
    assert "canary" not in repr(book.of(HarbourSettings))

    with pytest.raises(SettingsError) as caught:
        desk.book(environment={"HARBOUR_PASS_PHRASE": "canary"}).of(HarbourSettings)
    assert "canary" not in str(caught.value)
    assert "HARBOUR_PASS_PHRASE" in str(caught.value)


def test_an_absent_secret_is_not_shown_as_one(desk: Desk) -> None:
    shown = {each.name: each.value for each in desk.book().settings(HarbourSettings)}

    assert shown["HARBOUR_PASS_PHRASE"] == ""


def test_the_password_within_an_address_is_never_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://asha:canary@db.example/opsdeck")

    assert main(["config", "show"]) == 0
    shown = capsys.readouterr().out
    assert "canary" not in shown
    assert "db.example/opsdeck" in shown


def test_names_that_nothing_knows_are_found_where_they_stand(desk: Desk) -> None:
    book = desk.book(
        flags={"OPSDECK_THEEM": "light"},
        environment={
            "PLUME_POL_SECONDS": "5",
            "OPSDECK_HOME": "/tmp/x",
            "HOME": "/root",
            "DATABASE_NAME": "other",
            "ENABLE_OTHERS": "true",
            "REDIS_PORT": "6379",
        },
        dotenv="COLOUR=blue",
        file="opsdeck_raw_day = 3",
    )

    assert book.unknown((CoreSettings, NetworkSettings, WhatsAppSettings)) == [
        ("OPSDECK_THEEM", "flag --set"),
        ("PLUME_POL_SECONDS", "environment"),
        ("COLOUR", str(desk.dotenv)),
        ("OPSDECK_RAW_DAY", str(desk.folders.settings_file)),
    ]


def test_a_file_that_is_no_toml_is_told(desk: Desk) -> None:
    with pytest.raises(SettingsError, match=r"opsdeck\.toml is not valid TOML: .*line 2"):
        desk.book(file="opsdeck_theme = 'light'\nopsdeck_raw_days = = 3")


def test_files_that_are_no_text_are_told(desk: Desk) -> None:
    desk.dotenv.write_bytes(b"OPSDECK_THEME=\xff\xfe")
    with pytest.raises(SettingsError, match=r"\.env can't be read"):
        SettingsBook(desk.folders, environment={}, dotenv=desk.dotenv)

    desk.dotenv.unlink()
    desk.folders.settings_file.write_bytes(b"opsdeck_theme = '\xff\xfe'")
    with pytest.raises(SettingsError, match=r"opsdeck\.toml can't be read"):
        SettingsBook(desk.folders, environment={}, dotenv=desk.dotenv)


def test_neither_file_need_be_there(tmp_path: Path) -> None:
    book = SettingsBook(Folders.below(tmp_path / "nowhere"), environment={}, dotenv=tmp_path / ".env")

    assert book.of(CoreSettings) == CoreSettings()


def test_the_working_folder_is_where_dotenv_is_looked_for(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.dotenv.write_text("export OPSDECK_THEME='light'  # for the train\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert SettingsBook(desk.folders, environment={}).of(CoreSettings).theme == "light"


def test_a_dollar_sign_in_dotenv_is_itself(desk: Desk) -> None:
    book = desk.book(
        environment={"USER": "mallory"}, dotenv="DATABASE_URL='postgresql://a:${USER}$x@db/opsdeck'"
    )

    assert book.of(CoreSettings).database_url == "postgresql://a:${USER}$x@db/opsdeck"


SEEDS_DOTENV = """
DATABASE_URL=sqlite:////tmp/seed.db
REDIS_URL=redis://localhost:6379/0
LOG_LEVEL=info
DEBUG=true
PLUME_API_BASE=https://plume.example/api
PLUME_REPORTS_BASE=https://plume.example/reports
TAARA_PARTNER_ID=partner
TAARA_HOTSPOT_ID=hotspot
TAARA_PHONE_NUMBER=5550100000
TAARA_PHONE_COUNTRY_CODE=1
TAARA_PASSCODE=canary-not-a-real-passcode
TELEGRAM_BOT_TOKEN=1234567890:CANARY-not-a-real-token
TWILIO_ACCOUNT_SID=AC00000000000000000000000000000000
TWILIO_AUTH_TOKEN=canary-not-a-real-token
TWILIO_WHATSAPP_NUMBER=whatsapp:+15550100000
WHATSAPP_WEBHOOK_URL=https://ops.example.test/api/whatsapp/webhook
ENABLE_WHATSAPP=true
WHATSAPP_NOTIFICATIONS_ENABLED=true
WHATSAPP_USE_REDIS=true
WHATSAPP_SESSION_TIMEOUT=3600
WHATSAPP_RATE_LIMIT=30
WHATSAPP_BUSINESS_PHONE_ID=1000000001
WHATSAPP_BUSINESS_ACCESS_TOKEN=canary-not-a-real-token
"""


def test_a_dotenv_of_the_programs_before_is_accepted_as_it_is(desk: Desk) -> None:
    book = desk.book(dotenv=SEEDS_DOTENV)

    core, network = book.of(CoreSettings), book.of(NetworkSettings)
    assert (core.database_url, core.log_level, core.debug) == ("sqlite:////tmp/seed.db", "INFO", True)
    assert str(network.api_base) == "https://plume.example/api"
    assert str(network.reports_base) == "https://plume.example/reports"
    platforms = (TelegramSettings, WhatsAppSettings)
    groups = (CoreSettings, *platforms, NetworkSettings, OperationsSettings, UsageSettings)
    assert book.unknown(groups) == []
