"""One line of a relay at work: its connection, its conversations, and the way of what comes in by it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from starlette.routing import BaseRoute

from core.areas.relay.settings import RelaySettings
from core.deck import Deck
from core.relay.connection import Connection
from core.relay.conversation import Conversations
from core.relay.pipeline import AT_ONCE, Pipeline
from core.relay.recording import Recording
from core.relay.right_of_way import RightOfWay

__all__ = ["LineAtWork"]

_AT_ONCE_BY_TURNS = 12
"""Things that are worked on at the same time where several processes hear a line: each takes a turn of its
own, so that more of them would only keep what comes in from being acknowledged."""


class LineAtWork:
    """Answers what comes in by a connection. `wake` is called when something waits to be sent."""

    def __init__(
        self, connection: Connection, deck: Deck, wake: Callable[[], None], right_of_way: RightOfWay
    ) -> None:
        services, memory, line = deck.services, connection.memory, connection.line
        self.connection = connection
        self._wake = wake
        self._conversations = Conversations(
            deck,
            {line.channel: line},
            services.settings.of(RelaySettings),
            services.clock,
            secrets.SystemRandom(),
            memory.counts,
            manners=memory.manners,
            dialogs=memory.dialogs,
        )
        self.pipeline = Pipeline(
            connection.reading(self._conversations),
            Recording(memory.dialogs, connection.log).record,
            services.store,
            line,
            services.clock,
            connection.tally,
            committed=wake,
            turns=memory.turns,
            right_of_way=right_of_way,
            at_once=AT_ONCE if memory.turns is None else _AT_ONCE_BY_TURNS,
        )

    async def open(self) -> Sequence[BaseRoute]:
        """Take things in from now on; what the gateway serves for that.

        Raises:
            SettingsError: a setting is wrong.
            VaultError: a secret that is kept can't be decrypted any more.
        """
        self.pipeline.start()
        return await self.connection.open(self.pipeline)

    async def end_silent_dialogs(self) -> None:
        """End what was asked and not answered in time.

        Raises:
            StoreError: the database did not do its part.
        """
        if await self._conversations.expire():
            self._wake()

    async def stop(self, within: float) -> None:
        """Let what is under way end within so many seconds."""
        await self.pipeline.stop(within)
        await self.connection.close()
