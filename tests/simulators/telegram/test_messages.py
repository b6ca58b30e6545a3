"""Acceptance line 6 of telegram.md 9: numbers and dates of messages, edits and deletions."""

from __future__ import annotations

import pytest

from core.moment import FrozenClock
from tests.simulators.telegram.line import ANA, BEN, GROUP, SUPERGROUP, Line, keyboard

UNCHANGED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)


async def test_numbers_rise_in_each_chat_for_itself(line: Line) -> None:
    line.sim.people.write(ANA, "a")
    first = await line.say("b")
    other = await line.say("c", GROUP)
    line.sim.people.write(ANA, "d")
    second = await line.say("e")

    assert [message["message_id"] for message in (first, second, other)] == [2, 4, 1]


async def test_dates_are_whole_seconds(line: Line, clock: FrozenClock) -> None:
    clock.advance(1.7)

    assert (await line.say())["date"] == 1769079601


async def test_an_edit_changes_text_and_keyboard_and_says_when(line: Line, clock: FrozenClock) -> None:
    await line.say("old", reply_markup=keyboard("A"))
    clock.advance(60)

    message = await line.call(
        "editMessageText",
        chat_id=ANA,
        message_id=1,
        text="<i>new</i>",
        parse_mode="HTML",
        reply_markup=keyboard("B"),
    )

    assert (message["text"], message["reply_markup"]) == ("new", keyboard("B"))
    assert message["edit_date"] - message["date"] == 60
    assert [each.text for each in line.sim.messages(ANA)] == ["new"]


async def test_an_edit_without_a_keyboard_removes_it(line: Line) -> None:
    await line.say("text", reply_markup=keyboard("A"))

    message = await line.call("editMessageText", chat_id=ANA, message_id=1, text="text")

    assert "reply_markup" not in message


@pytest.mark.parametrize(
    ("text", "markup", "changed"),
    [
        ("<b>x</b> y", keyboard("A"), False),
        (" <strong>x</strong> y\n", keyboard("A"), False),
        ("x y", keyboard("A"), True),
        ("<b>x</b> z", keyboard("A"), True),
        ("<b>x</b> y", keyboard("B"), True),
        ("<b>x</b> y", None, True),
    ],
)
async def test_not_modified_compares_text_entities_and_keyboard(
    line: Line, text: str, markup: dict | None, changed: bool
) -> None:
    await line.say("<b>x</b> y", parse_mode="HTML", reply_markup=keyboard("A"))

    answer = await line.ask(
        "editMessageText", chat_id=ANA, message_id=1, text=text, parse_mode="HTML", reply_markup=markup
    )

    assert answer.status_code == (200 if changed else 400)
    if not changed:
        assert answer.json()["description"] == UNCHANGED


async def test_the_keyboard_alone_may_be_changed(line: Line) -> None:
    await line.say("text", reply_markup=keyboard("A"))
    await line.call("editMessageReplyMarkup", chat_id=ANA, message_id=1, reply_markup=keyboard("B"))

    markup = line.sim.messages(ANA)[0].markup
    assert markup == keyboard("B")
    same = await line.why("editMessageReplyMarkup", chat_id=ANA, message_id=1, reply_markup=keyboard("B"))
    assert same == UNCHANGED


async def test_what_can_not_be_edited(line: Line) -> None:
    line.sim.people.write(ANA, "theirs")
    await line.say("gone")
    await line.call("deleteMessage", chat_id=ANA, message_id=2)

    async def why(message_id: int) -> str:
        return await line.why("editMessageText", chat_id=ANA, message_id=message_id, text="x")

    assert await why(1) == "Bad Request: message can't be edited"
    assert await why(2) == "Bad Request: message to edit not found"
    assert await why(77) == "Bad Request: message to edit not found"


async def test_own_and_in_private_others_messages_can_be_deleted_for_48_hours(
    line: Line, clock: FrozenClock
) -> None:
    line.sim.people.write(ANA, "secret")
    await line.say("mine")
    await line.say("mine too")
    clock.advance(48 * 3600 - 1)
    assert await line.call("deleteMessage", chat_id=ANA, message_id=1) is True
    assert await line.call("deleteMessage", chat_id=ANA, message_id=2) is True
    clock.advance(1)

    too_late = await line.why("deleteMessage", chat_id=ANA, message_id=3)

    assert too_late == "Bad Request: message can't be deleted"
    assert [each.text for each in line.sim.messages(ANA)] == ["mine too"]


async def test_others_messages_in_a_group_are_for_administrators_to_delete(line: Line) -> None:
    line.sim.people.write(BEN, "x", GROUP)

    assert (
        await line.why("deleteMessage", chat_id=GROUP, message_id=1)
        == "Bad Request: message can't be deleted"
    )
    line.sim.people.set_standing(GROUP, "administrator", by=ANA)
    assert await line.call("deleteMessage", chat_id=GROUP, message_id=1) is True


async def test_what_is_deleted_is_not_found_again(line: Line) -> None:
    await line.say()
    await line.call("deleteMessage", chat_id=ANA, message_id=1)

    for number in (1, 9):
        description = await line.why("deleteMessage", chat_id=ANA, message_id=number)
        assert description == "Bad Request: message to delete not found"


async def test_several_are_deleted_at_once(line: Line) -> None:
    for _ in range(3):
        await line.say()

    assert await line.call("deleteMessages", chat_id=ANA, message_ids=[1, 3, 9]) is True
    assert [each.id for each in line.sim.messages(ANA)] == [2]


async def test_an_answer_names_what_it_answers(line: Line) -> None:
    line.sim.people.write(ANA, "question")

    message = await line.say("answer", reply_parameters={"message_id": 1})

    assert message["reply_to_message"]["text"] == "question"
    why = await line.why("sendMessage", chat_id=ANA, text="x", reply_parameters={"message_id": 99})
    assert why == "Bad Request: message to be replied not found"
    lenient = {"message_id": 99, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await line.say("x", reply_parameters=lenient)


async def test_chats_are_named_by_number_or_by_user_name(line: Line) -> None:
    assert (await line.call("sendMessage", chat_id="@harbour", text="x"))["chat"]["id"] == SUPERGROUP
    assert await line.why("sendMessage", text="x") == "Bad Request: chat_id is empty"
    assert await line.why("sendMessage", chat_id="@nowhere", text="x") == "Bad Request: chat not found"
    assert await line.why("sendMessage", chat_id="nonsense", text="x") == "Bad Request: chat not found"


async def test_typing_is_shown_for_five_seconds_or_until_a_message(line: Line, clock: FrozenClock) -> None:
    await line.call("sendChatAction", chat_id=ANA, action="typing")
    assert line.sim.action(ANA) == "typing"
    clock.advance(5)
    assert line.sim.action(ANA) == ""
    await line.call("sendChatAction", chat_id=ANA, action="upload_photo")
    await line.say()
    assert line.sim.action(ANA) == ""
