"""The plant's pane, the lists of orders, and one order, on every surface and as of past moments."""

from __future__ import annotations

import pytest

from core.area import PaneLight
from core.areas.plant import AREA
from core.areas.plant.model.orders import OrderItem, OrderState
from core.errors import NotFoundError
from core.page import Gantt, Meter, Page, Table, Timeline
from core.query import TableQuery
from core.units import Absent, Severity
from tests.areas.plant.orders.world import (
    NOW,
    OPERATOR,
    VIEWER,
    World,
    block,
    hours,
    order,
    table,
    written,
)


async def _some(world: World) -> None:
    await world.keep(
        order(number="ORD-1"),
        order(number="ORD-2", due=hours(-3), product="Rain cover"),
        order(number="ORD-3", state=OrderState.ON_HOLD, reason="No thread", previous=OrderState.SCHEDULED),
        order(number="ORD-4", state=OrderState.COMPLETED, actual_end=hours(-1), since=hours(-1)),
    )


async def _light(world: World) -> PaneLight:
    from core.area import Request

    (pane,) = AREA.panes
    assert pane.light is not None
    request = Request(world.deck.services, VIEWER, world.clock.now())
    return await pane.light(request)


async def test_the_pane_lists_what_needs_somebody_the_worst_first(world: World) -> None:
    await _some(world)
    page = await world.run("plant", VIEWER)
    assert page.verdict.severity is Severity.SERIOUS
    found = block(page, "concerns")
    assert [row.cells[1] for row in found.rows] == ["ORD-2", "ORD-3"]
    assert str(found.rows[1].cells[2]).startswith("No thread, since ")
    opening = found.rows[0].action
    assert (opening.command, opening.arguments) == ("order", (("order", "ORD-2"),))
    light = await _light(world)
    assert (light.open, light.state.severity) == (2, Severity.SERIOUS)


async def test_the_pane_of_a_plant_of_which_nothing_is_known_says_how_to_begin(world: World) -> None:
    page = await world.run("plant", VIEWER)
    assert page.verdict.severity is Severity.IDLE
    assert "add an order" in world.text(page)
    assert (await _light(world)).open == 0


async def test_orders_are_listed_by_need_and_by_what_is_asked_for(world: World) -> None:
    await _some(world)
    assert list(table(await world.run("orders", VIEWER), "orders")) == ["ORD-2", "ORD-3", "ORD-1"]
    assert list(table(await world.run("orders", show="late"), "orders")) == ["ORD-2", "ORD-3"]
    assert list(table(await world.run("orders", show="over"), "orders")) == ["ORD-4"]
    assert len(table(await world.run("orders", show="all"), "orders")) == 4
    found = block(await world.run("orders", query=TableQuery("rain")), "orders")
    assert ([row.key for row in found.rows], found.unfiltered) == (["ORD-2"], 3)


async def test_orders_of_a_department_are_those_it_answers_for_or_works_on(world: World) -> None:
    await world.add("ORD-1", department="SEW")
    await world.add("ORD-2", department="SEW")
    await world.plan("ORD-2", department="CUT")
    await world.add("ORD-3")
    page = await world.run("orders", department="cut")
    assert list(table(page, "orders")) == ["ORD-2"]
    assert list(table(await world.run("orders", department="sew"), "orders")) == ["ORD-1", "ORD-2"]


async def test_the_gantt_of_all_departments_is_in_their_order_and_opens_the_orders(world: World) -> None:
    await world.add()
    await world.plan(department="SEW")
    await world.plan(department="CUT", start=written(hours(10)), end=written(hours(12)))
    await world.plan(department="CUT", start=written(hours(500)), end=written(hours(512)))
    found: Gantt = block(await world.run("orders"), "departments")
    assert [(bar.name, bar.start) for bar in found.bars] == [
        ("CUT ORD-1", hours(10)),
        ("SEW ORD-1", hours(1)),
    ]
    assert found.bars[0].action is not None
    assert found.bars[0].action.command == "order"


async def test_a2_2_an_order_s_page_answers_all_six_questions(world: World) -> None:
    await world.begun()
    world.go(hours(4))
    await world.run("order progress", order="ORD-1", completed="25", rejected="2")
    page = await world.run("order", VIEWER, order="ord 1")
    facts = {str(each.label): each.value for each in block(page, "standing").facts}
    assert str(facts["State"].word) == "in progress"
    assert facts["Progress"].value == 0.25
    assert facts["Expected"].moment == hours(9)
    assert facts["At its pace"].moment == hours(16)
    assert str(facts["Promise"].word) == "on track"
    assert facts["Updated"].moment == hours(4)
    meter: Meter = block(page, "pieces")
    assert (meter.share, str(meter.note)) == (0.25, "2 rejected")
    plan: Gantt = block(page, "plan")
    assert [bar.name for bar in plan.bars] == ["ORD-1", "1 CUT"]
    assert plan.start < NOW < hours(48) < plan.end


