"""Acceptance line 2 of telegram.md 9: getUpdates."""

from __future__ import annotations

import asyncio
import sys

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.telegram import TelegramSimulator
from tests.simulators.telegram.line import ANA, BEN, Line, keyboard

OTHER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


def numbers(updates: list[dict]) -> list[int]:
    return [update["update_id"] - 900_000 for update in updates]


def write(line: Line, count: int) -> None:
    for number in range(count):
        line.sim.people.write(ANA, f"message {number}")


async def test_an_update_has_the_shape_of_the_contract(line: Line) -> None:
    line.sim.people.write(ANA, "/status loc-7")

    (update,) = await line.updates()

    user = {"id": ANA, "is_bot": False, "first_name": "Ana", "username": "ana_ops", "language_code": "en"}
    assert update == {
        "update_id": 900_001,
        "message": {
            "message_id": 1,
            "from": user,
            "chat": {"id": ANA, "type": "private", "first_name": "Ana", "username": "ana_ops"},
            "date": 1769079600,
            "text": "/status loc-7",
            "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
        },
    }


async def test_updates_come_again_until_a_higher_offset_confirms_them(line: Line) -> None:
    write(line, 3)

    assert numbers(await line.updates()) == [1, 2, 3]
    line.sim.advance(10)
    assert numbers(await line.updates()) == [1, 2, 3]
    assert numbers(await line.updates(900_003)) == [3]
    line.sim.advance(10)
    assert numbers(await line.updates()) == [3]
    assert line.sim.pending == 1


async def test_a_negative_offset_keeps_only_the_last(line: Line) -> None:
    write(line, 5)

    assert numbers(await line.updates(-2)) == [4, 5]
    assert line.sim.pending == 2


@pytest.mark.parametrize(("limit", "expected"), [(0, 1), (-5, 1), (1, 1), (7, 7), (100, 100), (1000, 100)])
async def test_the_limit_is_from_1_to_100(line: Line, limit: int, expected: int) -> None:
    write(line, 120)

    assert len(await line.updates(limit=limit)) == expected


async def test_without_a_limit_there_are_100(line: Line) -> None:
    write(line, 120)

    assert len(await line.updates()) == 100


async def test_a_poll_is_held_until_something_comes(line: Line) -> None:
    poll = asyncio.create_task(line.updates(timeout=30))
    await asyncio.sleep(0.05)
    assert not poll.done()

    line.sim.people.write(ANA, "now")

    assert numbers(await poll) == [1]


async def test_a_poll_ends_empty_when_its_time_is_over_on_the_clock(line: Line) -> None:
    poll = asyncio.create_task(line.updates(timeout=30))
    await asyncio.sleep(0.03)
    line.sim.advance(29)
    await asyncio.sleep(0.03)
    assert not poll.done()

    line.sim.advance(1)

    assert await poll == []


async def test_a_timeout_beyond_50_seconds_is_50(line: Line) -> None:
    poll = asyncio.create_task(line.updates(timeout=1000))
    await asyncio.sleep(0.03)

    line.sim.advance(50)

    assert await poll == []


async def test_a_newer_poll_ends_the_older_with_409(line: Line) -> None:
    older = asyncio.create_task(line.ask("getUpdates", timeout=30))
    await asyncio.sleep(0.03)
    newer = asyncio.create_task(line.ask("getUpdates", timeout=30))

    answer = await older
    assert (answer.status_code, answer.json()["description"]) == (409, OTHER)
    assert not newer.done()
    line.sim.people.write(ANA, "x")
    assert len((await newer).json()["result"]) == 1


async def test_repeated_conflicts_are_answered_after_three_seconds(line: Line) -> None:
    polls = [asyncio.create_task(line.ask("getUpdates", timeout=30)) for _ in range(1)]
    for _ in range(2):
        await asyncio.sleep(0.03)
        polls.append(asyncio.create_task(line.ask("getUpdates", timeout=30)))
    assert (await polls[0]).status_code == 409
    await asyncio.sleep(0.05)
    assert not polls[1].done()

    line.sim.advance(3)

    assert (await polls[1]).status_code == 409
    line.sim.advance(50)
    assert (await polls[2]).status_code == 200


async def test_under_a_webhook_polling_is_a_conflict(line: Line) -> None:
    await line.call("setWebhook", url="http://127.0.0.1:9/hook")

    assert await line.why("getUpdates") == ACTIVE


