"""The command line as processes: pipes that close, a simulator, and two of them on one store."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from console.exits import Exit
from console.world import open_world
from core.deck import Deck
from core.store.events import recent
from tests.interrupts import interruptible_children

from .conftest import NOW, Desk, run

OPSDECK = (sys.executable, "-m", "console")

ENGINE = """
import argparse, asyncio
from console.world import open_world

async def start():
    async with open_world(argparse.Namespace(), "console") as world:
        await world.deck.start_engine("console")
        state = world.deck.engine_state
        print(state.mode.value, state.holder.identity.pid if state.holder else None)

asyncio.run(start())
"""


def process(*line: str, environment: Mapping[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a line in a process of its own."""
    return subprocess.run(
        [*OPSDECK, *line],
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def setups(deck: Deck) -> int:
    """How often the network was set up, by the event log."""
    store = deck.services.store
    async with store.reading() as connection:
        return len(await recent(connection, at=store.present(), kinds=["network.credentials.set"]))


def test_a_reader_that_leaves_early_is_no_trouble(environment: dict[str, str]) -> None:
    with subprocess.Popen(
        [*OPSDECK, "config", "schema"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        writer.stdout.close()
        said = writer.stderr.read()

    assert (writer.returncode, said) == (Exit.DONE, "")


def test_an_encoding_without_our_marks_is_no_trouble(environment: dict[str, str]) -> None:
    answer = process("status", environment=environment | {"PYTHONIOENCODING": "ascii"})

    assert answer.returncode == Exit.DONE
    assert answer.stdout.startswith("Network   ? NOT SET UP")


def test_the_vectors_come_out_of_a_client_of_the_simulator(
    environment: dict[str, str], tmp_path: Path
) -> None:
    home = {**environment, "OPSDECK_HOME": str(tmp_path / "client")}
    with interruptible_children():
        started = subprocess.Popen(
            [*OPSDECK, "simulate", "plume", "--scenario", "vectors"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    with started as simulator:
        assert simulator.stdout is not None
        lines: list[str] = []
        while not lines or "# its clock" not in lines[-1]:
            lines.append(simulator.stdout.readline())
            assert lines[-1], "the simulator ended"
        printed = "".join(lines)
        home |= dict(re.findall(r"^export (\w+)=(.+)$", printed, re.MULTILINE))
        now, partner = re.findall(r"opsdeck --now (\S+) setup (\S+)$", printed, re.MULTILINE)[0]
        header = re.findall(r"^# authorization: (.+)$", printed, re.MULTILINE)[0]

        made = process("--now", now, "setup", partner, environment=home, stdin=f"{header}\n")
        asked = process(
            *("--now", now, "wan", "--refresh", "--location", "Vector A", "--format", "json"),
            environment=home,
        )
        simulator.send_signal(signal.SIGINT)
        simulator.communicate(timeout=30)

    assert (made.returncode, made.stderr) == (Exit.DONE, "")
    assert header not in made.stdout
    assert asked.returncode == Exit.DONE, asked.stderr
    blocks = {block["key"]: block for block in json.loads(asked.stdout)["blocks"]}
    total = next(row["cells"] for row in blocks["figures"]["rows"] if row["key"] == "total")
    assert (total["rx"]["value"], total["tx"]["value"]) == (5640.0, 1410.0)
    assert simulator.returncode == Exit.DONE


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        answer = run("simulate", "plume", "--port", str(port))

    assert answer.code == Exit.USAGE
    assert f"Port {port} can't be used" in answer.err


@pytest.mark.usefixtures("desk")
async def test_a_command_writes_beside_an_engine_that_runs(desk: Desk, environment: dict[str, str]) -> None:
    environment |= desk.settings
    async with open_world(argparse.Namespace(now=NOW), "console") as console:
        await console.deck.start_engine("console")
        before = await setups(console.deck)

        written = await asyncio.to_thread(
            process,
            *("--now", NOW, "setup", desk.simulator.partner_id),
            environment=environment,
            stdin=f"{desk.simulator.authorization}\n",
        )

        assert (written.returncode, written.stderr) == (Exit.DONE, "")
        assert await setups(console.deck) == before + 1


async def test_a_second_engine_stands_by(desk: Desk, environment: dict[str, str]) -> None:
    environment |= desk.settings
    async with open_world(argparse.Namespace(), "console") as console:
        await console.deck.start_engine("console")
        assert console.deck.engine_state.mode.value == "running"

        second = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", ENGINE],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        beside = await asyncio.to_thread(process, "doctor", environment=environment)

    mode, _holder = second.stdout.split()
    assert mode != "running"
    assert re.search(r"console on \S+ polls the sources, process \d+\.", beside.stdout)
