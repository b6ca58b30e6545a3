"""Reports on failed procedures and requests to change bills, taken over by the rules of commands."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from core.areas.plant.importing.csv_file import parse_csv
from core.areas.plant.importing.kinds import KINDS
from core.areas.plant.importing.plan import ImportPlan, Result, judge
from core.areas.plant.importing.world import Entity, PlantWorld
from core.areas.plant.model.boms import BillOfMaterials, ChangeRequest, Component, RequestState
from core.areas.plant.model.people import Department
from core.areas.plant.model.sops import NcrState, NonConformanceReport, SopState, SopTicket
from core.errors import RefusedError
from tests.areas.plant.importing.world import ImportWorld, empty_world, results
from tests.areas.plant.orders.world import ADMIN, NOW, OPERATOR, VIEWER, hours, opened

_SUBMITTED = NonConformanceReport("SOP-2026-0001", "No jig", "Jig made", "Jig checked", "vera", NOW)
_WRITTEN = "root_cause,corrective_action,preventive_action"
_BILL = BillOfMaterials(
    "BOM-888",
    1,
    "Bag",
    (Component("FAB-01", "Canvas", Decimal(2), Decimal(5)), Component("THR-02", "", Decimal(1), Decimal(1))),
    "root",
    NOW,
)
_ASKED = ChangeRequest("BCR-2026-0001", "BOM-888", 1, "FAB-01", Decimal(3), Decimal(5), "vera", NOW)
_REQUEST = "number,bom,version,component,quantity,unit_cost"


def ticket(state: SopState) -> SopTicket:
    return SopTicket("SOP-2026-0001", "SOP-001-2025", "No jig", "CUT", "", "vera", NOW, NOW, state=state)


def filled(*things: Entity) -> PlantWorld:
    world = empty_world()
    world.keep([Department("CUT", "Cutting"), _BILL, *things])
    return world


def judged(kind: str, content: str, world: PlantWorld) -> ImportPlan:
    return judge(KINDS[kind], parse_csv(content.encode(), "x.csv"), world)


def reason(plan: ImportPlan) -> str:
    (found,) = plan.findings
    assert found.result is Result.REFUSED, found
    return f"{found.column}: {found.reason}"


def test_a_report_closes_the_ticket_that_is_looked_into() -> None:
    world = filled(ticket(SopState.IN_INVESTIGATION))
    row = "sop 2026 1,No jig,Jig made,Jig checked,vera,2026-03-01"
    plan = judged("ncrs", f"ticket,{_WRITTEN},submitted_by,submitted_at\n{row}\n", world)
    assert [each.kind for each in plan.events] == ["plant.sop.closed"]
    closed = world.sops[("SOP-2026-0001",)]
    assert (closed.state, closed.closed_at) == (SopState.CLOSED, NOW)
    report = world.ncrs[("SOP-2026-0001",)]
    assert (report.state, report.submitted_by, report.submitted_at) == (
        NcrState.SUBMITTED,
        "vera",
        hours(-32),
    )


def test_on_a_closed_ticket_a_report_is_history() -> None:
    world = filled(ticket(SopState.CLOSED))
    header = f"ticket,{_WRITTEN},state,submitted_by,verified_by,effectiveness"
    plan = judged("ncrs", f"{header}\nSOP-2026-0001,No jig,x,y,verified,ada,vera,Yes\n", world)
    report = world.ncrs[("SOP-2026-0001",)]
    assert (report.state, report.verified_by, report.effectiveness) == (NcrState.VERIFIED, "vera", "Yes")
    assert not plan.events
    assert len(plan.records) == 1


@pytest.mark.parametrize(
    ("state", "row", "said"),
    [
        (SopState.OPEN, "No jig,x,y,submitted,,", "ticket: SOP-2026-0001 is open: its report is due once"),
        (SopState.ESCALATED, "No jig,x,y,submitted,,", "ticket: SOP-2026-0001 is escalated: its report"),
        (
            SopState.IN_INVESTIGATION,
            "No jig,x,y,verified,,Yes",
            "You wrote the report on SOP-2026-0001 yours",
        ),
        (SopState.IN_INVESTIGATION, "No jig,x,y,verified,ada,", "effectiveness: Has it helped"),
        (SopState.CLOSED, "No jig,x,y,submitted,,Yes", "effectiveness: It is submitted, so this has to be"),
        (SopState.CLOSED, "No jig,x,,submitted,,", "preventive: A new one needs this."),
        (SopState.CLOSED, "No jig,x,y,done,,", "state: “done” isn't one of: submitted, verified"),
    ],
)
def test_no_report_is_taken_over_that_a_command_would_refuse(state: SopState, row: str, said: str) -> None:
    header = f"ticket,{_WRITTEN},state,submitted_by,effectiveness"
    assert said in reason(judged("ncrs", f"{header}\nSOP-2026-0001,{row}\n", filled(ticket(state))))


def test_a_report_needs_its_ticket() -> None:
    plan = judged("ncrs", f"ticket,{_WRITTEN}\nSOP-2026-0404,a,b,c\n", filled())
    assert "ticket: There is no failure ticket “SOP-2026-0404”" in reason(plan)


def test_a_report_is_verified_by_somebody_else_and_once() -> None:
    world = filled(ticket(SopState.CLOSED), _SUBMITTED)
    content = "ticket,state,effectiveness,follow_up\nSOP-2026-0001,verified,No failure since,Look again\n"
    plan = judged("ncrs", content, world)
    assert [each.kind for each in plan.events] == ["plant.sop.verified"]
    report = world.ncrs[("SOP-2026-0001",)]
    assert (report.verified_by, report.verified_at, report.follow_up) == ("root", NOW, "Look again")
    again = judged("ncrs", "ticket,state\nSOP-2026-0001,submitted\n", world)
    assert "was verified by root already" in reason(again)
    own = filled(ticket(SopState.CLOSED), replace(_SUBMITTED, submitted_by="root"))
    assert "somebody else has to verify it" in reason(judged("ncrs", content, own))
    silent = "ticket,state\nSOP-2026-0001,verified\n"
    untold = judged("ncrs", silent, filled(ticket(SopState.CLOSED), _SUBMITTED))
    assert "effectiveness: Has it helped" in reason(untold)


def test_what_a_report_says_is_not_changed() -> None:
    world = filled(ticket(SopState.CLOSED), _SUBMITTED)
    plan = judged("ncrs", "ticket,root_cause\nSOP-2026-0001,Nobody knew\n", world)
    assert "root_cause: It is No jig, which no import changes" in reason(plan)


def test_an_approval_makes_the_next_version() -> None:
    world = filled(_ASKED)
    plan = judged("bom-requests", "number,state,decision_reason\nBCR-2026-0001,approved,Fine\n", world)
    assert [each.kind for each in plan.events] == ["plant.bom.approved"]
    first, second = world.boms[("BOM-888", 1)], world.boms[("BOM-888", 2)]
    assert (first.active, second.active, second.request) == (False, True, "BCR-2026-0001")
    assert second.components[0].quantity == 3
    request = world.bom_requests[("BCR-2026-0001",)]
    assert (request.decided_by, request.decision_reason, request.made_version) == ("root", "Fine", 2)
    again = judged("bom-requests", "number,state\nBCR-2026-0001,pending\n", world)
    assert "was approved by root already" in reason(again)


def test_a_second_approval_of_the_same_component_is_overtaken_by_the_first() -> None:
    world = filled(_ASKED, replace(_ASKED, number="BCR-2026-0002", quantity=Decimal(4)))
    plan = judged("bom-requests", "number,state\nBCR-2026-0001,approved\nBCR-2026-0002,approved\n", world)
    assert [each.result for each in plan.findings] == [Result.CHANGED, Result.REFUSED]
    assert "FAB-01 was changed since BCR-2026-0002 was asked for" in str(plan.findings[1].reason)


@pytest.mark.parametrize(
    ("asker", "row", "said"),
    [
        ("root", "approved,", "You asked for BCR-2026-0001 yourself"),
        ("vera", "refused,", "decision_reason: Why is it refused?"),
    ],
)
def test_nobody_decides_so(asker: str, row: str, said: str) -> None:
    world = filled(replace(_ASKED, asked_by=asker))
    plan = judged("bom-requests", f"number,state,decision_reason\nBCR-2026-0001,{row}\n", world)
    assert said in reason(plan)


def test_a_refusal_leaves_the_bill_as_it_is() -> None:
    world = filled(_ASKED)
    plan = judged("bom-requests", "number,state,decision_reason\nBCR-2026-0001,refused,Too dear\n", world)
    assert [each.kind for each in plan.events] == ["plant.bom.refused"]
    assert world.bom_requests[("BCR-2026-0001",)].state is RequestState.REFUSED
    assert world.versions_of("BOM-888") == [_BILL]


def test_what_is_asked_for_is_not_changed() -> None:
    plan = judged("bom-requests", "number,quantity\nBCR-2026-0001,9\n", filled(_ASKED))
    assert "quantity: It is 3, which no import changes" in reason(plan)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("BOM-9,1,FAB-01,3,5,pending,,", "bom: There is no bill of materials BOM-9"),
        ("BOM-888,2,FAB-01,3,5,pending,,", "base_version: BOM-888 has no version 2."),
        ("BOM-888,1,FAB-01,2,5,pending,,", "FAB-01 is like that in BOM-888 already"),
        ("BOM-888,1,FAB-99,0,5,pending,,", "BOM-888 has no FAB-99 to take out"),
        ("BOM-888,1,FAB-01,3,5,pending,ada,", "decided_by: It is pending, so this has to be empty"),
        ("BOM-888,1,FAB-01,3,5,refused,ada,1", "made_version: It is refused, so this has to be empty"),
        ("BOM-888,1,FAB-01,3,5,approved,ada,", "made_version: Say which version of BOM-888 was made by"),
        ("BOM-888,1,FAB-01,3,5,approved,ada,7", "made_version: Say which version of BOM-888 was made by"),
        ("BOM-888,1,FAB-01,,5,pending,,", "quantity: A new one needs this."),
    ],
)
def test_no_request_is_taken_over_that_leads_nowhere(row: str, said: str) -> None:
    header = f"{_REQUEST},state,decided_by,made_version"
    assert said in reason(judged("bom-requests", f"{header}\nBCR-2026-0009,{row}\n", filled()))


async def _lived_in(world: ImportWorld) -> None:
    """A report that was verified and one that was not, and a request in each state."""
    for number in ("SOP-2026-0001", "SOP-2026-0002"):
        run = world.plant.run
        await run("sop report", VIEWER, reference="SOP-001-2025", department="CUT", description="No jig")
        await run("sop accept", sop=number)
        await run("sop ncr", sop=number, root_cause="No jig", corrective="Made", preventive="Checked")
    await world.plant.run("sop verify", ADMIN, sop="SOP-2026-0001", effectiveness="No failure since")
    await world.plant.run("bom add", ADMIN, bom="888", product="Bag", components="FAB-01 2 5; THR-02 1 1")
    for component in ("FAB-01", "THR-02", "ZIP-03"):
        asked = {"bom": "888", "component": component, "quantity": "3", "unit_cost": "5"}
        await world.plant.run("bom", OPERATOR, **asked)
    await world.plant.run("bom approve", ADMIN, request="BCR-2026-0001")
    await world.plant.run("bom refuse", ADMIN, request="BCR-2026-0002", reason="Too dear")


async def test_a_plant_that_moves_takes_its_reports_and_requests_along(
    world: ImportWorld, tmp_path: Path
) -> None:
    await _lived_in(world)
    async with opened(tmp_path / "other") as plant:
        other = ImportWorld(plant, tmp_path)
        for kind in ("sops", "ncrs", "boms", "bom-requests"):
            content = await world.export(kind)
            await other.take(kind, content)
            assert await other.known(kind) == await world.known(kind)
            assert len(await other.known(kind)) in {2, 3}
            page = await other.look(kind, content)
            assert str(page.verdict.word) == "NOTHING NEW"
        await other.plant.run("bom", VIEWER, bom="888", component="TAG-04", quantity="1", unit_cost="1")
        asked = {str(getattr(each, "number", "")) for each in await other.known("bom-requests")}
        assert max(asked) == "BCR-2026-0004"
        bill = other.plant.text(await other.plant.run("bom show", bom="888"))
        assert bill.count("BCR-2026-0003") == 2  # the request, and where its import stands in the history
        await other.plant.run("bom approve", ADMIN, request="BCR-2026-0003")
        with pytest.raises(RefusedError, match="You wrote the report"):
            await other.plant.run("sop verify", sop="SOP-2026-0002", effectiveness="Yes")


async def test_a_file_of_requests_is_taken_as_a_whole_or_not_at_all(world: ImportWorld) -> None:
    await world.keep([_BILL, _ASKED])
    content = "number,state\nBCR-2026-0001,approved\nBCR-2026-0404,approved\n"
    page = await world.look("bom-requests", content)
    assert ("would change", "BCR-2026-0001", "made_version: – → 2") in results(page)
    assert results(page)[0] == ("refused", "BCR-2026-0404", "bom: A new one needs this.")
    with pytest.raises(RefusedError, match="nothing was changed"):
        await world.take("bom-requests", content)
    assert await world.known("boms") == [_BILL]
    for person in (VIEWER, OPERATOR):
        with pytest.raises(RefusedError):
            await world.take("bom-requests", content, person)
    await world.take("bom-requests", "number,state\nBCR-2026-0001,approved\n")
    assert len(await world.known("boms")) == 2
    text = world.plant.text(await world.plant.run("bom show", bom="888"))
    assert text.count("It was changed by an import from plant.csv.") == 1
    assert "It was imported" not in text