async def test_setting_a_webhook_ends_the_poll_that_is_held(line: Line) -> None:
    poll = asyncio.create_task(line.ask("getUpdates", timeout=30))
    await asyncio.sleep(0.03)

    await line.call("setWebhook", url="http://127.0.0.1:9/hook")

    answer = await poll
    assert answer.status_code == 409
    assert answer.json()["description"] == "Conflict: terminated by setWebhook request"


async def test_only_the_kinds_asked_for_come_from_then_on(line: Line) -> None:
    line.sim.people.write(ANA, "before")
    await line.updates(allowed_updates=["callback_query"])
    line.sim.people.write(ANA, "not wanted")
    await line.say("buttons", reply_markup=keyboard("Go"))
    line.sim.people.press(ANA, "Go")

    line.sim.advance(5)
    kinds = [sorted(update.keys() - {"update_id"}) for update in await line.updates()]

    assert kinds == [["message"], ["callback_query"]], "what waited already still comes"


async def test_leaving_the_kinds_out_keeps_them_and_an_empty_list_takes_the_usual_ones(line: Line) -> None:
    await line.updates(1, allowed_updates=["callback_query"])
    await line.updates(2)
    line.sim.people.write(ANA, "not wanted")
    assert line.sim.pending == 0

    await line.updates(3, allowed_updates=[])
    line.sim.people.write(ANA, "wanted")

    assert len(await line.updates(4)) == 1


async def test_messages_wait_a_day_and_presses_150_seconds(line: Line, clock: FrozenClock) -> None:
    await line.say("buttons", reply_markup=keyboard("Go"))
    line.sim.people.press(ANA, "Go")
    line.sim.people.write(ANA, "x")
    assert line.sim.pending == 2

    clock.advance(149)
    assert line.sim.pending == 2
    clock.advance(1)
    assert line.sim.pending == 1
    clock.advance(24 * 3600 - 150 - 1)
    assert line.sim.pending == 1
    clock.advance(1)
    assert line.sim.pending == 0


async def test_the_same_question_at_once_is_held_and_cut(line: Line) -> None:
    assert await line.updates(timeout=0) == []
    again = asyncio.create_task(line.updates(timeout=0))
    await asyncio.sleep(0.05)
    assert not again.done(), "a second such poll within three seconds is held for three"
    write(line, 2)
    assert len(await again) == 1, "and within half a second gets one at a time"


async def test_an_answer_is_cut_at_four_mebibytes(line: Line) -> None:
    for _ in range(60):
        line.sim.inject({"message": {"text": "x" * 100_000}})

    assert len(await line.updates()) == 41


async def test_numbers_jump_after_a_week_of_silence(line: Line, clock: FrozenClock) -> None:
    line.sim.people.write(ANA, "x")
    clock.advance(7 * 24 * 3600 + 1)
    line.sim.people.write(ANA, "y")
    line.sim.people.write(ANA, "z")

    first, second = numbers(await line.updates())
    assert first > 2
    assert second == first + 1


async def drained(sim: TelegramSimulator, count: int) -> list[int]:
    """All that waits, taken and confirmed as a client does."""
    taken: list[int] = []
    transport = httpx.ASGITransport(app=sim.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://telegram.test") as client:
        while len(taken) < count:
            batch = await Line(client, sim).updates(taken[-1] + 1 if taken else 0)
            taken += [update["update_id"] for update in batch]
    return taken


async def test_ten_thousand_updates_come_once_each_and_in_order(sim: TelegramSimulator) -> None:
    for index in range(10_000):
        sim.people.write(ANA, str(index))

    taken = await drained(sim, 10_000)

    assert taken == list(range(900_001, 910_001))


async def test_ten_times_as_many_updates_cost_ten_times_as_much(clock: FrozenClock) -> None:
    """Counted in calls of functions, so that it doesn't depend on the machine."""

    def cost(count: int) -> int:
        sim = TelegramSimulator(clock)
        sim.people.add_user(ANA, "Ana")
        calls = 0

        def note(_frame: object, event: str, _argument: object) -> None:
            nonlocal calls
            calls += event in ("call", "c_call")

        sys.setprofile(note)
        try:
            for _ in range(count):
                sim.people.write(ANA, "x")
            asyncio.run(drained(sim, count))
        finally:
            sys.setprofile(None)
        return calls

    few, many = await asyncio.to_thread(cost, 200), await asyncio.to_thread(cost, 2_000)
    assert many < 12 * few


async def test_several_people_share_one_queue_in_order(line: Line) -> None:
    for index in range(6):
        line.sim.people.write((ANA, BEN)[index % 2], str(index))

    assert [update["message"]["text"] for update in await line.updates()] == list("012345")
