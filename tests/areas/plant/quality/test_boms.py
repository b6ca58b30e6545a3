"""Workflow 6 of whatsapp.md (A2.6), asking and deciding, through the Dispatcher."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.areas.plant.model.boms import RequestState
from core.errors import InputError, NotFoundError, RefusedError
from tests.areas.plant.quality.world import (
    ADMIN,
    ADMIN_TWO,
    OPERATOR,
    VIEWER,
    World,
    block,
    facts,
    hours,
    table,
)


async def test_a2_6_asking_changes_nothing_and_says_what_it_would_cost(world: World) -> None:
    await world.bill()
    page = await world.run("bom", VIEWER, bom="bom 888", component="fab-01", quantity="2", unit_cost="6")
    said = facts(page, "bom")
    assert list(said)[:5] == ["Bill", "Version", "Asked", "Cost change", "State"]
    assert (said["Bill"], said["Version"]) == ("BOM-888", 1)
    assert "19.0 %" in world.text(page)
    assert "approval pending" in world.text(page)
    assert [each.version for each in await world.versions()] == [1]
    (event,) = await world.events("plant.bom.requested")
    assert event.event.facts["cost_change_percent"] == pytest.approx(19.05)


async def test_a2_6_what_is_taken_out_is_spared_of_its_cost_and_nothing_else(world: World) -> None:
    await world.bill()
    with pytest.raises(InputError, match=r"needs .?unit_cost"):
        await world.run("bom", VIEWER, bom="BOM-888", component="THR-02", quantity="2")
    page = await world.run("bom", VIEWER, bom="BOM-888", component="THR-02", quantity="0.00")
    asked = await world.request(str(facts(page, "bom")["Request"]))
    assert (asked.quantity, asked.unit_cost) == (Decimal("0.00"), Decimal("0.50"))
    await world.run("bom approve", ADMIN, request=asked.number)
    assert [each.code for each in (await world.versions())[0].components] == ["FAB-01"]


async def test_a2_6_the_answer_says_that_a_component_is_added(world: World) -> None:
    await world.bill()
    new = {"bom": "BOM-888", "component": "NEW-99", "quantity": "2.5", "unit_cost": "4.20"}
    adds = "NEW-99 isn’t in BOM-888: this ADDS it as a new component. BOM-888 is made of FAB-01, THR-02."
    assert adds in world.text(await world.run("bom", VIEWER, **new))
    assert "ADDS" not in world.text(await world.run("bom", VIEWER, **{**new, "component": "fab-01"}))


async def test_an_approval_makes_the_next_version_and_deactivates_the_earlier_one(world: World) -> None:
    await world.bill()
    number = await world.ask()
    page = await world.run("bom approve", ADMIN, request=number)
    assert "version 2 of BOM-888 is active" in world.text(page)
    assert "19.0 %" in world.text(page)
    second, first = await world.versions()
    assert (second.version, second.active, second.cost) == (2, True, Decimal("12.50"))
    assert (first.version, first.active, first.cost) == (1, False, Decimal("10.50"))
    asked = await world.request(number)
    assert (asked.state, asked.decided_by, asked.made_version) == (RequestState.APPROVED, "root", 2)
    (event,) = await world.events("plant.bom.approved")
    assert (event.event.facts["asker"], event.event.facts["version"]) == ("vera", 2)


async def test_nobody_approves_their_own_request(world: World) -> None:
    await world.bill()
    number = await world.ask(ADMIN)
    with pytest.raises(RefusedError, match="somebody else has to approve it"):
        await world.run("bom approve", ADMIN, request=number)
    assert len(await world.versions()) == 1
    shown = await world.run("bom show", ADMIN, bom="BOM-888")
    (approve,) = [each for each in shown.actions if each.command == "bom approve"]
    assert "somebody else" in str(approve.unavailable)
    await world.run("bom approve", ADMIN_TWO, request=number)
    assert len(await world.versions()) == 2


async def test_a_refusal_leaves_the_bill_as_it_is(world: World) -> None:
    await world.bill()
    number = await world.ask()
    page = await world.run("bom refuse", ADMIN, request=number, reason="Too dear")
    assert "version 1 of BOM-888 stays active" in world.text(page)
    with pytest.raises(RefusedError, match="refused by root already"):
        await world.run("bom approve", ADMIN_TWO, request=number)
    assert (await world.request(number)).decision_reason == "Too dear"


async def test_a_request_can_be_meant_by_its_bill_while_it_is_the_only_one(world: World) -> None:
    await world.bill()
    with pytest.raises(NotFoundError, match=r"^request: No request about BOM-888 waits"):
        await world.run("bom approve", ADMIN, request="888")
    first = await world.ask()
    second = await world.ask(component="THR-02")
    with pytest.raises(InputError, match=rf"^request: Several requests wait; say which: {second}, {first}"):
        await world.run("bom approve", ADMIN, request="BOM-888")
    await world.run("bom refuse", ADMIN, request=first, reason="No")
    await world.run("bom approve", ADMIN, request="BOM-888")
    assert (await world.request(second)).state is RequestState.APPROVED


async def test_a_request_that_was_overtaken_is_refused(world: World) -> None:
    await world.bill()
    first, second = await world.ask(unit_cost="6"), await world.ask(unit_cost="7")
    await world.run("bom approve", ADMIN, request=first)
    with pytest.raises(RefusedError, match=f"FAB-01 was changed since {second} was asked for"):
        await world.run("bom approve", ADMIN, request=second)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"bom": "BOM-404"}, "^bom: There is no bill of materials BOM-404; “boms” lists them"),
        ({"component": "ZIP-03", "quantity": "0"}, "^component: BOM-888 has no ZIP-03 to take out"),
        ({"unit_cost": "5"}, "^quantity: FAB-01 is like that in BOM-888 already"),
        ({"quantity": "-1"}, "quantity: “-1” is no amount"),
        ({"unit_cost": "dear"}, "unit_cost: “dear” is no amount"),
    ],
)
async def test_what_cannot_be_is_refused_by_the_name_of_its_question(
    world: World, given: dict[str, str], said: str
) -> None:
    await world.bill()
    with pytest.raises(InputError, match=said):
        await world.ask(**given)
    assert not await world.events("plant.bom.requested")


async def test_bills_are_numbered_and_none_is_there_twice(world: World) -> None:
    page = await world.run("bom add", ADMIN, product="Tent", components="FAB-01 9 5")
    assert page.crumb == "BOM-2026-0001"
    await world.bill("BOM-2026-0002")
    assert (
        await world.run("bom add", ADMIN, product="Tarp", components="FAB-01 4 5")
    ).crumb == "BOM-2026-0003"
    with pytest.raises(RefusedError, match="There is a bill BOM-888 already"):
        await world.bill()
        await world.bill("888")


async def test_the_bills_page_shows_each_version_with_its_change_in_the_cost(world: World) -> None:
    await world.bill()
    await world.run("bom approve", ADMIN, request=await world.ask())
    waiting = await world.ask(component="ZIP-03", name="Zip", quantity="1", unit_cost="2.25")
    page = await world.run("bom show", VIEWER, bom="BOM-888")
    assert str(page.verdict.word) == "APPROVAL PENDING"
    assert list(table(page, "components")) == ["FAB-01", "THR-02"]
    assert list(table(page, "versions")) == ["2", "1"]
    assert list(table(page, "requests")) == [waiting, "BCR-2026-0001"]
    assert "12.50" in world.text(page)
    first = await world.run("bom show", VIEWER, bom="BOM-888", version="1")
    assert str(first.verdict.word) == "inactive"
    with pytest.raises(NotFoundError, match="BOM-888 has no version 9; its newest is 2"):
        await world.run("bom show", bom="BOM-888", version="9")


async def test_the_list_says_what_waits(world: World) -> None:
    await world.bill()
    assert str((await world.run("boms", VIEWER)).verdict.word) == "NOTHING WAITS"
    number = await world.ask()
    page = await world.run("boms", VIEWER)
    assert str(page.verdict.word) == "1 WAITING"
    assert list(table(page, "requests")) == [number]
    opens = block(page, "boms").rows[0].action
    assert (opens.command, opens.arguments) == ("bom show", (("bom", "BOM-888"),))


async def test_pages_show_the_past_as_it_was(world: World) -> None:
    await world.bill()
    world.go(hours(1))
    number = await world.ask()
    world.go(hours(3))
    await world.run("bom approve", ADMIN, request=number)
    past = await world.run("bom show", bom="BOM-888", back_to=hours(2))
    assert facts(past, "bill")["Version"] == 1
    assert str(past.verdict.word) == "APPROVAL PENDING"
    assert list(table(past, "versions")) == ["1"]
    assert not table(await world.run("bom show", bom="BOM-888", back_to=hours(0.5)), "requests")


async def test_roles(world: World) -> None:
    await world.bill()
    number = await world.ask(VIEWER)
    for command, given in (
        ("bom approve", {"request": number}),
        ("bom refuse", {"request": number, "reason": "no"}),
        ("bom add", {"product": "Tent", "components": "FAB-01 9 5"}),
    ):
        with pytest.raises(RefusedError, match="needs the role admin"):
            await world.run(command, OPERATOR, **given)


async def test_what_waits_is_offered_to_those_who_decide(world: World) -> None:
    await world.bill()
    number = await world.ask()
    offered = await world.deck.choices("bom approve", "request", ADMIN)
    assert [each.value for each in offered] == [number]
    assert not await world.deck.choices("bom approve", "request", VIEWER)
    await world.run("bom approve", ADMIN, request=number)
    assert not await world.deck.choices("bom approve", "request", ADMIN)
