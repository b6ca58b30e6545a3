"""A phone is stored once, encrypted, and is a keyed hash with three digits everywhere else (S20)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NoReturn

import pytest

from core.errors import StoreError
from core.message import _
from core.notify.channels.failures import CredentialsError, GoneError, TemporaryError
from core.notify.people.phones import (
    Phones,
    find_phone,
    forget_phone,
    phone_of,
    reencrypt_phones,
    save_phones,
)
from core.relay.whatsapp.private import private
from core.relay.whatsapp.provider import (
    InboundEvent,
    Provider,
    StatusEvent,
    TextMessage,
    WebhookCall,
)
from core.relay.whatsapp.twilio.signature import TwilioKeys
from core.relay.whatsapp.twilio.webhook import TwilioWebhook
from core.secret import Secret
from core.store.store import Store
from core.text import masked_phone
from core.vault import Vault
from tests.relay.whatsapp.world import ANN, World, opened, provider

_FORM = (
    "From=whatsapp%3A%2B15550100001&Body=hi&MessageSid=SM00000000000000000000000000000001"
    "&AccountSid=AC00000000000000000000000000000000"
)
_REPORT = (
    "To=whatsapp%3A%2B15550100001&MessageStatus=delivered&MessageSid=SM00000000000000000000000000000002"
    "&AccountSid=AC00000000000000000000000000000000"
)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.open(tmp_path / "keys", {})


def test_s20_a_user_is_a_hash_and_three_digits(vault: Vault) -> None:
    user = Phones(vault).user_of(ANN)
    assert re.fullmatch(r"[0-9a-f]{24}\.001", user)
    assert masked_phone(user) == "…001"
    assert Phones(vault).user_of("+15550200001") != user
    assert Phones(vault).user_of("") == ""


def test_a_user_stays_the_same_under_a_new_key_and_is_another_elsewhere(vault: Vault, tmp_path: Path) -> None:
    user = Phones(vault).user_of(ANN)
    assert Phones(vault.rotate()).user_of(ANN) == user
    assert Phones(Vault.open(tmp_path / "keys", {}).retire()).user_of(ANN) == user
    assert Phones(Vault.open(tmp_path / "others", {})).user_of(ANN) != user


def test_the_kept_number_can_be_read_and_says_nothing(vault: Vault) -> None:
    phones = Phones(vault)
    kept = phones.kept(ANN)
    assert phones.phone(kept.number) == ANN
    assert ANN[1:] not in repr(kept) + kept.number


@pytest.mark.parametrize("typed", ["whatsapp:+15550100001", "+15550100001", "15550100001", " 15550100001 "])
def test_a_phone_is_read_as_providers_and_people_write_it(typed: str) -> None:
    assert phone_of(typed) == ANN


@pytest.mark.parametrize("typed", ["", "ann", "+1 555", "+12345678901234567", None, 15550100001])
def test_what_is_no_phone_is_none(typed: object) -> None:
    assert phone_of(typed) == ""


async def test_messages_go_to_the_phone_and_nothing_else_names_it(tmp_path: Path, vault: Vault) -> None:
    async with opened(tmp_path) as world:
        phones, made = Phones(vault), _private(world, vault)
        kept = phones.kept(ANN)
        async with world.store.writing() as transaction:
            await save_phones(transaction, [kept, kept])
        assert await made.sends.send(kept.user, TextMessage("Done")) == "SM1"
        assert world.sends.sent == [(ANN, TextMessage("Done"))]


async def test_what_comes_in_names_the_user_and_brings_the_phone_to_be_kept(
    tmp_path: Path, vault: Vault
) -> None:
    async with opened(tmp_path) as world:
        phones, receives = Phones(vault), _private(world, vault).receives
        (received,) = receives.events(_call(_FORM))
        event = received.event
        assert isinstance(event, InboundEvent)
        assert event.user == phones.user_of(ANN)
        assert event.phone is not None
        assert phones.phone(event.phone.number) == ANN
        assert ANN[1:] not in repr(received)
        again = receives.event(received.raw)
        assert isinstance(again, InboundEvent)
        assert again.user == event.user
        (report,) = receives.events(_call(_REPORT))
        assert isinstance(report.event, StatusEvent)
        assert report.event.user == event.user


async def test_a_forgotten_phone_is_written_to_no_more(tmp_path: Path, vault: Vault) -> None:
    async with opened(tmp_path) as world:
        kept, made = Phones(vault).kept(ANN), _private(world, vault)
        async with world.store.writing() as transaction:
            await save_phones(transaction, [kept])
            await forget_phone(transaction, kept.user)
        with pytest.raises(GoneError) as caught:
            await made.sends.send(kept.user, TextMessage("Done"))
        assert "…001" in str(caught.value.message)
        assert world.sends.sent == []


async def test_a_lost_key_stops_the_line_and_loses_nobody(tmp_path: Path, vault: Vault) -> None:
    async with opened(tmp_path) as world:
        kept = Phones(vault).kept(ANN)
        async with world.store.writing() as transaction:
            await save_phones(transaction, [kept])
        others = Vault.open(tmp_path / "others", {})
        with pytest.raises(CredentialsError):
            await _private(world, others).sends.send(kept.user, TextMessage("Done"))


async def test_a_database_that_is_away_is_no_doubt_about_the_message(
    tmp_path: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path) as world:

        def away(_store: Store) -> NoReturn:
            raise StoreError(_("The database can’t be reached."))

        made = _private(world, vault)
        with monkeypatch.context() as patch:
            patch.setattr(Store, "reading", away)
            with pytest.raises(TemporaryError) as caught:
                await made.sends.send("some.001", TextMessage("Done"))
        assert caught.value.own
        assert world.sends.sent == []


async def test_numbers_outlive_their_key(tmp_path: Path, vault: Vault) -> None:
    async with opened(tmp_path) as world:
        kept = Phones(vault).kept(ANN)
        async with world.store.writing() as transaction:
            await save_phones(transaction, [kept])
        renewed = vault.rotate()
        async with world.store.writing() as transaction:
            assert await reencrypt_phones(transaction, renewed.reencrypt) == 1
        async with world.store.reading() as connection:
            number = await find_phone(connection, kept.user)
        assert number is not None
        assert Phones(renewed.retire()).phone(number) == ANN


def _private(world: World, vault: Vault) -> Provider:
    webhook = TwilioWebhook(TwilioKeys([Secret("fake-token-000")], []))
    return private(provider(world.sends, webhook), Phones(vault), world.store)


def _call(form: str) -> WebhookCall:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return WebhookCall("POST", "https://ops.example.test/hooks/whatsapp", "", headers, form.encode())
