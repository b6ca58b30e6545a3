"""Preferences, credentials and writes that happen once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import StoreBusyError
from core.moment import FrozenClock
from core.store.credentials import (
    credential,
    credential_names,
    forget_credential,
    reencrypt_credentials,
    save_credential,
)
from core.store.idempotency import answer, save_answer
from core.store.preferences import preference, preferences, set_preference
from core.store.store import Store
from tests.store.conftest import write_and_fail


async def test_a_preference_has_a_history(store: Store, clock: FrozenClock) -> None:
    for value in ("L1", "L2", None):
        async with store.writing() as transaction:
            await set_preference(transaction, "ana", "location", value)
            await set_preference(transaction, "ben", "location", "L9")
        clock.advance(60)
    async with store.reading() as connection:
        for minutes, value in ((3, "L1"), (2, "L2"), (1, None), (0, None)):
            moment = clock.now() - timedelta(minutes=minutes)
            assert await preference(connection, "ana", "location", moment) == value
        assert await preferences(connection, "location", clock.now()) == ["L9"]
        assert await preferences(connection, "location", clock.now() - timedelta(minutes=3)) == ["L1", "L9"]


async def test_a_credential_is_kept_under_its_name(store: Store, clock: FrozenClock) -> None:
    async with store.writing() as transaction:
        await save_credential(transaction, "plume", "cipher one")
        await save_credential(transaction, "other", "cipher two")
    before = clock.now()
    clock.advance(60)
    async with store.writing() as transaction:
        await save_credential(transaction, "plume", "cipher three")
    async with store.reading() as connection:
        assert await credential(connection, "plume", clock.now()) == "cipher three"
        assert await credential(connection, "plume", before) == "cipher one"
        assert await credential(connection, "absent", clock.now()) is None
        assert await credential_names(connection, clock.now()) == ["other", "plume"]


async def test_a_forgotten_credential_is_gone_from_its_history_too(store: Store, clock: FrozenClock) -> None:
    async with store.writing() as transaction:
        await save_credential(transaction, "plume", "cipher one")
        await save_credential(transaction, "other", "cipher two")
    before = clock.now()
    clock.advance(60)
    async with store.writing() as transaction:
        await forget_credential(transaction, "plume")
    async with store.reading() as connection:
        assert await credential(connection, "plume", clock.now()) is None
        assert await credential(connection, "plume", before) is None
        assert await credential_names(connection, clock.now()) == ["other"]
    async with store.writing() as transaction:
        await save_credential(transaction, "plume", "cipher four")
    async with store.reading() as connection:
        assert await credential(connection, "plume", clock.now()) == "cipher four"


async def test_a_new_key_reaches_every_version(store: Store, clock: FrozenClock) -> None:
    for text in ("one", "two"):
        async with store.writing() as transaction:
            await save_credential(transaction, "plume", text)
        clock.advance(60)
    async with store.writing() as transaction:
        assert await reencrypt_credentials(transaction, str.upper) == 2
    async with store.reading() as connection:
        assert await credential(connection, "plume", clock.now()) == "TWO"
        assert await credential(connection, "plume", clock.now() - timedelta(minutes=2)) == "ONE"


async def test_a_write_is_remembered_with_what_it_did_or_not_at_all(store: Store, clock: FrozenClock) -> None:
    with pytest.raises(ZeroDivisionError):
        await write_and_fail(store, lambda transaction: save_answer(transaction, "key", "page"))
    async with store.reading() as connection:
        assert await answer(connection, "key") is None
    async with store.writing() as transaction:
        await save_answer(transaction, "key", "page")
    async with store.reading() as connection:
        assert await answer(connection, "key") == "page"


async def write_twice(store: Store) -> None:
    async with store.writing() as transaction:
        await set_preference(transaction, "ana", "theme", "dark")
        await save_answer(transaction, "key", "second")


async def test_of_two_writes_with_one_key_only_one_happens(store: Store, clock: FrozenClock) -> None:
    async with store.writing() as transaction:
        await save_answer(transaction, "key", "first")
    with pytest.raises(StoreBusyError, match="already"):
        await write_twice(store)
    async with store.reading() as connection:
        assert await answer(connection, "key") == "first"
        assert await preference(connection, "ana", "theme", clock.now()) is None
