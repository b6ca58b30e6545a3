"""What the store knows about what came in: who sent it, what they are being asked, what they pressed.

Read anew for each thing that comes in, so that a right taken away is gone at once (reliability.md S9). Those
that come in at the same time are read together: a burst of a thousand costs a few statements.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.relay.model import Identity
from core.areas.relay.store.tables import RELAY_HANDLE, RELAY_IDENTITY, RELAY_INBOUND
from core.notify.delivery.tables import OUTBOX
from core.notify.people.person import Person
from core.notify.people.rows import read_groups
from core.notify.people.tables import PERSON
from core.principal import Role
from core.relay.handles import Pressed, handle_in, pressed_of
from core.relay.inbound import Inbound, Press
from core.relay.sessions.database import DatabaseDialogs
from core.relay.sessions.store import DialogStore
from core.relay.turn import OpenDialog, Talk
from core.store.metadata import FOREVER
from core.store.statements import among, among_these
from core.store.store import Store

__all__ = ["Situation", "Situations", "read_handled", "read_identities"]

_AT_ONCE = 400
"""Things that came in whose situations one set of statements reads."""

_IDENTITY = ("channel", "user", "person", "role", "tier", "chat", "name", "language")
_PERSON = ("name", "groups", "language", "zone")
"""The columns that are read of an identity and of the person behind it."""

_KNOWN = RELAY_IDENTITY.c
_IDENTITIES = (
    select(
        *(_KNOWN[name] for name in _IDENTITY), *(PERSON.c[name].label(f"their_{name}") for name in _PERSON)
    )
    .join(
        PERSON,
        and_(PERSON.c.name == _KNOWN.person, PERSON.c.superseded_at == FOREVER, ~PERSON.c.gone),
        isouter=True,
    )
    .where(among(_KNOWN.channel, _KNOWN.user), _KNOWN.superseded_at == FOREVER, ~_KNOWN.gone)
)
_HANDLED = select(RELAY_INBOUND.c.channel, RELAY_INBOUND.c.key).where(
    among(RELAY_INBOUND.c.channel, RELAY_INBOUND.c.key), RELAY_INBOUND.c.handled_at.is_not(None)
)
_PRESSED = (
    select(RELAY_HANDLE, OUTBOX.c.provider_id)
    .join(OUTBOX, OUTBOX.c.dedup_key == RELAY_HANDLE.c.reply, isouter=True)
    .where(among(RELAY_HANDLE.c.handle))
)
"""The statements are made once: making one costs more than the database needs to run it."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known at the moment that something comes in.

    `handled` says that the same thing came in before and was dealt with. `pressed` is what stands behind the
    button, if any does.
    """

    handled: bool = False
    identity: Identity | None = None
    person: Person | None = None
    dialog: OpenDialog | None = None
    pressed: Pressed | None = None


class Situations:
    """Reads situations, one batch at a time: while one is read, what comes in gathers for the next.

    All of a batch are told at once, so that what is made of them can be recorded together as well.
    """

    def __init__(self, store: Store, dialogs: DialogStore | None = None) -> None:
        self._store = store
        self._dialogs = dialogs or DatabaseDialogs()
        self._waiting: list[tuple[Inbound, asyncio.Future[Situation]]] = []
        self._reading: asyncio.Task[None] | None = None

    async def of(self, inbound: Inbound) -> Situation:
        """The situation in which something came in.

        Raises:
            StoreError: it can't be read.
        """
        future: asyncio.Future[Situation] = asyncio.get_running_loop().create_future()
        self._waiting.append((inbound, future))
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_all(), name="situations")
        return await future

    async def _read_all(self) -> None:
        while self._waiting:
            batch: list[tuple[Inbound, asyncio.Future[Situation]]] = []
            try:
                async with self._store.reading() as connection:
                    batch = self._next_batch()  # not before: what comes while it opens is read along
                    found = await self._read(connection, [inbound for inbound, _future in batch])
            except Exception as error:
                for _inbound, future in batch or self._next_batch():
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_inbound, future), situation in zip(batch, found, strict=True):
                    if not future.done():  # whoever asked has given up waiting
                        future.set_result(situation)

    async def _read(self, connection: AsyncConnection, batch: Sequence[Inbound]) -> list[Situation]:
        keys = {(each.line, each.key) for each in batch}
        senders = {(each.channel, each.sender.user) for each in batch if each.sender is not None}
        presses = {handle_in(each.content.data) for each in batch if isinstance(each.content, Press)} - {""}
        handled = await read_handled(connection, keys)
        identities = await read_identities(connection, senders)
        dialogs = await self._dialogs.read(connection, batch)
        pressed = await _pressed(connection, presses)
        return [_situation(each, handled, identities, dialogs, pressed) for each in batch]

    def _next_batch(self) -> list[tuple[Inbound, asyncio.Future[Situation]]]:
        batch, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
        return batch


async def read_identities(
    connection: AsyncConnection, users: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[Identity, Person | None]]:
    """The known ones of these (channel, user), each with the person behind it."""
    several = list(users)
    if not several:
        return {}
    found = await connection.execute(_IDENTITIES, among_these(several))
    return {(row.channel, row.user): (_identity(row), _person(row)) for row in found}


def _situation(
    inbound: Inbound,
    handled: set[tuple[str, str]],
    identities: dict[tuple[str, str], tuple[Identity, Person | None]],
    dialogs: Mapping[Talk, OpenDialog],
    pressed: dict[str, Pressed],
) -> Situation:
    user = inbound.sender.user if inbound.sender is not None else ""
    identity, person = identities.get((inbound.channel, user), (None, None))
    content = inbound.content
    return Situation(
        handled=(inbound.line, inbound.key) in handled,
        identity=identity,
        person=person,
        dialog=dialogs.get((inbound.channel, inbound.chat, user)),
        pressed=pressed.get(handle_in(content.data)) if isinstance(content, Press) else None,
    )


async def read_handled(connection: AsyncConnection, keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these (line, key), of which there is at least one, were dealt with and recorded."""
    found = await connection.execute(_HANDLED, among_these(keys))
    return {(row.channel, row.key) for row in found}


async def _pressed(connection: AsyncConnection, handles: set[str]) -> dict[str, Pressed]:
    if not handles:
        return {}
    found = await connection.execute(_PRESSED, among_these((each,) for each in handles))
    return {row.handle: pressed_of(row) for row in found}


def _identity(row: Row[Any]) -> Identity:
    return Identity(
        channel=row.channel,
        user=row.user,
        person=row.person,
        role=Role(row.role),
        tier=row.tier,
        chat=row.chat,
        name=row.name,
        language=row.language,
    )


def _person(row: Row[Any]) -> Person | None:
    """As much of the person as decides how they are answered, if there is one."""
    if row.their_name is None:
        return None
    groups, zone = read_groups(row.their_groups), ZoneInfo(row.their_zone)
    return Person(row.their_name, groups, language=row.their_language, zone=zone)
