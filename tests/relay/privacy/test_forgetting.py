"""Somebody is forgotten for good, without losing what others need (S20)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.areas.relay.model import Identity
from core.areas.relay.store.identities import save_identity
from core.areas.relay.store.tables import RELAY_DIALOG, RELAY_MESSAGE, RELAY_WHATSAPP_USER
from core.areas.relay.store.whatsapp import save_stopped
from core.command import Invocation
from core.deck import Deck
from core.errors import NotFoundError
from core.folders import Folders
from core.message import _
from core.moment import SystemClock
from core.notify.answers import enqueue_replies
from core.notify.delivery.tables import OUTBOX
from core.notify.notice import Answer, Recipient
from core.notify.people.person import Address, Person
from core.notify.people.phones import Phones, find_phone, save_phones
from core.notify.people.rows import read_people, save_person
from core.notify.people.tables import PERSON_ADDRESS
from core.principal import ENGINE, Role
from core.relay.inbound import ChatKind, Inbound, Sender, Text
from core.relay.recording import Recording
from core.relay.reply import Reply, encode_reply
from core.relay.sessions.database import DatabaseDialogs
from core.relay.turn import DialogChange, Outcome, Turn
from core.relay.whatsapp.log import MessageLog
from core.settings import SettingsBook

_PHONE = "+15550100001"
_LINE = "whatsapp:15550100000"


async def test_s20_a_person_is_forgotten_with_all_that_was_said(tmp_path: Path) -> None:
    async with await _deck(tmp_path) as deck:
        user = await _known(deck, "Ana Forgettable")
        await _run(deck, "Ana Forgettable")
        store = deck.services.store
        async with store.reading() as connection:
            assert await read_people(connection, store.present()) == []
            assert (await connection.execute(select(PERSON_ADDRESS))).all() == []
            assert (await connection.execute(select(RELAY_DIALOG))).all() == []
            assert await find_phone(connection, user) is None
            row = (await connection.execute(select(RELAY_MESSAGE))).mappings().first()
            assert row is not None
            assert (row["content"], row["phone"], row["message_type"]) == (None, "", "incoming")
            sent = (await connection.execute(select(OUTBOX))).mappings().one()
            assert "private words" not in sent["payload"]
            assert (sent["state"], sent["person"]) == ("dead", user)


async def test_s20_that_a_phone_said_stop_outlives_it_as_a_hash(tmp_path: Path) -> None:
    async with await _deck(tmp_path) as deck:
        user = await _known(deck, "Ana Forgettable")
        async with deck.services.store.writing() as transaction:
            await save_stopped(transaction, _LINE, user, stopped=True)
        await _run(deck, "1 555 0100 001".replace(" ", ""))
        async with deck.services.store.reading() as connection:
            (row,) = (await connection.execute(select(RELAY_WHATSAPP_USER))).all()
            assert (row.user, row.wrote_at) == (user, None)
            assert row.stopped_at is not None
            assert await find_phone(connection, user) is None
            count = (
                select(func.count()).select_from(RELAY_MESSAGE).where(RELAY_MESSAGE.c.content.is_not(None))
            )
            assert (await connection.execute(count)).scalar_one() == 0


async def test_nobody_is_forgotten_by_a_name_that_is_nobodys(tmp_path: Path) -> None:
    async with await _deck(tmp_path) as deck:
        await _known(deck, "Ana Forgettable")
        with pytest.raises(NotFoundError):
            await _run(deck, "Bea")
        async with deck.services.store.reading() as connection:
            assert len(await read_people(connection, deck.services.store.present())) == 1


async def _deck(home: Path) -> Deck:
    book = SettingsBook(Folders.below(home), flags={}, environment={}, dotenv=home / ".env")
    return await Deck.open(book, SystemClock())


async def _run(deck: Deck, who: str) -> None:
    await deck.run(Invocation("forget", ENGINE, {"who": who}, confirmed=True))


async def _known(deck: Deck, name: str) -> str:
    """Somebody who is paired, has an address, is asked something and waits for an answer; their user."""
    services = deck.services
    kept = Phones(services.vault).kept(_PHONE)
    user, now = kept.user, services.store.present()
    inbound = Inbound(
        "whatsapp", _LINE, "SM1", now, user, ChatKind.PRIVATE, Sender(user, "Ana"), Text("private words")
    )
    dialog = DialogChange("whatsapp", user, user, "", now.replace(year=now.year + 1), "en", now)
    turn = Turn(Outcome.ANSWERED, dialog=dialog, person=name)
    async with services.store.writing() as transaction:
        await save_phones(transaction, [kept])
        await save_person(transaction, Person(name, addresses=(Address("whatsapp", user),)))
        await save_identity(transaction, Identity("whatsapp", user, name, Role.VIEWER, chat=user, name="Ana"))
        recording = Recording(DatabaseDialogs(), MessageLog(services.vault.audit_key).record)
        await recording.record(transaction, [(inbound, turn)])
        reply = Reply("r1", user, text=_("private words"))
        await enqueue_replies(
            transaction, [Answer("r1", Recipient(name, "whatsapp", user), encode_reply(reply))]
        )
    return user
