"""The demo's incidents: made by the real commands on a clock that was set back, and believable."""

from __future__ import annotations

from pathlib import Path

from core.areas.incidents import AREA
from core.areas.incidents.model import Status
from core.areas.incidents.rules.postmortem import PostMortemStatus
from core.areas.incidents.store import reading
from core.deck import Deck
from core.demo.incidents import IncidentsPart
from core.folders import Folders
from core.message import Message
from core.moment import FrozenClock
from core.settings import SettingsBook
from tests.areas.incidents.world import ADMIN, NOW, World


async def test_the_demo_has_a_past_and_one_incident_that_the_network_shows(tmp_path: Path) -> None:
    clock = FrozenClock(NOW.replace(hour=14, minute=42))
    book = SettingsBook(Folders.below(tmp_path), flags={}, environment={}, dotenv=tmp_path / ".env")
    said: list[Message] = []
    async with await Deck.open(book, clock, areas=(AREA,)) as deck:
        await IncidentsPart.start(clock, 7, "demo").fill(deck, ADMIN, said.append)
        world = World(deck, clock)
        known = await world.incidents()
        async with deck.services.store.reading() as connection:
            written = await reading.postmortems(connection, clock.now())
    assert [each.status for each in known] == [
        *(Status.CLOSED, Status.CLOSED, Status.MERGED, Status.CANCELLED),
        *(Status.ACKNOWLEDGED, Status.ACKNOWLEDGED),
    ]
    assert known[0].created_at < known[-1].created_at < clock.now()
    assert known[-1].title == "Tide Gauge lost its connection"
    assert written[known[0].id].status is PostMortemStatus.CLOSED
    assert known[1].response.breached_at is not None
