"""A relay that is killed in the middle of a form: another one goes on with it (R13)."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from tests.relay.whatsapp_service.running import world


async def test_killed_in_the_middle_of_a_form_it_goes_on(tmp_path: Path) -> None:
    async with world(tmp_path) as plant:
        async with plant.process() as (process, _port):
            await plant.says("hi", "What do you need?")
            await plant.says("3", "MACH-001")
            process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(process.wait)
        async with plant.process() as (process, _port):
            await plant.says("MACH-001", "bearing")
            await plant.says("1", "urgent")
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, 10) == 0
        asked = [each for each in plant.shown() if "bearing" in each.text]
        assert len(asked) == 1, "something was asked twice"
