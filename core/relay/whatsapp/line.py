"""One WhatsApp sender as the conversation sees it; a `core.relay.chat_line.ChatLine`."""

from __future__ import annotations

from core.relay.whatsapp.phones import CHANNEL
from core.relay.whatsapp.provider import Provider

__all__ = ["WhatsAppLine"]


class WhatsAppLine:
    """Speaks for a provider's sender."""

    channel = CHANNEL

    def __init__(self, provider: Provider) -> None:
        self._sends = provider.sends
        self.name = provider.line
        self.link = provider.link

    def __repr__(self) -> str:
        return f"WhatsAppLine({self.name})"

    async def acknowledge(self, query: str) -> None:
        """Show that the message `query` was read."""
        await self._sends.mark_read(query)

    async def busy(self, chat: str) -> None:
        """WhatsApp shows nothing of the kind."""

    async def delete(self, chat: str, message: str) -> bool:
        """Nobody can remove what somebody else wrote, so that they are asked to."""
        return False
