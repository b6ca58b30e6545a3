"""What the simulators of both providers have in common: the people, the time, the faults, the errands."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.moment import Clock
from core.simulators.courier import Courier
from core.simulators.phone.transcript import Entry, transcript_lines
from core.simulators.simulated_time import SimulatedTime
from core.simulators.whatsapp.faults import Faults
from core.simulators.whatsapp.model import Message
from core.simulators.whatsapp.people import People
from core.simulators.whatsapp.world import World

if TYPE_CHECKING:
    import httpx
    from starlette.types import ASGIApp

__all__ = ["Call", "WhatsAppSimulator"]

_CALLS = 50_000


@dataclass(frozen=True, slots=True)
class Call:
    """One answered call: the operation, what it brought, when by the monotonic time, and the status.

    The status is 0 for a connection that was dropped. No credentials are kept.
    """

    operation: str
    values: dict[str, Any]
    at: float
    status: int


class WhatsAppSimulator(ABC):
    """A stand-in of a provider of WhatsApp, deterministic from `seed` and `clock`.

    `people` is what happens on phones, `faults` what goes wrong, `calls` what was asked for, newest last. May
    be steered from any thread while a server uses it.

    Webhooks and whatever else the provider asks by itself go over loopback, from a thread of its own or,
    `by_hand`, when `run_due` is awaited; `transport` stands in for the network.
    """

    app: ASGIApp

    def __init__(
        self,
        clock: Clock,
        *,
        seed: int,
        name: str,
        sender: str,
        transport: httpx.AsyncBaseTransport | None = None,
        by_hand: bool = False,
        patience: float = 15.0,
    ) -> None:
        self.seed = seed
        self.time = SimulatedTime(clock)
        self.world = World(self.time, self, name)
        self.people = People(self.world, sender, self.next_id)
        self.faults = Faults()
        self.calls: deque[Call] = deque(maxlen=_CALLS)
        self.courier = Courier(self.time, transport=transport, by_hand=by_hand, patience=patience)

    @abstractmethod
    def next_id(self, media: bool) -> str:
        """The id of the next message, which has `media` or hasn't."""

    @abstractmethod
    def said(self, message: Message) -> None:
        """A person wrote, sent or chose something."""

    @abstractmethod
    def arrived(self, message: Message) -> None:
        """A message of the business is on the phone."""

    @abstractmethod
    def seen(self, message: Message) -> None:
        """A person has read a message of the business."""

    @property
    @abstractmethod
    def connected(self) -> bool:
        """Whether there is somebody at the webhook."""

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers of all phones."""
        with self.world.lock:
            return frozenset(self.world.phones)

    @property
    def entries(self) -> list[Entry]:
        """What happened on all phones, oldest first."""
        with self.world.lock:
            return list(self.world.entries)

    def entries_after(self, number: int, chat: int) -> list[Entry]:
        """What happened on a phone from the entry with that number on."""
        with self.world.lock:
            return [each for each in self.world.entries[number:] if each.chat == chat]

    def transcript(self, user: int | None = None) -> str:
        """What happened, on one phone or on all, as text."""
        return "\n".join(transcript_lines(each for each in self.entries if user in (None, each.chat)))

    def messages(self, user: str | int) -> list[Message]:
        """The messages that a phone shows now, oldest first."""
        with self.world.lock:
            return list(self.world.messages(str(user)))

    def window_left(self, user: str | int, sender: str = "") -> float:
        """Seconds for which the business may still answer a person in its own words."""
        with self.world.lock:
            return self.world.window_left(sender or self.people.sender, str(user))

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once; on a frozen clock for all that look at it."""
        self.time.advance(seconds)

    async def run_due(self) -> None:
        """Deliver what is due, on this event loop."""
        await self.courier.run_due()

    def close(self) -> None:
        """Deliver nothing more."""
        self.courier.close()
