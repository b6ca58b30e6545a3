"""Answers in the outbox: once each, in their order, and only the last of those that change a message."""

from __future__ import annotations

from datetime import timedelta

from core.message import _
from core.moment import FrozenClock
from core.notify.answers import ANSWER, enqueue_replies
from core.notify.delivery.recipients import disable, gone_recipients, move
from core.notify.delivery.rows import OutboxState, rows
from core.notify.notice import Answer, NoticeClass, Recipient
from core.store.store import Store

ANN = Recipient("ann", "telegram", "5001", "es", "Africa/Nairobi")
BEN = Recipient("ben", "telegram", "5002")


def answer(key: str, recipient: Recipient = ANN, edits: str = "") -> Answer:
    return Answer(key, recipient, f"content of {key}", edits)


async def add(store: Store, *answers: Answer) -> None:
    async with store.writing() as transaction:
        await enqueue_replies(transaction, answers)


async def test_an_answer_is_worth_a_minute_and_says_its_content(store: Store, clock: FrozenClock) -> None:
    await add(store, answer("telegram:42:7:1"))
    async with store.reading() as connection:
        (row,) = await rows(connection, channel="telegram")
    assert (row.cls, row.kind, row.recipient) == (NoticeClass.REPLY, ANSWER, ANN)
    assert row.wording.content == "content of telegram:42:7:1"
    assert row.expires == clock.now() + timedelta(seconds=60)


async def test_the_same_answer_again_adds_nothing(store: Store) -> None:
    await add(store, answer("a"), answer("b"))
    await add(store, answer("a"), answer("c"), answer("c"))
    async with store.reading() as connection:
        found = await rows(connection)
    assert [row.notice for row in reversed(found)] == ["a", "b", "c"]


async def test_answers_are_numbered_within_their_chat(store: Store) -> None:
    await add(store, answer("a"), answer("b", BEN), answer("c"))
    await add(store, answer("a"), answer("d"), answer("e", BEN))
    async with store.reading() as connection:
        found = await rows(connection)
    assert {row.notice: row.sequence for row in found} == {"a": 1, "c": 2, "d": 3, "b": 1, "e": 2}


async def test_of_answers_that_change_one_message_the_last_goes_out(store: Store) -> None:
    await add(store, answer("a", edits="12"), answer("b", BEN, edits="12"))
    await add(store, answer("c", edits="12"), answer("d", edits="13"), answer("e", edits="12"))
    async with store.reading() as connection:
        waiting = await rows(connection, states=[OutboxState.PENDING])
        stopped = await rows(connection, states=[OutboxState.WITHDRAWN])
    assert [row.wording.content[-1] for row in reversed(waiting)] == ["b", "d", "e"]
    assert [row.wording.content[-1] for row in reversed(stopped)] == ["a", "c"]


async def test_who_had_gone_and_asks_is_there_again(store: Store) -> None:
    async with store.writing() as transaction:
        await disable(transaction, "telegram", "5001", _("They blocked us."))
    await add(store, answer("a"))
    async with store.reading() as connection:
        assert not await gone_recipients(connection)
        (row,) = await rows(connection)
    assert row.state is OutboxState.PENDING


async def test_an_answer_follows_a_chat_that_moved(store: Store) -> None:
    async with store.writing() as transaction:
        await move(transaction, "telegram", "5001", "-1005001", _("It is a supergroup now."))
    await add(store, answer("a"))
    async with store.reading() as connection:
        (row,) = await rows(connection)
    assert row.recipient.address == "-1005001"
