"""The demo's chats: the relay in the console's own process, and the phones that ask it something.

Elsewhere the relay is a process of its own, which outlives the console; the simulated bot of the demo can
only be spoken for as long as the demo is there.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from core.deck import Deck
from core.errors import OpsdeckError
from core.logs import start_log
from core.message import Message

__all__ = ["Phones", "serve_chats"]

Phones = Callable[[], Awaitable[None]]
"""People who write to the demo's bot until cancelled."""

_log = logging.getLogger("opsdeck.relay")


async def serve_chats(deck: Deck, phones: Phones) -> None:
    """Answer the phones until cancelled; what ends it earlier is in the relay's log, and seen in its pane."""
    # Loading the bot's library takes longer than a frame may: not on this thread.
    running = await asyncio.to_thread(import_module, "core.relay.running")
    with _log_kept(deck.services.settings.folders.relay_log):
        try:
            relay = running.Relay(deck, _tell)
            try:
                await relay.start()
                await running.first_to_end(relay.run(), phones())
            finally:
                await relay.stop()
        except OpsdeckError as error:
            _log.error("%s", error)


@contextmanager
def _log_kept(path: Path) -> Generator[None]:
    """Send what is logged to the relay's log, too, which its command shows."""
    handler = start_log(path, "INFO")
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


def _tell(message: Message) -> None:
    _log.info("%s", message)
