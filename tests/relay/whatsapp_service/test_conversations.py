"""Conversations at the plant: the menu, what begins anew, languages, and what silence ends (A1, A6)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from core.areas.relay.store.tables import RELAY_DIALOG
from core.store.metadata import to_microseconds
from tests.relay.whatsapp_service.running import ANN, world


async def test_buttons_the_menu_is_a_list_and_digits_work_in_any_digits(tmp_path: Path) -> None:
    async with world(tmp_path) as plant, plant.relay():
        shown = await plant.says("hi", "What do you need?")
        labels = [label for row in shown.buttons for label in row]
        assert labels[0] == "1. Report a defect"
        assert labels[5] == "6. BOM update"
        assert "Everything else" in labels[6]
        await plant.says("2", "order")
        await plant.says("Hello there", "What do you need?")
        await plant.says("٣", "machine")
        await plant.says("menu", "What do you need?")
        await plant.presses("Order status", "order")


async def test_buttons_a_bad_menu_answer_says_1_6_and_keeps_the_state(tmp_path: Path) -> None:
    async with world(tmp_path) as plant, plant.relay():
        await plant.says("hi", "What do you need?")
        await plant.says("9", "Reply 1-6")
        await plant.says("something", "Reply 1-6")
        await plant.says("4", "SOP")


@pytest.mark.parametrize(
    ("greeting", "language"),
    [("¡Hola!", "es"), ("Bonjour", "fr"), ("Olá", "pt"), ("مرحبا", "ar"), ("hello", "en")],
)
async def test_languages_the_greeting_is_that_of_the_session(
    tmp_path: Path, greeting: str, language: str
) -> None:
    async with world(tmp_path) as plant, plant.relay():
        await plant.says(greeting, "6.")
        async with plant.deck.services.store.reading() as connection:
            row = (await connection.execute(RELAY_DIALOG.select())).one()
        assert row.language == language
        assert row.user == f"+{ANN}"


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


async def test_media_an_order_comes_with_a_picture_of_its_work(tmp_path: Path) -> None:
    async with world(tmp_path) as plant, plant.relay():
        await plant.says("order ORD-12005", "image")


async def test_meta_takes_the_same_way(tmp_path: Path) -> None:
    async with world(tmp_path, provider="meta") as plant, plant.relay():
        await plant.says("hi", "What do you need?")
        await plant.presses("Order status", "order")
        await plant.says("ORD-12005", "Send “hi” for the menu.")
