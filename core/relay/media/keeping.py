"""Keeping what people send: noted at once, fetched at once where that can be, and again later where not.

That something came in is on record before anything is asked of the platform, under a key of its own, so that
a crash at any moment loses nothing and keeps nothing twice.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from core.areas.plant.model.attachments import LONGEST_CAPTION, Attachment, AttachmentState, Received
from core.areas.plant.store.attachments import (
    attachment_of,
    attachments_by_source,
    claim,
    due_attachments,
    fail,
    fill,
    loose_bytes,
    note_received,
    put_off,
    received_since,
)
from core.json_fields import as_object
from core.message import Message, _
from core.moment import Clock
from core.notify.answers import enqueue_replies
from core.notify.delivery.turn import take_turn
from core.notify.notice import Answer, Recipient
from core.notify.people.phones import PHONE_CHANNELS
from core.principal import Principal
from core.relay.inbound import Attached, Inbound
from core.relay.media.fetching import NOT_TAKEN, Fetched, FetchesFiles, FileAwayError, FileError
from core.relay.media.kinds import accepted, plain_type
from core.relay.reply import Reply, encode_reply
from core.store.store import Store, Transaction
from core.text import clean, masked_phone, paragraph
from core.vault import Vault, VaultError

__all__ = ["AT_ONCE", "MOST_AN_HOUR", "WAITS", "Keeper"]

AT_ONCE = 8
"""Files that are fetched while their senders wait; those of others are fetched a little later."""

MOST_AN_HOUR = 30
"""Files of one sender that are taken in an hour."""

WAITS = (30.0, 120.0, 600.0, 3_600.0, 21_600.0)
"""Seconds after the first try, the second and so on, when the next one is made; then it is given up."""

_MOST_LOOSE = 1024**3
"""Bytes of what belongs to no ticket: a store is no place to keep an album."""

_AT_A_TIME = 10
_UNDER_WAY = timedelta(minutes=2)
"""For how long nobody else tries for a file that is being fetched."""

_LONGEST_NAME = 120
_TOO_MANY = _("That was a lot of files in one hour. Send the next ones later.")
_NO_ROOM = _("There is no room for files at present. Tell whoever runs this.")
_LOST = _("It could not be fetched in all this time: send it again.")

log = logging.getLogger("opsdeck.relay.media")


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a file is fetched, and who is told what became of it."""

    place: str
    line: str
    chat: str
    person: str
    language: str
    zone: str

    def written(self, vault: Vault) -> str:
        return vault.encrypt(json.dumps({name: getattr(self, name) for name in self.__slots__}))

    @classmethod
    def read(cls, vault: Vault, text: str) -> _Origin:
        """What `written` gave.

        Raises:
            VaultError: it was encrypted with a key that is not kept any more.
            ValueError: it was not written so.
        """
        known = as_object(json.loads(vault.decrypt(text)))
        return cls(**{name: str(known.get(name, "")) for name in cls.__slots__})


