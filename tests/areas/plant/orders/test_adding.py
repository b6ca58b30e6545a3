"""Departments, people and items of orders, added by command: a plant can be set up without a file."""

from __future__ import annotations

import pytest

from core.command import Invocation
from core.errors import InputError, NotFoundError, RefusedError
from tests.areas.plant.orders.world import OPERATOR, VIEWER, World


async def add_operator(world: World, number: str, **more: str) -> None:
    fields = {"operator": number, "name": "Dora Kim", "department": "FIN", **more}
    await world.deck.run(Invocation("operators add", OPERATOR, fields))


async def test_a_department_and_somebody_in_it_are_added(world: World) -> None:
    await world.run("departments add", department="fin", name="Finishing")
    await add_operator(world, "e-9", occupation="supervisor", person="dora")
    assert "Finishing" in world.text(await world.run("departments"))
    assert "Dora Kim" in world.text(await world.run("operators", department="FIN"))
    with pytest.raises(InputError, match="department: there is a department FIN already"):
        await world.run("departments add", department="FIN", name="Again")
    with pytest.raises(InputError, match="operator: there is an operator E-9 already"):
        await add_operator(world, "E-9")
    with pytest.raises(NotFoundError, match="department: "):
        await add_operator(world, "E-10", department="NONE")
    for command in ("departments add", "operators add"):
        with pytest.raises(RefusedError, match="operator"):
            await world.run(command, VIEWER, department="X", operator="X", name="X")


async def test_items_are_counted_by_themselves_and_are_never_more_than_the_order(world: World) -> None:
    await world.begun()
    await world.run("order item", order="ORD-1", product="Canvas bag, blue", quantity="60")
    await world.run("order item", order="ORD-1", product="Canvas bag, red", quantity="40")
    with pytest.raises(InputError, match="quantity: ORD-1 is of 100 pieces, of which 0 are of no item yet"):
        await world.run("order item", order="ORD-1", product="One too many", quantity="1")
    await world.run("order progress", order="ORD-1", item="1", completed="50")
    await world.run("order progress", order="ORD-1", item="2", completed="10")
    assert (await world.order()).completed == 60


async def test_an_order_counted_without_items_gets_none(world: World) -> None:
    await world.begun()
    await world.run("order progress", order="ORD-1", completed="5")
    with pytest.raises(RefusedError, match="counted without items"):
        await world.run("order item", order="ORD-1", product="Late", quantity="5")
    await world.run("order move", order="ORD-1", state="cancelled", reason="No cloth")
    with pytest.raises(RefusedError, match="cancelled"):
        await world.run("order item", order="ORD-1", product="Later", quantity="5")
