"""Acceptance line 10 of telegram.md 9: the control side, over HTTP and in Python."""

from __future__ import annotations

from typing import Any

from core.simulators.telegram import TelegramSimulator
from tests.simulators.telegram.line import ANA, GROUP, Line, keyboard


async def posted(line: Line, path: str, **body: Any) -> Any:
    answer = await line.client.post(f"/_sim/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_whole_session_can_be_steered_over_http(line: Line) -> None:
    await posted(line, "users", user_id=6001, name="Cleo", language="pt")
    await posted(line, "groups", chat_id=-600, title="Crew", members=[6001])
    written = await posted(line, "write", user_id=6001, text="/start")
    await posted(line, "write", user_id=6001, text="/status", chat_id=-600)
    assert (written["text"], len(await line.updates())) == ("/start", 2)
    await line.say("choose", 6001, reply_markup=keyboard("Status", "Wi-Fi"))

    by_label = await posted(line, "press", user_id=6001, label="Wi-Fi")
    by_position = await posted(line, "press", user_id=6001, position=1)
    forged = await posted(line, "press", user_id=6001, data="forged")

    assert [press["data"] for press in (by_label, by_position, forged)] == ["wi-fi", "status", "forged"]
    text = (await line.client.get("/_sim/transcript/6001", params={"format": "text"})).text
    assert text.splitlines() == [
        "Cleo: /start",
        "Ops to Cleo: choose",
        "    [Status]",
        "    [Wi-Fi]",
        "Cleo presses [Wi-Fi]",
        "Cleo presses [Status]",
        "Cleo presses [forged]",
    ]
    entries = (await line.client.get("/_sim/transcript/6001")).json()
    assert [entry["kind"] for entry in entries] == ["sent", "sent", "pressed", "pressed", "pressed"]


async def test_faults_are_ordered_and_ended_over_http(line: Line) -> None:
    (fault,) = await posted(line, "faults", method="send*", kind="429", times=2, seconds=7)
    assert (fault["kind"], fault["times"]) == ("429", 2)
    assert (await line.refused("sendMessage", chat_id=ANA, text="x"))["parameters"] == {"retry_after": 7}

    assert (await line.client.delete("/_sim/faults")).json() == []
    await line.say()


async def test_time_goes_on_over_http(line: Line) -> None:
    before = (await line.say())["date"]

    await posted(line, "clock", advance=3600)

    assert (await line.say())["date"] - before == 3600


async def test_updates_are_spoilt_and_standing_changed_over_http(line: Line) -> None:
    await posted(line, "write", user_id=ANA, text="x")
    assert await posted(line, "updates", poison=1, inject={"poll": {"id": "1"}}) == {"pending": 3}
    await posted(line, "updates", duplicate=1)
    updates = await line.updates()
    assert len(updates) == 4
    assert "poll" in updates[0]

    await posted(line, "standing", chat_id=ANA, standing="blocked", by=ANA)
    assert (await line.refused("sendMessage", chat_id=ANA, text="x"))["error_code"] == 403
    assert (await posted(line, "migrate", chat_id=GROUP, new_id=-100_777))["type"] == "supergroup"


async def test_calls_are_shown(line: Line) -> None:
    await line.say("hello")

    (call,) = (await line.client.get("/_sim/calls")).json()

    assert (call["method"], call["values"]["text"], call["status"]) == ("sendmessage", "hello", 200)


async def test_an_order_that_can_not_be_carried_out_is_explained(line: Line) -> None:
    for path, body in (
        ("write", {"user_id": 1, "text": "x"}),
        ("press", {"user_id": ANA, "label": "Nowhere"}),
        ("faults", {"method": "*", "kind": "teapot"}),
        ("write", {"nonsense": 1}),
    ):
        answer = await line.client.post(f"/_sim/{path}", json=body)
        assert answer.status_code == 422
        assert answer.json()["message"]


async def test_the_transcript_shows_edits_deletions_files_and_what_pops_up(line: Line) -> None:
    sim: TelegramSimulator = line.sim
    await line.say("first\nsecond line", reply_markup=keyboard("Go", "Stop"))
    press = sim.people.press(ANA, "Go")
    assert press is not None
    await line.call("answerCallbackQuery", callback_query_id=press.id, text="On it")
    await line.call("editMessageText", chat_id=ANA, message_id=1, text="changed")
    await line.client.post(
        f"{line.base}/sendDocument",
        data={"chat_id": str(ANA), "caption": "The week"},
        files={"document": ("week.csv", b"x" * 2048)},
    )
    await line.call("deleteMessage", chat_id=ANA, message_id=1)

    assert sim.transcript(ANA).splitlines() == [
        "Ops to Ana: first",
        "    second line",
        "    [Go]",
        "    [Stop]",
        "Ana presses [Go]",
        "Ops to Ana pops up “On it”",
        "Ops to Ana changes message 1: changed",
        "Ops to Ana: (document: week.csv, 2.0 KiB)",
        "    The week",
        "Ops to Ana deletes message 1",
    ]


def test_the_same_seed_and_clock_give_the_same_world(sim: TelegramSimulator) -> None:
    def story(sim: TelegramSimulator) -> list[bytes]:
        sim.people.add_user(ANA, "Ana")
        return [sim.poison().body, sim.inject({"message": {}}).body]

    again = TelegramSimulator(sim.time)
    assert story(sim) == story(again)
