"""What the crash runner kills: a process that changes things, tells people of them, and delivers.

For each line read it forks a child, announces it, and waits for its end. A child announces on standard
output `committed KEY` after each commit and `rolled KEY` after each rollback.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

import core.areas
from core.engine.identity import this_process
from core.engine.timers import SchedulerPulse
from core.event import Event
from core.message import _
from core.moment import SystemClock
from core.notify.channels.webhook import WebhookChannel
from core.notify.delivery.rows import UNFINISHED, rows
from core.notify.delivery.sender import Sender
from core.notify.notice import Notice, NoticeClass, Recipient
from core.notify.outbox import enqueue
from core.store.store import Store
from core.units import Severity

CLASSES = (NoticeClass.CRITICAL, NoticeClass.NORMAL)


class HurriedClock(SystemClock):
    """The machine's clock, `SPEED` times as fast from now on: nobody waits for the longer retries."""

    SPEED = 30

    def __init__(self) -> None:
        self._start, self._origin = super().now(), super().monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic() - self._origin)

    def monotonic(self) -> float:
        return self._origin + self.SPEED * (super().monotonic() - self._origin)

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / self.SPEED)


class RolledBackError(Exception):
    """Ends a transaction that must leave no trace."""


def abandon() -> None:
    raise RolledBackError


def say(*words: str) -> None:
    os.write(1, (" ".join(words) + "\n").encode())


async def change(store: Store, number: int, chance: random.Random) -> None:
    """One change with its event and its notice; one in four is rolled back after both."""
    key, clock = f"{os.getpid()}.{number}", SystemClock()
    roll_back = chance.random() < 0.25
    event = Event("toy.broke", "toy", f"pod:{key}", Severity.WARNING, _("x"), clock.now(), key=key)
    notice = Notice(
        key=key,
        cls=chance.choice(CLASSES),
        kind="toy.broke",
        area="toy",
        subject=f"pod:{number % 7}",
        severity=Severity.WARNING,
        title=_("Something broke"),
        lines=(),
        reason=_("You asked for it."),
        created=clock.now(),
    )
    try:
        async with store.writing() as transaction:
            await transaction.emit(event)
            await enqueue(transaction, notice, [Recipient("ann", "webhook", "ann")])
            if roll_back:
                abandon()
    except RolledBackError:
        say("rolled", key)
    else:
        say("committed", key, notice.cls.value)


async def live(url: str, target: str, secret: str, *, drain: bool) -> None:
    clock = HurriedClock() if drain else SystemClock()
    chance = random.Random()
    store = await Store.open(url, clock=clock, audit_key=b"not a real key")
    channel = WebhookChannel({"ann": target}, [secret], clock)
    sender = Sender(
        store,
        [channel],
        clock,
        jitter=random.Random(),
        identity=this_process("crash"),
        pulse=SchedulerPulse(0.05),
    )
    sender.start()
    for number in itertools.count():
        if not drain:
            await change(store, number, chance)
            await asyncio.sleep(0.005 * chance.random())
            continue
        async with store.reading() as connection:
            if not await rows(connection, states=UNFINISHED, limit=1):
                break
        await asyncio.sleep(0.2)
    await sender.stop()
    await store.close()


def main() -> None:
    core.areas.__path__ = []
    logging.disable(logging.CRITICAL)
    url, target, secret = sys.argv[1:4]
    for line in sys.stdin:
        child = os.fork()
        if not child:
            asyncio.run(live(url, target, secret, drain=line.strip() == "drain"))
            os._exit(0)
        say("child", str(child))
        os.waitpid(child, 0)
        say("dead")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
