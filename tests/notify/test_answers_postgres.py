"""Answers in the outbox of a real PostgreSQL: the same as on SQLite, also from two processes at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.moment import FrozenClock
from core.notify.delivery.rows import rows
from core.store.store import Store
from tests.notify.conftest import KEY
from tests.notify.test_answers import (
    BEN,
    add,
    answer,
    test_an_answer_follows_a_chat_that_moved,
    test_an_answer_is_worth_a_minute_and_says_its_content,
    test_answers_are_numbered_within_their_chat,
    test_of_answers_that_change_one_message_the_last_goes_out,
    test_the_same_answer_again_adds_nothing,
    test_who_had_gone_and_asks_is_there_again,
)
from tests.postgres import postgres_server, postgres_url

__all__ = [
    "postgres_server",
    "postgres_url",
    "test_an_answer_follows_a_chat_that_moved",
    "test_an_answer_is_worth_a_minute_and_says_its_content",
    "test_answers_are_numbered_within_their_chat",
    "test_of_answers_that_change_one_message_the_last_goes_out",
    "test_the_same_answer_again_adds_nothing",
    "test_who_had_gone_and_asks_is_there_again",
]


@pytest.fixture
async def store(postgres_url: str, clock: FrozenClock) -> AsyncIterator[Store]:
    store = await Store.open(postgres_url, clock=clock, audit_key=KEY)
    yield store
    await store.close()


async def test_two_processes_that_answer_the_same_at_once_answer_once_and_in_order(
    store: Store, postgres_url: str, clock: FrozenClock
) -> None:
    other = await Store.open(postgres_url, clock=clock, audit_key=KEY)
    try:
        answers = [answer(f"key {number}") for number in range(20)] + [answer("ben", BEN)]
        await asyncio.gather(*(add(each, *answers) for each in (store, other) for _time in range(5)))
    finally:
        await other.close()
    async with store.reading() as connection:
        found = sorted(await rows(connection), key=lambda row: row.sequence)
    asked = [row.notice for row in found if row.recipient.address != BEN.address]
    assert asked == [f"key {number}" for number in range(20)]
    assert [row.sequence for row in found if row.recipient.address != BEN.address] == list(range(1, 21))
    assert [row.notice for row in found if row.recipient.address == BEN.address] == ["ben"]
