"""Whole relays on WhatsApp against the simulated providers, over HTTP, with a plant to talk about."""

from __future__ import annotations

import asyncio
import atexit
import functools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select

import core
from core.areas.relay.model import Identity
from core.areas.relay.store.identities import save_identity
from core.areas.relay.store.tables import RELAY_INBOUND
from core.deck import Deck
from core.demo.plant import PlantPart
from core.folders import Folders
from core.moment import SystemClock
from core.notify.delivery.rows import OutboxState
from core.notify.delivery.tables import OUTBOX
from core.notify.people.person import Address, Person
from core.notify.people.phones import Phones, save_phones
from core.notify.people.rows import save_person
from core.principal import ENGINE, Role
from core.relay.running import Relay
from core.settings import SettingsBook
from core.simulators.cloud_api import CloudApiSimulator
from core.simulators.phone.transcript import Entry
from core.simulators.server import LoopbackServer
from core.simulators.twilio import TwilioSimulator
from core.simulators.twilio.webhooks import Posted
from core.simulators.whatsapp.client import client_settings, deliver_to
from core.vault import Vault

__all__ = ["ANN", "BEN", "World", "eventually", "free_port", "world"]

ANN, BEN = "15550100001", "15550100002"
_PATIENCE = 60.0
"""Seconds after which something won’t come any more: many, as machines that run tests are busy."""

_UNSENT = (OutboxState.PENDING.value, OutboxState.LEASED.value)
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

    def user(self, number: str) -> str:
        """What a phone is called wherever it isn’t sent to."""
        return Phones(Vault.open(Folders.below(self.home).config, {})).user_of(f"+{number}")

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
        said = self.home / f"relay at {port}.txt"
        with said.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "core.relay"],
                cwd=self.home,
                env=environment,
                stdout=output,
                stderr=output,
            )

        def up() -> bool:
            assert process.poll() is None, f"the relay has ended:\n{said.read_text()}"
            return self.simulator.courier.answers(origin)

        try:
            deliver_to(self.simulator, webhook)
            await eventually(lambda: up() or None)
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

    async def quiet(self, deck: Deck) -> None:
        """Wait until nothing is on its way: all that was written is dealt with, all answers have gone out.

        The simulator posts what was written before it is idle, and it is answered when that is kept: in this
        order nothing can slip through between two looks.
        """

        async def is_quiet() -> bool:
            if self.simulator.courier.busy:
                return False
            unhandled = select(func.count()).where(RELAY_INBOUND.c.handled_at.is_(None))
            unsent = select(func.count()).where(OUTBOX.c.channel == "whatsapp", OUTBOX.c.state.in_(_UNSENT))
            async with deck.services.store.reading() as connection:
                counts = [(await connection.execute(each)).scalar() for each in (unhandled, unsent)]
            return counts == [0, 0] and not self.simulator.courier.busy

        await _until(is_quiet)

    @property
    def delivered(self) -> list[Posted]:
        """Twilio’s calls that brought messages; the others bring reports on ours."""
        assert isinstance(self.simulator, TwilioSimulator)
        return [each for each in self.simulator.webhooks.posted if "Body" in each.parameters]

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
    home: Path, *, provider: str = "twilio", more: Mapping[str, str] | None = None
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
        if "DATABASE_URL" in made_world.more:
            async with made_world.opened() as deck:
                await _fill(deck)
        else:
            await asyncio.to_thread(shutil.copytree, await asyncio.to_thread(_home), home, dirs_exist_ok=True)
        yield made_world


@functools.cache
def _home() -> Path:
    """A home with a filled store, made once: copying it costs less than making another."""
    home = Path(tempfile.mkdtemp(prefix="opsdeck-test-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)

    async def make() -> None:
        book = SettingsBook(Folders.below(home), flags={}, environment={}, dotenv=home / ".env")
        async with await Deck.open(book, SystemClock()) as deck:
            await _fill(deck)

    asyncio.run(make())
    return home


async def _fill(deck: Deck) -> None:
    """A plant as in the demo, and Ann and Ben, who work there."""
    await PlantPart(SystemClock()).fill(deck, ENGINE, lambda _message: None)
    phones = Phones(deck.services.vault)
    async with deck.services.store.writing() as transaction:
        for number, name in ((ANN, "ann"), (BEN, "ben")):
            phone = phones.kept(f"+{number}")
            await save_phones(transaction, [phone])
            await save_person(transaction, Person(name, addresses=(Address("whatsapp", phone.user),)))
            known = Identity("whatsapp", phone.user, name, Role.OPERATOR, chat=phone.user, name=name.title())
            await save_identity(transaction, known)


async def eventually(found: Callable[[], T | None], patience: float = _PATIENCE) -> T:
    deadline = time.monotonic() + patience
    while not (result := found()):
        assert time.monotonic() < deadline, "nothing came in time"
        await asyncio.sleep(0.02)
    return result


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not await holds():
        assert time.monotonic() < deadline, "it never came to be"
        await asyncio.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
