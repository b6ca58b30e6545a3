"""Orders by their commands: adding, planning, moving, counting, and what is told of it."""

from __future__ import annotations

import pytest

from core.areas.plant.model.orders import OrderItem, OrderState, ScheduleState
from core.errors import InputError, NotFoundError, RefusedError
from tests.areas.plant.orders.world import NOW, World, hours, order, written


async def test_an_order_goes_from_being_added_to_the_archive(world: World) -> None:
    await world.begun()
    await world.run("order stretch", order="1", line="1", state="in_progress")
    await world.run("order progress", order="ORD-1", completed="60", rejected="3")
    world.go(hours(8))
    await world.run("order progress", order="ord1", completed="100")
    await world.run("order stretch", order="1", line="1", state="completed")
    await world.run("order move", order="ord 1", state="completed")
    found = await world.order()
    assert (found.state, found.completed, found.rejected) == (OrderState.COMPLETED, 100, 3)
    assert (found.actual_start, found.actual_end) == (NOW, hours(8))
    await world.run("order move", order="ORD-1", state="archived")
    assert (await world.order()).previous is OrderState.COMPLETED


async def test_planning_a_pending_order_schedules_it_and_spans_all_its_stretches(world: World) -> None:
    await world.add()
    await world.plan()
    await world.plan(department="SEW", start=written(hours(10)), end=written(hours(20)), operator="E-2")
    found = await world.order()
    assert found.state is OrderState.SCHEDULED
    assert (found.scheduled_start, found.scheduled_end) == (hours(1), hours(20))
    await world.plan(department="SEW", line="2", start=written(hours(10)), end=written(hours(15)))
    assert (await world.order()).scheduled_end == hours(15)
    assert [each.line for each in await world.schedules()] == [1, 2]


async def test_what_is_planned_twice_at_once_is_told_and_not_refused(world: World) -> None:
    await world.add()
    await world.add("ORD-2")
    await world.plan(operator="E-1")
    page = await world.run(
        "order schedule",
        order="ORD-2",
        department="SEW",
        operator="E-1",
        start=written(hours(8)),
        end=written(hours(10)),
    )
    assert "also planned for ORD-1" in world.text(page)


async def test_the_last_stretch_of_a_scheduled_order_can_t_be_dropped(world: World) -> None:
    await world.add()
    await world.plan()
    with pytest.raises(RefusedError, match="last one planned"):
        await world.run("order stretch", order="ORD-1", line="1", state="cancelled")
    await world.run("order move", order="ORD-1", state="pending", reason="No cloth yet")
    await world.run("order stretch", order="ORD-1", line="1", state="cancelled")
    assert (await world.order()).scheduled_end is None
    with pytest.raises(RefusedError, match="no schedule yet"):
        await world.run("order move", order="ORD-1", state="scheduled")


async def test_a_stretch_begins_once_and_only_in_an_order_that_was_started(world: World) -> None:
    await world.add()
    await world.plan()
    with pytest.raises(RefusedError, match="start it first"):
        await world.run("order stretch", order="ORD-1", line="1", state="in_progress")
    await world.run("order move", order="ORD-1", state="in_progress")
    with pytest.raises(RefusedError, match="has not begun yet"):
        await world.run("order stretch", order="ORD-1", line="1", state="completed")
    await world.run("order stretch", order="ORD-1", line="1", state="in_progress")
    with pytest.raises(RefusedError, match="begun already"):
        await world.run("order stretch", order="ORD-1", line="1", state="in_progress")
    await world.run("order stretch", order="ORD-1", line="1", state="completed")
    with pytest.raises(RefusedError, match="is settled"):
        await world.run("order stretch", order="ORD-1", line="1", state="cancelled")
    assert (await world.schedules())[0].state is ScheduleState.COMPLETED


