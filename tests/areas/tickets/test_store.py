"""Tickets in the store: numbers that never collide and turns that never overlap, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from core.areas.tickets import AREA
from core.areas.tickets.model import ClockKind, Side
from core.areas.tickets.store import reading
from core.areas.tickets.store.recording import next_number, next_ticket_id
from core.command import Invocation
from core.deck import Deck
from core.folders import Folders
from core.moment import FrozenClock
from core.settings import SettingsBook
from core.store.versions import NEWEST
from tests.areas.tickets.world import AGENT, ELITE, PREMIUM, World, at
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the test's database is: a file, or a database of the session's PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'opsdeck.db'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
async def deck(url: str, tmp_path: Path) -> AsyncGenerator[Deck]:
    flags = {"DATABASE_URL": url, "TICKETS_AGENTS": '["amina"]', "TICKETS_PER_DAY": "100"}
    book = SettingsBook(Folders.below(tmp_path), flags=flags, environment={}, dotenv=tmp_path / ".env")
    async with await Deck.open(book, FrozenClock(at("10:00")), areas=(AREA,)) as opened:
        yield opened


async def test_tickets_opened_at_once_have_numbers_of_their_own(deck: Deck) -> None:
    asked = {"subject": "Help", "text": "Please."}
    pages = await asyncio.gather(
        *(deck.run(Invocation("support open", person, asked)) for person in (ELITE, PREMIUM) * 6)
    )
    assert sorted(str(page.crumb) for page in pages) == [f"T-2026-{number:04}" for number in range(1, 13)]


async def test_replies_written_at_once_are_all_kept_and_stop_the_clock_once(deck: Deck) -> None:
    ticket = str((await deck.run(Invocation("support open", ELITE, {"subject": "Help", "text": "1"}))).crumb)
    writes = [
        Invocation("ticket reply", AGENT, {"ticket": ticket, "text": f"a{number}"}) for number in range(5)
    ]
    writes += [
        Invocation("support reply", ELITE, {"ticket": ticket, "text": f"r{number}"}) for number in range(5)
    ]
    await asyncio.gather(*map(deck.run, writes))
    async with deck.services.store.reading() as connection:
        said = await reading.conversation(connection, ticket, NEWEST, internal=True)
        case = await reading.case(connection, ticket, NEWEST)
    assert [each.number for each in said] == list(range(1, 13))
    assert len({each.text for each in said}) == 12
    assert sum(each.kind is ClockKind.FIRST_RESPONSE for each in case.cycles) == 1
    assert case.running(ClockKind.FIRST_RESPONSE) is None
    last_side = [each.side for each in said if each.side is not Side.SYSTEM][-1]
    assert (case.running(ClockKind.NEXT_REPLY) is not None) is (last_side is Side.REQUESTER)


async def test_a_view_of_the_faq_is_counted_on_either_database(deck: Deck) -> None:
    world = World(deck, FrozenClock(at("10:00")))
    admin = AGENT
    await world.run(admin, "faq edit", question="Why?", answer="Because.")
    await asyncio.gather(*(world.run(ELITE, "faq show", entry="FAQ-1") for _time in range(4)))
    assert "Views" in world.text(await world.run(ELITE, "faq show", entry="FAQ-1"))
    page = await world.run(admin, "faq")
    assert page.blocks[0].rows[0].cells[-1] == 1  # type: ignore[union-attr]


async def test_the_number_begins_anew_each_year_and_grows_past_four_digits(deck: Deck) -> None:
    async with deck.services.store.writing() as transaction:
        assert await next_ticket_id(transaction, at("10:00")) == "T-2026-0001"
        assert await next_ticket_id(transaction, at("10:00").replace(year=2027)) == "T-2027-0001"
        assert await next_number(transaction, 2026) == 2
