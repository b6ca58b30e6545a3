"""Keeping the screen up to date: a look every second whether anything changed, and pages anew if it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.moment import Clock

if TYPE_CHECKING:
    from console.backend import Backend
    from console.screens.deck import DeckScreen

__all__ = ["TICK_SECONDS", "Live"]

TICK_SECONDS = 1.0


class Live:
    """The refresh loop of the deck. It never runs twice at once, and rests while paused or in the past."""

    def __init__(self, deck: DeckScreen, backend: Backend, clock: Clock, refresh_seconds: float) -> None:
        self._deck = deck
        self._backend = backend
        self._clock = clock
        self._refresh_seconds = refresh_seconds
        self._mark: object = None
        self._refreshed = float("-inf")
        self._busy = False
        self.paused = False

    def tick(self) -> None:
        """Called every second: let ages grow, and look for changes."""
        self._deck.tell_time()
        if self._deck.is_open and not self.paused and self._deck.at is None and not self._busy:
            self._deck.run_guarded(self.look(), group="live")

    async def look(self) -> None:
        """Refresh what is seen if the store changed, or if the last time is long enough ago."""
        self._busy = True
        try:
            mark = await self._backend.change_mark()
            due = self._clock.monotonic() - self._refreshed >= self._refresh_seconds
            if mark != self._mark or due:
                await self._refresh(mark)
        finally:
            self._busy = False

    async def _refresh(self, mark: object) -> None:
        self._mark, self._refreshed = mark, self._clock.monotonic()
        await self._deck.refresh_surroundings()
        await self._deck.refresh_page()
