"""Pairing by a code (reliability.md S8): once, for ten minutes, kept as a hash, by nobody who guesses."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.areas.relay.model import GROUP, TELEGRAM
from core.areas.relay.rules.pairing_code import ATTEMPTS, hash_of, new_code, plain
from core.areas.relay.store.chats import find_chat
from core.areas.relay.store.tables import RELAY_CODE
from core.areas.relay.writes.pairing import Paired, set_language, set_role, unpair
from core.message import Message, _
from core.notify.delivery.recipients import disable, gone_recipients
from core.notify.people.person import Address, Person, Subscription
from core.notify.people.rows import save_person
from core.principal import Group, Role
from core.units import Severity

from .world import World


async def test_a_code_makes_its_bearer_a_person_with_rights_and_an_address(world: World) -> None:
    code = await world.code("Ana", Role.OPERATOR, tier="elite")
    assert await world.redeem(code.text) == Paired("Ana", Role.OPERATOR, "elite", False)

    known = await world.identity()
    assert known is not None
    assert (known.person, known.role, known.tier, known.chat) == ("Ana", Role.OPERATOR, "elite", "5001")
    person = await world.person()
    assert person is not None
    assert person.addresses == (Address(TELEGRAM, "5001"),)
    assert person.subscriptions == (Subscription(severity=Severity.WARNING),)


async def test_a_code_works_once(world: World) -> None:
    code = await world.code()
    assert isinstance(await world.redeem(code.text), Paired)
    assert isinstance(await world.redeem(code.text, "5002"), Message)
    assert await world.identity("5002") is None


async def test_a_code_works_for_ten_minutes(world: World) -> None:
    code = await world.code()
    assert code.expires_at - code.made_at == timedelta(minutes=10)
    world.clock.advance(10 * 60)
    assert isinstance(await world.redeem(code.text), Message)


async def test_the_store_keeps_a_hash_and_no_code(world: World) -> None:
    code = await world.code()
    async with world.deck.services.store.reading() as connection:
        (row,) = (await connection.execute(select(RELAY_CODE))).mappings().all()
    assert row["code_hash"] == hash_of(code.text)
    assert code.text not in str(dict(row))


@pytest.mark.parametrize("typed", [str.lower, lambda text: text.replace("-", ""), lambda text: f" {text} "])
async def test_a_code_may_be_typed_as_people_do(world: World, typed: object) -> None:
    code = await world.code()
    assert isinstance(await world.redeem(typed(code.text)), Paired)  # type: ignore[operator]


async def test_who_guesses_is_stopped_and_heard_again_after_an_hour(world: World) -> None:
    for number in range(ATTEMPTS):
        assert isinstance(await world.redeem(f"2222-3333-444{number + 2}"), Message)
    code = await world.code()
    assert str(await world.redeem(code.text)).startswith("Too many codes were wrong")
    assert isinstance(await world.redeem(code.text, "5002"), Paired), "others aren’t held back"

    world.clock.advance(3_600)
    again = await world.code(seed=2)
    assert isinstance(await world.redeem(again.text), Paired)


async def test_a_group_is_told_things_and_nobody_in_it_gets_rights(world: World) -> None:
    code = await world.code("Operations", Role.ADMIN, group=True)
    paired = await world.redeem(code.text, chat="-500", kind=GROUP, name="Ops group")
    assert paired == Paired("Operations", Role.PUBLIC, "", True)

    assert await world.identity() is None
    person = await world.person("Operations")
    assert person is not None
    assert person.addresses == (Address(TELEGRAM, "-500"),)
    async with world.deck.services.store.reading() as connection:
        chat = await find_chat(connection, TELEGRAM, "-500", world.clock.now())
    assert chat is not None
    assert (chat.kind, chat.title, chat.person, chat.present) == (GROUP, "Ops group", "Operations", True)


async def test_a_persons_code_that_others_could_read_is_void(world: World) -> None:
    code = await world.code()
    assert "void" in str(await world.redeem(code.text, chat="-500", kind=GROUP))
    assert isinstance(await world.redeem(code.text), Message), "whoever read along can’t use it either"
    assert await world.identity() is None


async def test_a_groups_code_isnt_spent_in_private(world: World) -> None:
    code = await world.code("Operations", group=True)
    assert "for a group" in str(await world.redeem(code.text))
    assert isinstance(await world.redeem(code.text, chat="-500", kind=GROUP), Paired)


async def test_a_channels_post_pairs_nobody(world: World) -> None:
    code = await world.code()
    assert isinstance(await world.redeem(code.text, chat="-100900", kind="channel"), Message)


async def test_pairing_adds_to_somebody_known_and_reaches_them_again(world: World) -> None:
    known = Person("Ana", frozenset({Group.ON_CALL}), (Address("e-mail", "ana@example.com"),))
    async with world.deck.services.store.writing() as transaction:
        await save_person(transaction, known)
        await disable(transaction, TELEGRAM, "5001", _("blocked"))
    code = await world.code("ana")
    await world.redeem(code.text)

    person = await world.person()
    assert person is not None
    assert set(person.addresses) == {Address("e-mail", "ana@example.com"), Address(TELEGRAM, "5001")}
    assert person.groups == {Group.ON_CALL}
    assert person.subscriptions == (), "they said themselves what they want to hear"
    async with world.deck.services.store.reading() as connection:
        assert await gone_recipients(connection) == []


async def test_customers_are_told_nothing_they_didnt_ask_for(world: World) -> None:
    await world.redeem((await world.code("Otieno", Role.CUSTOMER, tier="elite")).text)
    person = await world.person("Otieno")
    assert person is not None
    assert person.subscriptions == ()


async def test_every_pairing_is_audited_the_refused_ones_too(world: World) -> None:
    await world.redeem("2222-3333-4444")
    code = await world.code()
    await world.redeem(code.text)
    paired, refused = (each.entry for each in await world.audited())
    assert (paired.who, paired.channel, paired.action) == ("telegram:5001", "telegram", "pair")
    assert (paired.target, paired.result) == ("person:Ana", "done")
    assert paired.after == {"person": "Ana", "role": "admin", "made_by": "amina"}
    assert refused.result == "refused: no such code"
    assert code.text not in str((paired, refused))


async def test_unpairing_takes_rights_groups_and_the_address(world: World) -> None:
    await world.redeem((await world.code()).text)
    await world.redeem((await world.code(seed=2)).text, "5009")
    async with world.deck.services.store.writing() as transaction:
        taken = await unpair(transaction, "Ana")
    assert sorted(each.user for each in taken.users) == ["5001", "5009"]
    assert await world.identity() is None
    person = await world.person()
    assert person is not None
    assert person.addresses == ()


async def test_another_role_holds_for_every_user_of_a_person(world: World) -> None:
    await world.redeem((await world.code()).text)
    await world.redeem((await world.code(seed=2)).text, "5009")
    async with world.deck.services.store.writing() as transaction:
        await set_role(transaction, "Ana", Role.VIEWER)
    for user in ("5001", "5009"):
        known = await world.identity(user)
        assert known is not None
        assert known.role is Role.VIEWER


async def test_a_language_is_remembered_for_the_person_and_for_who_isnt_paired(world: World) -> None:
    async with world.deck.services.store.writing() as transaction:
        await set_language(transaction, TELEGRAM, "5001", "", "ar")
    stranger = await world.identity()
    assert stranger is not None
    assert (stranger.language, stranger.paired, stranger.role) == ("ar", False, Role.PUBLIC)

    await world.redeem((await world.code()).text)
    known = await world.identity()
    assert known is not None
    assert known.language == "ar", "pairing doesn’t forget it"
    async with world.deck.services.store.writing() as transaction:
        await set_language(transaction, TELEGRAM, "5001", "Ana", "fr")
    person = await world.person()
    assert person is not None
    assert person.language == "fr"


@given(st.integers(0, 2**32))
def test_codes_can_be_read_out_and_link(seed: int) -> None:
    code = new_code(Random(seed))
    assert [len(part) for part in code.split("-")] == [4, 4, 4]
    assert not set(code) & set("01ILOU"), "letters that are taken for others"
    assert plain(code.lower().replace("-", " ")) == code.replace("-", "")
    assert len(code) <= 64, "what a deep link takes"


@given(st.text(max_size=200))
def test_whatever_is_typed_can_be_hashed(text: str) -> None:
    assert len(hash_of(text)) == 64
