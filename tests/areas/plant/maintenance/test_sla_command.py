"""Workflow 5: the promise of a ticket of any kind, by any of its numbers (whatsapp.md A2.5 and D7)."""

from __future__ import annotations

import pytest

from core.areas.plant.model.defects import CustomerReturn, DefectSeverity, InternalReject, RejectState
from core.areas.plant.model.sops import SopState, SopTicket
from core.areas.plant.store.defects import record_defect
from core.areas.plant.store.sops import record_sop
from core.errors import InputError, NotFoundError
from core.page import Fact
from core.units import Absent, Instant, Share, Span
from tests.areas.plant.maintenance.world import NOW, TECHNICIAN, VIEWER, World, hours
from tests.areas.plant.orders.world import block, table

REJECT = InternalReject("RJT-2026-0001", "ORD-1", DefectSeverity.HIGH, 3, "Torn", "vera", NOW, NOW)
RETURN = CustomerReturn("RET-2026-0002", "ORD-2", DefectSeverity.LOW, 1, "Wrong colour", "vera", NOW, NOW)
SOP = SopTicket(
    "SOP-2026-0001", "SOP-001-2025", "Skipped", "SEW", "CUT", "vera", NOW, NOW, assignee="quentin"
)


async def facts(world: World, ticket: str) -> dict[str, Fact]:
    page = await world.run("sla", VIEWER, ticket=ticket)
    return {str(each.label): each for each in block(page, "sla").facts}


@pytest.fixture
async def plant(world: World) -> World:
    """A ticket of every kind, all opened now."""
    await world.report()
    async with world.deck.services.store.writing() as transaction:
        await record_defect(transaction, REJECT)
        await record_defect(transaction, RETURN)
        await record_sop(transaction, SOP)
    return world


async def test_workflow_5_answers_every_field_of_a_maintenance_ticket(plant: World) -> None:
    plant.go(hours(1))
    await plant.run("maintenance take", TECHNICIAN, ticket="MNT-2026-0001")
    plant.go(hours(22.5))
    shown = await facts(plant, "MNT-2026-0001")
    assert str(shown["Ticket"].value) == "MNT-2026-0001"
    assert shown["Time left"].value == Span(hours(24) - hours(22.5))
    assert str(shown["Time left"].note) == "1h 30m 0s"
    assert shown["Deadline"].value == Instant(hours(24))
    assert [str(shown[name].value.word) for name in ("Verdict", "Priority")] == ["on track", "high"]  # type: ignore[union-attr]
    assert str(shown["Assignee"].value) == "tariq"
    assert shown["Last update"].value == Instant(hours(1))


async def test_a_promise_that_is_over_says_by_how_much(plant: World) -> None:
    plant.go(hours(5.5))
    shown = await facts(plant, "MNT-2026-0001")
    assert str(shown["Time left"].note) == "1h 30m 0s over"
    assert isinstance(shown["Assignee"].value, Absent)
    page = await plant.run("sla", VIEWER, ticket="MNT-2026-0001")
    assert str(page.verdict.word) == "breached"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("mnt-2026-0001", "MNT-2026-0001"),
        ("MAINT-2026-0001", "MNT-2026-0001"),
        ("maint 2026 1", "MNT-2026-0001"),
        ("RJT-2026-0001", "RJT-2026-0001"),
        ("def-2026-0001", "RJT-2026-0001"),
        ("DEF-2026-0002", "RET-2026-0002"),
        ("ret-2026-0002", "RET-2026-0002"),
        ("SOP-2026-0001", "SOP-2026-0001"),
        ("sop-001-2025", "SOP-2026-0001"),
    ],
)
async def test_a_ticket_is_found_by_its_number_and_by_what_chats_call_it(
    plant: World, written: str, number: str
) -> None:
    page = await plant.run("sla", VIEWER, ticket=written)
    assert page.crumb == number


