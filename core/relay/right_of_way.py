"""Acknowledgements go before answers: a provider gives up waiting sooner than a person does.

A provider that isn't acknowledged in time delivers again, or never; somebody who is answered a
second later hardly notices. One process does both, so what answers and sends lets pass what acknowledges.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager, suppress

__all__ = ["LONGEST", "RightOfWay"]

LONGEST = 1.0
"""Seconds that anything gives way at most: what never ends coming in must not hold it up for good."""

_QUICK = 0.002
_PASSES = 3
"""Seconds that passes of the event loop take at most while it has nothing else to do: what came in is read in
one, taken in the next, and goes on in the third."""


class RightOfWay:
    """Knows of everything that comes in and isn't acknowledged yet."""

    def __init__(self) -> None:
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

    async def give_way(self, longest: float = LONGEST) -> None:
        """Wait until nothing is being acknowledged and nothing else came in, or `longest` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(longest):
                await self._free.wait()
                while not await self._nothing_else_to_do():
                    await self._free.wait()

    async def _nothing_else_to_do(self) -> bool:
        """Whether the event loop has time: else what is to be acknowledged may not even have been read."""
        clock = asyncio.get_running_loop().time
        began = clock()
        for _pass in range(_PASSES):
            await asyncio.sleep(0)
        return self._free.is_set() and clock() - began < _QUICK