async def test_an_order_with_items_has_as_many_pieces_as_they_have(world: World) -> None:
    items = (OrderItem("ORD-1", 1, "Bag", 60), OrderItem("ORD-1", 2, "Strap", 40))
    await world.keep(order(state=OrderState.IN_PROGRESS, actual_start=NOW), items=items)
    with pytest.raises(InputError, match="1: Bag, 2: Strap"):
        await world.run("order progress", order="ORD-1", completed="10")
    await world.run("order progress", order="ORD-1", completed="50", item="1")
    await world.run("order progress", order="ORD-1", completed="25", item="2")
    assert (await world.order()).completed == 75
    with pytest.raises(InputError, match="Only 40 pieces"):
        await world.run("order progress", order="ORD-1", completed="41", item="2")
    with pytest.raises(NotFoundError, match="no item 3"):
        await world.run("order progress", order="ORD-1", completed="1", item="3")


async def test_pieces_are_counted_only_while_it_is_worked_on(world: World) -> None:
    await world.add()
    with pytest.raises(RefusedError, match="pending; pieces are counted while"):
        await world.run("order progress", order="ORD-1", completed="10")


async def test_completing_it_short_needs_the_reason(world: World) -> None:
    await world.begun()
    await world.run("order progress", order="ORD-1", completed="90")
    with pytest.raises(RefusedError, match="90 of 100 pieces"):
        await world.run("order move", order="ORD-1", state="completed")
    await world.run("order move", order="ORD-1", state="completed", reason="The customer takes ninety")
    assert (await world.order()).reason == "The customer takes ninety"


async def test_an_order_that_is_late_as_it_is_added_is_added_and_that_is_said(world: World) -> None:
    fields = {"product": "Canvas bag", "quantity": "100"}
    page = await world.run("order add", order="ORD-1", due=written(hours(-1)), **fields)
    assert "Its due date has passed already: 07:00." in world.text(page)
    assert (await world.order()).due == hours(-1)
    page = await world.run("order add", order="ORD-2", due=written(hours(1)), **fields)
    assert "due date" not in world.text(page)


async def test_a_number_is_given_once(world: World) -> None:
    await world.add()
    with pytest.raises(RefusedError, match="ORD-1 already"):
        await world.add("ord 1")


async def test_an_unknown_order_and_department_are_told(world: World) -> None:
    with pytest.raises(NotFoundError, match="no order ORD-9"):
        await world.run("order", order="9")
    with pytest.raises(NotFoundError, match="no department XYZ"):
        await world.add(department="xyz")


async def test_a5_an_order_s_completion_is_told_once_with_its_operator(world: World) -> None:
    await world.begun()
    await world.plan(department="SEW", start=written(hours(10)), end=written(hours(12)), operator="E-2")
    await world.run("order move", order="ORD-1", state="completed", reason="Short")
    (told,) = await world.events("plant.order.completed")
    assert told.event.subject == "order:ORD-1"
    assert told.event.facts["operator"] == "E-2"
    assert told.event.key == "plant.order.completed:ORD-1"


async def test_what_somebody_wrote_is_in_no_event(world: World) -> None:
    await world.begun()
    await world.run("order move", order="ORD-1", state="on_hold", reason="Secret client")
    await world.run("order move", order="ORD-1", state="in_progress")
    kinds = [each.event.kind for each in await world.events()]
    assert kinds[-2:] == ["plant.order.held", "plant.order.released"]
    assert not any("Secret" in str(each.event) for each in await world.events())


async def test_a_defect_holds_its_order_once_and_leaves_one_that_is_over_alone(world: World) -> None:
    await world.begun()
    held = await world.hold("ORD-1", "RJT-2026-0001")
    assert (held.state, held.previous, held.reason) == (
        OrderState.ON_HOLD,
        OrderState.IN_PROGRESS,
        "RJT-2026-0001",
    )
    assert (await world.hold("ORD-1", "RJT-2026-0002")).reason == "RJT-2026-0001"
    await world.run("order move", order="ORD-1", state="cancelled", reason="Too late")
    assert (await world.hold("ORD-1", "RJT-2026-0003")).state is OrderState.CANCELLED
    with pytest.raises(NotFoundError):
        await world.hold("ORD-7", "RJT-2026-0004")


async def test_markup_and_escapes_in_what_people_write_are_made_safe(world: World) -> None:
    await world.add(product="Bag \x1b[31mred\u202e", notes="line\none")
    found = await world.order()
    assert "\x1b" not in found.product
    assert "\u202e" not in found.product
    assert found.notes == "line one"
