"""Situations: read together for all who come in at one time, so that they can be recorded together too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.relay.model import Identity
from core.areas.relay.store.identities import save_identity
from core.errors import StoreBusyError
from core.message import _
from core.moment import FrozenClock
from core.notify.people.person import Person
from core.notify.people.rows import save_person
from core.principal import Role
from core.relay.situation import Situations
from core.store.store import Store
from tests.notify.alerted import NOON
from tests.relay.test_pipeline import inbound

KEY = b"a fake audit key for tests only!"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite:///{tmp_path / 's.db'}", clock=FrozenClock(NOON), audit_key=KEY)
    async with store.writing() as transaction:
        await save_person(transaction, Person("ann", language="es"))
        for user, person in (("1", "ann"), ("2", "somebody gone")):
            await save_identity(transaction, Identity("telegram", user, person=person, role=Role.VIEWER))
    yield store
    await store.close()


async def test_what_comes_at_the_same_time_is_read_together(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, readings = store.reading, 0

    @asynccontextmanager
    async def counted() -> AsyncIterator[AsyncConnection]:
        nonlocal readings
        readings += 1
        async with reading() as connection:
            yield connection

    monkeypatch.setattr(store, "reading", counted)
    situations = Situations(store)
    found = await asyncio.gather(*(situations.of(inbound(str(key), user=str(key))) for key in range(1, 51)))
    assert readings == 1
    assert [each.identity.person for each in found if each.identity] == ["ann", "somebody gone"]
    assert [each.person.language if each.person else None for each in found[:3]] == ["es", None, None]


async def test_a_failure_is_told_to_all_who_wait_and_the_next_is_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def busy() -> AsyncIterator[AsyncConnection]:
        raise StoreBusyError(_("busy"))
        yield

    situations = Situations(store)
    with monkeypatch.context() as patch:
        patch.setattr(store, "reading", busy)
        both = await asyncio.gather(*map(situations.of, (inbound("1"), inbound("2"))), return_exceptions=True)
    assert [type(each) for each in both] == [StoreBusyError, StoreBusyError]
    assert (await situations.of(inbound("3", user="1"))).identity is not None


async def test_who_gives_up_waiting_keeps_nobody_from_being_read(store: Store) -> None:
    situations = Situations(store)
    first = asyncio.create_task(situations.of(inbound("1", user="1")))
    second = asyncio.create_task(situations.of(inbound("2", user="2")))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).identity is not None
