"""An engine on a clock that only the test moves."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from core.area import AtLocalTime, Every, Job, Run
from core.engine.identity import Identity
from core.engine.lease import Lease
from core.engine.scheduler import JOBS, Engine
from core.event import RecordedEvent
from core.moment import FrozenClock
from core.store.events import recent
from core.store.store import Store

DECK = Identity("console", "deck", 100, place="deck")
TOWER = Identity("relay", "tower", 200, place="tower")
UTC_ZONE = ZoneInfo("UTC")


class ManualPulse:
    """A pulse that beats only when the test does."""

    def __init__(self) -> None:
        self.beating = False

    def start(self, beat: Callable[[], Awaitable[None]]) -> None:
        self.beating = True

    def stop(self) -> None:
        self.beating = False


class Work:
    """Counts its runs; raises what it is told to, and waits where it is told to."""

    def __init__(self, clock: FrozenClock) -> None:
        self.clock = clock
        self.runs: list[datetime] = []
        self.failure: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.cancelled = 0

    async def __call__(self) -> None:
        self.runs.append(self.clock.now())
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.failure is not None:
            raise self.failure

    def job(self, name: str, schedule: Every | AtLocalTime, first: Run = Run.AT_START) -> Job:
        return Job(name, schedule, self, first)


def make_engine(
    store: Store,
    clock: FrozenClock,
    jobs: Sequence[Job],
    *,
    identity: Identity = DECK,
    zone: ZoneInfo = UTC_ZONE,
) -> Engine:
    lease = Lease(store, JOBS, identity, clock=clock)
    return Engine(store, clock, lease, jobs, zone, spread=random.Random(5), pulse=ManualPulse())


async def tick(engine: Engine) -> None:
    """One beat, and the end of every job that can end."""
    await engine.tick()
    await ended()


async def ended() -> None:
    """Wait until no job is running."""
    while running := [task for task in asyncio.all_tasks() if task.get_name().startswith("job ")]:
        await asyncio.wait(running)


async def pass_time(engine: Engine, clock: FrozenClock, seconds: float, step: float = 5.0) -> None:
    """Let time pass as in a process that runs: a beat every `step` seconds."""
    while seconds > 0:
        clock.advance(min(step, seconds))
        seconds -= step
        await tick(engine)


async def events(store: Store, kind: str) -> list[RecordedEvent]:
    async with store.reading() as connection:
        found = await recent(connection, at=store.present(), limit=1000)
    return [each for each in found if each.event.kind == kind]
