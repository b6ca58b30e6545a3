"""A relay that is killed in the middle of a conversation: it goes on, and nothing is answered twice (R13)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import core
from core.deck import Deck
from core.moment import SystemClock
from core.simulators.telegram import TOKEN, TelegramSimulator
from tests.relay.service.running import ANN, book_at, eventually, pair, simulated


@contextmanager
def relay_process(home: Path, url: str, module: str = "core.relay") -> Iterator[subprocess.Popen[bytes]]:
    """The relay as `relay start` runs it, or another module that runs one."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(Path(core.__file__).parent.parent),
        "OPSDECK_HOME": str(home),
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE": f"{url}/",
        "TELEGRAM_POLL_SECONDS": "2",
    }
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", module],
        cwd=home,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def said(simulator: TelegramSimulator) -> list[str]:
    """What the bot answered in Ann's chat; notices, which say by which rule they come, left out."""
    return [each.text for each in simulator.messages(ANN) if each.own and "Rule “" not in each.text]


async def test_killed_in_mid_conversation_it_goes_on(tmp_path: Path) -> None:
    async with simulated() as (simulator, url):
        async with await Deck.open(book_at(tmp_path, url), SystemClock()) as deck:
            await pair(deck)
        with relay_process(tmp_path, url) as process:
            simulator.people.write(ANN, "/people_add")
            await eventually(lambda: "asked" if said(simulator) else "")
            process.send_signal(signal.SIGKILL)
            process.wait()
        simulator.people.write(ANN, "Chidi")
        with relay_process(tmp_path, url) as process:
            await eventually(lambda: "goes on" if len(said(simulator)) == 2 else "")
            simulator.people.write(ANN, "/cancel")
            await eventually(lambda: "stopped" if "Stopped" in said(simulator)[-1] else "")
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0
        answers = said(simulator)
        assert "called" in answers[0]
        assert len(answers) == 3, "something was said twice"
        assert TOKEN not in (tmp_path / "state" / "relay.log").read_text()
