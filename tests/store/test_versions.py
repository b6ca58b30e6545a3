"""Versions of entities: what changed, what is gone, and what was known when."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, String, func, select

from core.moment import FrozenClock
from core.store.metadata import new_metadata
from core.store.store import Store
from core.store.versions import Change, as_of, record, versioned_table

_numbers = count()
METADATA: MetaData = new_metadata()
PODS = versioned_table(
    "toy_pod",
    METADATA,
    [Column("location", String(40)), Column("pod", String(40))],
    [Column("name", String(40)), Column("devices", Integer)],
)


@pytest.fixture
async def pods(store: Store) -> Store:
    async with store.writing() as transaction:
        await transaction.connection.run_sync(METADATA.create_all)
    return store


def pod(name: str, devices: int | None = 0, location: str = "L1") -> dict[str, object]:
    return {"location": location, "pod": name, "name": f"Pod {name}", "devices": devices}


async def put(store: Store, *rows: dict[str, object], location: str | None = "L1") -> list[Change]:
    scope = None if location is None else {"location": location}
    async with store.writing() as transaction:
        return await record(transaction, PODS, rows, scope=scope)


async def known(store: Store, clock: FrozenClock, ago: int = 0, **scope: object) -> dict[object, object]:
    async with store.reading() as connection:
        rows = await as_of(connection, PODS, clock.now() - timedelta(seconds=ago), **scope)
    return {row["pod"]: row["devices"] for row in rows}


async def versions(store: Store) -> int:
    async with store.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(PODS)) or 0


async def test_only_a_difference_makes_a_version(pods: Store, clock: FrozenClock) -> None:
    assert [change.before for change in await put(pods, pod("a"), pod("b"))] == [None, None]
    clock.advance(60)
    assert await put(pods, pod("a"), pod("b")) == []
    changes = await put(pods, pod("a", 3), pod("b"))
    assert [(dict(c.key), c.before, c.after) for c in changes] == [
        (
            {"location": "L1", "pod": "a"},
            {"name": "Pod a", "devices": 0},
            {"name": "Pod a", "devices": 3},
        )
    ]
    assert await versions(pods) == 3


async def test_each_past_moment_reads_as_it_was(pods: Store, clock: FrozenClock) -> None:
    for devices in (1, 2, None):
        await put(pods, pod("a", devices))
        clock.advance(60)
    assert await known(pods, clock, 180) == {"a": 1}
    assert await known(pods, clock, 119) == {"a": 2}
    assert await known(pods, clock, 60) == {"a": None}
    assert await known(pods, clock, 181) == {}


async def test_what_is_no_longer_listed_is_gone_and_may_come_back(pods: Store, clock: FrozenClock) -> None:
    await put(pods, pod("a"), pod("b"))
    clock.advance(60)
    gone = await put(pods, pod("a"))
    assert [(c.key["pod"], c.after) for c in gone] == [("b", None)]
    assert await known(pods, clock) == {"a": 0}
    assert await put(pods, pod("a")) == []
    clock.advance(60)
    back = await put(pods, pod("a"), pod("b"))
    assert [(c.key["pod"], c.before) for c in back] == [("b", None)]
    assert await known(pods, clock) == {"a": 0, "b": 0}
    assert await known(pods, clock, 60) == {"a": 0}
    assert await known(pods, clock, 120) == {"a": 0, "b": 0}


async def test_a_scope_leaves_other_entities_alone(pods: Store, clock: FrozenClock) -> None:
    await put(pods, pod("a"), location="L1")
    await put(pods, pod("b", location="L2"), location="L2")
    clock.advance(60)
    await put(pods, location="L1")
    assert await known(pods, clock) == {"b": 0}
    assert await known(pods, clock, location="L1") == {}


async def test_without_a_scope_nothing_is_gone(pods: Store, clock: FrozenClock) -> None:
    await put(pods, pod("a"), pod("b"))
    clock.advance(60)
    await put(pods, pod("a", 9), location=None)
    assert await known(pods, clock) == {"a": 9, "b": 0}


async def test_an_entity_may_move_into_the_scope(pods: Store, clock: FrozenClock) -> None:
    await put(pods, {**pod("a"), "name": "old"}, location=None)
    clock.advance(60)
    async with pods.writing() as transaction:
        changes = await record(transaction, PODS, [{**pod("a"), "name": "new"}], scope={"name": "new"})
    assert [(c.before or {})["name"] for c in changes] == ["old"]
    assert await known(pods, clock) == {"a": 0}


async def test_one_moment_has_one_version(pods: Store, clock: FrozenClock) -> None:
    await put(pods, pod("a", 1))
    await put(pods, pod("a", 2))
    assert await known(pods, clock) == {"a": 2}
    assert await versions(pods) == 1
    clock.advance(1)
    await put(pods, pod("a", 3))
    await put(pods, pod("a", 2))
    assert await known(pods, clock, 1) == {"a": 2}
    assert await known(pods, clock) == {"a": 2}


async def test_more_rows_than_one_statement_takes(pods: Store, clock: FrozenClock) -> None:
    rows = [pod(f"p{i}", i) for i in range(1_300)]
    assert len(await put(pods, *rows, location=None)) == 1_300
    clock.advance(1)
    assert await put(pods, *rows, location=None) == []
    assert len(await known(pods, clock)) == 1_300


states = st.dictionaries(st.sampled_from("abc"), st.one_of(st.none(), st.integers(0, 2)))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=st.lists(st.tuples(st.sampled_from([0, 1, 60]), states), min_size=1, max_size=8))
async def test_the_past_reads_as_a_list_of_remembered_states(
    pods: Store, clock: FrozenClock, history: list[tuple[int, dict[str, int | None]]]
) -> None:
    location = f"random {next(_numbers)}"
    clock.advance(60)
    remembered: dict[object, dict[str, int | None]] = {}
    for wait, state in history:
        clock.advance(wait)
        await put(pods, *(pod(name, devices, location) for name, devices in state.items()), location=location)
        remembered[clock.now()] = state
    async with pods.reading() as connection:
        for moment, state in remembered.items():
            rows = await as_of(connection, PODS, moment, location=location)  # type: ignore[arg-type]
            assert {row["pod"]: row["devices"] for row in rows} == state
