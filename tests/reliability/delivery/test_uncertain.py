"""Repeats only where nobody knows, and marked as such (reliability.md R3 and the table of classes)."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from core.moment import FrozenClock
from core.notify.channels.failures import FailureClass
from core.notify.delivery.rows import OutboxState
from core.notify.delivery.sender import TIME_LIMIT
from core.notify.notice import NoticeClass
from tests.reliability.delivery.kit import HERE, THERE, Delivery, to


@pytest.mark.parametrize(
    ("cls", "repeats", "state"),
    [
        (NoticeClass.CRITICAL, 4, OutboxState.SENT),
        (NoticeClass.NORMAL, 1, OutboxState.UNCERTAIN),
        (NoticeClass.INFO, 0, OutboxState.UNCERTAIN),
        (NoticeClass.REPLY, 0, OutboxState.UNCERTAIN),
    ],
)
async def test_r3_an_uncertain_notice_is_repeated_as_its_class_says_and_marked(
    delivery: Delivery, cls: NoticeClass, repeats: int, state: OutboxState
) -> None:
    delivery.receiver.expect("/ann", ["accept-then-drop"] * 4)
    await delivery.tell(cls=cls, title="Down")

    await delivery.go(delivery.sender(), seconds=600, step=10)

    marks = [arrival.data["possible_repeat"] for arrival in delivery.receiver.taken]
    assert marks == [False, *[True] * repeats]
    assert [row.state for row in await delivery.rows(notice="notice1")] == [state]
    assert len({arrival.number for arrival in delivery.arrivals}) == 1
    if repeats:
        assert delivery.titles()[1] == "(possible repeat) Down"


async def test_r3_a_key_arrives_at_most_once_more_than_it_was_uncertain(delivery: Delivery) -> None:
    for number in range(6):
        cls = NoticeClass.CRITICAL if number % 2 else NoticeClass.NORMAL
        await delivery.tell(cls=cls, subject=f"pod:{number}")
    delivery.receiver.expect("/ann", ["accept-then-drop", 200, 500, "accept-then-drop", "drop", (429, 3.0)])

    await delivery.go(delivery.sender(), seconds=900, step=15)

    taken = Counter(arrival.number for arrival in delivery.receiver.taken)
    for row in await delivery.rows():
        uncertain = (await delivery.outcomes(row.id)).count(FailureClass.UNCERTAIN.value)
        arrived = taken[next(a.number for a in delivery.arrivals if row.notice in a.data["covers"])]
        assert arrived <= 1 + uncertain
    repeated = [a for a in delivery.receiver.taken if a.data["possible_repeat"]]
    assert repeated
    assert sum(taken.values()) - len(taken) <= len(repeated)


async def test_a_try_that_takes_too_long_is_broken_off_and_uncertain(
    delivery: Delivery, clock: FrozenClock
) -> None:
    delivery.trial.does = [asyncio.Event()]
    sender = delivery.sender()
    await delivery.tell(to(channel="trial"), cls=NoticeClass.CRITICAL)
    await sender.turn()
    await asyncio.sleep(0)

    for _second in range(int(TIME_LIMIT) - 1):
        clock.advance(1)
        await sender.turn()
    assert await delivery.states() == [OutboxState.LEASED]
    clock.advance(1)
    await sender.turn()
    await sender.settled()
    await delivery.go(sender, seconds=30)

    assert [each.possible_repeat for each in delivery.trial.sent] == [False, True]
    assert await delivery.outcomes(1) == ["uncertain", "sent"]


async def test_the_lease_of_a_sender_that_lives_is_left_alone_and_of_one_that_froze_taken_over(
    delivery: Delivery, clock: FrozenClock
) -> None:
    gate = asyncio.Event()
    delivery.trial.does = [gate]
    frozen, other = delivery.sender(HERE), delivery.sender(THERE)
    await delivery.tell(to(channel="trial"), cls=NoticeClass.CRITICAL)
    await frozen.turn()
    await asyncio.sleep(0)
    for _second in range(15):
        clock.advance(1)
        await frozen.turn()
        await other.turn()
    for _second in range(24):
        clock.advance(1)
        await other.turn()
    assert len(delivery.trial.sent) == 1

    await delivery.go(other, seconds=3)

    assert [each.possible_repeat for each in delivery.trial.sent] == [False, True]
    gate.set()
    await frozen.settled()
    assert await delivery.states() == [OutboxState.SENT]
    assert await delivery.outcomes(1) == ["sent", "sent"]


async def test_the_row_of_a_sender_known_dead_is_taken_over_at_once(delivery: Delivery) -> None:
    delivery.trial.does = [asyncio.Event()]
    dead = delivery.sender(HERE)
    await delivery.tell(to(channel="trial"), cls=NoticeClass.CRITICAL)
    await dead.turn()
    await asyncio.sleep(0)

    await delivery.go(delivery.sender(THERE, dead=lambda other, _here: other == HERE), seconds=2)

    assert [each.possible_repeat for each in delivery.trial.sent] == [False, True]
    await dead.stop()
