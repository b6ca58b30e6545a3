"""Setting up credentials, choosing a location, starting a speed test, asking right now."""

from __future__ import annotations

import base64
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from core.areas.network.model import PlumeAccess
from core.areas.network.store import credentials
from core.deck import Deck
from core.errors import (
    InputError,
    NotFoundError,
    RefusedError,
    SettingsError,
    SignInError,
    UnknownSubjectError,
)
from core.principal import Role
from core.store.audit import verify
from core.vault import Vault, VaultError
from tests.areas.network.world import PERSON, World, block, facts, opened, rows, table, verdict, words

CANARY = "CANARY-secret-that-nobody-may-see"
WRONG = "Basic " + base64.b64encode(f"someone:{CANARY}".encode()).decode()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        yield world


async def access(world: World) -> PlumeAccess:
    services = world.deck.services
    async with services.store.reading() as connection:
        found = await credentials.load(connection, services.vault, services.store.present())
    assert found is not None
    return found


def everything_on_disk(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file())


async def test_a_setup_that_works_shows_the_locations_at_once(world: World) -> None:
    page = await world.setup()
    assert verdict(page) == "WORKING"
    assert "70 locations" in words(block(page, "done").text)
    assert len(rows(await world.run("locations"), "locations")) == 70


async def test_for_one_customer_only_theirs_are_there(world: World) -> None:
    await world.setup("Single Pier Ltd")
    assert [row.cells[0] for row in rows(await world.run("locations"), "locations")] == ["Single Pier"]


async def test_several_customers_with_commas(world: World) -> None:
    both = f" {world.customer('Single Pier Ltd')} ,, {world.customer('Empty Quay Ltd')},"
    await world.setup(both)
    assert (await access(world)).customers == (
        world.customer("Single Pier Ltd"),
        world.customer("Empty Quay Ltd"),
    )


async def test_another_set_of_customers_takes_the_place_of_the_first(world: World) -> None:
    await world.setup("Single Pier Ltd")
    await world.setup("Forms Ltd")
    names = {row.cells[0] for row in rows(await world.run("locations"), "locations")}
    assert "Single Pier" not in names
    assert len(names) == 22


async def test_a_setup_that_fails_leaves_the_good_one_working(world: World) -> None:
    await world.setup("Single Pier Ltd")
    good = await access(world)
    with pytest.raises(SignInError):
        await world.setup(authorization=WRONG)
    with pytest.raises(SignInError):
        await world.setup(partner="ffffffffffffffffffffffff")
    with pytest.raises(InputError):
        await world.setup(authorization="not a header at all")
    assert await access(world) == good
    await world.look("status")
    assert verdict(await world.run("status")) == "OPERATIONAL"


async def test_a_header_that_is_none_is_refused_before_anything_is_sent(world: World) -> None:
    with pytest.raises(InputError):
        await world.setup(authorization="hello")
    assert not world.simulator.log


async def test_an_unknown_customer_is_said_in_a_sentence(world: World) -> None:
    with pytest.raises(UnknownSubjectError, match="does not know this customer"):
        await world.setup("00000000000000000000dead")


async def test_the_unknown_one_of_several_customers_is_named(world: World) -> None:
    both = f"{world.customer('Single Pier Ltd')},00000000000000000000dead"
    with pytest.raises(InputError, match="00000000000000000000dead"):
        await world.setup(both)


async def test_without_a_token_address_nothing_is_asked(tmp_path: Path) -> None:
    async with opened(tmp_path, settings={"PLUME_TOKEN_URL": ""}) as world:
        with pytest.raises(SettingsError):
            await world.setup()
        page = await world.setup("Single Pier Ltd", token=f"{world.server.url}/oauth2/x/v1/token")
        assert verdict(page) == "WORKING"


