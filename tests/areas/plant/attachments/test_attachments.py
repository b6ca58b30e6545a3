"""Attachments: given to tickets, seen as of then, written to private files, forgotten in time (S14, S20)."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.plant.collection.attachments import KEPT_FOR, forget
from core.areas.plant.model.attachments import Attachment, AttachmentState, Received
from core.areas.plant.rules.attachment_numbers import attachment_numbers, file_extension
from core.areas.plant.store.attachments import (
    attachments_of,
    claim,
    content_of,
    due_attachments,
    fail,
    fill,
    newest_attachments,
    note_received,
)
from core.command import Invocation
from core.deck import Deck
from core.demo.plant import PlantPart
from core.errors import InputError, NotFoundError, RefusedError
from core.folders import Folders
from core.message import _
from core.moment import FrozenClock
from core.page import Page
from core.principal import ENGINE, Principal, Role
from core.settings import SettingsBook
from core.store.versions import NEWEST
from tests.notify.alerted import NOON

_PDF = b"%PDF-1.4 a fake document"
_RECEIVED = Received(
    source="whatsapp:1:SM1:0",
    content_type="application/pdf",
    file_name="seam.pdf",
    caption="The seam",
    channel="whatsapp",
    phone="…001",
    sender="whatsapp:abc.001",
    origin="encrypted",
)


@dataclass
class _Plant:
    deck: Deck
    clock: FrozenClock

    async def received(self, source: str = "SM1", *, kept: bool = True) -> Attachment:
        async with self.deck.services.store.writing() as transaction:
            noted = await note_received(transaction, replace(_RECEIVED, source=source), self.clock.now())
            if kept:
                assert await fill(transaction, noted.name, "application/pdf", _PDF)
        return noted

    async def run(self, command: str, principal: Principal = ENGINE, **arguments: str) -> Page:
        return await self.deck.run(Invocation(command, principal, arguments))

    async def report(self, attachments: str) -> Page:
        return await self.run(
            "maintenance", machine="MACH-004", issue="bearing", urgency="high", attachments=attachments
        )

    async def of_ticket(self, ticket: str, ago: timedelta = timedelta()) -> list[str]:
        async with self.deck.services.store.reading() as connection:
            return [each.name for each in await attachments_of(connection, ticket, self.clock.now() - ago)]

    async def names(self) -> list[str]:
        async with self.deck.services.store.reading() as connection:
            return [each.name for each in await newest_attachments(connection, NEWEST, 100)]


@asynccontextmanager
async def _opened(home: Path) -> AsyncIterator[_Plant]:
    clock = FrozenClock(NOON)
    book = SettingsBook(Folders.below(home), environment={}, dotenv=home / "x")
    async with await Deck.open(book, clock) as deck:
        await PlantPart(clock).fill(deck, ENGINE, lambda _message: None)
        yield _Plant(deck, clock)


async def test_a_report_takes_its_attachments_and_its_page_shows_them(tmp_path: Path) -> None:
    async with _opened(tmp_path) as plant:
        first, second = await plant.received("a"), await plant.received("b", kept=False)
        page = await plant.report(f"{first.name}, {second.name.lower()}")
        ticket = str(page.crumb)
        assert await plant.of_ticket(ticket) == [first.name, second.name]
        shown = repr(await plant.run("maintenance show", ticket=ticket))
        assert first.name in shown
        assert "…001" in shown
        assert "The seam" in shown
        plant.clock.advance(60)
        assert await plant.of_ticket(ticket, timedelta(minutes=5)) == []


async def test_an_attachment_that_is_not_there_is_refused_and_nothing_is_reported(tmp_path: Path) -> None:
    async with _opened(tmp_path) as plant:
        with pytest.raises(NotFoundError, match="MED-2026-0009"):
            await plant.report("MED-2026-0009")
        with pytest.raises(InputError, match="MED-2026-0001"):
            await plant.report("ORD-1")


async def test_it_can_be_added_to_a_ticket_of_any_kind_later(tmp_path: Path) -> None:
    async with _opened(tmp_path) as plant:
        kept = await plant.received()
        ticket = str((await plant.report("")).crumb)
        await plant.run("media attach", attachments=kept.name, ticket=ticket.replace("MNT", "MAINT"))
        assert await plant.of_ticket(ticket) == [kept.name]
        with pytest.raises(NotFoundError):
            await plant.run("media attach", attachments=kept.name, ticket="MNT-2026-9999")


async def test_s14_it_is_written_to_a_private_file_of_our_naming(tmp_path: Path) -> None:
    async with _opened(tmp_path) as plant:
        kept = await plant.received()
        page = await plant.run("media save", media=kept.name)
        assert kept.name in repr(page)
        (path,) = (tmp_path / "exports").iterdir()
        assert path.name == f"{kept.name}.pdf"
        assert path.read_bytes() == _PDF
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        waiting = await plant.received("b", kept=False)
        with pytest.raises(RefusedError, match="isn’t here"):
            await plant.run("media save", media=waiting.name)


async def test_a_chat_writes_no_files_where_opsdeck_runs(tmp_path: Path) -> None:
    async with _opened(tmp_path) as plant:
        kept = await plant.received()
        person = Principal("ann", Role.ADMIN, "whatsapp", "abc.001")
        with pytest.raises(RefusedError, match="console"):
            await plant.run("media save", person, media=kept.name)
        assert not (tmp_path / "exports").exists()


async def test_s20_after_30_days_what_belongs_to_no_ticket_is_gone_and_the_rest_stays(tmp_path: Path) -> None:
    async with _opened(tmp_path) as plant:
        loose, given = await plant.received("a"), await plant.received("b")
        await plant.report(given.name)
        plant.clock.advance(KEPT_FOR.total_seconds() - 1)
        await forget(plant.deck.services)
        assert len(await plant.names()) == 2
        plant.clock.advance(2)
        await forget(plant.deck.services)
        assert await plant.names() == [given.name]
        async with plant.deck.services.store.reading() as connection:
            assert await content_of(connection, given.name) == _PDF
        assert loose.name not in await plant.names()


async def test_the_same_message_is_noted_once_and_its_origin_goes_with_the_waiting(tmp_path: Path) -> None:
    async with _opened(tmp_path) as plant:
        first, again = await plant.received(kept=False), await plant.received(kept=False)
        assert first.name == again.name
        store = plant.deck.services.store
        async with store.reading() as connection:
            (due,) = await due_attachments(connection, "whatsapp", plant.clock.now(), 10)
        assert due.origin == "encrypted"
        async with store.writing() as transaction:
            later = plant.clock.now() + timedelta(minutes=1)
            assert await claim(transaction, due, later)
            assert not await claim(transaction, due, later)
            assert await fail(transaction, due.name, _("It isn’t there any more."))
            assert not await fill(transaction, due.name, "application/pdf", _PDF)
        async with store.reading() as connection:
            (failed,) = await newest_attachments(connection, NEWEST, 10)
            assert await due_attachments(connection, "whatsapp", NEWEST, 10) == []
        assert (failed.state, failed.origin) == (AttachmentState.FAILED, "")
        shown = repr(await plant.run("media", media=failed.name))
        assert "It isn’t there any more." in shown


def test_several_numbers_are_read_in_whichever_way_they_are_written() -> None:
    assert attachment_numbers("MED-2026-1,med-2026-0002 MED-2026-0001") == ("MED-2026-0001", "MED-2026-0002")
    assert attachment_numbers("") == ()
    with pytest.raises(InputError, match="At most"):
        attachment_numbers(" ".join(f"MED-2026-{number}" for number in range(1, 30)))
    assert file_extension("text/html") == "bin"
