"""Workflows 1 and 6 in a chat: one question at a time, and what is wrong stays on its question."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.areas.plant.model.defects import DefectSeverity, InternalReject
from core.areas.plant.model.orders import Order, OrderState
from core.areas.plant.store.defects import all_defects
from core.areas.plant.store.orders import order_of, record_orders
from core.store.versions import NEWEST
from tests.areas.plant.quality.world import filled, order
from tests.relay.conversation.phones import ADMIN, OPERATOR, VIEWER, Phones, labels, said, with_phones


@pytest.fixture
async def phones(tmp_path: Path) -> AsyncIterator[Phones]:
    async with with_phones(tmp_path) as phones:
        await filled(phones.world.deck)
        yield phones


async def defects(phones: Phones) -> list[InternalReject]:
    async with phones.world.deck.services.store.reading() as connection:
        found = await all_defects(connection, NEWEST)
    return [each for each in found if isinstance(each, InternalReject)]


async def keep(phones: Phones, changed: Order) -> None:
    async with phones.world.deck.services.store.writing() as transaction:
        await record_orders(transaction, [changed])


async def test_a2_1_a_defect_is_reported_question_by_question_and_wrong_answers_stay(phones: Phones) -> None:
    asked = await phones.write("/defect", VIEWER)
    assert "Which order?" in said(asked)
    assert any("ORD-12345" in label for label in labels(asked[-1]))
    stays = said(await phones.write("???", VIEWER))
    assert "like ORD-12345" in stays
    assert "Which order?" in stays
    stays = said(await phones.write("ORD-404", VIEWER))
    assert "There is no order ORD-404" in stays
    assert "Which order?" in stays
    asked = await phones.write("ord 12345", VIEWER)
    assert "What kind of defect" in said(asked)
    assert labels(asked[-1])[:3] == ["Internal reject", "Return", "Other"]
    asked = await phones.write("scratched", VIEWER)
    assert "“scratched” is none of the answers below." in said(asked)
    assert "What kind of defect" in said(asked)
    assert labels(asked[-1])[:3] == ["Internal reject", "Return", "Other"]
    assert "How bad is it?" in said(await phones.write("1", VIEWER))
    asked = await phones.write("critical", VIEWER)
    assert "is none of the answers below." in said(asked)
    assert labels(asked[-1])[:3] == ["Low", "Medium", "High"]
    assert "How many pieces" in said(await phones.press("High", VIEWER))
    assert "A whole number from 1" in said(await phones.write("some", VIEWER))
    assert "What is wrong" in said(await phones.write("٣", VIEWER)), "digits of any script"
    assert "10 to 500 characters" in said(await phones.write("bad", VIEWER))
    assert "stage of production" in said(await phones.write("The seam opens at the handle.", VIEWER))
    done = said(await phones.press("Do it now", VIEWER))
    assert "RJT-2026-0001 was reported." in done
    assert "ORD-12345 is on hold now." in done
    (found,) = await defects(phones)
    assert (found.severity, found.quantity, found.department) == (DefectSeverity.HIGH, 3, "SEW")
    async with phones.world.deck.services.store.reading() as connection:
        assert (await order_of(connection, "ORD-12345", NEWEST)).state is OrderState.ON_HOLD
    assert not await phones.dialogs()


async def test_a2_1_an_order_that_is_not_there_is_asked_for_again_and_nothing_else(phones: Phones) -> None:
    line = '/defect ORD-404 other low 2 "The print is not straight."'
    stays = said(await phones.write(line, VIEWER))
    assert "There is no order ORD-404" in stays
    assert "Which order?" in stays
    assert not await defects(phones)
    await phones.write("ORD-12345", VIEWER)
    assert "was reported" in said(await phones.press("Do it now", VIEWER))
    (found,) = await defects(phones)
    assert (found.order, found.quantity, found.description) == ("ORD-12345", 2, "The print is not straight.")


async def test_a2_1_an_order_that_was_cancelled_is_refused_at_its_question(phones: Phones) -> None:
    await keep(phones, order("ORD-12012", OrderState.CANCELLED))
    await phones.write("/defect", VIEWER)
    stays = said(await phones.write("ORD-12012", VIEWER))
    assert "ORD-12012 is cancelled; a defect needs an order that is worked on." in stays
    assert "Which order?" in stays
    assert "What kind of defect" in said(await phones.write("ORD-12345", VIEWER))
    assert "is none of" not in said(await phones.press("Return", VIEWER))


@pytest.mark.parametrize("state", [OrderState.COMPLETED, OrderState.ARCHIVED])
async def test_a2_1_of_an_order_that_is_over_only_a_return_is_taken_at_the_question_for_the_type(
    phones: Phones, state: OrderState
) -> None:
    await keep(phones, order("ORD-777", state))
    await phones.write("/defect", VIEWER)
    assert "What kind of defect" in said(await phones.write("ORD-777", VIEWER)), "a return may be of it"
    again = await phones.press("Internal reject", VIEWER)
    assert f"ORD-777 is {state.value}; only a return can be reported of it." in said(again)
    assert "What kind of defect" in said(again)
    assert "Return" in labels(again[-1])
    assert "How bad is it?" in said(await phones.press("Return", VIEWER))
    await phones.press("Low", VIEWER)
    stays = said(await phones.write("101", VIEWER))
    assert "ORD-777 is of 100 pieces only." in stays
    assert "How many pieces" in stays


async def test_a2_1_what_was_refused_at_the_end_is_seen_and_confirmed_before_it_is_done(
    phones: Phones,
) -> None:
    await keep(phones, order("ORD-12004"))
    await phones.write("/defect", VIEWER)
    for answer in ("ORD-12345", "internal reject", "high", "4", "The seam opens at the handle."):
        await phones.write(answer, VIEWER)
    await keep(phones, order("ORD-12345", OrderState.CANCELLED))
    refused = said(await phones.press("Do it now", VIEWER))
    assert "ORD-12345 is cancelled" in refused
    assert "Which order?" in refused
    asked = await phones.write("ORD-12004", VIEWER)
    assert not await defects(phones)
    for expected in ("ORD-12004", "Internal reject", "High", "4", "The seam opens at the handle."):
        assert expected in said(asked)
    assert labels(asked[-1]) == ["No, leave it", "Yes, do it"]
    assert "RJT-2026-0001 was reported." in said(await phones.press("Yes, do it", VIEWER))
    (found,) = await defects(phones)
    assert found.order == "ORD-12004"


async def test_a2_6_the_components_are_offered_and_one_that_is_missing_can_not_be_taken_out(
    phones: Phones,
) -> None:
    await phones.write('/bom_add product="Canvas bag" components="FAB-01 2 5; THR-02 1 0.5" bom=888', ADMIN)
    await phones.write("/bom", OPERATOR)
    asked = await phones.write("888", OPERATOR)
    assert labels(asked[-1])[:2] == ["FAB-01", "THR-02"]
    assert "How much of it" in said(await phones.write("FAB-77", OPERATOR))
    again = await phones.write("0", OPERATOR)
    assert "BOM-888 has no FAB-77 to take out." in said(again)
    assert "Which component?" in said(again)
    assert labels(again[-1])[:2] == ["FAB-01", "THR-02"]
    await phones.press("THR-02", OPERATOR)
    asked = await phones.write("0", OPERATOR)
    assert "What is the component called?" in said(asked), "what it costs doesn't matter"
    done = said(await phones.press("Do it now", OPERATOR))
    assert "waits for somebody else’s approval" in done
    assert "ADDS" not in done


async def test_a2_6_the_last_component_can_not_be_taken_out(phones: Phones) -> None:
    await phones.write('/bom_add product="Canvas bag" components="FAB-01 2 5" bom=888', ADMIN)
    for answer in ("/bom", "888", "FAB-01"):
        await phones.write(answer, OPERATOR)
    stays = said(await phones.write("0", OPERATOR))
    assert "FAB-01 is all that BOM-888 is made of" in stays
    assert "How much of it" in stays


async def test_a2_6_a_component_that_the_bill_lacks_is_added_only_after_a_yes(phones: Phones) -> None:
    await phones.write('/bom_add product="Canvas bag" components="FAB-01 2 5" bom=888', ADMIN)
    adds = "NEW-99 isn’t in BOM-888: this ADDS it as a new component. BOM-888 is made of FAB-01."
    asked = await phones.write("/bom BOM-888 NEW-99 2.5 4.20", OPERATOR)
    assert adds in said(asked)
    assert "Stopped" in said(await phones.press("No, leave it", OPERATOR))
    await phones.write("/bom BOM-888 NEW-99 2.5 4.20", OPERATOR)
    done = said(await phones.press("Yes, do it", OPERATOR))
    assert "BCR-2026-0001 waits for somebody else’s approval" in done
    assert adds in done


async def test_a2_6_a_change_is_asked_for_in_a_chat_and_approved_by_somebody_else(phones: Phones) -> None:
    line = '/bom_add product="Canvas bag" components="FAB-01 2 5" bom=888'
    assert "BOM-888 was added" in said(await phones.write(line, ADMIN))
    assert "Which bill of materials?" in said(await phones.write("/bom", OPERATOR))
    assert "Which component?" in said(await phones.write("888", OPERATOR))
    assert "How much of it" in said(await phones.write("FAB-01", OPERATOR))
    assert "is no amount" in said(await phones.write("lots", OPERATOR))
    assert "What does one unit" in said(await phones.write("2", OPERATOR))
    await phones.write("6", OPERATOR)
    done = said(await phones.press("Do it now", OPERATOR))
    assert "waits for somebody else’s approval" in done
    assert "version 2 of BOM-888 is active" in said(await phones.write("/bom_approve BCR-2026-0001", ADMIN))


async def test_a2_4_a_failure_is_looked_up_and_what_is_not_there_stays_on_the_question(
    phones: Phones,
) -> None:
    line = '/sop_report SOP-001-2025 SEW "Needles were not changed."'
    assert "SOP-2026-0001" in said(await phones.write(line, VIEWER))
    assert "Which failure?" in said(await phones.write("/sop", VIEWER))
    stays = said(await phones.write("SOP-999", VIEWER))
    assert "There is no failure ticket" in stays
    assert "Which failure?" in stays
    assert "SOP-001-2025" in said(await phones.write("sop-001-2025", VIEWER))
