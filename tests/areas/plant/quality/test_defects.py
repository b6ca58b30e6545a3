"""Workflow 1 of whatsapp.md (A2.1), and what becomes of a defect: through the Dispatcher."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.areas.plant.model.defects import CustomerReturn, InternalReject, RejectState
from core.areas.plant.model.orders import OrderState
from core.errors import InputError, NotFoundError, RefusedError
from core.principal import Principal, Role
from core.relay.languages import formatter_for, language_of
from core.render import render_as
from core.store.audit import entries
from core.store.versions import NEWEST
from tests.areas.plant.quality.world import (
    ADMIN,
    HEAD,
    OPERATOR,
    VIEWER,
    World,
    block,
    facts,
    hours,
    opened,
    order,
    table,
)


async def test_a2_1_an_internal_reject_is_kept_as_it_was_reported(world: World) -> None:
    number = await world.report(stage="Handles", department="prn", flaw="stitching")
    found = await world.defect(number)
    assert isinstance(found, InternalReject)
    assert number == "RJT-2026-0001"
    assert (found.order, found.quantity, found.stage, found.department) == ("ORD-12345", 3, "Handles", "PRN")
    assert (found.state, found.reported_by, found.product) == (RejectState.PENDING, "vera", "Canvas bag")


async def test_a2_1_the_department_is_where_the_order_is_worked_on_where_nobody_says(world: World) -> None:
    assert (await world.defect(await world.report())).department == "SEW"
    await world.keep(order("ORD-1"))
    assert (await world.defect(await world.report(order="ORD-1"))).department == "CUT"


@pytest.mark.parametrize(
    ("type_", "severity", "state", "said"),
    [
        ("internal_reject", "high", OrderState.ON_HOLD, "ORD-12345 is on hold now."),
        ("internal_reject", "medium", OrderState.IN_PROGRESS, "ORD-12345 was not put on hold."),
        ("internal_reject", "low", OrderState.IN_PROGRESS, "ORD-12345 was not put on hold."),
        ("other", "high", OrderState.ON_HOLD, "ORD-12345 is on hold now."),
        ("return", "high", OrderState.IN_PROGRESS, "ORD-12345 was not put on hold."),
    ],
)
async def test_d6_the_answer_says_what_really_became_of_the_order(
    world: World, type_: str, severity: str, state: OrderState, said: str
) -> None:
    page = await world.run(
        "defect",
        VIEWER,
        order="ORD-12345",
        type=type_,
        severity=severity,
        quantity="3",
        description="The seam opens at the handle.",
    )
    assert (await world.order()).state is state
    assert said in world.text(page)
    (event,) = await world.events("plant.defect.reported")
    assert said in str(event.event.title)
    assert event.event.facts["held"] is (state is OrderState.ON_HOLD)


async def test_an_order_on_hold_is_not_said_to_be_put_there_again(world: World) -> None:
    first = await world.report(severity="high")
    second = await world.report(severity="high")
    assert "ORD-12345 was on hold already." in world.text(await world.run("defect show", defect=second))
    assert str((await world.order()).reason) == f"{first}: severity high"
    assert [(await world.defect(each)).held for each in (first, second)] == [True, False]  # type: ignore[union-attr]
    shown = world.text(await world.run("defect show", defect=second))
    assert "ORD-12345 is on hold, for another reason than this defect." in shown


async def test_a_hold_is_not_laid_to_a_defect_whose_own_was_lifted(world: World) -> None:
    number = await world.report(severity="high")
    assert "this defect put it there" in world.text(await world.run("defect show", defect=number))
    await world.run("order move", order="ORD-12345", state="in_progress")
    assert "on hold;" not in world.text(await world.run("defect show", defect=number))
    await world.run("order move", order="ORD-12345", state="on_hold", reason="No thread")
    assert "for another reason than this defect" in world.text(await world.run("defect show", defect=number))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "RJT-2026-0001: severity high"),
        ("es", "RJT-2026-0001: gravedad alta"),
        ("fr", "RJT-2026-0001 : gravité haute"),
        ("pt", "RJT-2026-0001: severidade alta"),
    ],
)
async def test_why_an_order_is_on_hold_is_read_in_each_language(world: World, code: str, said: str) -> None:
    await world.report(severity="high")
    reader = formatter_for(language_of(code), ADMIN.zone, world.clock.now())
    pages = [await world.run("order", order="ORD-12345"), await world.run("orders"), await world.run("plant")]
    for page in pages:
        assert said.casefold() in render_as("text", page, reader, width=300).casefold(), page.key


async def test_what_was_stored_as_why_in_plain_words_is_still_read(world: World) -> None:
    held = order(state=OrderState.ON_HOLD, reason="RJT-2026-0001: severity high", previous=OrderState.PENDING)
    await world.keep(held)
    assert (await world.order()).reason == held.reason
    assert "On hold: RJT-2026-0001: severity high" in world.text(await world.run("order", order=held.number))


async def test_without_stock_the_order_is_put_on_hold(world: World) -> None:
    number = await world.report()
    await world.run("defect move", defect=number, state="approve")
    page = await world.run("defect move", defect=number, state="no stock", note="None until Friday")
    assert "ORD-12345 is on hold now." in world.text(page)
    assert (await world.order()).state is OrderState.ON_HOLD


async def test_the_rule_of_the_hold_can_be_configured(tmp_path: Path) -> None:
    settings = {"PLANT_HOLD_SEVERITIES": '["medium"]', "PLANT_HOLD_WITHOUT_STOCK": "false"}
    async with opened(tmp_path, **settings) as world:
        number = await world.report(severity="high")
        await world.run("defect move", defect=number, state="approved")
        await world.run("defect move", defect=number, state="no_stock")
        assert (await world.order()).state is OrderState.IN_PROGRESS
        await world.report(severity="medium")
        assert (await world.order()).state is OrderState.ON_HOLD


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"order": "ORD-404"}, "^order: There is no order ORD-404"),
        ({"order": "ORD-777"}, "^order: ORD-777 is completed; a defect needs an order that is worked on"),
        ({"order": "???"}, "order: .* like ORD-12345"),
        ({"type": "broken"}, "type: .*internal_reject, return, other"),
        ({"severity": "critical"}, "severity: .*low, medium, high"),
        ({"quantity": "0"}, "quantity: A whole number from 1"),
        ({"quantity": "101"}, "^quantity: ORD-12345 is of 100 pieces only"),
        ({"description": "Bad seam."}, "description: Describe it in 10 to 500 characters"),
        ({"description": "x" * 501}, "description: Describe it in 10 to 500 characters"),
        ({"department": "NOPE"}, "^department: There is no department NOPE"),
    ],
)
async def test_what_cannot_be_is_refused_by_the_name_of_its_question(
    world: World, given: dict[str, str], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        await world.report(**given)
    assert not await world.events("plant.defect.reported")
    assert "RJT" not in world.text(await world.run("defects", show="all"))


async def test_a_return_is_of_an_order_that_was_delivered_and_is_resolved_once(world: World) -> None:
    number = await world.report(order="ORD-777", type="return", severity="high")
    assert number.startswith("RET-")
    await world.run("defect resolve", defect=number, resolution="Credited", cost="12,5", credit="30")
    found = await world.defect(number)
    assert isinstance(found, CustomerReturn)
    assert (found.resolution, str(found.cost), str(found.credit)) == ("Credited", "12.5", "30")
    with pytest.raises(RefusedError, match="resolved by omar already"):
        await world.run("defect resolve", HEAD, defect=number, resolution="Again")
    with pytest.raises(RefusedError, match="“defect resolve”"):
        await world.run("defect move", defect=number, state="approved")
    with pytest.raises(RefusedError, match="“defect move”"):
        await world.run("defect resolve", defect=await world.report(), resolution="Again")


async def test_d7_the_chats_number_finds_rejects_and_returns(world: World) -> None:
    reject, returned = await world.report(), await world.report(type="return")
    assert (reject, returned) == ("RJT-2026-0001", "RET-2026-0002")
    for alias, number in (
        ("DEF-2026-0001", reject),
        ("def 2026 2", returned),
        (number_typed(reject), reject),
    ):
        assert (await world.run("defect show", defect=alias)).crumb == (
            await world.run("defect show", defect=number)
        ).crumb
    with pytest.raises(NotFoundError, match="There is no defect “DEF-2026-0003”; “defects” lists them"):
        await world.run("defect show", defect="DEF-2026-0003")
    page = await world.run("defect move", defect="def-2026-0001", state="approved")
    assert "RJT-2026-0001 is approved now." in world.text(page)


def number_typed(number: str) -> str:
    """As somebody in a hurry types it."""
    return number.lower().replace("-", " ")


async def test_illegal_moves_are_refused_with_their_reason_and_change_nothing(world: World) -> None:
    number = await world.report()
    with pytest.raises(RefusedError, match="is pending: only an approved one can lack stock"):
        await world.run("defect move", defect=number, state="no_stock")
    with pytest.raises(InputError, match=r"^note: say why"):
        await world.run("defect move", defect=number, state="rejected")
    assert (await world.defect(number)).state is RejectState.PENDING
    assert not await world.events("plant.defect.moved")


async def test_defect_show_is_complete_enough_for_a_report(world: World) -> None:
    number = await world.report(severity="high", stage="Handles", flaw="stitching")
    world.go(hours(1))
    await world.run("defect move", defect=number, state="approved", note="Seen at the machine")
    page = await world.run("defect show", VIEWER, defect=number)
    said = facts(page, "defect")
    assert said["Defect"] == number
    assert str(said["Type"]) == "Internal reject"
    assert (said["Pieces"], str(said["Department"]), said["Stage"]) == (3, "Sewing (SEW)", "Handles")
    assert block(page, "description").paragraphs == ("The seam opens at the handle.",)
    assert facts(page, "order")["Customer"] == "Harbour Traders"
    assert facts(page, "outcome")["Decided by"] == "omar"
    history = [str(each.text) for each in block(page, "history").entries]
    assert history == [
        f"{number} is approved now. “Seen at the machine”",
        "Reported: Internal reject, 3 pieces, severity high. ORD-12345 is on hold now.",
    ]
    assert "in chats also DEF-2026-0001" in world.text(page)
    assert "this defect put it there" in world.text(page)
    refused = {dict(each.arguments).get("state"): each.unavailable for each in page.actions}
    assert refused["no_stock"] is None
    assert str(refused["approved"]) == f"{number} is approved already."


async def test_pages_show_the_past_as_it_was(world: World) -> None:
    number = await world.report(severity="medium")
    world.go(hours(2))
    await world.run("defect move", defect=number, state="approved")
    await world.report(severity="high")
    then = await world.run("defects", back_to=hours(1))
    assert list(table(then, "defects")) == [number]
    assert "pending" in world.text(then)
    past = await world.run("defect show", defect=number, back_to=hours(1))
    assert len(block(past, "history").entries) == 1
    assert str(facts(past, "order")["State"].word) == "in progress"  # type: ignore[union-attr]
    with pytest.raises(NotFoundError):
        await world.run("defect show", defect=number, back_to=hours(-1))


async def test_the_list_has_the_worst_first_and_can_be_of_one_order(world: World) -> None:
    low, high = await world.report(severity="low"), await world.report(severity="high")
    returned = await world.report(order="ORD-777", type="return", severity="medium")
    page = await world.run("defects", VIEWER)
    assert list(table(page, "defects")) == [high, returned, low]
    assert str(page.verdict.word) == "3 OPEN"
    assert list(table(await world.run("defects", order="ord777"), "defects")) == [returned]
    assert list(table(await world.run("defects", show="returns"), "defects")) == [returned]
    await world.run("defect move", defect=low, state="rejected", note="Within tolerance")
    assert low not in table(await world.run("defects"), "defects")
    assert low in table(await world.run("defects", show="all"), "defects")
    opens = block(page, "defects").rows[0].action
    assert (opens.command, opens.arguments) == ("defect show", (("defect", high),))


async def test_what_was_written_is_safe_wherever_it_is_shown(world: World) -> None:
    number = await world.report(description="The seam\x1b[31m opens\u202e at the handle.")
    shown = world.text(await world.run("defect show", defect=number))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    (event,) = await world.events("plant.defect.reported")
    assert "seam" not in str(event.event.title)


async def test_roles(world: World) -> None:
    customer = Principal("carl", Role.CUSTOMER, "telegram", "77")
    number = await world.report(VIEWER)
    for command, given in (
        ("defect move", {"defect": number, "state": "approved"}),
        ("defect resolve", {"defect": number, "resolution": "Done"}),
    ):
        with pytest.raises(RefusedError, match="needs the role operator"):
            await world.run(command, VIEWER, **given)
    with pytest.raises(RefusedError, match="needs the role viewer"):
        await world.report(customer)
    await world.run("defect move", OPERATOR, defect=number, state="approved")
    async with world.deck.services.store.reading() as connection:
        audited = await entries(connection, at=NEWEST, limit=10)
    done = [
        each.entry for each in audited if each.entry.action == "defect move" and each.entry.result == "done"
    ]
    assert [(each.target, each.before["state"], each.after["state"]) for each in done] == [
        (f"defect:{number}", "pending", "approved")
    ]


async def test_defects_are_offered_while_there_is_something_to_do(world: World) -> None:
    number, other = await world.report(), await world.report()
    await world.run("defect move", defect=other, state="rejected", note="Within tolerance")
    offered = await world.deck.choices("defect show", "defect", VIEWER)
    assert [each.value for each in offered] == [number]
