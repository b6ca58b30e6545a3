"""The fourteen faults of the public network bot that ours doesn't have (plume.md 10.3).

7 and 12 are of rendering and are tested with it; 14 is tests/test_packaging.py's.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.areas.network.store.selection import selected_location
from core.page import Page, Table
from core.relay.reply import Reply, decode_reply, encode_reply
from core.vault import Vault
from tests.relay.conversation.phones import (
    STRANGER,
    VIEWER,
    Phones,
    labels,
    said,
    with_phones,
)


@pytest.fixture
async def phones(tmp_path: Path) -> AsyncIterator[Phones]:
    async with with_phones(tmp_path) as phones:
        yield phones


@pytest.fixture
async def watched(phones: Phones) -> Phones:
    """Plume is set up: twenty-five locations are known."""
    await phones.world.setup("Twenty-five Berths Ltd")
    return phones


HERE, OTHER = "Berth 03", "Berth 07"


def berths(phones: Phones) -> list[str]:
    customer = phones.world.customer("Twenty-five Berths Ltd")
    return [name for owner, _id, name in phones.world.simulator.locations if owner == customer]


async def chosen(phones: Phones, person: str = "amina") -> str | None:
    store = phones.world.deck.services.store
    async with store.reading() as connection:
        return await selected_location(connection, person, store.present())


def page_of(replies: list[Reply]) -> Page:
    page = replies[-1].page
    assert page is not None
    return page


async def test_fault_1_change_location_begins_the_choice(watched: Phones) -> None:
    await watched.write(f"/status {HERE}")

    replies = await watched.press("Change location")

    assert "Locations" in said(replies)
    assert HERE in labels(replies[-1])
    await watched.press(HERE)
    assert await chosen(watched) == watched.world.location(HERE)


async def test_fault_2_an_old_button_is_no_answer_to_what_is_asked_now(watched: Phones) -> None:
    await watched.write(f"/select {HERE}")
    await watched.write("/stats")
    await watched.write("/select")

    replies = await watched.press("24 hours")

    assert await chosen(watched) == watched.world.location(HERE)
    assert page_of(replies).key.startswith("network.stats")
    assert len(await watched.dialogs()) == 1, "the open question was not touched by it"


async def test_fault_2_an_answer_outside_the_list_leaves_the_choice_as_it_was(watched: Phones) -> None:
    await watched.write(f"/select {HERE}")
    await watched.write("/select")

    replies = await watched.write("stats_7d")

    assert await chosen(watched) == watched.world.location(HERE)
    assert "Which location?" in said(replies)
    assert len(await watched.dialogs()) == 1


async def test_fault_3_customer_and_location_change_together_or_not_at_all(watched: Phones) -> None:
    before = watched.world.location(HERE)
    await watched.write(f"/select {HERE}")
    await watched.write("/select")
    await watched.write("no such place")

    await watched.write("/cancel")

    assert await chosen(watched) == before
    assert HERE in said(await watched.write("/status"))


async def test_fault_4_credentials_that_fail_replace_none(watched: Phones) -> None:
    await watched.write("/setup")
    await watched.write("Basic d3Jvbmc6d3Jvbmc=")
    await watched.write(watched.world.simulator.partner_id)

    replies = await watched.press("Do it now")

    assert "DONE" not in said(replies)
    assert "WORKING" not in said(replies)
    assert HERE in said(await watched.write(f"/status {HERE}"))


async def test_fault_5_configured_means_that_there_are_credentials(watched: Phones) -> None:
    watched.world.clock.advance(7 * 86_400)  # long after every token has run out

    replies = await watched.write("/start")

    assert "/setup" not in said(replies)
    assert "/locations" in said(replies)


async def test_fault_6_an_old_button_is_still_about_its_own_location(watched: Phones) -> None:
    await watched.write(f"/select {HERE}")
    await watched.write("/stats")
    await watched.write(f"/select {OTHER}")

    replies = await watched.press("24 hours")

    assert HERE in said(replies)
    assert OTHER not in said(replies)


@pytest.mark.parametrize("name", ["a_b*c`d[e", "<b>x</b> & [/x]"])
async def test_fault_8_names_with_marks_stay_as_they_are(watched: Phones, name: str) -> None:
    world = watched.world.simulator.world
    renamed = (replace(each, name=name) if each.name == HERE else each for each in world.locations)
    watched.world.put_back(replace(world, locations=tuple(renamed)))
    await watched.world.look(only=watched.world.location(name))

    found: list[str] = []
    replies = await watched.write("/locations")
    while "Next ▶" in labels(replies[-1]):
        found += labels(replies[-1])
        replies = await watched.press("Next ▶")

    assert name in [*found, *labels(replies[-1])]
    assert decode_reply(encode_reply(replies[-1])) == replies[-1]


async def test_fault_9_a_secret_leaves_the_chat_and_is_kept_encrypted_only(phones: Phones) -> None:
    secret = phones.world.simulator.authorization
    asked = await phones.write("/setup")
    assert "console is the safer place" in said(asked)

    await phones.write(secret)

    assert len(phones.line.deleted) == 1, "deleted before anything else was said"
    (state,) = await phones.dialogs()
    assert secret not in state
    assert secret.removeprefix("Basic ") not in state
    await phones.write(phones.world.simulator.partner_id)
    replies = await phones.press("Do it now")
    assert "WORKING" in said(replies)
    everything = "".join(path.read_bytes().decode("latin1") for path in phones.world.home.rglob("*.db*"))
    assert secret.removeprefix("Basic ") not in everything


async def test_fault_10_ten_minutes_of_silence_end_a_dialog_with_a_word_once(phones: Phones) -> None:
    await phones.write("/setup")
    phones.world.clock.advance(9 * 60)
    assert not await phones.expire()

    phones.world.clock.advance(61)

    assert "stopped asking" in said(await phones.expire())
    assert not await phones.expire()
    assert not await phones.dialogs()


async def test_fault_10_an_answer_that_comes_too_late_is_told_so(watched: Phones) -> None:
    await watched.write("/select")
    watched.world.clock.advance(601)

    replies = await watched.write(HERE)

    assert "no longer wait" in said(replies)
    assert not await watched.expire(), "it was said already"


async def test_fault_10_a_command_inside_its_own_dialog_begins_anew(phones: Phones) -> None:
    await phones.write("/pause")
    await phones.write("maintenance of the encoder")

    replies = await phones.write("/pause")

    assert said(replies) == said(await phones.write("/pause")), "the first question again"
    assert len(await phones.dialogs()) == 1


async def test_fault_11_long_lists_come_ten_at_a_time(tmp_path: Path) -> None:
    async with with_phones(tmp_path) as phones:
        await phones.world.setup("Twenty-five Berths Ltd")
        names = berths(phones)
        assert len(names) == 25

        first = await phones.write("/locations")
        table = next(block for block in page_of(first).blocks if isinstance(block, Table))
        assert len(table.rows) == 10
        assert "◀ Back" not in labels(first[-1])
        second = await phones.press("Next ▶")

        assert second[-1].edits, "the same message turns its page"
        again = next(block for block in page_of(second).blocks if isinstance(block, Table))
        assert not {row.key for row in table.rows} & {row.key for row in again.rows}
        assert "◀ Back" in labels(second[-1])
        for replies in (first, second):
            assert len(labels(replies[-1])) < 100

        question = await phones.write("/select")
        assert sum(label in names for label in labels(question[-1])) == 10
        turned = await phones.press("Next ▶")
        assert turned[-1].edits
        assert set(labels(turned[-1])) & set(names)


async def test_fault_13_who_is_not_known_may_only_what_is_public(phones: Phones) -> None:
    unknown = said(await phones.write("/no_such_thing", STRANGER))

    assert said(await phones.write("/status", STRANGER)) == unknown
    assert said(await phones.write("/setup", STRANGER)) == unknown
    assert said(await phones.write("/status_page", STRANGER)) != unknown
    assert said(await phones.write("/setup", VIEWER)) == said(await phones.write("/no_such_thing", VIEWER))


async def test_a_secret_survives_a_restart_between_two_questions(phones: Phones) -> None:
    await phones.write("/setup")
    await phones.write(phones.world.simulator.authorization)

    phones.restart()

    await phones.write(phones.world.simulator.partner_id)
    assert "WORKING" in said(await phones.press("Do it now"))


async def test_a_secret_under_a_lost_key_is_asked_for_again(phones: Phones, tmp_path: Path) -> None:
    await phones.write("/setup")
    await phones.write(phones.world.simulator.authorization)
    phones.conversations._hearing._secrecy._vault = Vault.open(tmp_path / "another")
    await phones.write(phones.world.simulator.partner_id)

    replies = await phones.press("Do it now")

    assert "authorization header" in said(replies)


def test_the_names_of_these_tests_cover_the_list() -> None:
    own = {name.split("_")[2] for name in globals() if name.startswith("test_fault_")}
    assert own == {"1", "2", "3", "4", "5", "6", "8", "9", "10", "11", "13"}


@pytest.mark.parametrize("command", ["/status", "/select"])
async def test_a_location_that_is_not_there_is_asked_for_again(watched: Phones, command: str) -> None:
    replies = await watched.write(f"{command} Nowhere")

    assert "There is no location “Nowhere” here" in said(replies)
    assert HERE in labels(replies[-1])
    assert "Berth 03" in said(await watched.press(HERE))
