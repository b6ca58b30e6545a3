"""Reading the screen and waiting for it, in one place since Textual keeps its strips private."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.screen import Screen


def screen_text(screen: Screen[object]) -> str:
    """Every line of the composed screen as text."""
    lines = screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in lines)


async def settle(pilot: Pilot[object]) -> None:
    """Let workers end and what they caused be drawn."""
    for _round in range(3):
        await pilot.pause()
        waiting = [
            worker
            for worker in pilot.app.workers
            if worker.group in ("open", "page", "live", "plotting", "jump")
        ]
        if waiting:
            await pilot.app.workers.wait_for_complete(waiting)
    await pilot.pause()


async def text_of(pilot: Pilot[object]) -> str:
    await settle(pilot)
    return screen_text(pilot.app.screen)
