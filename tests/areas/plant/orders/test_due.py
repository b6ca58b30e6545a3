"""By when an order is promised: a day counts to its end, wherever it is written."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.areas.plant.client.parsing import Names, parse_orders
from core.areas.plant.configuration.sla_policy import load_policy
from core.areas.plant.importing.csv_file import parse_csv
from core.areas.plant.importing.kinds import KINDS
from core.areas.plant.importing.plan import Result, judge
from core.areas.plant.importing.world import PlantWorld
from core.areas.plant.rules.due import due_at, read_due
from core.areas.plant.rules.holding import HoldingPolicy
from core.errors import InputError
from core.principal import Principal, Role
from tests.areas.plant.orders.world import NOW, World

_NAIROBI = ZoneInfo("Africa/Nairobi")
_LAST = datetime(2026, 11, 30, 20, 59, 59, tzinfo=UTC)
"""The end of 30 November in Nairobi."""


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2026-11-30", _LAST),
        (" 20261130 ", _LAST),
        ("2026-11-30T00:00", datetime(2026, 11, 30, tzinfo=UTC)),
        ("2026-11-30T17:00+03:00", datetime(2026, 11, 30, 14, tzinfo=UTC)),
    ],
)
def test_a_day_counts_to_its_end_and_a_moment_is_what_it_says(text: str, due: datetime) -> None:
    assert due_at(read_due(text), _NAIROBI) == due


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_anything_else_is_no_promise(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whoever asks says it in words of their own
        read_due(text)


async def test_an_order_may_be_done_all_through_the_day_that_it_is_due(world: World) -> None:
    nia = Principal("nia", Role.OPERATOR, "telegram", zone=_NAIROBI)
    fields = {"order": "ORD-1", "product": "Canvas bag", "quantity": "100"}
    page = await world.run("order add", nia, due="2026-03-02", **fields)
    assert (await world.order()).due == datetime(2026, 3, 2, 20, 59, 59, tzinfo=UTC)
    assert "passed already" not in world.text(page)
    with pytest.raises(InputError, match="due: “soon” isn't a moment"):
        await world.run("order add", nia, due="soon", **fields)


def test_a_file_says_it_in_the_zone_of_the_plant_and_nothing_new_when_it_comes_again() -> None:
    plant = PlantWorld("root", NOW, load_policy(None), HoldingPolicy(), _NAIROBI)
    file = parse_csv(b"number,product,quantity,due\nORD-1,Bag,5,2026-11-30\n", "x.csv")
    for result in (Result.ADDED, Result.SAME):
        assert [each.result for each in judge(KINDS["orders"], file, plant).findings] == [result]
    assert plant.orders[("ORD-1",)].due == _LAST


def test_the_backend_says_it_in_the_zone_of_the_plant() -> None:
    row = {"id": 1, "order_number": "ORD-1", "status": "pending", "quantity": 5, "end_date": "2026-11-30"}
    assert parse_orders([row], Names(), NOW, _NAIROBI).things[1].due == _LAST
