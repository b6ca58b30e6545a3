"""How a conversation goes: questions, buttons, views, and what survives a crash (reliability.md R13)."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.area import discover
from core.areas.relay.store.chats import find_chat
from core.areas.relay.store.tables import RELAY_INBOUND
from core.areas.relay.writes.pairing import make_code
from core.command import Invocation
from core.errors import StoreBusyError
from core.message import _
from core.notify.delivery.recipients import gone_recipients
from core.notify.delivery.tables import OUTBOX
from core.page import Action, Page, Table
from core.principal import Role
from core.relay.dialog import Dialog
from core.relay.handles import data_of, new_handle, write_handles
from core.relay.inbound import ChatKind, Membership, Moved, Press, Text
from core.relay.recording import record
from core.relay.reply import Delivery, Reply
from core.relay.turn import Handle, Outcome
from core.store.store import Transaction
from tests.areas.network.world import PERSON
from tests.relay.conversation.phones import (
    ADMIN,
    CUSTOMER,
    GROUP,
    OPERATOR,
    STRANGER,
    VIEWER,
    Phones,
    labels,
    said,
    with_phones,
)

COMMANDS = {verb.command.name: verb.command for area in discover() for verb in area.verbs}


@pytest.fixture
async def phones(tmp_path: Path) -> AsyncIterator[Phones]:
    async with with_phones(tmp_path) as phones:
        yield phones


def page_of(replies: list[Reply]) -> Page:
    page = replies[-1].page
    assert page is not None
    return page


async def counted(phones: Phones, table: object) -> int:
    async with phones.world.deck.services.store.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


async def test_start_greets_by_first_name_and_says_what_is_next(phones: Phones) -> None:
    assert "Hello Op." in said(await phones.write("/start", STRANGER))
    assert "/pair CODE" in said(await phones.write("/start", STRANGER))
    new = await phones.write("/start")
    assert "/setup" in said(new)
    await phones.world.setup("Single Pier Ltd")
    assert "/locations" in said(await phones.write("/start"))


async def test_s8_start_names_to_nobody_what_they_may_not_ask(phones: Phones) -> None:
    (customers,) = await phones.write("/start", CUSTOMER)

    assert "/status," not in said([customers])
    assert "/locations" not in said([customers])
    assert labels(customers) == ["Service status", "Frequent questions", "Get help"]
    assert labels((await phones.write("/start", VIEWER))[-1])[:2] == ["Status", "Locations"]


async def test_the_guided_flow_of_the_network_bot(phones: Phones) -> None:
    await phones.world.setup("Twenty-five Berths Ltd")
    await phones.write("/locations")
    await phones.press("Berth 04")

    status = await phones.write("/status")

    assert "Berth 04" in said(status)
    assert {"WAN usage", "Connection history", "Pods", "Wi-Fi networks", "Change location"} <= set(
        labels(status[-1])
    )
    stats = await phones.press("Connection history")
    assert not stats[-1].edits, "another view gets a message of its own"
    day = await phones.press("24 hours")
    assert day[-1].edits == phones.shown[ADMIN][-2][0], "another span changes the same message"
    assert "• 24 hours" in labels(day[-1])
    assert "Berth 04" in said(day)


async def test_status_is_headed_by_a_line_of_lights(phones: Phones) -> None:
    (reply,) = await phones.write("/status", VIEWER)

    assert reply.lead is not None
    lead = str(reply.lead)
    assert "Network" in lead
    assert "\n" not in lead
    operators = str((await phones.write("/status", OPERATOR))[0].lead)
    for area in ("Incidents", "Production"):
        assert area not in lead, "a viewer may not look at it"
        assert area in operators


async def test_questions_come_one_at_a_time_and_what_is_optional_can_be_skipped(phones: Phones) -> None:
    assert "What is wrong" in said(await phones.write("/incident_open", OPERATOR))
    second = await phones.write("Router is down", OPERATOR)
    assert "Skip" in labels(second[-1])
    await phones.press("Skip", OPERATOR)

    replies = await phones.press("Do it now", OPERATOR)

    assert "Router is down" in said(replies)
    assert not await phones.dialogs()
    assert "What is wrong" in said(await phones.write("/incident", VIEWER)), "agents may open one"
    assert "Open an incident" in labels((await phones.write("/incident", OPERATOR))[-1])


async def test_a_wrong_answer_stays_on_the_question_and_says_what_would_do(phones: Phones) -> None:
    await phones.write("/component_set", OPERATOR)
    first = phones.shown[OPERATOR][-1][1]
    await phones.write("1", OPERATOR)
    asked = phones.shown[OPERATOR][-1][1]
    assert labels(asked) != labels(first)

    wrong = await phones.write("broken", OPERATOR)

    assert "is none of the answers below" in said(wrong)
    assert labels(wrong[-1]) == labels(asked)
    assert len(await phones.dialogs()) == 1


async def test_the_last_question_has_one_way_past_it_and_none_that_promises_a_danger(phones: Phones) -> None:
    await phones.write("/pause")
    until = await phones.write("a new encoder")

    assert labels(until[-1]) == ["Skip", "Cancel"]
    assert labels((await phones.press("Skip"))[-1]) == ["No, leave it", "Yes, do it"]


async def test_a_page_with_much_to_press_has_the_rest_behind_one_button(phones: Phones) -> None:
    await phones.world.setup("Twenty-five Berths Ltd")
    await phones.write("/select Berth 04")

    line = await phones.write("/wan")

    assert len(labels(line[-1])) <= 12
    assert {"• 24 hours", "Status", "Refresh", "More …"} <= set(labels(line[-1]))
    assert "Start a speed test" not in labels(line[-1])
    more = await phones.press("More …")
    assert more[-1].page is None, "the page isn't sent again"
    assert {"Status", "Start a speed test", "File"} <= set(labels(more[-1]))


async def test_each_thing_is_offered_once_and_what_cannot_be_done_comes_last(phones: Phones) -> None:
    menu = await phones.write("/support", STRANGER)
    assert len(labels(menu[-1])) == len(set(labels(menu[-1])))
    await phones.write("/incident_open Router is down", OPERATOR)
    await phones.press("Open it", OPERATOR)
    page = phones.shown[OPERATOR][-1][1].page
    assert page is not None
    possible = {str(each.label): each.unavailable is None for each in page.actions}

    more = labels((await phones.press("More …", OPERATOR))[-1])

    standing = [possible[label] for label in more if label in possible]
    assert standing == sorted(standing, reverse=True)
    assert not all(standing)


async def test_a_number_means_the_choice_in_that_place(phones: Phones) -> None:
    await phones.world.setup("Twenty-five Berths Ltd")
    await phones.write("/select")
    await phones.press("Next ▶")

    replies = await phones.write("2")

    assert "Berth 12" in said(replies)


async def test_an_answer_that_the_command_refuses_is_asked_for_again(phones: Phones) -> None:
    await phones.write("/incident_ack", OPERATOR)

    replies = await phones.write("no such incident", OPERATOR)

    assert len(await phones.dialogs()) == 1
    assert "no such incident" in said(replies)


async def test_cancel_always_works_and_says_so(phones: Phones) -> None:
    assert "nothing to stop" in said(await phones.write("/cancel"))
    await phones.write("/pause")
    assert "Stopped" in said(await phones.write("cancel"))
    await phones.write("/pause")
    assert "Stopped" in said(await phones.press("Cancel"))
    await phones.write("/pause a new encoder")
    assert "Stopped" in said(await phones.write("/cancel"))
    assert "any more" in said(await phones.press("Yes, do it"))


async def test_a_killed_relay_goes_on_in_the_middle(phones: Phones) -> None:
    await phones.write("/incident_open", OPERATOR)
    phones.restart()
    await phones.write("Router is down", OPERATOR)
    phones.restart()

    replies = await phones.press("Do it now", OPERATOR)

    assert "Router is down" in said(replies)


async def test_r13_what_comes_again_has_its_effect_and_its_answer_once(phones: Phones) -> None:
    inbound = phones.inbound(Text("/incident_open Router is down"), OPERATOR)
    crashed = await phones.take(inbound, crash=True)

    answers = await phones.take(inbound)

    assert said(answers) == said(crashed)
    assert [reply.key for reply in answers] == [reply.key for reply in crashed]
    assert not await phones.take(inbound)
    assert phones.outcome is Outcome.IGNORED
    table = next(
        each for each in page_of(await phones.write("/incidents", OPERATOR)).blocks if isinstance(each, Table)
    )
    assert table.total == 1
    assert len(phones.shown[OPERATOR]) == 2


async def test_r13_two_that_are_recorded_together_count_once(phones: Phones) -> None:
    inbound = phones.inbound(Text("/help"), OPERATOR)
    turn = await phones.conversations.take(inbound)

    for _again in range(2):
        async with phones.world.deck.services.store.writing() as transaction:
            await record(transaction, [(inbound, turn), (inbound, turn)])

    assert await counted(phones, RELAY_INBOUND) == 1
    assert await counted(phones, OUTBOX) == 1


async def test_r13_what_is_not_recorded_left_nothing(phones: Phones) -> None:
    inbound = phones.inbound(Text("/pause"), ADMIN)
    turn = await phones.conversations.take(inbound)

    async def broken(transaction: Transaction) -> None:
        await record(transaction, [(inbound, turn)])
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        async with phones.world.deck.services.store.writing() as transaction:
            await broken(transaction)

    assert not await phones.dialogs()
    assert await counted(phones, OUTBOX) == 0


async def test_a_fault_of_ours_gets_one_apology_with_a_reference(
    phones: Phones, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_invocation: object) -> Page:
        raise ZeroDivisionError("CANARY inner detail")

    monkeypatch.setattr(phones.world.deck, "run", fail)

    with caplog.at_level(logging.ERROR):
        replies = await phones.write("/fleet")

    assert len(replies) == 1
    assert "CANARY" not in said(replies)
    reference = phones.turns[-1].error.split()[1].rstrip(":")
    assert reference in said(replies)
    assert reference in caplog.text


async def test_a_database_that_is_busy_for_a_moment_is_waited_for(
    phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, tries = phones.world.deck.run, 0

    async def busy_at_first(invocation: Invocation) -> Page:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise StoreBusyError(_("The database is busy."))
        return await run(invocation)

    monkeypatch.setattr(phones.world.deck, "run", busy_at_first)
    (reply,) = await phones.write("/fleet")
    assert tries == 3
    assert reply.page is not None


async def test_a_database_that_stays_busy_is_told(phones: Phones, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(_invocation: Invocation) -> Page:
        raise StoreBusyError(_("The database is busy."))

    monkeypatch.setattr(phones.world.deck, "run", busy)
    (reply,) = await phones.write("/fleet")
    assert "busy" in said([reply])
    assert labels(reply) == ["Try again"]


async def test_an_error_becomes_its_sentence_with_a_way_on(phones: Phones) -> None:
    replies = await phones.write("/speedtest_start", OPERATOR)

    assert said(replies)
    assert phones.outcome is Outcome.ANSWERED


async def test_tables_turn_their_pages_and_are_filtered(phones: Phones) -> None:
    await phones.world.setup("Twenty-five Berths Ltd")
    await phones.write("/fleet")
    await phones.press("Filter")

    replies = await phones.write("Berth 2")

    table = next(each for each in page_of(replies).blocks if isinstance(each, Table))
    assert 0 < table.total < 25
    assert "All rows" in labels(replies[-1])
    everything = await phones.press("All rows")
    assert everything[-1].edits
    table = next(each for each in page_of(everything).blocks if isinstance(each, Table))
    assert table.total == 25


async def test_a_page_comes_as_a_file_with_every_row(phones: Phones) -> None:
    await phones.world.setup("Twenty-five Berths Ltd")
    await phones.write("/fleet")
    await phones.press("More …")
    await phones.press("File")

    (reply,) = await phones.press("csv")

    assert reply.delivery is Delivery.DOCUMENT
    assert reply.format == "csv"
    assert reply.page is not None
    table = next(each for each in reply.page.blocks if isinstance(each, Table))
    assert len(table.rows) == 25


async def test_what_cannot_be_done_now_says_why_when_it_is_pressed(phones: Phones) -> None:
    await phones.write("/incident_open Router is down", OPERATOR)
    await phones.press("Open it", OPERATOR)
    page = phones.shown[OPERATOR][-1][1].page
    assert page is not None
    why = next(
        each for each in page.actions if each.unavailable is not None and each.command != "incident cancel"
    )

    if str(why.label) not in labels(phones.shown[OPERATOR][-1][1]):
        await phones.press("More …", OPERATOR)
    replies = await phones.press(str(why.label), OPERATOR)

    assert said(replies) == str(why.unavailable)
    assert not await phones.dialogs()


async def test_a_write_by_button_happens_once(phones: Phones) -> None:
    await phones.write("/incident_open Router is down", OPERATOR)
    await phones.press("Open it", OPERATOR)
    message, button = phones.button("Acknowledge", OPERATOR)
    await phones.press_data(button.handle, OPERATOR, message=message)

    assert "any more" in said(await phones.press_data(button.handle, OPERATOR, message=message))


async def test_language_is_chosen_by_button_and_answered_in(phones: Phones) -> None:
    await phones.write("/language")
    await phones.press("Français")

    assert phones.turns[-1].language == "fr"
    await phones.write("/fleet")
    assert phones.turns[-1].language == "fr"


async def test_pairing_by_code_in_the_chat(phones: Phones) -> None:
    async def code(person: str, *, group: bool = False) -> str:
        async with phones.world.deck.services.store.writing() as transaction:
            made = await make_code(transaction, person, Role.OPERATOR, "", group, "amina", Random(person))
        return made.text

    assert "isn’t known" in said(await phones.write("/pair ABCD-2345-WXYZ", STRANGER))
    inbound = phones.inbound(Text(f"/start {await code('nadia')}"), STRANGER)
    assert "nadia" in said(await phones.take(inbound, crash=True))
    assert "nadia" in said(await phones.take(inbound)), "the same answer when it comes again"
    assert phones.outcome is Outcome.ANSWERED
    assert "/incident_open" in said(await phones.write("/help", STRANGER))
    told = await phones.write(
        f"/pair@opsdeck_test_bot {await code('night crew', group=True)}", STRANGER, group=True
    )
    assert "night crew" in said(told)
    assert told[0].chat == GROUP
    async with phones.world.deck.services.store.reading() as connection:
        chat = await find_chat(connection, "telegram", GROUP, phones.world.deck.services.store.present())
    assert chat is not None
    assert chat.person == "night crew"


async def test_blocked_and_moved_chats_are_noted(phones: Phones) -> None:
    await phones.take(phones.inbound(Membership(False), VIEWER))
    await phones.take(phones.inbound(Membership(True, "Ops"), ADMIN, chat=GROUP, kind=ChatKind.GROUP))
    await phones.take(phones.inbound(Moved("-100888"), None, chat=GROUP, kind=ChatKind.GROUP))

    store = phones.world.deck.services.store
    async with store.reading() as connection:
        gone = [each.address for each in await gone_recipients(connection)]
        old = await find_chat(connection, "telegram", GROUP, store.present())
        new = await find_chat(connection, "telegram", "-100888", store.present())
    assert gone == [VIEWER]
    assert old is not None
    assert not old.present
    assert new is not None
    assert (new.present, new.title) == (True, "Ops")
    await phones.take(phones.inbound(Membership(True), VIEWER))
    async with store.reading() as connection:
        assert not await gone_recipients(connection)


async def test_a_button_in_a_group_asks_for_the_rights_of_who_presses(phones: Phones) -> None:

    handle = new_handle(Random(11))
    action = Action("silence", _("What is kept quiet"))
    async with phones.world.deck.services.store.writing() as transaction:
        expires = phones.world.clock.now() + timedelta(days=1)
        await write_handles(
            transaction, [Handle(handle, "telegram", GROUP, "", "notice:1", "run", action, expires)]
        )

    async def press(user: str) -> list[Reply]:
        content = Press(data_of(handle), "1")
        return await phones.take(phones.inbound(content, user, chat=GROUP, kind=ChatKind.GROUP, message="m7"))

    assert [reply.chat for reply in await press(VIEWER)] == [VIEWER]
    assert not await press(STRANGER)
    assert phones.outcome is Outcome.REFUSED


async def test_a_burst_is_read_together_and_each_gets_their_own(phones: Phones) -> None:
    users = [ADMIN, OPERATOR, VIEWER, STRANGER, *(str(number) for number in range(7_000, 7_040))]
    inbounds = [phones.inbound(Text("/help"), user) for user in users]

    turns = await asyncio.gather(*(phones.conversations.take(each) for each in inbounds))

    assert [turn.person for turn in turns][:4] == ["amina", "otto", "vera", f"telegram:{STRANGER}"]
    assert len({said(list(turn.replies)) for turn in turns}) == 4


def test_a_dialog_is_the_same_after_it_was_written_down() -> None:
    dialog = Dialog("pause", (("reason", "a\nb"),), (("token", "x"),), ("until",), "until", 10, "h", True)

    assert Dialog.decoded(dialog.encoded()) == dialog
    with pytest.raises(ValueError, match="dialog"):
        Dialog.decoded(json.dumps({"$": "dict", "is": [["command", "x"], ["strange", 1]]}))


@given(st.sampled_from(sorted(COMMANDS)), st.booleans(), st.data())
def test_every_dialog_comes_to_an_end_and_asks_nothing_twice(
    name: str, at_length: bool, data: st.DataObject
) -> None:
    command, dialog = COMMANDS[name], Dialog(name, at_length=at_length)
    asked: list[str] = []
    while (parameter := dialog.next_question(command)) is not None:
        assert parameter.name not in asked
        asked.append(parameter.name)
        dialog = Dialog.decoded(dialog.encoded())
        if not parameter.required and data.draw(st.booleans()):
            dialog = replace(dialog, skipped=(*dialog.skipped, parameter.name))
        elif parameter.secret:
            dialog = dialog.told_secretly(((parameter.name, "encrypted"),))
        else:
            dialog = dialog.answered(parameter.name, data.draw(st.text(max_size=20)))
    required = [each.name for each in command.parameters if each.required and each.default is None]
    assert asked[: len(required)] == required
    assert {name for name, _value in dialog.arguments}.isdisjoint(
        each.name for each in command.parameters if each.secret
    )


@pytest.mark.parametrize("text", ["“" * 500_000, "x" * 1_000_000, "/status " + '"' * 500_001, "/" * 4_096])
async def test_s22_a_monstrous_text_is_answered_like_any_other(phones: Phones, text: str) -> None:
    replies = await phones.write(text)

    assert len(said(replies)) < 10_000
    assert replies


async def test_what_may_be_left_out_can_be_skipped_in_words(phones: Phones) -> None:
    await phones.write("/incident_open", OPERATOR)
    first = await phones.write("Router is down", OPERATOR)

    second = await phones.write("skip", OPERATOR)

    assert said(second) != said(first)
    assert '["description","skip"]' not in (await phones.dialogs())[0]


@pytest.mark.parametrize("words", ["Do it now", " do IT now "])
async def test_what_the_way_past_all_questions_is_called_can_be_written(phones: Phones, words: str) -> None:
    await phones.write("/incident_open", OPERATOR)
    asked = await phones.write("Router is down", OPERATOR)
    assert "Do it now" in labels(asked[-1])

    done = await phones.write(words, OPERATOR)

    assert "Router is down" in said(done)
    assert not await phones.dialogs()


async def test_who_has_no_ticket_is_told_so_and_can_open_one(phones: Phones) -> None:
    for command in ("/support_reply", "/support_close", "/support_rate", "/support_show"):
        replies = await phones.write(command, CUSTOMER)
        assert "You have no ticket with us yet." in said(replies)
        assert labels(replies[-1]) == ["Open a ticket"]
        assert not await phones.dialogs()

    assert "in a few words" in said(await phones.press("Open a ticket", CUSTOMER))
    await phones.write("The line is slow", CUSTOMER)
    replies = await phones.write("Since noon, everywhere", CUSTOMER)
    assert "Which topic fits it best?" in said(replies)
    await phones.press("Do it now", CUSTOMER)

    replies = await phones.write("/support_reply", CUSTOMER)
    assert any("The line is slow" in label for label in labels(replies[-1]))


async def test_a_danger_calls_what_was_chosen_by_its_name(phones: Phones) -> None:
    await phones.write('/faq_edit question="Where is the gauge?" answer="On the pier." category=other')
    offered = await phones.world.deck.choices("faq remove", "entry", PERSON)
    entry = next(each for each in offered if each.label == "Where is the gauge?")

    shown = said(await phones.write(f"/faq_remove {entry.value}"))

    assert "Entry Where is the gauge?" in shown
    assert entry.value not in shown


async def test_an_answer_may_be_typed_as_its_button_says_in_the_person_s_language(phones: Phones) -> None:
    await phones.write("/language es", CUSTOMER)
    for text in ("/support_open", "La red", "Desde hoy"):
        await phones.write(text, CUSTOMER)

    replies = await phones.write("nada de eso", CUSTOMER)
    assert "“nada de eso” is none of the answers below." in said(replies)
    assert "How much is affected" in said(await phones.write("cuenta", CUSTOMER))
    assert "How urgent" in said(await phones.write("Omitir", CUSTOMER))
    assert "is with us" in said(await phones.write("alta", CUSTOMER))
