"""What the conversation may ask of a platform directly; all that is said goes by the outbox instead."""

from __future__ import annotations

from typing import Protocol

__all__ = ["ChatLine"]


class ChatLine(Protocol):
    """One bot's line to its platform."""

    @property
    def channel(self) -> str:
        """The platform's name: `telegram`."""
        ...

    @property
    def link(self) -> str:
        """Where a phone finds the bot, without arguments; empty while it isn't known."""
        ...

    async def acknowledge(self, query: str) -> None:
        """Tell the client that a press has arrived. A press too old for that is no error."""
        ...

    async def busy(self, chat: str) -> None:
        """Show that an answer is being made. That it can't be shown is no error."""
        ...

    async def delete(self, chat: str, message: str) -> bool:
        """Remove a message from the chat, as for one that holds a secret; whether it is gone."""
        ...
