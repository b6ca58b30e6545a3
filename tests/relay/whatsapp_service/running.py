"""Whole relays on WhatsApp against the simulated providers, over HTTP, with a plant to talk about."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import core
from core.areas.relay.model import Identity
from core.areas.relay.store.identities import save_identity
from core.deck import Deck
from core.demo.plant import PlantPart
from core.folders import Folders
from core.moment import SystemClock
from core.notify.people.person import Address, Person
from core.notify.people.rows import save_person
from core.principal import ENGINE, Role
from core.relay.running import Relay
from core.settings import SettingsBook
from core.simulators.cloud_api import CloudApiSimulator
from core.simulators.phone.transcript import Entry
from core.simulators.server import LoopbackServer
from core.simulators.twilio import TwilioSimulator
from core.simulators.whatsapp.client import client_settings, deliver_to

__all__ = ["ANN", "BEN", "World", "eventually", "free_port", "world"]

ANN, BEN = "15550100001", "15550100002"
_PATIENCE = 20.0
T = TypeVar("T")


@dataclass
class World:
    """A provider, its phones, and the relays that hear its webhooks."""

    home: Path
    simulator: TwilioSimulator | CloudApiSimulator
    url: str
    more: dict[str, str]
    ports: list[int] = field(default_factory=list)
    decks: list[Deck] = field(default_factory=list)

    @property
    def deck(self) -> Deck:
        return self.decks[-1]

    @asynccontextmanager
    async def relay(self, *, port: int = 0) -> AsyncIterator[Relay]:
        """A relay at a port, of which messages are told unless another one was told of them."""
        port = port or free_port()
        webhook = self.more.get("WHATSAPP_WEBHOOK_URL", f"http://127.0.0.1:{port}/api/whatsapp/webhook")
        self.simulator.courier.lead(webhook, f"http://127.0.0.1:{port}")
        flags = {
            **client_settings(self.simulator, self.url, webhook),
            "OPSDECK_GATEWAY_PORT": str(port),
            **self.more,
        }
        book = SettingsBook(Folders.below(self.home), flags=flags, environment={}, dotenv=self.home / ".env")
        async with await Deck.open(book, SystemClock()) as deck:
            relay = Relay(deck, lambda _message: None)
            await relay.start()
            running = asyncio.create_task(relay.run())
            deliver_to(self.simulator, webhook)
            await eventually(lambda: self.simulator.connected or None)
            self.decks.append(deck)
            self.ports.append(port)
            try:
                yield relay
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
                await relay.stop()
                self.decks.remove(deck)

    @asynccontextmanager
    async def process(self) -> AsyncIterator[tuple[subprocess.Popen[bytes], int]]:
        """A relay as a process of its own, of which messages are told from now on, and its gateway's port."""
        port = free_port()
        origin = f"http://127.0.0.1:{port}"
        webhook = self.more.get("WHATSAPP_WEBHOOK_URL", f"{origin}/api/whatsapp/webhook")
        self.simulator.courier.lead(webhook, origin)
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(Path(core.__file__).parent.parent),
            "OPSDECK_HOME": str(self.home),
            "OPSDECK_GATEWAY_PORT": str(port),
            **client_settings(self.simulator, self.url, webhook),
            **self.more,
        }
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "core.relay"],
            cwd=self.home,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            deliver_to(self.simulator, webhook)
            await eventually(lambda: self.simulator.courier.answers(origin) or None)
            yield process, port
        finally:
            process.kill()
            process.wait()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Deck]:
        """The same database, opened by the test itself."""
        book = SettingsBook(Folders.below(self.home), flags=self.more, environment={}, dotenv=self.home / "x")
        async with await Deck.open(book, SystemClock()) as deck:
            yield deck

    async def fill(self, languages: Mapping[str, str] | None = None) -> None:
        """A plant as in the demo, and Ann and Ben, who work there."""
        async with self.opened() as deck:
            await PlantPart(SystemClock()).fill(deck, ENGINE, lambda _message: None)
            async with deck.services.store.writing() as transaction:
                for number, name in ((ANN, "ann"), (BEN, "ben")):
                    chosen = (languages or {}).get(name, "")
                    address = Address("whatsapp", f"+{number}")
                    await save_person(
                        transaction, Person(name, frozenset(), (address,), language=chosen or "en")
                    )
                    await save_identity(
                        transaction,
                        Identity(
                            "whatsapp",
                            f"+{number}",
                            person=name,
                            role=Role.OPERATOR,
                            chat=f"+{number}",
                            name=name.title(),
                            language=chosen,
                        ),
                    )

    def shown(self, user: str = ANN) -> list[Entry]:
        return [each for each in self.simulator.entries if each.chat == int(user) and each.own]

    async def says(self, text: str, words: str, user: str = ANN) -> Entry:
        """Write, and wait for an answer with these words, or with these on something to press."""
        seen = len(self.shown(user))
        self.simulator.people.write(user, text)
        return await self.sees(words, user, seen)

    async def presses(self, which: str | int, words: str, user: str = ANN) -> Entry:
        seen = len(self.shown(user))
        self.simulator.people.press(user, which)
        return await self.sees(words, user, seen)

    async def sees(self, words: str, user: str = ANN, after: int = 0) -> Entry:
        def found() -> Entry | None:
            for each in self.shown(user)[after:]:
                labels = [label for row in each.buttons for label in row]
                if words in each.text or any(words in label for label in labels) or each.file_kind == words:
                    return each
            return None

        try:
            return await eventually(found)
        except AssertionError:
            shown = "\n".join(f"{each.text} {each.buttons}" for each in self.shown(user)[after:])
            raise AssertionError(f"{words!r} never came, but:\n{shown}") from None


@asynccontextmanager
async def world(
    home: Path, *, provider: str = "twilio", more: Mapping[str, str] | None = None, filled: bool = True
) -> AsyncIterator[World]:
    """A provider at work, and a plant; relays are started by `World.relay`."""
    clock = SystemClock()
    made = CloudApiSimulator if provider == "meta" else TwilioSimulator
    simulator = made(clock)
    simulator.people.add(ANN, "Ann")
    simulator.people.add(BEN, "Ben")
    async with AsyncExitStack() as stack:
        server = stack.enter_context(LoopbackServer(simulator.app))
        stack.callback(simulator.close)
        made_world = World(home, simulator, server.url, dict(more or {}))
        if filled:
            await made_world.fill()
        yield made_world


async def eventually(found: Callable[[], T | None], patience: float = _PATIENCE) -> T:
    deadline = time.monotonic() + patience
    while not (result := found()):
        assert time.monotonic() < deadline, "nothing came in time"
        await asyncio.sleep(0.02)
    return result


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
