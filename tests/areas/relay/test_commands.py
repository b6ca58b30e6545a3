"""The commands about people in chats, as somebody at the console runs them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from core.areas.relay.model import GROUP, PairingCode
from core.areas.relay.pages.code import code_page, deep_link
from core.areas.relay.store.reading import Bots
from core.areas.relay.store.tables import RELAY_CODE
from core.command import Invocation
from core.errors import InputError, NotFoundError, RefusedError
from core.message import _
from core.notify.people.person import Person
from core.notify.people.rows import save_person
from core.page import Code, Note
from core.principal import Principal, Role
from core.store.tables import WRITTEN_ONCE

from .world import ADMIN, BOT, NOON, World, opened, worker

CHAT = Principal("telegram:5001", Role.PUBLIC, "telegram", "5001")


def code_of(page: object) -> Code:
    (code,) = (each for each in page.blocks if isinstance(each, Code))  # type: ignore[attr-defined]
    return code


async def test_pair_shows_a_code_that_works_and_its_link(tmp_path: Path) -> None:
    async with opened(tmp_path, {**BOT, "TELEGRAM_BOT_USERNAME": "@harbour_bot"}) as world:
        code = code_of(await world.page("pair", person="Ana", role="operator"))
        assert code.link == f"https://t.me/harbour_bot?start={code.code}"
        await world.redeem(code.code)
        known = await world.identity()
        assert known is not None
        assert known.role is Role.OPERATOR


async def test_pair_knows_the_bot_that_a_relay_speaks_for(world: World) -> None:
    await world.report(worker(bot="ops_demo_bot"))
    code = code_of(await world.page("pair", person="Operations", group="yes"))
    assert code.link == f"https://t.me/ops_demo_bot?startgroup={code.code}"
    await world.redeem(code.code, chat="-500", kind=GROUP, name="Ops")
    assert "Operations" in await world.run("relay")


async def test_pair_works_without_the_bots_name(world: World) -> None:
    page = await world.page("pair", person="Ana")
    assert code_of(page).link == ""
    assert f"/start {code_of(page).code}" in world.text(page)


async def test_the_audit_log_doesnt_learn_the_code(world: World) -> None:
    code = code_of(await world.page("pair", person="Ana", role="admin"))
    (row,) = await world.audited()
    assert (row.entry.action, row.entry.target, row.entry.after["role"]) == ("pair", "person:Ana", "admin")
    assert code.code not in str(row)


async def test_a_repeat_makes_no_second_code_and_what_answers_it_doesnt_hold_the_first(world: World) -> None:
    invocation = Invocation("pair", ADMIN, {"person": "Ana"}, key="update 7")
    code = code_of(await world.deck.run(invocation))
    async with world.deck.services.store.reading() as connection:
        kept = (await connection.execute(select(WRITTEN_ONCE.c.page))).scalars().all()
        codes = (await connection.execute(select(RELAY_CODE.c.person))).scalars().all()
    assert len(kept) == 1
    assert not any(code.code in each for each in kept)
    assert "make a new one" in world.text(await world.deck.run(invocation))
    assert codes == ["Ana"]


async def test_role_changes_rights_and_says_before_and_after(world: World) -> None:
    await world.redeem((await world.code()).text)
    assert "Ana is viewer from their next message on" in await world.run("role", person="ana", role="viewer")
    known = await world.identity()
    assert known is not None
    assert known.role is Role.VIEWER
    entry = (await world.audited())[0].entry
    assert (entry.before["role"], entry.after["role"]) == (["admin"], "viewer")


async def test_a_group_gets_no_role(world: World) -> None:
    await world.redeem((await world.code("Operations", group=True)).text, chat="-500", kind=GROUP)
    with pytest.raises(InputError, match="has no rights"):
        await world.run("role", person="Operations", role="admin")


async def test_unpair_names_who_isnt_paired(world: World) -> None:
    with pytest.raises(NotFoundError, match="Nobody called “Ana” is paired"):
        await world.run("unpair", person="Ana")
    await world.redeem((await world.code()).text)
    with pytest.raises(InputError, match="isn’t paired on whatsapp"):
        await world.run("unpair", person="Ana", channel="whatsapp")
    await world.run("unpair", person="Ana")
    assert await world.identity() is None


async def test_language_is_the_users_own_in_chat(world: World) -> None:
    await world.run("language", CHAT, language="es")
    stranger = await world.identity()
    assert stranger is not None
    assert (stranger.language, stranger.paired) == ("es", False)

    await world.redeem((await world.code()).text)
    await world.run("language", replace(CHAT, name="Ana", role=Role.ADMIN, address="-500"), language="ar")
    known, person = await world.identity(), await world.person()
    assert known is not None
    assert person is not None
    assert (known.language, person.language) == ("ar", "ar")


async def test_language_at_a_console_is_of_who_is_told_things(world: World) -> None:
    with pytest.raises(InputError, match="OPSDECK_LANGUAGE"):
        await world.run("language", language="fr")
    async with world.deck.services.store.writing() as transaction:
        await save_person(transaction, Person("amina"))
    await world.run("language", language="fr")
    person = await world.person("amina")
    assert person is not None
    assert person.language == "fr"


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt", "ar"])
async def test_the_five_languages_can_be_chosen(world: World, language: str) -> None:
    await world.run("language", CHAT, language=language)


async def test_a_language_that_isnt_spoken_is_refused(world: World) -> None:
    with pytest.raises(InputError, match="en, es, fr, pt, ar"):
        await world.run("language", CHAT, language="tlh")


@pytest.mark.parametrize("command", ["pair", "unpair", "role", "relay start", "relay stop", "relay logs"])
async def test_admins_alone_decide_who_may_what(world: World, command: str) -> None:
    with pytest.raises(RefusedError, match="needs the role admin"):
        await world.run(command, replace(ADMIN, role=Role.OPERATOR))


async def test_whom_commands_offer_and_the_palette_finds(world: World) -> None:
    await world.redeem((await world.code()).text)
    await world.redeem((await world.code("Operations", group=True, seed=2)).text, chat="-500", kind=GROUP)
    offered = await world.deck.choices("unpair", "person", ADMIN)
    assert [each.value for each in offered] == ["Ana", "Operations"]
    assert [each.command for each in await world.deck.objects(ADMIN, "ana")] == ["relay"]
    assert await world.deck.objects(replace(ADMIN, role=Role.VIEWER), "ana") == []


def test_a_group_is_added_by_another_link() -> None:
    code = PairingCode("Ops", Role.PUBLIC, "", True, "amina", NOON, NOON, "AAAA-BBBB-CCCC")
    assert deep_link(code, Bots("bot")) == "https://t.me/bot?startgroup=AAAA-BBBB-CCCC"
    assert _("a group, which is told things and may nothing") in [
        fact.value for block in code_page(code, Bots("bot")).blocks for fact in getattr(block, "facts", ())
    ]


@pytest.mark.parametrize(
    ("bots", "link"),
    [
        (Bots("bot", "+15550100000"), "https://t.me/bot?start=AAAA-BBBB-CCCC"),
        (Bots(whatsapp="+15550100000"), "https://wa.me/15550100000?text=/start%20AAAA-BBBB-CCCC"),
        (Bots(), ""),
    ],
)
def test_a_person_is_led_to_the_bot_that_there_is(bots: Bots, link: str) -> None:
    code = PairingCode("Ana", Role.VIEWER, "", False, "amina", NOON, NOON, "AAAA-BBBB-CCCC")
    assert deep_link(code, bots) == link
    how = next(block.text for block in code_page(code, bots).blocks if isinstance(block, Note))
    assert all(str(name) in str(how) for name in (bots.telegram, bots.whatsapp, code.text))
