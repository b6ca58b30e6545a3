"""The list of locations: names to choose from, the person's own marked, ids for whoever needs them."""

from __future__ import annotations

from pathlib import Path

from core.message import ENGLISH
from core.query import TableQuery
from core.render import render_as
from core.render.chat_html import TextPart, chat_parts
from core.render.values import Formatter
from tests.areas.network.world import PERSON, START, World, opened

CUSTOMER, HERE, OTHER = "Twenty-five Berths Ltd", "Berth 03", "Berth 07"
FORMATTER = Formatter(ENGLISH, PERSON.zone, START)


async def in_a_chat(world: World) -> str:
    """The list as a chat shows it, ten locations of it."""
    page = await world.run("locations", query=TableQuery(limit=10))
    return "\n".join(part.plain for part in chat_parts(page, FORMATTER) if isinstance(part, TextPart))


async def test_a_chat_shows_names_and_marks_the_one_that_is_selected(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup(CUSTOMER)
        before = await in_a_chat(world)
        await world.run("select", location=HERE)
        after = await in_a_chat(world)

        assert "Choose one to make it yours" in before
        assert "none selected" in before
        lines = after.splitlines()
        assert f"● {HERE} · selected" in lines
        assert OTHER in lines
        assert f"{HERE} is selected" in lines[0]
        assert world.location(HERE) not in after
        assert "· no\n" not in before


async def test_the_ids_are_there_for_whoever_needs_them(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup(CUSTOMER)
        page = await world.run("locations")
        assert world.location(OTHER) in render_as("text", page, FORMATTER, width=120)
