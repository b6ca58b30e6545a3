"""The Telegram simulator: one object that holds the people, their chats, the faults and the ASGI app."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from core.moment import Clock
from core.simulators.phone.transcript import Entry, transcript_lines
from core.simulators.simulated_time import SimulatedTime
from core.simulators.telegram.api import BotApi, Call
from core.simulators.telegram.arguments import Arguments
from core.simulators.telegram.commands import CommandLists
from core.simulators.telegram.control import control_routes
from core.simulators.telegram.errors import ApiError
from core.simulators.telegram.faults import Faults
from core.simulators.telegram.files import FileLimits, Files
from core.simulators.telegram.methods import Backend
from core.simulators.telegram.model import Json, Message, User
from core.simulators.telegram.people import People
from core.simulators.telegram.polling import Polling
from core.simulators.telegram.rates import RateLimits, Rates
from core.simulators.telegram.updates import Update
from core.simulators.telegram.webhooks import Webhooks
from core.simulators.telegram.world import World

if TYPE_CHECKING:
    import httpx

__all__ = ["TOKEN", "TelegramSimulator"]

TOKEN = "42:SIMULATED-TOKEN-of-no-bot-anywhere"  # noqa: S105
"""The token that the simulator knows its bot by."""

_CALLS = 50_000
_FROZEN_PATIENCE = 1.0

_POISON: Json = {"message": {"message_id": "twelve", "date": "yesterday", "chat": 7, "text": ["?"]}}


class TelegramSimulator:
    """A stand-in of the Bot API for one bot (telegram.md), deterministic from `seed` and `clock`.

    `people` is what happens on phones, `faults` what goes wrong, `rates.enforced` whether the bot is slowed
    down, `calls` what it asked for, newest last. May be steered from any thread while a server uses it.

    `answer_within` is how many seconds a press may be answered; `reads_all` lets the bot see everything said
    in groups; `own_server` words a malformed token as a server of one's own does. A poll is held by the
    clock, and on a frozen one for `longest_wait` real seconds at most (a second, unless told otherwise).
    `webhook_transport` stands in for the network over which updates are posted.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        seed: int = 7,
        token: str = TOKEN,
        rates: RateLimits | None = None,
        files: FileLimits | None = None,
        answer_within: float = 15.0,
        reads_all: bool = False,
        own_server: bool = False,
        longest_wait: float | None = None,
        webhook_transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.token = token
        self.bot = User(int(token.partition(":")[0]), "Ops", "ops_demo_bot", is_bot=True)
        self.time = SimulatedTime(clock)
        if longest_wait is None and self.time.frozen:
            longest_wait = _FROZEN_PATIENCE
        self._world = World(self.time, self.bot, seed, reads_all=reads_all)
        self.people = People(self._world)
        self.faults = Faults()
        self.rates = Rates(self.time, rates or RateLimits())
        self.calls: deque[Call] = deque(maxlen=_CALLS)
        backend = Backend(
            self._world,
            Files(self.time, seed, files or FileLimits()),
            self.rates,
            CommandLists(),
            answer_within,
        )
        self._commands = backend.commands
        self._polling = Polling(self._world.updates, self.time, self._world.lock, longest_wait)
        self._webhooks = Webhooks(self._world, self._execute, webhook_transport)
        self._api = BotApi(
            backend, self._polling, self._webhooks, self.faults, self.calls, token, own_server=own_server
        )
        routes = [
            *control_routes(self),
            Route("/{path:path}", self._api.answer, methods=["GET", "POST", "PUT"]),
        ]
        self.app: ASGIApp = Starlette(routes=routes)

    def _execute(self, method: str, arguments: Arguments) -> None:
        """Run what a receiver's answer asks for; nobody hears how that went."""
        try:
            self._api.execute(method, arguments)
            status = 200
        except ApiError as error:
            status = error.code
        self.calls.append(Call(method, arguments.values, (), self.time.monotonic(), status))

    @property
    def connected(self) -> bool:
        """Whether a bot has come: it polled, or set a webhook."""
        return self._polling.last_poll is not None or self._webhooks.hook is not None

    @property
    def pending(self) -> int:
        """How many updates the bot hasn't taken."""
        with self._world.lock:
            return len(self._world.updates)

    @property
    def entries(self) -> list[Entry]:
        """What happened in all chats, oldest first."""
        with self._world.lock:
            return list(self._world.entries)

    def entries_after(self, number: int, chat: int) -> list[Entry]:
        """What happened in a chat from the entry with that number on."""
        with self._world.lock:
            return [each for each in self._world.entries[number:] if each.chat == chat]

    def transcript(self, chat: int | None = None) -> str:
        """What happened, in one chat or in all, as text."""
        return "\n".join(transcript_lines(each for each in self.entries if chat in (None, each.chat)))

    def messages(self, chat: int) -> list[Message]:
        """The messages that a chat shows now, oldest first."""
        with self._world.lock:
            return [each for each in self._world.messages(chat) if not each.deleted]

    @property
    def spinning(self) -> list[str]:
        """The labels of the buttons that were pressed and still turn."""
        with self._world.lock:
            return [press.label for press in self._world.presses if press.spinning]

    def action(self, chat: int) -> str:
        """What the bot is shown to be doing in a chat (`typing`); empty when nothing."""
        name, until = self._world.actions.get(chat, ("", 0.0))
        return name if self.time.monotonic() < until else ""

    def shown_commands(self, user: int, chat: int | None = None) -> list[Json]:
        """The commands that a user is proposed in a chat, their private one unless another is named."""
        with self._world.lock:
            where = self._world.chat(user if chat is None else chat)
            return self._commands.shown(where, user, self._world.user(user).language)

    def revoke_token(self) -> None:
        """The bot's owner got a new token: this one is no longer any good."""
        self._api.revoked = True

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once; on a frozen clock for all that look at it."""
        self.time.advance(seconds)

    def inject(self, fields: Json, line: str = "injected") -> Update:
        """Push an update of any shape: `fields` are what it has besides its number."""
        with self._world.lock:
            return self._world.updates.push_raw(fields, next(iter(fields), ""), line)

    def poison(self) -> Update:
        """Push an update of a shape that no library parses."""
        return self.inject(_POISON, "poison")

    def duplicate(self, update_id: int | None = None) -> Update:
        """Deliver an update once more (the newest, unless named), though it was taken or confirmed.

        Raises:
            ValueError: there is no such update.
        """
        with self._world.lock:
            return self._world.updates.repeat(update_id)

    def disorder(self, times: int = 1) -> None:
        """Let the second update of a webhook's line pass the first, `times` times."""
        self._webhooks.disorder += times

    async def close(self) -> None:
        """Stop delivering to the webhook. On the event loop that the app was served on."""
        await self._webhooks.close()