@pytest.mark.parametrize(
    ("ticket", "left", "running"),
    [
        ("RJT-2026-0001", Span(hours(1) - NOW), "response"),
        ("RET-2026-0002", Span(hours(47) - NOW), "completion"),
        ("SOP-2026-0001", Span(hours(23) - NOW), "response"),
    ],
)
async def test_every_kind_has_its_promise(plant: World, ticket: str, left: Span, running: str) -> None:
    plant.go(hours(1))
    shown = await facts(plant, ticket)
    assert (shown["Time left"].value, str(shown["Deadline"].note)) == (left, running)


@pytest.mark.parametrize(
    ("written", "error", "says"),
    [
        ("hello", InputError, "A ticket’s number is like MNT-2026-0001, RJT-2026-0002"),
        ("ORD-1", InputError, "“ORD-1” isn’t"),
        ("MNT-2026-0099", NotFoundError, "there is no maintenance ticket MNT-2026-0099"),
        ("DEF-2026-0099", NotFoundError, "DEF-2026-0099"),
        ("SOP-2026-0099", NotFoundError, "SOP-2026-0099"),
    ],
)
async def test_what_is_no_ticket_is_said_with_what_would_do(
    plant: World, written: str, error: type[InputError], says: str
) -> None:
    with pytest.raises(error, match=says):
        await plant.run("sla", VIEWER, ticket=written)


async def test_the_list_has_what_is_broken_first_and_the_breach_rate(plant: World) -> None:
    plant.go(hours(3))
    async with plant.deck.services.store.writing() as transaction:
        closed = SopTicket(
            *("SOP-2026-0002", "SOP-002-2025", "Unclear", "SEW", "CUT", "vera"),
            hours(-100),
            hours(-1),
            state=SopState.CLOSED,
            closed_at=hours(-1),
        )
        await record_sop(transaction, closed)
    page = await plant.run("sla list", VIEWER)
    assert list(table(page, "promises")) == [
        *("RJT-2026-0001", "MNT-2026-0001", "SOP-2026-0001", "RET-2026-0002", "SOP-2026-0002")
    ]
    figures = {str(each.label): each.value for each in block(page, "figures").facts}
    assert (figures["Open"], figures["Breached"].word, figures["At risk"]) == (4, "1", 0)
    assert figures["Breach rate"] == Share(2 / 5)
    assert figures["Settled too late"] == 1
    assert str(page.verdict.word) == "BROKEN PROMISES"
    assert list(table(await plant.run("sla list", VIEWER, kind="defect"), "promises")) == [
        *("RJT-2026-0001", "RET-2026-0002")
    ]


async def test_a_reject_that_was_settled_in_time_and_archived_long_after_was_in_time(plant: World) -> None:
    for count, state in ((1, RejectState.REJECTED), (100, RejectState.ARCHIVED)):
        plant.go(hours(count))
        async with plant.deck.services.store.writing() as transaction:
            moved = InternalReject(
                "RJT-2026-0001",
                "ORD-1",
                DefectSeverity.HIGH,
                3,
                "Torn",
                "vera",
                NOW,
                hours(count),
                state=state,
            )
            await record_defect(transaction, moved)
    for page in (
        await plant.run("sla", VIEWER, ticket="RJT-2026-0001"),
        await plant.run("sla", VIEWER, ticket="RJT-2026-0001", back_to=hours(2)),
    ):
        assert str(page.verdict.word) == "completed"


async def test_the_promise_of_then_is_of_then(plant: World) -> None:
    plant.go(hours(10))
    await plant.run("maintenance move", TECHNICIAN, ticket="MNT-2026-0001", state="in_progress")
    then = await plant.run("sla", VIEWER, ticket="MNT-2026-0001", back_to=hours(9))
    now = await plant.run("sla", VIEWER, ticket="MNT-2026-0001")
    assert [str(page.verdict.word) for page in (then, now)] == ["breached", "on track"]


async def test_choices_are_what_is_open_what_breaks_first_at_the_top(plant: World) -> None:
    found = [each.value for each in await plant.deck.choices("sla", "ticket", VIEWER)]
    assert found == ["RJT-2026-0001", "MNT-2026-0001", "SOP-2026-0001", "RET-2026-0002"]
    machines = await plant.deck.choices("maintenance", "machine", VIEWER)
    assert [each.value for each in machines] == [f"MACH-{n:03}" for n in range(1, 9)]
