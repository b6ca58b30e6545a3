"""Filing with the backend what is reported here: durably, with what it asks for, and nothing twice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from core.areas.plant.client.plant_client import PlantClient
from core.areas.plant.collection.filing import Filer
from core.areas.plant.model.defects import CustomerReturn, InternalReject, RejectState
from core.areas.plant.model.filing import Filing, FilingState
from core.areas.plant.model.maintenance import MaintenanceState, MaintenanceTicket
from core.areas.plant.store.filing import all_filings
from core.command import Invocation
from core.errors import RefusedError, UnreachableError
from core.json_fields import JsonObject
from core.message import _
from core.page import Page
from core.principal import Principal
from core.store.versions import NEWEST
from tests.areas.plant.client.world import BackendWorld, opened
from tests.areas.plant.orders.world import ADMIN, OPERATOR, VIEWER


async def report(
    world: BackendWorld, type_: str = "other", person: Principal = OPERATOR, **more: str
) -> Page:
    """A defect of an order that is worked on, unless another one is named."""
    fields = {"order": "ORD-5003", "severity": "low", "quantity": "12", **more}
    fields |= {"type": type_, "description": "Seams open at the side"}
    return await world.plant.deck.run(Invocation("defect", person, fields))


async def file_all(world: BackendWorld) -> None:
    await Filer(world.plant.deck.services, random.Random(1)).file_all()


async def filings(world: BackendWorld) -> dict[str, Filing]:
    async with world.plant.deck.services.store.reading() as connection:
        return {each.number: each for each in await all_filings(connection, NEWEST)}


def posted(world: BackendWorld) -> list[tuple[str, int]]:
    return [(each.path, each.status) for each in world.backend.log if each.method == "POST"]


async def test_a_reject_is_filed_with_what_the_backend_asks_for(world: BackendWorld) -> None:
    await world.round()
    page = await report(world, "internal_reject", VIEWER, flaw="stitching")
    assert "It waits for the plant’s backend" in world.plant.text(page)
    await file_all(world)
    row = world.backend.backend.all("rejects")[-1]
    assert row["reason"] == "RJT-2026-0001 (low): Seams open at the side"
    assert (row["order_id"], row["quantity_rejected"], row["defect_type"]) == (3, 12, "stitching")
    assert (row["production_stage"], row["department_id"]) == ("Cutting", 1)  # derived: where it is worked on
    filed_as = row["ticket_number"]
    (found,) = (await filings(world)).values()
    assert (found.state, found.filed_as, found.tries) == (FilingState.FILED, filed_as, 1)
    for name in ("RJT-2026-0001", "DEF-2026-0001", filed_as, filed_as.lower()):
        text = world.plant.text(await world.plant.run("defect show", defect=name))
        assert f"The plant’s backend has it as {filed_as}." in text
        assert "RJT-2026-0001" in text
    assert "RJT-2026-0001" in world.plant.text(await world.plant.run("sla", ticket=filed_as))


async def test_what_was_filed_is_not_read_as_a_second_one_and_goes_on_from_there(world: BackendWorld) -> None:
    await world.round()
    await report(world, "internal_reject", severity="high")
    await file_all(world)
    before = len(await world.plant.events())
    assert await world.round() == []
    assert set(await world.known("rejects")) & {"RJT-2026-0001"}
    assert len(await world.known("rejects")) == 2  # the story's own, and this one
    assert len(await world.plant.events()) == before
    rows = world.backend.backend
    rows.change(rows.all("rejects")[-1], status="approved")
    await world.round()
    reject = (await world.known("rejects"))["RJT-2026-0001"]
    assert isinstance(reject, InternalReject)
    assert (reject.state, reject.description) == (RejectState.APPROVED, "Seams open at the side")
    assert (reject.severity.value, reject.held) == ("high", True)


async def test_a_return_and_a_maintenance_ticket_are_filed(world: BackendWorld) -> None:
    await world.round()
    await report(world, "return", order="ORD-5005")
    await world.plant.run("maintenance", machine="mach1", issue="hydraulic", urgency="high", down="yes")
    await file_all(world)
    assert sorted(posted(world)) == [("/api/defects/returns", 201), ("/api/maintenance/tickets", 201)]
    returned = world.backend.backend.all("returns")[-1]
    assert (returned["quantity_returned"], returned["order_id"]) == (12, 5)
    ticket = world.backend.backend.all("maintenance")[-1]
    assert ticket["issue_description"] == "MNT-2026-0001 (hydraulic, machine down): hydraulic, machine down"
    assert (ticket["machine_id"], ticket["severity"]) == (1, "critical")
    text = world.plant.text(await world.plant.run("maintenance show", ticket=ticket["ticket_number"]))
    assert f"The plant’s backend has it as {ticket['ticket_number']}." in text
    assert isinstance((await world.known("returns"))["RET-2026-0001"], CustomerReturn)


async def test_what_is_done_right_after_filing_is_not_undone_by_the_next_poll(
    world: BackendWorld,
) -> None:
    await world.round()
    await world.plant.run("maintenance", machine="MACH-001", issue="bearing", urgency="low")
    await world.plant.run("maintenance take", ticket="MNT-2026-0001")
    await file_all(world)
    await world.round()
    ticket = (await world.known("maintenance"))["MNT-2026-0001"]
    assert isinstance(ticket, MaintenanceTicket)
    assert (ticket.state, ticket.assignee) == (MaintenanceState.ASSIGNED, "omar")


async def test_while_it_is_away_everything_waits_and_is_filed_once_it_is_back(world: BackendWorld) -> None:
    await world.round()
    await report(world)
    await report(world)
    world.backend.failures.extend([503])
    await file_all(world)
    assert [each.state for each in (await filings(world)).values()] == [FilingState.WAITING] * 2
    text = world.plant.text(await world.plant.run("defect show", defect="RJT-2026-0001"))
    assert "It waits for the plant’s backend: The plant’s backend has a fault of its own" in text
    assert "2 things wait for the plant’s backend" in world.plant.text(await world.plant.run("plant"))
    world.plant.clock.advance(1)
    await file_all(world)  # the second, and not yet the first
    assert len(posted(world)) == 2
    for _at in range(3):
        world.plant.clock.advance(300)
        await file_all(world)
    assert {each.state for each in (await filings(world)).values()} == {FilingState.FILED}
    assert [status for _path, status in posted(world)] == [503, 201, 201]


async def test_a_request_whose_end_nobody_knows_is_looked_for_before_it_is_repeated(
    world: BackendWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.round()
    await report(world)
    create = PlantClient.create

    async def cut(self: PlantClient, name: str, fields: Mapping[str, object]) -> JsonObject:
        await create(self, name, fields)
        raise UnreachableError(_("The connection broke."))

    monkeypatch.setattr(PlantClient, "create", cut)
    await file_all(world)
    monkeypatch.undo()
    world.plant.clock.advance(300)
    await file_all(world)
    assert posted(world) == [("/api/defects/rejects", 201)]
    assert (await filings(world))["RJT-2026-0001"].state is FilingState.FILED


async def test_a_poll_that_finds_what_was_filed_before_anybody_noted_it_notes_it(
    world: BackendWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.round()
    await report(world)
    create = PlantClient.create

    async def killed(self: PlantClient, name: str, fields: Mapping[str, object]) -> JsonObject:
        await create(self, name, fields)
        raise asyncio.CancelledError

    monkeypatch.setattr(PlantClient, "create", killed)
    with pytest.raises(asyncio.CancelledError):
        await file_all(world)
    monkeypatch.undo()
    await world.round()
    assert (await filings(world))["RJT-2026-0001"].state is FilingState.FILED
    assert len(await world.known("rejects")) == 2
    world.plant.clock.advance(300)
    await file_all(world)
    assert len(posted(world)) == 1


async def test_two_that_file_at_once_file_once(world: BackendWorld) -> None:
    await world.round()
    for _at in range(3):
        await report(world, "return", order="ORD-5005")
        world.plant.clock.advance(1)
    await asyncio.gather(file_all(world), file_all(world))
    for _at in range(3):  # those whose number collided over there, as they do
        world.plant.clock.advance(300)
        await file_all(world)
    made = [each["reason"].partition(" ")[0] for each in world.backend.backend.all("returns")[1:]]
    assert sorted(made) == ["RET-2026-0001", "RET-2026-0002", "RET-2026-0003"]


async def test_what_it_refuses_is_said_and_tried_again_when_somebody_says_so(
    world: BackendWorld,
) -> None:
    await world.round()
    await report(world)
    world.backend.failures.extend([422])
    await file_all(world)
    found = (await filings(world))["RJT-2026-0001"]
    assert found.state is FilingState.REFUSED
    assert str(found.reason) == "A failure that was ordered"
    text = world.plant.text(await world.plant.run("plant backend", VIEWER))
    assert "ONE REFUSED" in text
    assert "A failure that was ordered" in text
    assert [each.event.kind for each in await world.plant.events("plant.backend.refused")]
    world.plant.clock.advance(3600)
    await file_all(world)
    assert len(posted(world)) == 1
    with pytest.raises(RefusedError):
        await world.plant.run("plant backend retry", VIEWER, number="RJT-2026-0001")
    await world.plant.run("plant backend retry", OPERATOR, number="rjt-2026-0001")
    await file_all(world)
    assert (await filings(world))["RJT-2026-0001"].state is FilingState.FILED
    with pytest.raises(RefusedError, match="has RJT-2026-0001 as RJT-2026"):
        await world.plant.run("plant backend retry", OPERATOR, number="RJT-2026-0001")


async def test_an_order_that_it_does_not_know_waits(world: BackendWorld) -> None:
    await world.round()
    await world.plant.add("ORD-1", department="SEW")
    await report(world, order="ORD-1")
    await file_all(world)
    found = (await filings(world))["RJT-2026-0001"]
    assert (found.state, str(found.reason)) == (
        FilingState.WAITING,
        "The plant’s backend does not know ORD-1, or was not read yet.",
    )
    assert posted(world) == []


async def _changed_bill(world: BackendWorld) -> None:
    await world.round()
    await world.plant.run("bom", VIEWER, bom="BOM-1", component="FAB-01", quantity="3", unit_cost="4.20")
    await world.plant.run("bom approve", ADMIN, request="BOM-1")


async def test_an_approved_version_of_a_bill_is_filed_and_known_again_when_read(
    world: BackendWorld,
) -> None:
    await _changed_bill(world)
    await file_all(world)
    rows: list[dict[str, Any]] = world.backend.backend.all("boms")
    assert [(each["version"], each["is_active"]) for each in rows] == [(1, False), (2, True)]
    assert rows[1]["components"][0]["quantity"] == "3"
    await world.round()
    await file_all(world)
    assert len(world.backend.backend.all("boms")) == 2
    text = world.plant.text(await world.plant.run("bom show", bom="BOM-1"))
    assert "The plant’s backend has it as BOM-1/2." in text


async def test_a_version_that_an_import_approves_is_filed_as_well(
    world: BackendWorld, tmp_path: Path
) -> None:
    await world.round()
    await world.plant.run("bom", VIEWER, bom="BOM-1", component="FAB-01", quantity="3", unit_cost="4.20")
    file = tmp_path / "decided.csv"
    file.write_text("number,state\nBCR-2026-0001,approved\n")
    arguments = {"kind": "bom-requests", "file": str(file)}
    await world.plant.deck.run(Invocation("plant import apply", ADMIN, arguments, confirmed=True))
    await file_all(world)
    assert (await filings(world))["BOM-1/2"].state is FilingState.FILED


async def test_a_bill_that_was_changed_over_there_meanwhile_is_refused(world: BackendWorld) -> None:
    await _changed_bill(world)
    row = world.backend.backend.all("boms")[0]
    other = [{"code": "FAB-01", "name": "Canvas", "quantity": "9", "unit_cost": "1", "specifications": None}]
    world.backend.backend.add("boms", {**row, "id": 2, "version": 2, "components": other})
    await file_all(world)
    found = (await filings(world))["BOM-1/2"]
    assert found.state is FilingState.REFUSED
    assert "at version 2 of BOM-1 by now" in str(found.reason)


async def test_without_the_setting_nothing_is_sent(tmp_path: Path) -> None:
    async with opened(tmp_path, PLANT_FILE_REPORTS="false") as world:
        await world.round()
        await report(world)
        assert await filings(world) == {}
        assert "nothing is sent to it" in world.plant.text(await world.plant.run("plant"))