class Keeper:
    """Keeps what comes in by one line. `files` fetches it; `vault` hides from where until it is here."""

    def __init__(
        self, channel: str, line: str, files: FetchesFiles, store: Store, vault: Vault, clock: Clock
    ) -> None:
        self._channel = channel
        self._line = line
        self._files = files
        self._store = store
        self._vault = vault
        self._clock = clock
        self._places = asyncio.Semaphore(AT_ONCE)

    async def keep(self, inbound: Inbound, principal: Principal, caption: str) -> Sequence[Attachment]:
        """What came in with a message, as far as it got; nothing where it isn't even worth a word.

        Raises:
            StoreError: it can't be kept now.
        """
        found: list[Attachment] = []
        for index, each in enumerate(inbound.media):
            noted = await self._note(inbound, principal, caption, each, f"{inbound.key}:{index}")
            if noted is None:
                continue
            if noted.state is AttachmentState.WAITING and noted.tries == 0 and not self._places.locked():
                async with self._places:
                    noted = await self._try(noted)
            found.append(noted)
        return found

    async def fetch_late(self) -> bool:
        """Try again for what could not be fetched at once; whether somebody was told what became of it.

        Raises:
            StoreError: the database did not do its part.
        """
        now, told = self._clock.now(), False
        async with self._store.reading() as connection:
            due = await due_attachments(connection, self._channel, now, _AT_A_TIME)
        for each in due:
            try:
                origin = _Origin.read(self._vault, each.origin)
            except (VaultError, ValueError):
                log.warning("nobody knows any more where %s is fetched", each.name)
                async with self._store.writing() as transaction:
                    await fail(transaction, each.name, _LOST)
                continue
            if origin.line == self._line:
                told |= await self._try_again(each, origin)
        return told

    async def close(self) -> None:
        """Hang up."""
        await self._files.close()

    async def _note(
        self, inbound: Inbound, principal: Principal, caption: str, file: Attached, key: str
    ) -> Attachment | None:
        """Put on record that it came in, if its sender has not sent too much lately."""
        source = f"{self._line}:{key}"
        async with self._store.reading() as connection:
            known = await attachments_by_source(connection, [source])
        if known:
            return known[0]
        received = self._received(inbound, principal, caption, file, source)
        now = self._clock.now()
        async with self._store.writing() as transaction:
            await take_turn(transaction)
            lately = await received_since(transaction.connection, received.sender, now - timedelta(hours=1))
            if lately > MOST_AN_HOUR:
                return None
            reason = await self._refusal(transaction, received, lately)
            noted = await note_received(transaction, received, now + _UNDER_WAY)
            if reason is not None:
                await fail(transaction, noted.name, reason)
                return replace(noted, state=AttachmentState.FAILED, error=reason)
        return noted

    def _received(
        self, inbound: Inbound, principal: Principal, caption: str, file: Attached, source: str
    ) -> Received:
        assert inbound.sender is not None
        user = inbound.sender.user
        by_phone = inbound.channel in PHONE_CHANNELS
        origin = _Origin(
            file.place,
            self._line,
            inbound.chat,
            principal.name,
            principal.language,
            principal.zone.key,
        )
        return Received(
            source=source,
            content_type=clean(plain_type(file.content_type)),
            file_name=clean(file.name, _LONGEST_NAME),
            caption=paragraph(caption, LONGEST_CAPTION).strip(),
            channel=inbound.channel,
            phone=masked_phone(user) if by_phone else clean(inbound.sender.name, 40),
            sender=f"{inbound.channel}:{user}",
            origin=origin.written(self._vault),
        )

    async def _refusal(self, transaction: Transaction, received: Received, lately: int) -> Message | None:
        """Why it isn't even tried for, by what is known before."""
        if lately == MOST_AN_HOUR:
            return _TOO_MANY
        if received.content_type and not accepted(received.content_type):
            return NOT_TAKEN
        if await loose_bytes(transaction.connection) >= _MOST_LOOSE:
            log.error("what people sent and nobody gave to a ticket takes all the room there is for it")
            return _NO_ROOM
        return None

    async def _try(self, noted: Attachment) -> Attachment:
        """Try for a file once, and write down what came of it; as it was where another process does."""
        wait = WAITS[noted.tries] if noted.tries < len(WAITS) else None
        origin = _Origin.read(self._vault, noted.origin)
        async with self._store.writing() as transaction:
            if not await claim(transaction, noted, self._clock.now() + _UNDER_WAY):
                return await attachment_of(transaction.connection, noted.name)
        tried = replace(noted, tries=noted.tries + 1)
        try:
            fetched = await self._files.fetch(origin.place, noted.content_type)
        except FileAwayError as error:
            log.warning("%s can't be fetched now (try %s)", noted.name, tried.tries, exc_info=error)
            return await self._put_off(tried, wait)
        except FileError as error:
            log.warning("%s is not taken: %s", noted.name, error)
            return await self._fail(tried, error.message)
        return await self._fill(tried, fetched)

    async def _try_again(self, noted: Attachment, origin: _Origin) -> bool:
        """Try once more, and say what came of it where that is the end of it."""
        tried = await self._try(noted)
        if tried.state is AttachmentState.WAITING or tried.tries != noted.tries + 1:
            return False
        if tried.state is AttachmentState.KEPT:
            said = _("{name} is here now.", name=noted.name)
        else:
            said = _("{name} can’t be taken: {reason}", name=noted.name, reason=tried.error or _LOST)
        reply = Reply(f"{self._line}:{noted.name}:late", origin.chat, text=said)
        recipient = Recipient(origin.person, self._channel, origin.chat, origin.language, origin.zone)
        async with self._store.writing() as transaction:
            await enqueue_replies(transaction, [Answer(reply.key, recipient, encode_reply(reply))])
        return True

    async def _fill(self, tried: Attachment, fetched: Fetched) -> Attachment:
        async with self._store.writing() as transaction:
            await fill(transaction, tried.name, fetched.content_type, fetched.content)
        return replace(
            tried,
            state=AttachmentState.KEPT,
            content_type=fetched.content_type,
            size=len(fetched.content),
            origin="",
        )

    async def _fail(self, tried: Attachment, reason: Message) -> Attachment:
        async with self._store.writing() as transaction:
            await fail(transaction, tried.name, reason)
        return replace(tried, state=AttachmentState.FAILED, error=reason, origin="")

    async def _put_off(self, tried: Attachment, wait: float | None) -> Attachment:
        if wait is None:
            return await self._fail(tried, _LOST)
        async with self._store.writing() as transaction:
            await put_off(transaction, tried, self._clock.now() + timedelta(seconds=wait))
        return tried
