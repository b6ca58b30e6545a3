"""The demo's support desk: every tier, every state, nothing that could not have happened."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from core.areas.tickets import AREA
from core.areas.tickets.model import Side, Status
from core.areas.tickets.store import reading
from core.deck import Deck
from core.demo.tickets import TicketsPart
from core.folders import Folders
from core.moment import FrozenClock
from core.settings import SettingsBook
from core.store.versions import NEWEST
from core.units import Severity
from tests.areas.tickets.world import ADMIN, World, at, table


async def test_the_demo_has_every_tier_and_state_and_can_be_wound_back(tmp_path: Path) -> None:
    clock = FrozenClock(at("17:00"))
    part = TicketsPart.start(clock, 7, "demo")
    book = SettingsBook(
        Folders.below(tmp_path), flags=dict(part.settings), environment={}, dotenv=tmp_path / ".env"
    )
    async with await Deck.open(book, clock, areas=(AREA,)) as deck:
        world = World(deck, clock)
        await part.fill(deck, ADMIN, lambda _said: None)
        async with deck.services.store.reading() as connection:
            cases = await reading.cases(connection, NEWEST)
        assert {case.ticket.status for case in cases} == set(Status)
        assert {case.ticket.tier for case in cases} == {"ultra_premium", "elite", "pro", "basic"}
        assert [case.ticket.id for case in cases] == sorted({case.ticket.id for case in cases})
        page = await world.run(ADMIN, "tickets")
        assert page.verdict.severity is Severity.SERIOUS
        kinds = {each.event.kind for each in await world.events()}
        assert {
            "ticket.warned",
            "ticket.breached",
            "ticket.reopened",
            "ticket.rated",
            "ticket.closed",
        } <= kinds
        before = await world.run(ADMIN, "tickets", back_to=at("17:00") - timedelta(days=18, hours=5))
        assert len(table(before, "queue")) == 1
        for case in cases:
            said = await world.said(case.ticket.id)
            assert said[0].side is Side.REQUESTER
            assert [each.at for each in said] == sorted(each.at for each in said)
            assert all(each.at <= clock.now() for each in said)
        mark = await deck.change_mark()
        await world.watch()
        assert await deck.change_mark() == mark  # everything that was due had been done
