"""Setting accounts up and forgetting them, asking right now, and what the audit log keeps of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.areas.usage.collection import connections
from core.areas.usage.store import reading
from core.areas.usage.writes import refresh
from core.command import Invocation
from core.errors import InputError, NotFoundError, RefusedError, SignInError, UnknownSubjectError
from core.principal import Principal, Role
from core.secret import Secret
from core.store.credentials import save_credential
from core.store.tables import AUDIT
from tests.areas.usage.collecting import INTERVAL, Collecting, opened
from tests.areas.usage.filled import table, words
from tests.areas.usage.line import FAKE_ACCESS

ACCESS = {
    "TAARA_PHONE_NUMBER": "700000000",
    "TAARA_PASSCODE": "000000",
    "TAARA_PARTNER_ID": "111111111",
    "TAARA_HOTSPOT_ID": "222222222",
}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Collecting]:
    async with opened(tmp_path) as world:
        yield world


async def names(world: Collecting) -> list[tuple[str, str]]:
    store = world.deck.services.store
    async with store.reading() as connection:
        return [(each.name, each.phone) for each in await reading.accounts(connection, store.present())]


async def audited(world: Collecting) -> list[tuple[str, str, str]]:
    async with world.deck.services.store.reading() as connection:
        rows = await connection.execute(select(AUDIT).order_by(AUDIT.c.number))
        return [(row.action, row.result, row.before + row.after) for row in rows]


async def test_setting_up_again_replaces_the_access_and_keeps_the_history(world: Collecting) -> None:
    await world.setup()
    world.clock.advance(60)
    await world.setup("HOME")
    assert await names(world) == [("home", "…00")]
    assert (await world.counts())["usage_poll"] == 2
    with pytest.raises(SignInError):
        await world.setup(passcode="999999")
    world.clock.advance(60)
    await world.run("collect", account="home")


async def test_a_wrong_hotspot_is_refused_before_anything_is_kept(world: Collecting) -> None:
    with pytest.raises(UnknownSubjectError):
        await world.setup(hotspot="999999999")
    assert await names(world) == []


async def test_a_forgotten_account_is_asked_no_more_and_comes_back_with_its_history(
    world: Collecting,
) -> None:
    await world.setup()
    await world.run("usage forget", name="Home")
    assert await names(world) == []
    asked = len(world.simulator.calls())
    await world.ticks(INTERVAL * 2)
    assert len(world.simulator.calls()) == asked
    with pytest.raises(NotFoundError):
        await world.run("usage forget", name="home")
    await world.setup()
    assert (await world.counts())["usage_poll"] == 2


async def test_an_account_of_the_settings_cannot_be_forgotten(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=ACCESS) as world:
        await world.run("collect")
        with pytest.raises(InputError, match="TAARA_PASSCODE"):
            await world.run("usage forget", name="default")
        assert await names(world) == [("default", "…00")]


async def test_collecting_shows_what_taara_said_and_is_audited(world: Collecting) -> None:
    await world.setup()
    world.clock.advance(60)
    page = await world.run("collect", account="home")
    shown = [words(row["balance"]) for row in table(page, "plans").values()]
    assert shown == ["412.7 GB", "0.5 GB"]
    assert [row[:2] for row in await audited(world)][-2:] == [("collect", "intended"), ("collect", "done")]


async def test_collecting_without_any_account_says_what_to_do(world: Collecting) -> None:
    with pytest.raises(NotFoundError, match="usage setup"):
        await world.run("collect")
    with pytest.raises(NotFoundError, match="isn't set up"):
        await world.run("collect", account="barn")


async def test_a_viewer_may_not_ask_taara(world: Collecting) -> None:
    viewer = Principal("guest", Role.VIEWER, "test")
    with pytest.raises(RefusedError, match="operator"):
        await world.deck.run(Invocation("collect", viewer))


async def test_refreshing_asks_right_now_and_nothing_before_it_is_set_up(world: Collecting) -> None:
    request = world.deck.dispatcher.request(Invocation("usage", Principal("amina", Role.ADMIN, "test")))
    await refresh(request)
    assert world.simulator.calls() == []
    await world.setup()
    world.clock.advance(60)
    await refresh(request)
    assert world.simulator.calls().count("bundle") == 2


async def test_the_audit_log_keeps_nothing_secret(world: Collecting) -> None:
    await world.setup()
    own = world.simulator.account("contract")
    kept = " ".join(text for _action, _result, text in await audited(world))
    assert own.passcode not in kept
    assert "…00" in kept


async def test_access_that_can_no_longer_be_decrypted_says_so_and_harms_no_other(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=ACCESS) as world:
        await world.setup("barn")
        async with world.deck.services.store.writing() as transaction:
            await save_credential(transaction, "taara:barn", "gibberish")
        await world.ticks(INTERVAL + timedelta(minutes=1))
        assert "can't be decrypted" in str((await world.state("barn")).reason)
        assert (await world.state("default")).reason is None


async def test_the_mark_of_an_access_changes_with_any_part_of_it(world: Collecting) -> None:
    services = world.deck.services
    mark = connections.access_mark(services, FAKE_ACCESS)
    others = [
        replace(FAKE_ACCESS, passcode=Secret("1")),
        replace(FAKE_ACCESS, phone="1"),
        replace(FAKE_ACCESS, hotspot="1"),
    ]
    assert mark == connections.access_mark(services, replace(FAKE_ACCESS))
    assert len({mark, *(connections.access_mark(services, each) for each in others)}) == 4
    assert FAKE_ACCESS.passcode.reveal() not in mark
