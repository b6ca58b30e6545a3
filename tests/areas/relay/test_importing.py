"""Taking over `telegram_config.json` (production.md 3): nothing lost, nothing undone, nothing half done."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.relay.importing.apply import apply_plan, read_known
from core.areas.relay.importing.plan import Known, Plan, plan_import
from core.areas.relay.importing.telegram_config import SWITCHES, TelegramConfig, read_telegram_config
from core.areas.relay.model import GROUP, TELEGRAM, Identity
from core.areas.relay.store.chats import read_chats
from core.errors import InputError
from core.notify.people.person import Address, Person, Subscription
from core.principal import Role
from core.units import Severity

from .world import World

SEED: dict[str, object] = {
    "bot_token": "123456:FAKEfakeFAKEfakeFAKEfakeFAKEfake12345",
    "admin_chat_ids": [5001, "-100200"],
    "monitoring_chat_ids": [5002, -1001234, 5001],
    "notify_on_video_complete": True,
    "notify_on_video_failed": True,
    "notify_on_upload_complete": False,
    "notify_on_upload_failed": True,
    "notify_on_credit_warning": "true",
    "daily_summary_enabled": True,
    "daily_summary_time": "20:00",
    "webhook_url": "https://ops.example/telegram",
    "webhook_secret": "0123456789abcdef0123456789abcdef",
    "command_prefix": "!",
}


def read(fields: object) -> TelegramConfig:
    return read_telegram_config(json.dumps(fields))


def planned(config: TelegramConfig, settings: Mapping[str, str] | None = None, **known: object) -> Plan:
    what = {"people": (), "identities": (), "chats": (), **known}
    return plan_import(config, Known(**what, settings=settings or {}, zone=ZoneInfo("UTC")))  # type: ignore[arg-type]


def test_all_of_the_seeds_file_is_understood() -> None:
    config = read(SEED)
    assert (config.admins, config.told) == ((5001, -100200), (5002, -1001234))
    assert config.switches == {**dict.fromkeys(SWITCHES, True), "notify_on_upload_complete": False}
    assert (config.summary_time, config.prefix) == (time(20, 0), "!")
    assert config.webhook == SEED["webhook_url"]
    assert (config.token, config.webhook_secret) == (SEED["bot_token"], SEED["webhook_secret"])
    assert config.unknown == ()


def test_admins_become_people_with_rights_and_an_address() -> None:
    plan = planned(read(SEED))
    assert plan.identities == (Identity(TELEGRAM, "5001", "telegram-5001", Role.ADMIN, chat="5001"),)
    person = next(each for each in plan.people if each.name == "telegram-5001")
    assert person.addresses == (Address(TELEGRAM, "5001"),)


def test_groups_are_told_things_and_have_no_rights() -> None:
    plan = planned(read(SEED))
    assert {each.chat: each.person for each in plan.chats if each.kind == GROUP} == {
        "-100200": "telegram-group-100200",
        "-1001234": "telegram-group-1001234",
    }
    assert any("-100200 is a group" in str(remark) for remark in plan.remarks)


def test_who_was_only_told_may_nothing_more() -> None:
    plan = planned(read({"monitoring_chat_ids": [5002]}))
    assert plan.identities == ()
    assert [each.name for each in plan.people] == ["telegram-5002"]


def test_switches_become_subscriptions() -> None:
    (person,) = planned(read({"admin_chat_ids": 5001, **{k: SEED[k] for k in SWITCHES}})).people
    said = {each.kind: each.severity for each in person.subscriptions}
    assert said == {
        "": Severity.WARNING,
        "production.video_completed": Severity.GOOD,
        "production.video_failed": Severity.GOOD,
        "production.upload_completed": None,
        "production.upload_failed": Severity.GOOD,
        "production.credits_low": Severity.GOOD,
        "production.credits_critical": Severity.GOOD,
        "summary.daily": Severity.GOOD,
    }


def test_the_rest_becomes_settings_under_their_own_names() -> None:
    plan = planned(read(SEED))
    assert {each.name: each.value for each in plan.settings} == {
        "TELEGRAM_BOT_TOKEN": SEED["bot_token"],
        "TELEGRAM_WEBHOOK_URL": SEED["webhook_url"],
        "TELEGRAM_WEBHOOK_SECRET": SEED["webhook_secret"],
        "OPSDECK_COMMAND_PREFIX": "!",
        "OPSDECK_DAILY_SUMMARY_TIME": "20:00",
        "PRODUCTION_SUMMARY_TIME": "19:55",
    }
    assert "FAKEfake" not in " ".join(map(str, (*plan.lines, *plan.remarks)))


def test_what_is_set_already_stays_and_is_named() -> None:
    plan = planned(read(SEED), {"OPSDECK_COMMAND_PREFIX": "/", "TELEGRAM_BOT_TOKEN": str(SEED["bot_token"])})
    assert not {"OPSDECK_COMMAND_PREFIX", "TELEGRAM_BOT_TOKEN"} & {each.name for each in plan.settings}
    assert [str(each) for each in plan.remarks if "stays so" in str(each)] == [
        "OPSDECK_COMMAND_PREFIX is set to something else already and stays so."
    ]


def test_somebody_who_is_reached_there_keeps_name_rights_and_wishes() -> None:
    muted = Subscription(kind="production.video_failed", severity=None)
    ana = Person("Ana", addresses=(Address(TELEGRAM, "5001"),), subscriptions=(muted,))
    viewer = Identity(TELEGRAM, "5001", "Ana", Role.VIEWER, chat="5001")
    plan = planned(read(SEED), people=(ana,), identities=(viewer,))
    person = next(each for each in plan.people if each.name == "Ana")
    assert muted in person.subscriptions
    assert plan.identities == ()
    assert any("Ana stays viewer" in str(each) for each in plan.remarks)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("admin_chat_ids", ["five"], "whole numbers"),
        ("admin_chat_ids", [True], "whole numbers"),
        ("admin_chat_ids", [0], "whole numbers"),
        ("admin_chat_ids", [1.5], "whole numbers"),
        ("monitoring_chat_ids", {"a": 1}, "whole numbers"),
        ("notify_on_video_failed", "maybe", "true or false"),
        ("daily_summary_enabled", 2, "true or false"),
        ("daily_summary_time", "25:00", "like 20:00"),
        ("daily_summary_time", 20, "like 20:00"),
        ("webhook_url", "ftp://x", "https://"),
        ("bot_token", "YOUR_BOT_TOKEN", "bot’s token"),
        ("command_prefix", "//", "one of / ! ."),
    ],
)
def test_bad_input_names_the_key_and_what_is_expected(key: str, value: object, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        read({**SEED, key: value})
    assert str(caught.value).startswith(f"{key}: ")
    assert expected in str(caught.value)
    assert str(value) not in str(caught.value).removeprefix(key) or key != "bot_token"


@pytest.mark.parametrize("text", ["", "[]", "7", '"x"', "{", '{"a": }', "[" * 100_000])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_telegram_config(text)


def test_unknown_keys_are_named_and_the_rest_is_taken() -> None:
    plan = planned(read({"admin_chat_ids": [5001], "polling_interval": 3, "_comment": "x"}))
    assert [str(each) for each in plan.remarks] == [
        "polling_interval means nothing to opsdeck and isn’t taken over."
    ]
    assert plan.identities


def test_one_object_around_it_and_short_names_are_understood() -> None:
    config = read({"telegram": {"token": SEED["bot_token"], "prefix": ".", "webhook": ""}, "debug": True})
    assert (config.token, config.prefix, config.webhook) == (SEED["bot_token"], ".", "")
    assert config.unknown == ("debug",)
    with pytest.raises(InputError, match="token: it once"):
        read({"token": SEED["bot_token"], "bot_token": SEED["bot_token"]})


def test_a_short_secret_is_replaced_by_one_of_ours() -> None:
    plan = planned(read({"webhook_secret": "short"}))
    assert plan.empty
    assert "opsdeck makes one of its own" in str(plan.remarks[0])


@pytest.mark.parametrize("at", ["00:00", "00:04"])
def test_productions_summary_stays_on_its_day(at: str) -> None:
    names = {each.name: each.value for each in planned(read({"daily_summary_time": at})).settings}
    assert names["PRODUCTION_SUMMARY_TIME"] == "00:00"


async def test_once_it_is_taken_over_nothing_is_left_to_do(world: World) -> None:
    config, services = read({key: value for key, value in SEED.items() if "ids" in key}), world.deck.services
    plan = plan_import(config, await read_known(services, {}))
    async with services.store.writing() as transaction:
        after = await apply_plan(transaction, plan)
    assert after["admins"] == ["telegram:5001"]
    assert plan_import(config, await read_known(services, {})).empty
    known = await world.identity()
    assert known is not None
    assert known.role is Role.ADMIN
    async with services.store.reading() as connection:
        assert len(await read_chats(connection, services.store.present())) == 4


@given(st.dictionaries(st.sampled_from(sorted({*SEED, "telegram", "token"})), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
), max_size=6))  # fmt: skip
def test_whatever_the_file_holds_it_is_read_or_refused_in_words(fields: dict[str, object]) -> None:
    with contextlib.suppress(InputError):
        planned(read(fields))
