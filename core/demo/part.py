"""What every part of the demo world is: one upstream's simulator, and how the store is filled from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from core.deck import Deck
from core.message import Message
from core.principal import Principal

__all__ = ["Part", "Tell"]

Tell = Callable[[Message], None]
"""Says what is going on."""


class Part(Protocol):
    """One upstream of the demo world; it serves from the moment it is made."""

    @property
    def settings(self) -> Mapping[str, str]:
        """What the deck must be told to find it."""
        ...

    async def fill(self, deck: Deck, person: Principal, tell: Tell) -> None:
        """Sign in, make the history that the present is judged by, and look at everything once."""
        ...

    async def fill_past(self, deck: Deck, tell: Tell) -> None:
        """Make the rest of the history, which only pages of long spans and of the past show.

        Called once after `fill`, before any job runs. The console may be in use meanwhile: no transaction
        and no step between two awaits takes longer than a person at the keys should notice.
        """
        ...

    def stop(self) -> None:
        """Stop serving."""
        ...
