"""Acknowledgements go before answers: a provider gives up waiting sooner than a person does.

A provider that isn't acknowledged in time delivers again, or never; somebody who is answered a
second later hardly notices. One process does both, so what answers and sends lets pass what acknowledges.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager, suppress

__all__ = ["RightOfWay"]

_LONGEST = 1.0
"""Seconds that an answer gives way at most: what never ends coming in must not hold it up for good."""


class RightOfWay:
    """Knows of everything that comes in and isn't acknowledged yet. `longest` is in seconds."""

    def __init__(self, longest: float = _LONGEST) -> None:
        self._longest = longest
        self._ahead = 0
        self._free = asyncio.Event()
        self._free.set()

    @contextmanager
    def ahead(self) -> Generator[None]:
        """Something is being taken in and acknowledged within."""
        self._ahead += 1
        self._free.clear()
        try:
            yield
        finally:
            self._ahead -= 1
            if not self._ahead:
                self._free.set()

    async def give_way(self) -> None:
        """Wait until nothing is being acknowledged, or long enough."""
        if self._ahead:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._longest):
                    await self._free.wait()
