"""Reporting issues and seeing to them, what that does to machines, and who may (whatsapp.md A2.3 and A3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.areas.plant.model.machines import MachineState
from core.areas.plant.model.maintenance import FaultSeverity, MaintenanceState
from core.errors import InputError, NotFoundError, RefusedError, SettingsError
from core.message import ENGLISH
from core.page import Fact
from core.relay.languages import formatter_for, language_of
from core.render import render_as
from core.render.values import Formatter
from core.units import Instant, Span, State
from tests.areas.plant.maintenance.world import (
    ADMIN,
    NOW,
    OPERATOR,
    TECHNICIAN,
    VIEWER,
    World,
    hours,
    opened,
)
from tests.areas.plant.orders.world import block, table


def facts(page: object, key: str) -> dict[str, Fact]:
    return {str(each.label): each for each in block(page, key).facts}  # type: ignore[arg-type]


async def test_workflow_3_opens_a_ticket_and_confirms_what_is_promised(world: World) -> None:
    page = await world.run(
        "maintenance", VIEWER, machine="mach 1", issue="hydraulic", urgency="high", description="It leaks."
    )
    assert page.crumb == "MNT-2026-0001"
    shown = facts(page, "ticket")
    assert shown["Machine"].value == "MACH-001"
    assert [str(shown[name].value) for name in ("Ticket", "Issue")] == ["MNT-2026-0001", "hydraulic"]
    assert (shown["Seen to within"].value, shown["Done within"].value) == (
        Span(hours(2) - NOW),
        Span(hours(8) - NOW),
    )
    kept = await world.ticket("MNT-2026-0001")
    assert (kept.machine, kept.department, kept.severity) == ("MACH-001", "CUT", FaultSeverity.HIGH)
    assert (kept.reporter, kept.description, kept.state) == ("vera", "It leaks.", MaintenanceState.OPEN)


@pytest.mark.parametrize("written", ["MACH001", "mach-1", "MACH 001", " Mach-001 ", "1"])
async def test_a_machine_may_be_written_in_any_of_its_ways(world: World, written: str) -> None:
    assert (await world.ticket(await world.report(written))).machine == "MACH-001"


async def test_numbers_of_one_moment_do_not_collide(world: World) -> None:
    assert [await world.report() for _each in range(3)] == [f"MNT-2026-000{n}" for n in (1, 2, 3)]


async def test_a_machine_that_is_not_there_is_said_with_where_to_look(world: World) -> None:
    with pytest.raises(NotFoundError, match="there is no machine MACH-099; “machines” lists them"):
        await world.report("MACH-099")
    with pytest.raises(InputError, match="isn't one of: bearing, hydraulic, electrical, other"):
        await world.report(issue="noise")
    with pytest.raises(InputError, match="isn't one of: low, medium, high"):
        await world.report(urgency="urgent")


async def test_what_somebody_wrote_is_made_safe(world: World) -> None:
    ticket = await world.report(description="\x1b[31mhot\x1b[0m \u202egnirts")
    kept = await world.ticket(ticket)
    assert "\x1b" not in kept.description
    assert "\u202e" not in kept.description


async def test_the_whole_way_of_a_ticket(world: World) -> None:
    ticket = await world.report(urgency="high", down="yes")
    assert (await world.ticket(ticket)).severity is FaultSeverity.CRITICAL
    assert (await world.machine()).state is MachineState.BROKEN
    world.go(hours(0.5))
    await world.run("maintenance take", TECHNICIAN, ticket=ticket)
    world.go(hours(0.6))
    await world.run("maintenance move", TECHNICIAN, ticket=ticket, state="in_progress")
    world.go(hours(0.7))
    await world.run(
        "maintenance move", TECHNICIAN, ticket=ticket, state="awaiting_parts", reason="A seal is on its way"
    )
    world.go(hours(2))
    await world.run("maintenance move", TECHNICIAN, ticket=ticket, state="in_progress")
    await world.run(
        "maintenance complete", TECHNICIAN, ticket=ticket, cause="Worn seal", parts="Seal 4 mm", cost="12,50"
    )
    done = await world.ticket(ticket)
    assert (done.state, done.assignee, done.completed_at) == (MaintenanceState.COMPLETED, "tariq", hours(2))
    assert (done.root_cause, done.parts, str(done.cost)) == ("Worn seal", "Seal 4 mm", "12.50")
    assert (await world.machine()).state is MachineState.OPERATIONAL
    world.go(hours(3))
    await world.run("maintenance move", ticket=ticket, state="closed")
    shown = world.text(await world.run("maintenance show", VIEWER, ticket=ticket))
    for expected in (
        "COMPLETED",
        "Worn seal",
        "$12.50",
        "vera reported it",
        "It was given to tariq",
        "A seal is on",
    ):
        assert expected in shown


async def test_a_machine_stays_broken_until_its_last_ticket_is_settled(world: World) -> None:
    one, two = await world.report(down="yes"), await world.report(down="yes")
    await world.run("maintenance move", ticket=one, state="cancelled", reason="The same as the other")
    assert (await world.machine()).state is MachineState.BROKEN
    with pytest.raises(RefusedError, match=f"stands still by {two}; complete that ticket"):
        await world.run("machine move", machine="MACH-001", state="operational")
    await world.run("maintenance move", ticket=two, state="in_progress")
    await world.run("maintenance complete", ticket=two)
    assert (await world.machine()).state is MachineState.OPERATIONAL
    kinds = [each.event.facts["state"] for each in await world.events("plant.machine.moved")]
    assert kinds == ["broken", "operational"]


async def test_a_severity_changes_the_promise_and_the_page_of_before_does_not(world: World) -> None:
    ticket = await world.report(urgency="low")
    world.go(hours(1))
    page = await world.run("maintenance severity", ticket=ticket, severity="high")
    french = formatter_for(language_of("fr"), ADMIN.zone, world.clock.now())
    assert "est de gravité haute" in render_as("text", page, french)
    with pytest.raises(RefusedError) as again:
        await world.run("maintenance severity", ticket=ticket, severity="high")
    assert "est déjà de gravité haute" in french.message(again.value.message)
    assert (await world.ticket(ticket)).complete_by == hours(8)
    before = facts(await world.run("maintenance show", ticket=ticket, back_to=hours(0.5)), "sla")
    now = facts(await world.run("maintenance show", ticket=ticket), "sla")
    assert (before["Deadline"].value, now["Deadline"].value) == (Instant(hours(8)), Instant(hours(2)))


async def test_pages_are_of_the_moment_that_is_asked_for(world: World) -> None:
    ticket = await world.report(down="yes")
    world.go(hours(1))
    await world.run("maintenance move", ticket=ticket, state="in_progress")
    world.go(hours(2))
    await world.run("maintenance complete", ticket=ticket, cause="Worn")
    world.go(hours(3))
    for moment, machine, state in (
        (hours(-1), "operational", None),
        (hours(0.5), "broken", "open"),
        (hours(1.5), "broken", "in progress"),
        (hours(2.5), "operational", "completed"),
    ):
        machines = table(await world.run("machines", back_to=moment), "machines")
        assert _word(machines["MACH-001"]["state"]) == machine
        tickets = table(await world.run("maintenance list", show="all", back_to=moment), "tickets")
        assert (_word(tickets[ticket]["state"]) if ticket in tickets else None) == state
    with pytest.raises(NotFoundError):
        await world.run("maintenance show", ticket=ticket, back_to=hours(-1))


async def test_lists_show_what_was_asked_for_what_breaks_first_at_the_top(world: World) -> None:
    slow, soon = await world.report(urgency="low"), await world.report("MACH-002", urgency="high")
    mine = await world.report("MACH-003")
    await world.run("maintenance take", TECHNICIAN, ticket=mine)
    gone = await world.report("MACH-004")
    await world.run("maintenance move", ticket=gone, state="cancelled", reason="A mistake")
    assert list(table(await world.run("maintenance list"), "tickets")) == [soon, slow, mine]
    for show, expected in (("mine", [mine]), ("settled", [gone])):
        page = await world.run("maintenance list", TECHNICIAN, show=show)
        assert list(table(page, "tickets")) == expected


async def test_machines_are_listed_broken_ones_first_and_by_department(world: World) -> None:
    await world.run("machine add", ADMIN, machine="press-4", name="Press", department="SEW")
    await world.run("machine move", machine="MACH-007", state="broken", reason="Smoke")
    page = await world.run("machines")
    assert next(iter(table(page, "machines"))) == "MACH-007"
    assert str(page.verdict.word) == "1 MACHINE DOWN"
    assert len(table(await world.run("machines", department="sew"), "machines")) == 1


async def test_a_machine_is_added_once_and_to_a_department_that_is_there(world: World) -> None:
    with pytest.raises(InputError, match="there is a machine MACH-001 already"):
        await world.run("machine add", ADMIN, machine="MACH1", name="Again", department="CUT")
    with pytest.raises(NotFoundError, match="There is no department DYE"):
        await world.run("machine add", ADMIN, machine="MACH-100", name="Vat", department="DYE")


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("maintenance take", {}),
        ("maintenance assign", {"to": "teresa"}),
        ("maintenance move", {"state": "in_progress"}),
        ("maintenance complete", {}),
        ("maintenance severity", {"severity": "high"}),
    ],
)
async def test_a_viewer_reports_and_looks_but_decides_nothing(
    world: World, command: str, arguments: dict[str, str]
) -> None:
    ticket = await world.report()
    await world.run("maintenance show", VIEWER, ticket=ticket)
    with pytest.raises(RefusedError, match="needs the role operator"):
        await world.run(command, VIEWER, ticket=ticket, **arguments)
    assert (await world.ticket(ticket)).state is MaintenanceState.OPEN


async def test_only_administrators_add_machines(world: World) -> None:
    with pytest.raises(RefusedError, match="needs the role admin"):
        await world.run("machine add", OPERATOR, machine="MACH-100", name="Vat", department="CUT")


async def test_an_own_policy_promises_to_what_is_opened_from_then_on(tmp_path: Path) -> None:
    async with opened(tmp_path) as first:
        old = await first.report()
    policy = tmp_path / "own.toml"
    rows = "\n".join(
        f'{name} = {{ response = "30min", completion = "3d" }}' for name in ("low", "medium", "high")
    )
    critical = 'critical = { response = "30min", completion = "3d" }'
    sop = '[sop]\nany = { response = "1d", completion = "3d" }'
    policy.write_text(f"[maintenance]\n{rows}\n{critical}\n[defect]\n{rows}\n{sop}\n", encoding="utf-8")
    async with opened(tmp_path, {"PLANT_SLA_POLICY": str(policy)}) as world:
        new = await world.report()
        assert (await world.ticket(old)).complete_by == hours(24)
        assert (await world.ticket(new)).complete_by == hours(72)
        assert str(policy) in world.text(await world.run("sla policy"))
        policy.write_text("[maintenance]\n", encoding="utf-8")
        with pytest.raises(SettingsError, match=r"own\.toml"):
            await world.report()


async def test_every_row_opens_a_page_and_every_page_speaks_in_every_form(world: World) -> None:
    ticket = await world.report(down="yes", description="It leaks.")
    for command, arguments in (
        ("machines", {}),
        ("machine", {"machine": "MACH-001"}),
        ("maintenance list", {"show": "all"}),
        ("maintenance show", {"ticket": ticket}),
        ("sla", {"ticket": ticket}),
        ("sla list", {}),
        ("sla policy", {}),
    ):
        page = await world.run(command, VIEWER, **arguments)
        for style in ("text", "markdown", "json", "csv"):
            assert world.text(page, style)
        for each in page.blocks:
            for row in getattr(each.lower(), "rows", ()):
                if row.action is not None:
                    await world.run(row.action.command, VIEWER, **dict(row.action.arguments))


def _word(value: object) -> str:
    assert isinstance(value, State)
    return Formatter(ENGLISH, ADMIN.zone, NOW).value(value.word)
