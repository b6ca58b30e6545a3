"""`opsdeck simulate telegram`, as another program meets it."""

from __future__ import annotations

import argparse
import asyncio
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from console.exits import Exit
from console.simulate import run_simulator
from core.moment import SystemClock
from core.simulators.telegram import TelegramSimulator
from tests.interrupts import interruptible_children
from tests.simulators.telegram.line import Line
from tests.simulators.telegram.little_bot import little_bot

OPSDECK = [sys.executable, "-c", "import sys; from console.cli import main; sys.exit(main())"]
SCRIPT = """\
title Hello
limit 5s
person Cleo 7001
Cleo: /start
    sees "Hello Cleo" or "$GREETING"
Cleo presses [Harbour]
    sees "Chosen"
"""


@contextmanager
def simulating() -> Generator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """The program, and the settings that it printed."""
    command = [*OPSDECK, "simulate", "telegram"]
    pipe = subprocess.PIPE
    with interruptible_children():
        started = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True)
    with started as program:
        assert program.stdout is not None
        settings: dict[str, str] = {}
        while len(settings) < 2:
            line = program.stdout.readline()
            assert line, program.stderr.read() if program.stderr else ""
            settings |= dict(re.findall(r"^export (\w+)=(.+)$", line))
        try:
            yield program, settings
        finally:
            program.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def walked(script: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How a run with that script ends while the little bot is there."""
    monkeypatch.setenv("GREETING", "Salut")
    options = argparse.Namespace(system="telegram", script=str(script), port=free_port())
    run = asyncio.create_task(asyncio.to_thread(run_simulator, options))
    sim = TelegramSimulator(SystemClock())
    base = f"http://127.0.0.1:{options.port}"
    async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
        line = Line(client, sim)
        while not await answers(line):
            await asyncio.sleep(0.02)
        async with little_bot(line):
            return await run


async def answers(line: Line) -> bool:
    try:
        return (await line.ask("getMe")).status_code == 200
    except httpx.ConnectError:
        return False


async def test_a_script_that_passes_prints_the_transcript_and_ends_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "hello.script"
    script.write_text(SCRIPT, encoding="utf-8")

    assert await walked(script, monkeypatch) == Exit.DONE

    assert capsys.readouterr().out.splitlines()[-8:] == [
        "# Hello",
        "Cleo: /start",
        "Ops to Cleo: Hello Cleo.",
        "    It’s a fine day.",
        "    [🟢 Harbour Office]",
        "    [Boat Yard] [Stuck]",
        "Cleo presses [🟢 Harbour Office]",
        "Ops to Cleo changes message 2: Chosen: harbour",
    ]


async def test_a_script_that_fails_says_where_and_ends_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "hello.script"
    script.write_text(SCRIPT.replace("Chosen", "Taken").replace("5s", "0.5s"), encoding="utf-8")

    assert await walked(script, monkeypatch) == Exit.FAILED

    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == "!! line 7: “Taken” didn’t appear within 0.5 s"
    assert "One thing wasn’t as the script says." in err


def test_without_a_script_it_serves_until_interrupted() -> None:
    with simulating() as (program, settings):
        base = f"{settings['TELEGRAM_API_BASE']}bot{settings['TELEGRAM_BOT_TOKEN']}"
        answer = httpx.get(f"{base}/getMe", trust_env=False)
        program.send_signal(signal.SIGINT)
        program.communicate(timeout=30)

    assert answer.json()["result"]["username"] == "ops_demo_bot"
    assert re.fullmatch(r"42:SIMULATED[\w-]+", settings["TELEGRAM_BOT_TOKEN"])
    assert program.returncode == Exit.DONE


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("telegram", "--script", "nowhere.script"), "The script nowhere.script can’t be read"),
        (("telegram", "--script", __file__), "can’t be walked. Line 1"),
        (("plume", "--script", "plume"), "Only simulate telegram and simulate whatsapp have phones"),
    ],
)
def test_a_script_that_can_not_be_walked_is_named(
    arguments: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from console.cli import main

    assert main(["simulate", *arguments]) == Exit.USAGE
    assert complaint in capsys.readouterr().err
