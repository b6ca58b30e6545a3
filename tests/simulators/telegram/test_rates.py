"""Acceptance line 7 of telegram.md 9, first part: how fast a bot may speak."""

from __future__ import annotations

from core.moment import FrozenClock
from tests.simulators.telegram.line import ANA, BEN, GROUP, Line


async def sent(line: Line, chat_id: int, count: int) -> list[int]:
    """Statuses of so many messages in a row."""
    return [
        (await line.ask("sendMessage", chat_id=chat_id, text=str(each))).status_code for each in range(count)
    ]


async def test_one_chat_takes_a_short_burst_and_then_one_a_second(line: Line, clock: FrozenClock) -> None:
    assert await sent(line, ANA, 6) == [200] * 4 + [429] * 2
    body = await line.refused("sendMessage", chat_id=ANA, text="x")
    assert body["description"] == "Too Many Requests: retry after 1"

    clock.advance(1)
    assert await sent(line, ANA, 2) == [200, 429]
    clock.advance(60)
    assert await sent(line, ANA, 6) == [200] * 4 + [429] * 2


async def test_other_chats_have_a_measure_of_their_own(line: Line) -> None:
    await sent(line, ANA, 6)

    assert await sent(line, BEN, 2) == [200, 200]


async def test_all_chats_together_take_thirty_a_second(line: Line, clock: FrozenClock) -> None:
    for user in range(9_000, 9_040):
        line.sim.people.add_user(user, f"User {user}")

    statuses = [(await sent(line, user, 1))[0] for user in range(9_000, 9_040)]

    assert statuses == [200] * 30 + [429] * 10
    clock.advance(0.5)
    assert [(await sent(line, user, 1))[0] for user in range(9_000, 9_020)] == [200] * 15 + [429] * 5


async def test_a_group_takes_twenty_a_minute_edits_included(line: Line, clock: FrozenClock) -> None:
    for _ in range(10):
        assert await sent(line, GROUP, 1) == [200]
        clock.advance(1)
    for number in range(10):
        await line.call("editMessageText", chat_id=GROUP, message_id=1, text=f"edit {number}")
        clock.advance(1)

    body = await line.refused("editMessageText", chat_id=GROUP, message_id=1, text="one more")

    assert body["parameters"] == {"retry_after": 40}
    clock.advance(40)
    assert await sent(line, GROUP, 1) == [200]


async def test_what_is_refused_for_another_cause_does_not_count(line: Line) -> None:
    for _ in range(10):
        await line.why("sendMessage", chat_id=ANA, text="")

    assert await sent(line, ANA, 4) == [200] * 4


async def test_the_measure_can_be_switched_off(line: Line) -> None:
    line.sim.rates.enforced = False

    assert set(await sent(line, ANA, 60)) == {200}
