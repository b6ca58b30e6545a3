"""Departments, operators and shifts by their commands and pages."""

from __future__ import annotations

import pytest

from core.errors import InputError, NotFoundError, RefusedError
from tests.areas.plant.orders.world import ADMIN, World, hours, table, written


async def _shift(world: World, **more: str) -> str:
    fields = {"name": "Early", "start": written(hours(1)), "end": written(hours(9)), "operators": "e-1, E-2"}
    page = await world.run("shift add", **{**fields, **more})
    return str(page.crumb)


async def test_a_shift_is_numbered_and_those_on_it_are_at_work_during_it(world: World) -> None:
    await world.run("machine add", ADMIN, machine="MACH-001", name="Cutting press", department="CUT")
    assert await _shift(world, machine="mach 1") == "SHF-2026-0001"
    before = table(await world.run("operators"), "operators")
    assert str(before["E-1"]["state"].word) == "off"  # type: ignore[union-attr]
    world.go(hours(2))
    found = table(await world.run("operators"), "operators")
    assert list(found) == ["E-1", "E-2", "E-3"]
    assert found["E-1"]["machine"] == "MACH-001"
    assert [str(found[each]["state"].word) for each in found] == ["at work", "at work", "off"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"machine": "NOPE"}, "^machine: there is no machine NOPE"),
        ({"department": "NOPE"}, "^department: There is no department NOPE"),
        ({"operators": "E-1, E-99"}, "^operators: There is no operator E-99"),
    ],
)
async def test_a_shift_is_of_what_is_known(world: World, given: dict[str, str], says: str) -> None:
    with pytest.raises(NotFoundError, match=says):
        await _shift(world, **given)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"machine": "NOPE"}, "^machine: there is no machine NOPE"),
        ({"department": "NOPE"}, "^department: There is no department NOPE"),
        ({"operator": "E-99"}, "^operator: There is no operator E-99"),
    ],
)
async def test_work_is_planned_with_what_is_known(world: World, given: dict[str, str], says: str) -> None:
    await world.add()
    with pytest.raises(NotFoundError, match=says):
        await world.plan(**given)
    assert not await world.schedules()


@pytest.mark.parametrize("command", ["operators", "orders"])
async def test_an_unknown_department_is_refused_with_those_known(world: World, command: str) -> None:
    with pytest.raises(NotFoundError, match=r"^department: “NOPE” isn't one of: CUT, SEW"):
        await world.run(command, department="nope")
    assert (await world.run(command, department="cut")).crumb == "CUT"


async def test_nobody_is_on_two_shifts_at_once(world: World) -> None:
    await _shift(world)
    with pytest.raises(RefusedError, match="E-2 would be on two shifts at once; the other is SHF-2026-0001"):
        await _shift(world, operators="E-2, E-3", start=written(hours(8)), end=written(hours(16)))
    await _shift(world, operators="E-2, E-3", start=written(hours(9)), end=written(hours(16)))


@pytest.mark.parametrize("end", [1.0, 0.5, 25.5])
async def test_a_shift_lasts_longer_than_nothing_and_at_most_a_day(world: World, end: float) -> None:
    with pytest.raises(InputError, match="within 24 hours"):
        await _shift(world, end=written(hours(end)))


async def test_only_who_works_here_can_be_on_a_shift(world: World) -> None:
    with pytest.raises(NotFoundError, match="no operator E-9"):
        await _shift(world, operators="E-1, E-9")


async def test_a_shift_is_called_off_before_it_begins_and_ended_after(world: World) -> None:
    first = await _shift(world)
    await world.run("shift end", shift=first)
    second = await _shift(world)
    assert second == "SHF-2026-0002"
    world.go(hours(3))
    await world.run("shift end", shift="shift 2026 2")
    found = table(await world.run("shifts", show="all"), "shifts")
    assert [str(row["state"].word) for row in found.values()] == ["over", "called off"]  # type: ignore[union-attr]
    assert found[second]["end"].moment == hours(3)  # type: ignore[union-attr]
    with pytest.raises(RefusedError, match="over already"):
        await world.run("shift end", shift=second)
    assert "SHF-2026-0001" not in table(await world.run("shifts"), "shifts")


async def test_phones_are_masked_wherever_they_are_shown(world: World) -> None:
    page = await world.run("operators")
    for style in ("text", "json", "markdown", "csv"):
        shown = world.text(page, style)
        assert "…123" in shown or "\\u2026123" in shown
        assert "700000123" not in shown


async def test_departments_show_their_orders_and_people(world: World) -> None:
    await world.add(department="CUT", due=written(hours(1)))
    world.go(hours(2))
    found = table(await world.run("departments"), "departments")
    assert (found["CUT"]["active"], found["CUT"]["trouble"], found["CUT"]["people"]) == (1, 1, 1)
    assert found["SEW"]["people"] == 2


async def test_operators_of_one_department(world: World) -> None:
    assert set(table(await world.run("operators", department="sew"), "operators")) == {"E-2", "E-3"}
