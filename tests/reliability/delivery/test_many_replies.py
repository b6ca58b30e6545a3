"""Many answers that wait for a provider's rate: what is looked at, and that nothing hides behind them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.moment import FrozenClock
from core.notify.answers import enqueue_replies
from core.notify.delivery.countdowns import Countdowns
from core.notify.delivery.rows import OutboxState
from core.notify.delivery.survey import MOST_REPLIES, Survey
from core.notify.notice import Answer, NoticeClass, Recipient
from core.store.store import Store
from tests.reliability.delivery.kit import Delivery, Trial, to

MANY = 2 * MOST_REPLIES + 10


class Other(Trial):
    """Another channel."""

    name = "other"


async def ask(store: Store, *channels: str, count: int = MANY) -> None:
    """Answers to people who all wrote at once."""
    async with store.writing() as transaction:
        answers = [
            Answer(f"{channel}:{number}", Recipient("", channel, f"chat {number}"), "content")
            for channel in channels
            for number in range(count)
        ]
        await enqueue_replies(transaction, answers)


async def looked_at(store: Store, clock: FrozenClock, *channels: str) -> list[tuple[str, str]]:
    survey = Survey(Countdowns(clock), channels)
    async with store.reading() as connection:
        found = await survey.take(connection, store.present(), clock.now())
    return [(each.channel, each.address) for each in found]


async def test_of_many_replies_the_oldest_of_each_channel_are_looked_at(
    store: Store, clock: FrozenClock
) -> None:
    await ask(store, "trial", "other")
    found = await looked_at(store, clock, "trial", "other")
    expected = [(name, f"chat {number}") for name in ("trial", "other") for number in range(MOST_REPLIES)]
    assert found == expected


async def test_replies_by_a_channel_that_this_process_does_not_have_are_all_looked_at(
    store: Store, clock: FrozenClock
) -> None:
    await ask(store, "trial")
    assert len(await looked_at(store, clock, "other")) == MANY, "somebody has to see that they expire"


async def test_many_replies_all_go_out_in_their_order(store: Store, delivery: Delivery) -> None:
    await ask(store, "trial")
    await delivery.go(delivery.sender(), seconds=40)
    assert [each.recipient.address for each in delivery.trial.sent] == [f"chat {n}" for n in range(MANY)]


async def test_a_notice_does_not_wait_behind_many_replies(store: Store, delivery: Delivery) -> None:
    await ask(store, "trial")
    await delivery.tell(to("ann", "trial"), cls=NoticeClass.CRITICAL)
    sender = delivery.sender()
    await sender.turn()
    await sender.settled()
    assert delivery.trial.sent[0].cls is NoticeClass.CRITICAL


async def test_many_replies_that_nobody_waits_for_any_more_do_not_hold_up_new_ones(
    store: Store, delivery: Delivery, clock: FrozenClock
) -> None:
    await ask(store, "trial")
    clock.advance(timedelta(hours=1).total_seconds())
    async with store.writing() as transaction:
        await enqueue_replies(transaction, [Answer("new", Recipient("", "trial", "ben"), "content")])
    sender = delivery.sender()
    await sender.turn()
    await sender.settled()
    assert [each.recipient.address for each in delivery.trial.sent] == ["ben"]
    assert (await delivery.states()).count(OutboxState.EXPIRED) == MANY


@pytest.mark.parametrize("count", [11, MANY])
async def test_of_too_many_replies_to_one_person_the_newest_ten_go_out(
    store: Store, delivery: Delivery, count: int
) -> None:
    async with store.writing() as transaction:
        answers = [Answer(f"{n}", Recipient("", "trial", "ann"), f"content {n}") for n in range(count)]
        await enqueue_replies(transaction, answers)
    await delivery.go(delivery.sender(), seconds=15)
    sent = [each.wording.content for each in delivery.trial.sent]
    assert sent == [f"content {n}" for n in range(count - 10, count)]
