"""Where dialogs are kept, and whose turn it is: the protocols of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import StoreBusyError
from core.relay.inbound import Inbound
from core.relay.turn import OpenDialog, Talk, Turn
from core.store.store import Transaction

__all__ = ["DialogStore", "Session", "Sessions", "SessionsAwayError", "Turns"]


class SessionsAwayError(StoreBusyError):
    """What keeps the dialogs can't be reached: what came in waits, however long that takes."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it is told about: `data` names what is known of the open form, not its values."""

    user: str
    state: str
    data: tuple[str, ...]
    created_at: datetime
    updated_at: datetime


class DialogStore(Protocol):
    """Keeps the dialogs of a line."""

    async def read(self, connection: AsyncConnection, batch: Sequence[Inbound]) -> Mapping[Talk, OpenDialog]:
        """The dialogs in which these things came in; one that silence ended lately is among them.

        Of something that was dealt with and not recorded, the dialog as it was before it.

        Raises:
            StoreError: they can't be read.
        """
        ...

    async def write(self, transaction: Transaction, pairs: Sequence[tuple[Inbound, Turn]]) -> None:
        """Keep the dialogs as these turns leave them; of several changes of one the last holds.

        Raises:
            StoreError: they can't be kept.
        """
        ...


class Sessions(DialogStore, Protocol):
    """Keeps the sessions of a line, of which a person may ask."""

    async def present(self) -> Sequence[Session]:
        """The sessions that go on now, who wrote last first.

        Raises:
            StoreError: they can't be read.
        """
        ...

    async def end(self, user: str) -> bool:
        """Forget the session of a user; whether there was one.

        Raises:
            StoreError: it can't be told.
        """
        ...

    async def prune(self) -> None:
        """Forget what nobody will ask of any more."""
        ...


class Turns(Protocol):
    """Sees that of each user one thing is dealt with at a time, in all processes together."""

    def of(self, user: str) -> AbstractAsyncContextManager[None]:
        """It is the user's turn within; entering waits until nobody else has it.

        Raises:
            StoreError: it can't be told whose turn it is.
        """
        ...

    async def renew(self) -> None:
        """Keep what is held: to be called every few seconds, well before it would lapse.

        Raises:
            StoreError: it can't be kept now.
        """
        ...
