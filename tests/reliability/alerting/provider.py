"""A provider that can be down, slow to say, throttling, or rid of a recipient; and what it has received."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from core.message import _
from core.moment import FrozenClock
from core.notify.channels.channel import Capabilities, Limit, Outgoing, Receipt
from core.notify.channels.failures import (
    GoneError,
    MovedError,
    TemporaryError,
    ThrottledError,
    UncertainError,
)

__all__ = ["MODES", "WAIT", "Arrival", "Killed", "Provider"]

WAIT = 7.0
MODES = ("works", "down", "takes and breaks", "throttles", "kills us", "holds")


class Killed(BaseException):
    """The process that was sending is no more; nothing it does afterwards counts."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that the provider took: when it was sent, when it was taken, and whether we were told."""

    message: Outgoing
    started: datetime
    wall: datetime
    monotonic: float
    known: bool


class Provider:
    """One channel, with a mode that tests set."""

    capabilities = Capabilities()
    own_addresses = ()
    total = Limit(25, 1.0)

    def __init__(self, name: str, clock: FrozenClock) -> None:
        self.name = name
        self.mode = "works"
        self.arrivals: list[Arrival] = []
        self.calls: list[tuple[str, float]] = []
        self.waits: list[tuple[str, float]] = []
        self.gone: set[str] = set()
        self.moved: dict[str, str] = {}
        self.holding: set[asyncio.Task[object] | None] = set()
        self._clock = clock
        self._gate = asyncio.Event()

    def limit(self, address: str) -> Limit:
        return Limit(3, 3.0)

    def line(self, address: str) -> str:
        return self.name

    async def send(self, message: Outgoing) -> Receipt:
        address, started = message.recipient.address, self._clock.now()
        self.calls.append((address, self._clock.monotonic()))
        if address in self.gone:
            raise GoneError(_("blocked"))
        if address in self.moved:
            raise MovedError(_("moved"), self.moved[address])
        match self.mode:
            case "down":
                raise TemporaryError(_("down"))
            case "throttles":
                self.waits.append((address, self._clock.monotonic()))
                raise ThrottledError(_("slower"), WAIT)
            case "holds":
                await self._hold()
                self._take(message, started, known=True)
                return Receipt(f"{self.name}-{len(self.arrivals)}")
            case "takes and breaks":
                self._take(message, started, known=False)
                raise UncertainError(_("broken off"))
            case "kills us":
                self._take(message, started, known=False)
                raise Killed
            case _:
                self._take(message, started, known=True)
                return Receipt(f"{self.name}-{len(self.arrivals)}")

    async def close(self) -> None: ...

    def turn_to(self, mode: str) -> None:
        """Do so from now on; what was held until now is taken."""
        self.mode = mode
        if mode != "holds":
            self._gate.set()
            self._gate = asyncio.Event()

    async def _hold(self) -> None:
        """Keep a message, neither taken nor refused, until the mode changes or its sender breaks off."""
        task = asyncio.current_task()
        self.holding.add(task)
        try:
            await self._gate.wait()
        finally:
            self.holding.discard(task)

    def _take(self, message: Outgoing, started: datetime, *, known: bool) -> None:
        self.arrivals.append(Arrival(message, started, self._clock.now(), self._clock.monotonic(), known))
