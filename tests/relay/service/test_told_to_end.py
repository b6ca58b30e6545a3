"""A process that is told to end is gone soon, whatever it waits for (R31)."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

_BLOCK = """
import asyncio, contextlib, logging, sys
from core.relay.told_to_end import told_to_end

logging.basicConfig()

async def hang():
    while True:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()

async def main():
    with told_to_end(within=float(sys.argv[1])) as ending:
        print("ready", flush=True)
        await ending.wait()
        print("told", flush=True)
        if sys.argv[2] == "hangs":
            task = asyncio.create_task(hang(), name="what hangs")
            await asyncio.sleep(0)
            task.cancel()
            await task

asyncio.run(main())
"""


def start(within: float, how: str) -> subprocess.Popen[str]:
    """A process that is ready to be told."""
    process = subprocess.Popen(
        [sys.executable, "-c", _BLOCK, str(within), how],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_who_ends_by_itself_is_not_disturbed(told: signal.Signals) -> None:
    process = start(60, "ends")
    process.send_signal(told)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "told\n", "")


def test_who_does_not_end_in_time_is_gone_and_the_log_says_what_it_waited_for() -> None:
    process = start(0.1, "hangs")
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, "told\n")
    assert "what hangs in hang" in err


def test_who_is_told_twice_is_gone_at_once() -> None:
    process = start(60, "hangs")
    process.send_signal(signal.SIGTERM)
    assert process.stdout is not None
    assert process.stdout.readline() == "told\n"
    process.send_signal(signal.SIGTERM)
    _out, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "what hangs in hang" in err
