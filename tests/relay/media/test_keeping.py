"""What comes in is kept once, tried for as often as it is worth, and given up with a word (S20, S21)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import select

from core.areas.plant.model.attachments import Attachment, AttachmentState
from core.areas.plant.store.attachment_tables import attachments
from core.message import _
from core.moment import FrozenClock
from core.notify.delivery.tables import OUTBOX
from core.principal import Principal, Role
from core.relay.inbound import Attached, ChatKind, Inbound, Sender, Unsupported
from core.relay.media.fetching import Fetched, FileAwayError, FileError
from core.relay.media.keeping import MOST_AN_HOUR, WAITS, Keeper
from core.store.store import Store
from core.vault import Vault
from tests.notify.alerted import NOON

_ANN = "0123456789abcdef01234567.001"
_LINE = "whatsapp:15550100000"
_PLACE = "https://files.example.test/secret-place"
_PERSON = Principal("ann", Role.VIEWER, "whatsapp", _ANN)


@dataclass
class _Files:
    """Files that are away, gone or there."""

    failures: list[FileError] = field(default_factory=list[FileError])
    asked: list[str] = field(default_factory=list[str])

    async def fetch(self, place: str, content_type: str) -> Fetched:
        self.asked.append(place)
        if self.failures:
            raise self.failures.pop(0)
        return Fetched(content_type, b"\xff\xd8\xff")

    async def close(self) -> None:
        pass


@dataclass
class _World:
    store: Store
    clock: FrozenClock
    files: _Files
    keeper: Keeper

    async def sent(self, key: str = "SM1", content_type: str = "image/jpeg") -> Attachment | None:
        inbound = Inbound(
            channel="whatsapp",
            line=_LINE,
            key=key,
            at=self.clock.now(),
            chat=_ANN,
            chat_kind=ChatKind.PRIVATE,
            sender=Sender(_ANN, "Ann"),
            content=Unsupported(content_type),
            message=key,
            media=(Attached(_PLACE, content_type),),
        )
        return next(iter(await self.keeper.keep(inbound, _PERSON, "")), None)

    async def told(self) -> list[str]:
        async with self.store.reading() as connection:
            return list((await connection.execute(select(OUTBOX.c.payload).order_by(OUTBOX.c.id))).scalars())


@asynccontextmanager
async def _opened(home: Path, *failures: FileError) -> AsyncIterator[_World]:
    clock = FrozenClock(NOON)
    vault = Vault.open(home / "vault")
    store = await Store.open(f"sqlite:///{home / 'k.db'}", clock=clock, audit_key=vault.audit_key)
    files = _Files(list(failures))
    yield _World(store, clock, files, Keeper("whatsapp", _LINE, files, store, vault, clock))
    await store.close()


async def test_the_same_message_delivered_again_is_fetched_once(tmp_path: Path) -> None:
    async with _opened(tmp_path) as world:
        first, again = await world.sent(), await world.sent()
        assert first is not None
        assert again is not None
        assert (first.name, first.state) == (again.name, AttachmentState.KEPT)
        assert len(world.files.asked) == 1


async def test_it_is_tried_again_with_growing_waits_and_then_given_up_with_a_word(tmp_path: Path) -> None:
    away = [FileAwayError(_("away")) for _each in range(len(WAITS) + 1)]
    async with _opened(tmp_path, *away) as world:
        sent = await world.sent()
        assert sent is not None
        assert sent.state is AttachmentState.WAITING
        for number, wait in enumerate(WAITS, 2):
            world.clock.advance(wait - 1)
            assert not await world.keeper.fetch_late()
            assert len(world.files.asked) == number - 1
            world.clock.advance(1)
            assert await world.keeper.fetch_late() is (number == len(WAITS) + 1)
            assert len(world.files.asked) == number
        (told,) = await world.told()
        assert "send it again" in told


async def test_what_comes_right_later_is_said_once(tmp_path: Path) -> None:
    async with _opened(tmp_path, FileAwayError(_("away"))) as world:
        await world.sent()
        world.clock.advance(WAITS[0])
        assert await world.keeper.fetch_late()
        assert not await world.keeper.fetch_late()
        assert len(await world.told()) == 1


async def test_what_is_gone_is_not_tried_again(tmp_path: Path) -> None:
    async with _opened(tmp_path, FileError(_("gone"))) as world:
        sent = await world.sent()
        assert sent is not None
        assert (sent.state, str(sent.error)) == (AttachmentState.FAILED, "gone")
        world.clock.advance(86_400)
        assert not await world.keeper.fetch_late()


async def test_a_type_that_is_not_taken_is_not_even_asked_for(tmp_path: Path) -> None:
    async with _opened(tmp_path) as world:
        sent = await world.sent(content_type="text/html")
        assert sent is not None
        assert sent.state is AttachmentState.FAILED
        assert world.files.asked == []


async def test_s21_too_many_in_an_hour_are_refused_with_one_word(tmp_path: Path) -> None:
    async with _opened(tmp_path) as world:
        for number in range(MOST_AN_HOUR):
            await world.sent(f"SM{number}")
        refused = await world.sent("one more")
        assert refused is not None
        assert refused.state is AttachmentState.FAILED
        assert await world.sent("another") is None
        assert len(world.files.asked) == MOST_AN_HOUR
        world.clock.advance(3_601)
        later = await world.sent("later")
        assert later is not None
        assert later.state is AttachmentState.KEPT


async def test_s20_neither_the_place_nor_the_chat_lies_open_in_the_store(tmp_path: Path) -> None:
    async with _opened(tmp_path, FileAwayError(_("away"))) as world:
        await world.sent()
        async with world.store.reading() as connection:
            (row,) = (await connection.execute(select(attachments))).all()
        assert "secret-place" not in repr(row)
        assert row.phone == "…001"


async def test_what_another_process_took_up_is_left_to_it(tmp_path: Path) -> None:
    async with _opened(tmp_path, FileAwayError(_("away"))) as world:
        sent = await world.sent()
        assert sent is not None
        stale = replace(sent, tries=0)
        found = await world.keeper._try(stale)
        assert found.tries == 1
        assert len(world.files.asked) == 1
