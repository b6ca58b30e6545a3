"""What a platform must do to be heard and answered by a relay process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias

from starlette.routing import BaseRoute

from core.message import Message
from core.relay.chat_line import ChatLine
from core.relay.inbound import Inbound
from core.relay.pipeline import Pipeline, Takes
from core.relay.recording import Also
from core.relay.sessions.memory import Memory
from core.relay.tally import Tally
from core.relay.turn import Turn

__all__ = ["Chore", "Connection", "Converses"]

Chore: TypeAlias = tuple[float, Callable[[], Awaitable[None]]]
"""Something that is done every so many seconds."""


class Converses(Takes, Protocol):
    """The conversations, as what reads for them knows them."""

    async def admit(self, inbound: Inbound) -> Turn | None:
        """Count what is answered without them; what it leads to when its sender sends too much.

        Raises:
            StoreError: the database can't be read.
        """
        ...


class Connection(Protocol):
    """One line to a platform: as whom we are there, what comes in by it, and how.

    It is used in this order: `start`, `open`, then `resume`, `register` and `run` side by side, and at the
    end `close` and `let_go`.
    """

    @property
    def line(self) -> ChatLine:
        """What the conversation may ask of the platform."""
        ...

    @property
    def tally(self) -> Tally:
        """What is counted of it."""
        ...

    @property
    def memory(self) -> Memory:
        """What its conversations are remembered by."""
        ...

    @property
    def healthy(self) -> bool:
        """Whether it hears what it should."""
        ...

    @property
    def chores(self) -> Sequence[Chore]:
        """What is to be done for it now and then."""
        ...

    @property
    def log(self) -> Also | None:
        """What writes down what is said, where that is kept."""
        ...

    def reading(self, conversations: Converses) -> Takes:
        """What reads for the conversations whatever is the platform's own."""
        ...

    async def start(self) -> None:
        """Learn who we are there, and take the line.

        Raises:
            SettingsError: the platform doesn't accept what the settings say.
            RefusedError: another process has the line; it is named.
            StoreError: the database did not do its part.
        """
        ...

    async def open(self, pipeline: Pipeline) -> Sequence[BaseRoute]:
        """Hand what comes in to the pipeline from now on; what the gateway serves for that, if anything.

        Raises:
            SettingsError: a setting is wrong.
            VaultError: a secret that is kept can't be decrypted any more.
        """
        ...

    async def resume(self) -> int:
        """Hand in what an earlier life of ours kept and did not finish; how many.

        Raises:
            StoreError: it can't be read.
        """
        ...

    async def register(self) -> None:
        """Tell the platform that the gateway listens, however long that takes."""
        ...

    async def run(self) -> None:
        """Go on until cancelled.

        Raises:
            LeaseLostError: another process has the line by now.
        """
        ...

    def started(self, port: int | None) -> Message:
        """What to tell of it once it is there; `port` is the gateway's, where one listens."""
        ...

    async def close(self) -> None:
        """Take nothing more in, and wait until everything is kept that was to be."""
        ...

    async def let_go(self) -> None:
        """Give the line back and hang up."""
        ...
