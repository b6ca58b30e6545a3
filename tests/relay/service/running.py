"""A whole relay against the simulated Bot API, over HTTP: as it runs for people, but for its home folder."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from core.areas.relay.model import Identity
from core.areas.relay.store.identities import save_identity
from core.deck import Deck
from core.folders import Folders
from core.message import Message
from core.moment import SystemClock
from core.notify.people.person import Address, Person
from core.notify.people.rows import save_person
from core.principal import Group, Role
from core.relay.service import run_relay
from core.settings import SettingsBook
from core.simulators.server import LoopbackServer
from core.simulators.telegram import TOKEN, TelegramSimulator

__all__ = ["ANN", "BEN", "Running", "book_at", "eventually", "pair", "running", "simulated"]

ANN, BEN = 5001, 5002
_PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Running:
    """A relay at work, its deck, and the world it talks to."""

    deck: Deck
    simulator: TelegramSimulator
    told: list[Message]

    async def hear(self, user: int, text: str, words: str) -> str:
        """Write, and wait for an answer that has these words in it; its text."""
        seen = len(self.simulator.messages(user))
        self.simulator.people.write(user, text)
        return await self.sees(user, words, seen)

    async def sees(self, user: int, words: str, after: int = 0) -> str:
        """Wait until the chat shows something of the bot's with these words; its text."""

        def found() -> str:
            shown = [each for each in self.simulator.messages(user)[after:] if each.own]
            return next((text for each in shown if words in (text := each.text)), "")

        return await eventually(found)


@asynccontextmanager
async def simulated() -> AsyncIterator[tuple[TelegramSimulator, str]]:
    """A Bot API with two people, and its address."""
    simulator = TelegramSimulator(SystemClock())
    simulator.people.add_user(ANN, "Ann", "ann")
    simulator.people.add_user(BEN, "Ben", "ben")
    with LoopbackServer(simulator.app) as server:
        yield simulator, server.url


def book_at(home: Path, url: str, more: Mapping[str, str] | None = None) -> SettingsBook:
    """The settings of a relay whose home is a folder of the test's."""
    flags = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE": f"{url}/",
        "TELEGRAM_POLL_SECONDS": "2",
        "OPSDECK_GATEWAY_PORT": "0",
        **(more or {}),
    }
    return SettingsBook(Folders.below(home), flags=flags, environment={}, dotenv=home / ".env")


@asynccontextmanager
async def running(
    home: Path,
    simulator: TelegramSimulator,
    url: str,
    *,
    more: Mapping[str, str] | None = None,
) -> AsyncIterator[Running]:
    """A relay that polls, with Ann paired as an administrator who is on call."""
    told: list[Message] = []
    decks: list[Deck] = []
    started = asyncio.Event()

    async def ready(deck: Deck) -> None:
        await pair(deck)
        decks.append(deck)

    async def wait(_deck: Deck) -> None:
        started.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(
        run_relay(book_at(home, url, more), SystemClock(), told.append, prepare=ready, during=wait)
    )
    beginning = asyncio.create_task(started.wait())
    await asyncio.wait({task, beginning}, return_when=asyncio.FIRST_COMPLETED)
    beginning.cancel()
    if task.done():
        task.result()
    try:
        yield Running(decks[0], simulator, told)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def pair(deck: Deck) -> None:
    """Make Ann an administrator who is on call and reached by Telegram."""
    async with deck.services.store.writing() as transaction:
        person = Person("ann", frozenset({Group.ON_CALL}), (Address("telegram", str(ANN)),))
        await save_person(transaction, person)
        identity = Identity("telegram", str(ANN), person="ann", role=Role.ADMIN, chat=str(ANN), name="Ann")
        await save_identity(transaction, identity)


async def eventually(found: Callable[[], str]) -> str:
    """Wait until something is found; what it is."""
    deadline = time.monotonic() + _PATIENCE
    while not (result := found()):
        assert time.monotonic() < deadline, "nothing came in time"
        await asyncio.sleep(0.02)
    return result
