"""The numbers that the plant gives away (whatsapp.md A3 and D7)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.areas.plant.store.sequences import next_number
from tests.areas.plant.orders.world import World

_2026, _2027 = datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


async def test_a3_two_in_the_same_second_get_two_numbers(world: World) -> None:
    async with world.deck.services.store.writing() as transaction:
        assert await next_number(transaction, "RJT", _2026) == "RJT-2026-0001"
        assert await next_number(transaction, "RJT", _2026) == "RJT-2026-0002"


async def test_each_prefix_and_each_year_is_counted_for_itself(world: World) -> None:
    async with world.deck.services.store.writing() as transaction:
        given = [
            await next_number(transaction, prefix, at)
            for prefix, at in (("RJT", _2026), ("RET", _2026), ("RJT", _2027), ("RJT", _2026))
        ]
    assert given == ["RJT-2026-0001", "RET-2026-0001", "RJT-2027-0001", "RJT-2026-0002"]


async def test_a_number_of_what_was_never_recorded_is_given_to_the_next(world: World) -> None:
    with pytest.raises(RuntimeError):
        async with world.deck.services.store.writing() as transaction:
            await next_number(transaction, "RJT", _2026)
            raise RuntimeError("this transaction fails")
    async with world.deck.services.store.writing() as transaction:
        assert await next_number(transaction, "RJT", _2026) == "RJT-2026-0001"