async def test_secrets_are_nowhere_in_clear(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    page = await world.setup("Single Pier Ltd")
    with pytest.raises(SignInError) as refused:
        await world.setup(authorization=WRONG)
    await world.look("status")
    pages = [await world.run(name) for name in ("status", "locations", "sources", "events", "overview")]
    own = world.simulator.authorization
    seen = "".join(world.text(each) + str(world.json(each)) for each in [page, *pages])
    seen += caplog.text + str(refused.value) + repr(await access(world))
    stored = everything_on_disk(world.home)
    for secret in (CANARY, WRONG, WRONG.split()[1], own, own.split()[1]):
        assert secret not in seen
        assert secret.encode() not in stored
    clear = base64.b64decode(own.split()[1]).partition(b":")[2]
    assert clear not in stored
    assert clear.decode() not in seen


async def test_setups_are_audited_the_refused_ones_too(world: World) -> None:
    await world.setup("Single Pier Ltd")
    with pytest.raises(SignInError):
        await world.setup(authorization=WRONG)
    viewer = replace(PERSON, role=Role.VIEWER)
    with pytest.raises(RefusedError):
        await world.run("setup", person=viewer, authorization=WRONG, partner="x")
    store = world.deck.services.store
    async with store.reading() as connection:
        report = await verify(connection, store.audit_key)
    assert report.rows == 3  # done, failed, refused


async def test_choosing_a_location_changes_whose_pages_are_shown(world: World) -> None:
    await world.setup("States Ltd")
    assert verdict(await world.run("nodes")) == "CHOOSE"
    page = await world.run("select", location="one pod down")
    assert words(block(page, "done").text) == "Your views are now of One pod down."
    assert (await world.run("nodes")).crumb == "One pod down"
    other = replace(PERSON, name="baraka")
    assert verdict(await world.run("nodes", person=other)) == "CHOOSE"
    selected = table(await world.run("locations"), "locations")[world.location("One pod down")]
    assert words(selected["yours"]) == "● selected"


async def test_a_location_is_found_by_its_name_or_some_of_it(world: World) -> None:
    await world.setup()
    meant = {
        "Berth 07": "Berth 07",
        "bERTH 07 ": "Berth 07",
        "brth 07": "Berth 07",
        "北埠": "北埠頭の倉庫",
        "mark_down": "Mark_down *bold* `code` [link](x)",
        "single": "Single Pier",
    }
    for wanted, found in meant.items():
        assert (await world.run("wifi", location=wanted)).crumb == found


async def test_a_location_is_found_by_its_id(world: World) -> None:
    await world.setup()
    here = world.location("Green")
    assert (await world.run("wifi", location=here)).crumb == "Green"
    nameless = next(id_ for _c, id_, name in world.simulator.locations if name == "Nameless")
    assert (await world.run("wifi", location=nameless)).crumb == nameless


async def test_an_ambiguous_location_names_those_it_may_be(world: World) -> None:
    await world.setup()
    with pytest.raises(InputError) as several:
        await world.run("wifi", location="berth 1")
    assert str(several.value) == (
        "“berth 1” fits 10 locations: Berth 10, Berth 11, Berth 12, Berth 13, Berth 14 …."
    )


async def test_an_unknown_location_is_not_found(world: World) -> None:
    await world.setup("Single Pier Ltd")
    for command in ("status", "wan", "stats", "nodes", "wifi", "devices", "speedtest", "select"):
        with pytest.raises(NotFoundError, match="no location “Atlantis”"):
            await world.run(command, location="Atlantis")


async def test_a_speed_test_is_started_audited_and_told_of(world: World) -> None:
    await world.setup("Single Pier Ltd")
    page = await world.run("speedtest start")
    assert verdict(page) == "DONE"
    assert world.asked("/ispSpeedTest") == 1
    assert ("speed_test.started", "amina started a speed test at Single Pier") in await world.events()


async def test_a_speed_test_the_cloud_refuses_is_not_told_of(world: World) -> None:
    await world.setup("Single Pier Ltd")
    world.simulator.faults.add("*/ispSpeedTest", "404", None)
    with pytest.raises(UnknownSubjectError):
        await world.run("speedtest start")
    assert await world.events() == []


async def test_a_speed_test_needs_a_location(world: World) -> None:
    await world.setup("States Ltd")
    with pytest.raises(InputError, match="select one first"):
        await world.run("speedtest start")
    assert world.asked("/ispSpeedTest") == 0


async def test_refreshing_looks_at_the_persons_location_only(world: World) -> None:
    await world.setup("States Ltd")
    await world.run("select", location="Green")
    await world.run("refresh")
    assert world.asked("/nodes") == 2  # for the pods, and for the gateway's speed tests
    assert facts(await world.run("status"), "location")["Pods"] is not None


async def test_after_the_key_was_lost_new_credentials_can_be_set_up(world: World) -> None:
    await world.setup("Single Pier Ltd")
    world.deck.services = replace(world.deck.services, vault=Vault([Fernet.generate_key()]))
    lost = replace(world, deck=Deck(world.deck.services))
    with pytest.raises(VaultError):
        await lost.look("status")
    await lost.setup("Single Pier Ltd")
    await lost.look("status")
    assert verdict(await lost.run("status")) == "OPERATIONAL"
