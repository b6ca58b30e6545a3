"""A relay that is killed in the middle of a form: another one goes on with it (R13)."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import core
from core.simulators.whatsapp.client import client_settings, deliver_to
from tests.relay.whatsapp_service.running import World, eventually, free_port, world


@contextmanager
def relay_process(plant: World, port: int) -> Iterator[subprocess.Popen[bytes]]:
    webhook = f"http://127.0.0.1:{port}/api/whatsapp/webhook"
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(Path(core.__file__).parent.parent),
        "OPSDECK_HOME": str(plant.home),
        "OPSDECK_GATEWAY_PORT": str(port),
        **client_settings(plant.simulator, plant.url, webhook),
    }
    deliver_to(plant.simulator, webhook)
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "core.relay"],
        cwd=plant.home,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def test_killed_in_the_middle_of_a_form_it_goes_on(tmp_path: Path) -> None:
    port = free_port()
    async with world(tmp_path) as plant:
        with relay_process(plant, port) as process:
            await eventually(lambda: plant.simulator.connected or None)
            await plant.says("hi", "What do you need?")
            await plant.says("3", "MACH-001")
            process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(process.wait)
        with relay_process(plant, port) as process:
            await eventually(lambda: plant.simulator.connected or None)
            await plant.says("MACH-001", "bearing")
            await plant.says("1", "urgent")
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, 10) == 0
        asked = [each for each in plant.shown() if "bearing" in each.text]
        assert len(asked) == 1, "something was asked twice"
