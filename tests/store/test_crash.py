"""Committed data survives the death of the process at any moment (reliability.md R18)."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from core.store.audit import verify
from core.store.events import follow
from core.store.series import SeriesKey, latest
from tests.store.conftest import KEY

ROOT = Path(__file__).parents[2]
KILLS = 12

WRITE_AND_ANNOUNCE = """
import asyncio, os, sys
from core.event import Event
from core.message import _
from core.moment import ShiftedClock, to_epoch
from core.principal import ENGINE
from core.store.audit import AuditEntry
from core.store.series import SeriesKey, write_samples
from core.store.store import Store
from core.units import Severity
from datetime import UTC, datetime

import core.areas
core.areas.__path__ = []

async def main():
    clock = ShiftedClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    store = await Store.open(sys.argv[1], clock=clock, audit_key=sys.argv[2].encode())
    number = (await store.change_mark()).event
    while True:
        number += 1
        async with store.writing() as transaction:
            time = to_epoch(clock.now()) // 900 * 900 - number * 900
            await write_samples(transaction, SeriesKey("toy", "x", "n"), [(time, float(number))], step=900)
            await transaction.audit(AuditEntry.of(ENGINE, "count", target=str(number)))
            facts = {"n": number}
            event = Event("toy.counted", "toy", "x", Severity.NOTICE, _("x"), clock.now(), facts)
            await transaction.emit(event)
        print(number, flush=True)

for _line in sys.stdin:
    child = os.fork()
    if not child:
        asyncio.run(main())
    print("child", child, flush=True)
    os.waitpid(child, 0)
    print("dead", flush=True)
"""


def kill_in_the_midst(runner: subprocess.Popen[str], lines: int) -> int:
    """Let a child commit and announce a few numbers, then kill it; the last number it announced."""
    assert runner.stdin is not None
    assert runner.stdout is not None
    runner.stdin.write("go\n")
    runner.stdin.flush()
    child, announced = 0, 0
    for line in runner.stdout:
        match line.split():
            case ["child", pid]:
                child = int(pid)
            case ["dead"]:
                break
            case [number]:
                announced, lines = int(number), lines - 1
        if child and lines <= 0:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
    return announced


async def test_nothing_announced_is_lost_when_the_process_is_killed(
    tmp_path: Path, open_store, clock
) -> None:
    url = f"sqlite:///{tmp_path / 'opsdeck.db'}"
    announced = 0
    command = [sys.executable, "-c", WRITE_AND_ANNOUNCE, url, KEY.decode()]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=ROOT
    ) as runner:
        for kill in range(KILLS):
            announced = max(announced, kill_in_the_midst(runner, lines=1 + kill % 5))
            with closing(sqlite3.connect(tmp_path / "opsdeck.db")) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store = await open_store(url)
    async with store.reading() as connection:
        numbers = [found.event.facts["n"] for found in await follow(connection, 0, limit=100_000)]
        assert len(numbers) >= announced > KILLS
        assert numbers == list(range(1, len(numbers) + 1))
        report = await verify(connection, KEY)
        assert (report.good, report.rows) == (True, len(numbers))
        assert await latest(connection, SeriesKey("toy", "x", "n"), store.present()) is not None
