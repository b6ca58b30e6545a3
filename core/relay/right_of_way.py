"""Acknowledgements go before answers: a provider gives up waiting sooner than a person does.

A provider that isn't acknowledged in time delivers again, or never; somebody who is answered a
second later hardly notices. One process does both, so what answers and sends lets pass what acknowledges.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Generator
from contextlib import contextmanager, suppress

__all__ = ["RightOfWay"]

_LONGEST = 2.0
"""Seconds that anything gives way at most: what never ends coming in must not hold it up for good."""

_LOOK_AGAIN = 0.003
_IN_TIME = 0.002
"""Seconds after which to look whether more came in, and how late that may be: later, there is much to do."""

_CALM = 0.02
"""Seconds without an acknowledgement that look like the end of a flood."""

_QUIET = 1.0
"""Seconds without an acknowledgement after which nothing gives way to the next."""


class RightOfWay:
    """Knows of everything that comes in and isn't acknowledged yet."""

    def __init__(self) -> None:
        self._ahead = 0
        self._free = asyncio.Event()
        self._free.set()
        self._last = -math.inf

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
                self._last = asyncio.get_running_loop().time()

    async def give_way(self, longest: float = _LONGEST) -> None:
        """Wait until nothing has been acknowledged for a moment, or `longest` seconds."""
        await self._wait(longest, calm=_CALM, late=math.inf)

    async def give_way_and_room(self, longest: float) -> None:
        """Wait until nothing is being acknowledged and the event loop has time, or `longest` seconds.

        For what takes long and must not pile up.
        """
        await self._wait(longest, calm=0.0, late=_IN_TIME)

    async def _wait(self, longest: float, *, calm: float, late: float) -> None:
        clock = asyncio.get_running_loop().time
        if not self._ahead and clock() - self._last > _QUIET:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(longest):
                while True:
                    await self._free.wait()
                    due = clock() + _LOOK_AGAIN
                    await asyncio.sleep(_LOOK_AGAIN)
                    now = clock()
                    if not self._ahead and now - self._last >= calm and now - due < late:
                        return  # else what is to be acknowledged may not even have been read