async def test_the_gantt_shows_what_is_late_and_what_stands_still(world: World) -> None:
    await world.begun(due=written(hours(8)))
    world.go(hours(2))
    await world.run("order stretch", order="ORD-1", line="1", state="in_progress")
    world.go(hours(10))
    plan: Gantt = block(await world.run("order", order="ORD-1"), "plan")
    agreed, stretch = plan.bars
    assert (agreed.due, agreed.end) == (hours(8), hours(10))
    assert (stretch.start, stretch.due, stretch.end) == (hours(2), hours(9), hours(10))
    assert str(stretch.state.word) == "overdue"
    await world.run("order move", order="ORD-1", state="on_hold", reason="No thread")
    plan = block(await world.run("order", order="ORD-1"), "plan")
    assert str(plan.bars[1].state.word) == "on hold"


async def test_a_pace_that_leads_years_ahead_does_not_squeeze_the_plan(world: World) -> None:
    await world.keep(
        order(
            number="ORD-9",
            state=OrderState.IN_PROGRESS,
            quantity=1_000_000,
            completed=1,
            actual_start=hours(-10),
            due=hours(10),
        )
    )
    plan: Gantt = block(await world.run("order", order="ORD-9"), "plan")
    assert plan.bars[0].end > hours(1_000)
    assert plan.end < hours(48)


async def test_what_happened_to_an_order_is_told_newest_first(world: World) -> None:
    await world.begun()
    await world.begun("ORD-2")
    history: Timeline = block(await world.run("order", order="ORD-1"), "history")
    assert [str(each.text) for each in history.entries] == [
        "Order ORD-1: in progress",
        "Order ORD-1: scheduled",
        "Order ORD-1 was added",
    ]


async def test_a_held_order_says_why_and_where_it_goes_on(world: World) -> None:
    await _some(world)
    page = await world.run("order", VIEWER, order="ORD-3")
    shown = world.text(page)
    assert "On hold: No thread" in shown
    assert "it was scheduled" in shown
    assert [dict(each.arguments)["state"] for each in page.actions if each.command == "order move"] == [
        "scheduled",
        "cancelled",
    ]


async def test_an_order_with_items_lists_them(world: World) -> None:
    await world.keep(order(), items=(OrderItem("ORD-1", 1, "Bag", 60, 15), OrderItem("ORD-1", 2, "Tag", 0)))
    found = table(await world.run("order", order="ORD-1"), "items")
    assert found["1"]["share"].value == 0.25  # type: ignore[union-attr]
    assert isinstance(found["2"]["share"], Absent)


async def test_orders_are_read_as_they_were_at_any_moment(world: World) -> None:
    await world.begun()
    world.go(hours(5))
    await world.run("order progress", order="ORD-1", completed="40")
    world.go(hours(10))
    await world.run("order move", order="ORD-1", state="on_hold", reason="No thread")
    then = await world.run("order", order="ORD-1", back_to=hours(2))
    assert str(then.verdict.word) == "in progress"
    assert block(then, "pieces").value.value == 0
    between = await world.run("order", order="ORD-1", back_to=hours(6))
    assert block(between, "pieces").value.value == 40
    assert "No thread" not in world.text(between)
    assert "No thread" in world.text(await world.run("order", order="ORD-1"))
    with pytest.raises(NotFoundError):
        await world.run("order", order="ORD-1", back_to=hours(-1))
    assert not block(await world.run("plant", back_to=hours(6)), "concerns").rows


@pytest.mark.parametrize("command", ["plant", "orders", "departments", "operators", "shifts"])
async def test_every_page_is_rendered_in_every_style_with_and_without_orders(
    world: World, command: str
) -> None:
    for fill in (False, True):
        if fill:
            await _some(world)
        page = await world.run(command, VIEWER)
        assert isinstance(page, Page)
        for style in ("text", "json", "markdown", "csv"):
            assert world.text(page, style)
        for each in page.blocks:
            assert not isinstance(each, Table) or each.title


async def test_orders_are_found_in_the_palette(world: World) -> None:
    from core.area import Request

    await _some(world)
    assert AREA.objects is not None
    request = Request(world.deck.services, OPERATOR, world.clock.now())
    found = await AREA.objects(request, "rain")
    assert [each.arguments for each in found] == [(("order", "ORD-2"),)]


async def test_choices_offer_what_would_do(world: World) -> None:
    from core.area import Request

    await _some(world)
    request = Request(world.deck.services, OPERATOR, world.clock.now())
    offered = {name: [each.value for each in await source(request)] for name, source in AREA.choices.items()}
    assert offered["plant order"] == ["ORD-2", "ORD-3", "ORD-1"]
    assert offered["plant department"] == ["CUT", "SEW"]
    assert offered["plant operator"] == ["E-1", "E-2", "E-3"]
    assert offered["plant shift"] == []


async def test_the_overview_shows_the_worst_and_nothing_when_all_is_well(world: World) -> None:
    from core.area import Request

    assert AREA.overview is not None
    request = Request(world.deck.services, VIEWER, world.clock.now())
    assert not await AREA.overview(request)
    await _some(world)
    (lights,) = await AREA.overview(request)
    assert [each.key for each in lights.lights] == ["ORD-2", "ORD-3"]  # type: ignore[union-attr]
