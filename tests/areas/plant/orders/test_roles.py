"""Who may look at the plant, and who may change something in it."""

from __future__ import annotations

import pytest

from core.areas.plant.commands.orders import ORDER_VERBS
from core.areas.plant.commands.people import PEOPLE_VERBS
from core.areas.plant.commands.plant import PLANT_VERBS
from core.command import Effect
from core.errors import RefusedError
from core.principal import Principal, Role
from tests.areas.plant.orders.world import VIEWER, World, hours, written

_CUSTOMER = Principal("otieno", Role.CUSTOMER, "telegram", "1001")


def test_reading_takes_a_viewer_and_changing_an_operator() -> None:
    for verb in (*PLANT_VERBS, *ORDER_VERBS, *PEOPLE_VERBS):
        reads = verb.command.effect is Effect.READ
        assert verb.command.role is (Role.VIEWER if reads else Role.OPERATOR), verb.command.name


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("order add", {"order": "ORD-2", "product": "Bag", "quantity": "1", "due": written(hours(9))}),
        ("order move", {"order": "ORD-1", "state": "cancelled", "reason": "Because"}),
        ("order progress", {"order": "ORD-1", "completed": "1"}),
        (
            "order schedule",
            {"order": "ORD-1", "department": "CUT", "start": written(hours(1)), "end": written(hours(2))},
        ),
        ("order stretch", {"order": "ORD-1", "line": "1", "state": "in_progress"}),
        ("shift end", {"shift": "SHF-2026-0001"}),
    ],
)
async def test_a_viewer_changes_nothing(world: World, command: str, arguments: dict[str, str]) -> None:
    await world.add()
    before = await world.order()
    with pytest.raises(RefusedError, match="needs the role operator"):
        await world.run(command, VIEWER, **arguments)
    assert await world.order() == before


@pytest.mark.parametrize("command", ["plant", "orders", "departments", "operators", "shifts"])
async def test_a_customer_sees_nothing_of_the_plant(world: World, command: str) -> None:
    with pytest.raises(RefusedError):
        await world.run(command, _CUSTOMER)
