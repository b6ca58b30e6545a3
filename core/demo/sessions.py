"""The scripted phone of the demo: it walks the typical session of each system opsdeck grew from."""

from __future__ import annotations

from collections.abc import Callable

from core.demo.relay import RelayPart
from core.demo.whatsapp import WhatsAppPart
from core.demo.world import Demo
from core.simulators.telegram import SHIPPED, Script, shipped_script, walk

__all__ = ["walk_plant", "walk_sessions"]


async def walk_sessions(demo: Demo, say: Callable[[str], None]) -> list[str]:
    """Walk every shipped session on the demo's Telegram; what wasn’t as its script says.

    `say` gets each line of the transcripts as it comes. A relay must speak for the demo's bot meanwhile.
    """
    phones = next(part.telegram for part in demo.parts if isinstance(part, RelayPart))
    failures: list[str] = []
    for name in SHIPPED:
        say("")
        transcript = await walk(Script.read(shipped_script(name), {}), phones, say=say)
        failures += map(str, transcript.failures)
    return failures


async def walk_plant(demo: Demo, say: Callable[[str], None]) -> list[str]:
    """Walk the plant's workflows on the demo's WhatsApp, in each language; what wasn’t as the scripts say."""
    phones = next(part for part in demo.parts if isinstance(part, WhatsAppPart))
    return await phones.walk(say)
