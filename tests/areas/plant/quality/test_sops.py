"""Workflow 4 of whatsapp.md (A2.4), and the flow of A3: through the Dispatcher."""

from __future__ import annotations

import pytest

from core.areas.plant.model.sops import SopState
from core.errors import InputError, NotFoundError, RefusedError
from core.units import Absent, State
from tests.areas.plant.quality.world import HEAD, OPERATOR, VIEWER, World, block, facts, hours, table


async def escalated(world: World) -> str:
    number = await world.fail()
    await world.run("sop reject", sop=number, reason="The list was not ours")
    return number


async def test_a3_from_open_to_closed_by_its_report(world: World) -> None:
    number = await escalated(world)
    await world.run("sop decide", HEAD, sop=number, decision="accept", reason="It was")
    await world.run(
        "sop ncr", sop=number, root_cause="Worn needle", corrective="Changed", preventive="A list"
    )
    assert (await world.sop(number)).state is SopState.CLOSED
    await world.run("sop verify", HEAD, sop=number, effectiveness="No break in a month")
    page = await world.run("sop", VIEWER, sop=number)
    report = facts(page, "report")
    assert (report["Root cause"], report["Effectiveness"]) == ("Worn needle", "No break in a month")
    assert [str(each.text) for each in block(page, "history").entries] == [
        f"The report on {number} was verified. “No break in a month”",
        f"{number} is closed: its report was submitted. “Worn needle”",
        f"{number} was accepted by the head of department. “It was”",
        f"{number} is rejected by SEW and escalated. “The list was not ours”",
        f"{number}: SOP-001-2025 is with SEW.",
    ]
    kinds = [each.event.kind.removeprefix("plant.sop.") for each in await world.events()]
    assert kinds == ["reported", "escalated", "decided", "closed", "verified"]


async def test_a3_rejected_by_the_head_it_is_closed(world: World) -> None:
    number = await escalated(world)
    await world.run("sop decide", HEAD, sop=number, decision="reject")
    assert (await world.sop(number)).state is SopState.CLOSED


async def test_a3_reassigned_it_begins_anew_with_the_other_department(world: World) -> None:
    number = await escalated(world)
    await world.run("sop reassign", HEAD, sop=number, department="PRN", reason="They changed the list")
    found = await world.sop(number)
    assert (found.state, found.charged) == (SopState.OPEN, "PRN")
    await world.run("sop reject", sop=number, reason="Nor ours")
    assert len(await world.events("plant.sop.escalated")) == 2, "each escalation is told"


async def test_what_nobody_disputes_is_looked_into_without_the_head(world: World) -> None:
    number = await world.fail()
    await world.run("sop accept", sop=number)
    found = await world.sop(number)
    assert (found.state, found.assignee) == (SopState.IN_INVESTIGATION, "omar")


@pytest.mark.parametrize(
    ("command", "given", "said"),
    [
        ("sop decide", {"decision": "accept"}, "is open: the head of department decides about escalated"),
        (
            "sop ncr",
            {"root_cause": "a", "corrective": "b", "preventive": "c"},
            "is open: its report is due once it is in investigation",
        ),
        ("sop verify", {"effectiveness": "it helped"}, "There is no report on SOP-2026-0001 yet"),
    ],
)
async def test_a3_an_illegal_step_is_refused_with_its_reason(
    world: World, command: str, given: dict[str, str], said: str
) -> None:
    number = await world.fail()
    with pytest.raises(RefusedError, match=said):
        await world.run(command, HEAD, sop=number, **given)
    assert (await world.sop(number)).state is SopState.OPEN


async def test_nobody_decides_about_their_own_rejection(world: World) -> None:
    number = await escalated(world)
    with pytest.raises(RefusedError, match="somebody else has to decide"):
        await world.run("sop decide", OPERATOR, sop=number, decision="reject")


async def test_a2_4_the_six_answers(world: World) -> None:
    number = await world.fail(failure="not_followed", priority="high")
    said = facts(await world.run("sop", VIEWER, sop=number.lower()), "standing")
    assert list(said)[:6] == ["Procedure", "State", "Failure", "Reported", "Assigned to", "Escalation"]
    assert (said["Procedure"], str(said["Failure"]), said["Assigned to"]) == (
        "SOP-001-2025",
        "Not followed",
        "SEW",
    )
    assert isinstance(said["Escalation"], Absent)
    await world.run("sop reject", sop=number, reason="Not ours")
    escalation = facts(await world.run("sop", VIEWER, sop=number), "standing")["Escalation"]
    assert isinstance(escalation, State)
    assert "since" in str(escalation.word)


async def test_a2_4_a_procedures_reference_finds_its_failures_the_unfinished_first(world: World) -> None:
    first = await world.fail()
    world.go(hours(1))
    second = await world.fail()
    await world.run("sop reject", sop=second, reason="Not ours")
    await world.run("sop decide", HEAD, sop=second, decision="reject")
    page = await world.run("sop", VIEWER, sop="sop-001-2025")
    assert facts(page, "standing")["Ticket"] == first
    assert list(table(page, "others")) == [second]
    with pytest.raises(InputError, match=rf"^sop: Several tickets .* {first}, {second}"):
        await world.run("sop accept", sop="SOP-001-2025")
    with pytest.raises(NotFoundError, match="There is no failure ticket “SOP-999”; “sops” lists them"):
        await world.run("sop", sop="SOP-999")


async def test_the_list_has_what_waits_for_a_decision_first(world: World) -> None:
    low, urgent = await world.fail(priority="low"), await world.fail(priority="urgent")
    waits = await escalated(world)
    page = await world.run("sops", VIEWER)
    assert list(table(page, "sops")) == [waits, urgent, low]
    assert waits in world.text(page)
    await world.run("sop decide", HEAD, sop=waits, decision="reject")
    assert waits not in table(await world.run("sops"), "sops")
    assert waits in table(await world.run("sops", show="all"), "sops")


async def test_pages_show_the_past_as_it_was(world: World) -> None:
    number = await world.fail()
    world.go(hours(2))
    await world.run("sop reject", sop=number, reason="Not ours")
    past = await world.run("sop", sop=number, back_to=hours(1))
    assert str(past.verdict.word) == "open"
    assert len(block(past, "history").entries) == 1
    assert str((await world.run("sop", sop=number)).verdict.word) == "escalated"


async def test_roles(world: World) -> None:
    number = await world.fail(VIEWER)
    for command, given in (
        ("sop accept", {}),
        ("sop reject", {"reason": "no"}),
        ("sop decide", {"decision": "accept"}),
        ("sop reassign", {"department": "PRN", "reason": "theirs"}),
        ("sop ncr", {"root_cause": "a", "corrective": "b", "preventive": "c"}),
        ("sop verify", {"effectiveness": "yes"}),
    ):
        with pytest.raises(RefusedError, match="needs the role operator"):
            await world.run(command, VIEWER, sop=number, **given)


@pytest.mark.parametrize("name", ["department", "charging"])
async def test_a_department_that_is_not_there_is_complained_of_by_its_question(
    world: World, name: str
) -> None:
    with pytest.raises(NotFoundError, match=rf"^{name}: There is no department NOPE"):
        await world.fail(**{name: "NOPE"})
