from __future__ import annotations

import asyncio

from core.engine.timers import SchedulerPulse

from .virtual_clock import settle


async def test_it_beats_until_it_is_stopped() -> None:
    beats = 0
    enough = asyncio.Event()

    async def beat() -> None:
        nonlocal beats
        beats += 1
        if beats == 3:
            enough.set()

    pulse = SchedulerPulse(seconds=0.002)
    pulse.start(beat)
    async with asyncio.timeout(5):
        await enough.wait()
    pulse.stop()
    seen = beats
    await settle()
    assert beats == seen


async def test_stopping_cancels_a_beat_that_hangs() -> None:
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def beat() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    pulse = SchedulerPulse(seconds=0.002)
    pulse.start(beat)
    async with asyncio.timeout(5):
        await begun.wait()
        pulse.stop()
        await cancelled.wait()
    pulse.stop()
