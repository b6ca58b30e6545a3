"""Workflows 1 and 6 in a chat: one question at a time, and what is wrong stays on its question."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.areas.plant.model.defects import DefectSeverity, InternalReject
from core.areas.plant.model.orders import OrderState
from core.areas.plant.store.defects import all_defects
from core.areas.plant.store.orders import order_of
from core.store.versions import NEWEST
from tests.areas.plant.quality.world import filled
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
