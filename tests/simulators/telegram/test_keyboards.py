"""Acceptance line 5 of telegram.md 9: keyboards, and presses with their spinner."""

from __future__ import annotations

from typing import Any

import pytest

from core.moment import FrozenClock
from tests.simulators.telegram.line import ANA, BEN, GROUP, Line, keyboard

TOO_LATE = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def one(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[button]]}


@pytest.mark.parametrize("data", ["x", "x" * 64, "é" * 32, "😀" * 16])
async def test_data_of_up_to_64_bytes_passes(line: Line, data: str) -> None:
    markup = one(text="Go", callback_data=data)

    assert (await line.say("x", reply_markup=markup))["reply_markup"] == markup


@pytest.mark.parametrize("data", ["", "x" * 65, "é" * 33, "😀" * 17])
async def test_data_is_counted_in_bytes(line: Line, data: str) -> None:
    markup = one(text="Go", callback_data=data)

    description = await line.why("sendMessage", chat_id=ANA, text="x", reply_markup=markup)
    assert description == "Bad Request: BUTTON_DATA_INVALID"


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        (one(text="", callback_data="x"), "inline keyboard button text must be non-empty"),
        (one(text="  ", callback_data="x"), "inline keyboard button text must be non-empty"),
        (one(text="Go"), "text buttons are unallowed in the inline keyboard"),
        (keyboard(*map(str, range(101))), "reply markup is too long"),
        (
            {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 9]},
            "reply markup is too long",
        ),
        ("{", "can't parse reply keyboard markup JSON object"),
        ([1], "can't parse reply keyboard markup JSON object"),
        ({"inline_keyboard": ["x"]}, "can't parse reply keyboard markup JSON object"),
        ({"inline_keyboard": 7}, "can't parse reply keyboard markup JSON object"),
        (one(text="x", copy_text={"text": "x" * 257}), "BUTTON_COPY_TEXT_INVALID"),
        (one(text="x", url="x", callback_data="x"), "BUTTON_TYPE_INVALID"),
    ],
)
async def test_keyboards_that_are_refused(line: Line, markup: Any, description: str) -> None:
    refused = await line.why("sendMessage", chat_id=ANA, text="x", reply_markup=markup)

    assert refused == f"Bad Request: {description}"
    assert line.sim.messages(ANA) == []


async def test_a_hundred_buttons_with_styles_and_addresses_pass(line: Line) -> None:
    rows = [
        [{"text": f"{row}.{at}", "callback_data": "x", "style": "danger"} for at in range(8)]
        for row in range(12)
    ]
    rows.append([{"text": "Open", "url": "https://e.test/"}, {"text": "Copy", "copy_text": {"text": "code"}}])

    message = await line.say("x", reply_markup={"inline_keyboard": rows})

    assert message["reply_markup"]["inline_keyboard"] == rows


async def test_a_press_reaches_the_bot_and_spins_until_it_is_answered(line: Line) -> None:
    await line.say("choose", reply_markup=keyboard("Status", "Wi-Fi"))
    press = line.sim.people.press(ANA, "Status")
    assert press is not None
    assert line.sim.spinning == ["Status"]

    (update,) = await line.updates()
    query = update["callback_query"]
    assert query["data"] == "status"
    assert query["from"]["id"] == ANA
    assert query["message"]["message_id"] == 1
    assert query["message"]["reply_markup"] == keyboard("Status", "Wi-Fi")
    assert query["chat_instance"].startswith("-")
    assert await line.call("answerCallbackQuery", callback_query_id=query["id"], text="Done") is True

    assert (press.spinning, press.text, line.sim.spinning) == (False, "Done", [])


async def test_a_late_answer_is_refused_and_the_spinner_goes_on(line: Line, clock: FrozenClock) -> None:
    await line.say("choose", reply_markup=keyboard("Go"))
    press = line.sim.people.press(ANA, "Go")
    assert press is not None

    clock.advance(15)
    assert await line.call("answerCallbackQuery", callback_query_id=press.id) is True
    press.answered = None
    clock.advance(0.5)

    assert await line.why("answerCallbackQuery", callback_query_id=press.id) == TOO_LATE
    assert press.spinning


async def test_an_unknown_query_is_refused(line: Line) -> None:
    assert await line.why("answerCallbackQuery", callback_query_id="1") == TOO_LATE


async def test_a_button_is_found_by_its_label_or_its_position(line: Line) -> None:
    await line.say("older", reply_markup=keyboard("🟢 Harbour Office", "Boat Yard"))
    await line.say("newer", reply_markup=keyboard("Next", "Boat Yard"))
    people = line.sim.people

    pressed = [
        people.press(ANA, "harbour"),
        people.press(ANA, "Boat Yard"),
        people.press_at(ANA, 1),
    ]

    assert [(press.message.id, press.data) for press in pressed if press] == [
        (1, "🟢 harbour office"),
        (2, "boat yard"),
        (2, "next"),
    ]
    for absent in (lambda: people.press(ANA, "Nowhere"), lambda: people.press_at(ANA, 3)):
        with pytest.raises(ValueError, match="has a button"):
            absent()


async def test_anyone_in_a_group_may_press_and_a_client_may_forge(line: Line) -> None:
    await line.say("all", GROUP, reply_markup=keyboard("Go"))
    line.sim.people.press(BEN, "Go", GROUP)
    line.sim.people.press_data(ANA, "forged", GROUP, reachable=False)

    first, second = [update["callback_query"] for update in await line.updates()]

    assert (first["from"]["id"], first["message"]["chat"]["id"], first["data"]) == (BEN, GROUP, "go")
    assert first["chat_instance"] == second["chat_instance"]
    assert second["data"] == "forged"
    group = {"id": GROUP, "type": "group", "title": "Watch"}
    assert second["message"] == {"chat": group, "message_id": 1, "date": 0}


async def test_a_button_that_opens_an_address_tells_the_bot_nothing(line: Line) -> None:
    await line.say("open", reply_markup=one(text="Open", url="https://e.test/"))

    assert line.sim.people.press(ANA, "Open") is None
    assert line.sim.pending == 0
