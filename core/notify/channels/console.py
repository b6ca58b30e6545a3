"""The console as a channel: what is sent to it stands in the outbox, where every console reads it."""

from __future__ import annotations

from core.notify.channels.channel import Capabilities, Limit, Outgoing, Receipt

__all__ = ["ConsoleChannel"]


class ConsoleChannel:
    """Takes every notice at once: consoles show the rows of theirs that are `sent`."""

    name = "console"
    capabilities = Capabilities()
    own_addresses = ("console",)
    total = Limit(1_000, 1.0)

    def limit(self, address: str) -> Limit:
        """As many as come: nobody but this database is asked."""
        return self.total

    def line(self, address: str) -> str:
        """There is but one."""
        return self.name

    async def send(self, message: Outgoing) -> Receipt:
        """Nothing is to be done but to note that it may be shown."""
        return Receipt(str(message.id))

    async def close(self) -> None:
        """There is nothing to hang up."""
