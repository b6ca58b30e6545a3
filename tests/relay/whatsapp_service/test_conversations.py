"""Conversations beside the checklist: what the menu refuses, languages, silence, the page of relays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from core.areas.relay.store.tables import RELAY_DIALOG, RELAY_WORKER
from core.command import Invocation
from core.principal import ENGINE
from core.store.metadata import to_microseconds
from tests.relay.whatsapp_service.running import world


async def test_buttons_a_bad_menu_answer_says_every_number_and_keeps_the_state(tmp_path: Path) -> None:
    async with world(tmp_path) as plant, plant.relay():
        await plant.says("hi", "What do you need?")
        await plant.says("9", "Reply 1-7")
        await plant.says("something", "Reply 1-7")
        await plant.says("4", "SOP")


async def test_languages_lang_changes_it_in_the_middle_of_a_form(tmp_path: Path) -> None:
    async with world(tmp_path) as plant, plant.relay():
        await plant.says("hola", "6.")
        await plant.says("3", "MACH-001")
        await plant.says("lang en", "From now on you are answered in this language.")
        await plant.sees("Which machine")
        await plant.says("lang xx", "I speak en, es, fr, pt, ar.")
        await plant.says("MACH-001", "bearing")


async def test_a_form_that_silence_ended_answers_with_the_menu_and_a_notice(tmp_path: Path) -> None:
    async with world(tmp_path) as plant, plant.relay():
        await plant.says("hi", "What do you need?")
        await plant.says("1", "ORD-")
        store = plant.deck.services.store
        async with store.writing() as transaction:
            past = to_microseconds(transaction.recorded_at - timedelta(minutes=1))
            await transaction.connection.execute(update(RELAY_DIALOG).values(ends_at=past))
        shown = await plant.says("ORD-12005", "I waited long enough")
        assert "What do you need?" in shown.text


async def test_the_end_of_a_workflow_says_how_to_come_back(tmp_path: Path) -> None:
    async with world(tmp_path) as plant, plant.relay():
        await plant.says("hi", "What do you need?")
        await plant.says("2", "order")
        await plant.says("ORD-12005", "Send “hi” for the menu.")


async def test_the_page_of_relays_says_webhook_and_masks_the_number(tmp_path: Path) -> None:
    async with world(tmp_path) as plant, plant.relay():
        await plant.says("hi", "What do you need?")
        async with plant.deck.services.store.reading() as connection:
            row = (await connection.execute(select(RELAY_WORKER))).one()
        assert (row.mode, row.bot) == ("webhook", "…000")
        page = await plant.deck.run(Invocation("relay", ENGINE))
        assert "15550100000" not in repr(page.blocks[0])
