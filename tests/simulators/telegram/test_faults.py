"""Acceptance line 7 of telegram.md 9, second part: what can be made to go wrong."""

from __future__ import annotations

import time

import httpx
import pytest

from core.moment import SystemClock
from core.simulators.server import LoopbackServer
from core.simulators.telegram import TelegramSimulator
from tests.simulators.telegram.conftest import populated
from tests.simulators.telegram.line import ANA, BEN, CHANNEL, GROUP, SUPERGROUP, Line


async def test_a_429_that_is_forced(line: Line) -> None:
    line.sim.faults.add("send*", "429", 2, seconds=9)

    bodies = [await line.refused("sendMessage", chat_id=ANA, text="x") for _ in range(2)]

    assert [body["parameters"]["retry_after"] for body in bodies] == [9, 9]
    await line.say()


@pytest.mark.parametrize(
    ("kind", "chat", "description"),
    [
        ("blocked", ANA, "bot was blocked by the user"),
        ("deactivated", ANA, "user is deactivated"),
        ("kicked", GROUP, "bot was kicked from the group chat"),
        ("kicked", SUPERGROUP, "bot was kicked from the supergroup chat"),
        ("kicked", CHANNEL, "bot was kicked from the channel chat"),
        ("left", GROUP, "bot is not a member of the group chat"),
        ("left", SUPERGROUP, "bot is not a member of the supergroup chat"),
        ("left", CHANNEL, "bot is not a member of the channel chat"),
        ("deleted", GROUP, "the group chat was deleted"),
        ("stranger", ANA, "bot can't initiate conversation with a user"),
    ],
)
async def test_each_403_can_be_forced(line: Line, kind, chat: int, description: str) -> None:
    line.sim.faults.add("sendMessage", kind, chat=chat)

    body = await line.refused("sendMessage", chat_id=chat, text="x")

    assert (body["error_code"], body["description"]) == (403, f"Forbidden: {description}")
    await line.say("x", chat)


async def test_a_fault_strikes_only_its_method_and_chat(line: Line) -> None:
    line.sim.faults.add("sendMessage", "500", None, chat=ANA)

    await line.call("getMe")
    await line.say("x", BEN)
    assert await line.why("sendMessage", chat_id=ANA, text="x") == "Internal Server Error: restart"
    assert await line.why("sendMessage", chat_id=ANA, text="x") == "Internal Server Error: restart"
    line.sim.faults.clear()
    await line.say("x", ANA)


async def test_faults_strike_in_the_order_in_which_they_were_ordered(line: Line) -> None:
    line.sim.faults.add("*", "500")
    line.sim.faults.add("*", "502")

    statuses = [(await line.ask("getMe")).status_code for _ in range(3)]

    assert statuses == [500, 502, 200]


async def test_a_502_is_a_web_page(line: Line) -> None:
    line.sim.faults.add("sendMessage", "502")

    answer = await line.ask("sendMessage", chat_id=ANA, text="x")

    assert answer.status_code == 502
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<html>")


@pytest.mark.parametrize(("kind", "arrived"), [("drop-before", []), ("drop-after", ["x"])])
async def test_a_connection_is_lost_before_or_after_the_message_is_taken(
    line: Line, kind, arrived: list[str]
) -> None:
    line.sim.faults.add("sendMessage", kind)

    with pytest.raises(httpx.RemoteProtocolError):
        await line.ask("sendMessage", chat_id=ANA, text="x")

    assert [message.text for message in line.sim.messages(ANA)] == arrived


async def test_a_connection_is_cut_over_real_http_as_well() -> None:
    sim = populated(TelegramSimulator(SystemClock()))
    with LoopbackServer(sim.app) as server:
        async with httpx.AsyncClient(base_url=server.url) as client:
            line = Line(client, sim)
            for kind in ("drop-before", "drop-after"):
                sim.faults.add("sendMessage", kind)
                with pytest.raises(httpx.TransportError):
                    await line.ask("sendMessage", chat_id=ANA, text=kind)
            await line.say("whole")

    assert [message.text for message in sim.messages(ANA)] == ["drop-after", "whole"]


async def test_a_slow_answer_takes_real_time(line: Line) -> None:
    line.sim.faults.add("getMe", "slow", seconds=0.05)
    begun = time.monotonic()

    await line.call("getMe")

    assert time.monotonic() - begun >= 0.05


async def test_an_update_is_delivered_twice_though_it_was_confirmed(line: Line) -> None:
    line.sim.people.write(ANA, "once")
    line.sim.people.write(ANA, "more")
    first = (await line.updates())[0]
    assert await line.updates(first["update_id"] + 2, timeout=0) == []

    line.sim.duplicate(first["update_id"])

    assert await line.updates(first["update_id"] + 3) == [first]


async def test_poison_stands_in_the_queue_like_any_update(line: Line) -> None:
    line.sim.people.write(ANA, "before")
    poison = line.sim.poison()
    line.sim.people.write(ANA, "after")

    updates = await line.updates()

    assert [update["update_id"] for update in updates] == [poison.id - 1, poison.id, poison.id + 1]


def test_a_fault_that_makes_no_sense_is_refused(sim: TelegramSimulator) -> None:
    for wrong in (
        lambda: sim.faults.add("*", "teapot"),  # type: ignore[arg-type]
        lambda: sim.faults.add("*", "500", 0),
        lambda: sim.faults.add("*", "slow", seconds=-1),
    ):
        with pytest.raises(ValueError, match=r"fault|Unknown"):
            wrong()
