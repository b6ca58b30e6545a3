"""A relay that is frozen while another takes its line: when it wakes, it neither polls nor acts (R15)."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from core.areas.relay.store.workers import read_workers
from core.simulators.telegram import TelegramSimulator
from tests.relay.service.quick_lease import QUICK_EXPIRY
from tests.relay.service.running import ANN, eventually, running, simulated
from tests.relay.service.test_killed import relay_process, said

QUICK = "tests.relay.service.quick_lease"


def polls(simulator: TelegramSimulator) -> int:
    return sum(each.method == "getupdates" for each in simulator.calls)


async def true(found: Callable[[], bool]) -> None:
    await eventually(lambda: "yes" if found() else "")


async def freeze(process: subprocess.Popen[bytes], database: Path) -> None:
    """Stop the process where it holds no lock on the database, which would stop everybody with it."""
    while True:
        process.send_signal(signal.SIGSTOP)
        try:
            with closing(sqlite3.connect(database, timeout=0.1, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
        except sqlite3.OperationalError:
            process.send_signal(signal.SIGCONT)
            await asyncio.sleep(0.05)
        else:
            return


async def test_r15_one_that_was_frozen_wakes_neither_to_poll_nor_to_act(tmp_path: Path) -> None:
    async with simulated() as (simulator, url):
        with relay_process(tmp_path, url, QUICK) as frozen:
            await true(lambda: polls(simulator) > 0)
            await freeze(frozen, tmp_path / "data" / "opsdeck.db")
            simulator.people.write(ANN, "/people_add")  # goes to the poll that is open: it is in its hands
            await asyncio.sleep(QUICK_EXPIRY)
            async with running(tmp_path, simulator, url) as other:
                await true(lambda: len(said(simulator)) == 1)
                frozen.send_signal(signal.SIGCONT)
                assert await asyncio.to_thread(frozen.wait, 10) == 1, "it ends, because another has its line"
                await other.hear(ANN, "/cancel", "Stopped")
                assert len(said(simulator)) == 2, "something was said twice"
                async with other.deck.services.store.reading() as connection:
                    workers = await read_workers(connection)
        assert sum(each.errors for each in workers) == 0, "two polled at once"
        log = (tmp_path / "state" / "relay.log").read_text()
        assert log.count("Another process polls") == 1
