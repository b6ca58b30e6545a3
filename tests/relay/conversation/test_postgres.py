"""The same conversation on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.relay.inbound import Membership, Text
from core.relay.recording import record
from core.relay.turn import Outcome
from tests.postgres import postgres_server, postgres_url
from tests.relay.conversation.phones import ADMIN, OPERATOR, STRANGER, VIEWER, Phones, said, with_phones

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture
async def phones(postgres_url: str, tmp_path: Path) -> AsyncIterator[Phones]:
    async with with_phones(tmp_path, flags={"DATABASE_URL": postgres_url}) as phones:
        yield phones


async def test_a_conversation_goes_its_way(phones: Phones) -> None:
    await phones.write("/incident_open", OPERATOR)
    await phones.write("Router is down", OPERATOR)
    phones.restart()
    assert "Router is down" in said(await phones.press("Do it now", OPERATOR))
    await phones.write("/canned_edit greeting Hello there")
    await phones.write("/canned_remove greeting")
    await phones.press("Yes, do it")
    assert "any more" in said(await phones.press("Yes, do it"))
    await phones.take(phones.inbound(Membership(False), VIEWER))
    await phones.write("/pause")
    phones.world.clock.advance(601)
    assert "stopped asking" in said(await phones.expire())
    assert not await phones.dialogs()


async def test_many_are_recorded_at_once_and_each_once(phones: Phones) -> None:
    users = [ADMIN, OPERATOR, STRANGER, *(str(number) for number in range(8_000, 8_030))]
    inbounds = [phones.inbound(Text("/start"), user) for user in users]
    turns = await asyncio.gather(*(phones.conversations.take(each) for each in inbounds))
    pairs = list(zip(inbounds, turns, strict=True))

    for _again in range(2):
        async with phones.world.deck.services.store.writing() as transaction:
            await record(transaction, pairs)

    again = [await phones.conversations.take(each) for each in inbounds]
    assert {turn.outcome for turn in again} == {Outcome.IGNORED}
    for turn in turns:
        await phones.send(turn)
    assert sum(len(shown) for shown in phones.shown.values()) == len(users)
