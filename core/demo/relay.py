"""The demo's Telegram: a simulated bot, the people who are paired with it, and what they asked lately."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from random import Random

from sqlalchemy import insert

from core.areas.relay.model import GROUP, PRIVATE, TELEGRAM, Chat
from core.areas.relay.processes import MachineProcesses
from core.areas.relay.store.chats import save_chat
from core.areas.relay.store.tables import RELAY_INBOUND
from core.areas.relay.writes.pairing import make_code, redeem, set_language
from core.deck import Deck
from core.demo.part import Tell
from core.message import _
from core.moment import Clock
from core.notify.people.person import Subscription
from core.notify.people.rows import subscribe
from core.principal import Principal, Role
from core.settings import SettingsBook
from core.simulators.server import LoopbackServer
from core.simulators.telegram import TOKEN, TelegramSimulator
from core.store.metadata import to_microseconds
from core.store.store import Transaction
from core.units import Severity

__all__ = ["RelayPart"]

_PEOPLE = (
    (5001, "Ana", Role.ADMIN, "en"),
    (5002, "Omar", Role.OPERATOR, "ar"),
    (5003, "Nia", Role.VIEWER, "fr"),
)
"""Who is paired: their user at Telegram, what they are called, what they may, and their language."""

_GROUP = (-5900, "Harbour operations")
_STRANGER = (7001, "Cleo")
_ASKED = 46
_EVERY = timedelta(minutes=11)

_QUESTIONS = (
    (5001, "/health"),
    (5002, "/ops"),
    (7001, "/status_page"),
    (5003, "/tickets"),
    (5001, "/incident"),
    (5002, "/schedule"),
)
"""What they ask in turn while a console looks on: who, and what."""

_FIRST_AFTER, _NEXT_AFTER = 5.0, 40.0
"""Seconds until the first question, and between two of them."""


@dataclass(slots=True)
class RelayPart:
    """The simulated Bot API, for a relay that the person may start."""

    clock: Clock
    seed: int
    telegram: TelegramSimulator
    server: LoopbackServer
    book: SettingsBook | None = None

    @classmethod
    def start(cls, clock: Clock, seed: int, scenario: str) -> RelayPart:
        """Serve the bot; every scenario has the same one."""
        telegram = TelegramSimulator(clock, seed=seed)
        server = LoopbackServer(telegram.app)
        server.start()
        for number, name, _role, language in _PEOPLE:
            telegram.people.add_user(number, name, language=language)
        telegram.people.add_user(*_STRANGER)
        telegram.people.add_group(*_GROUP, members=tuple(number for number, *_rest in _PEOPLE))
        return cls(clock, seed, telegram, server)

    @property
    def settings(self) -> Mapping[str, str]:
        return {
            "TELEGRAM_API_BASE": f"{self.server.url}/",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_BOT_USERNAME": self.telegram.bot.username,
            "OPSDECK_CHAT_PER_MINUTE": "120",  # the scripted phone types faster than a person
        }

    async def fill(self, deck: Deck, person: Principal, tell: Tell) -> None:
        tell(_("Pairing people with the simulated Telegram bot"))
        self.book = deck.services.settings
        async with deck.services.store.writing() as transaction:
            await self._pair(transaction, person)
            await transaction.connection.execute(insert(RELAY_INBOUND), list(self._asked()))

    async def fill_past(self, deck: Deck, tell: Tell) -> None:
        """What was asked lately is all there is."""

    async def write_to_bot(self) -> None:
        """Ask the bot something now and then, until cancelled."""
        await self.clock.sleep(_FIRST_AFTER)
        for user, text in cycle(_QUESTIONS):
            self.telegram.people.write(user, text)
            await self.clock.sleep(_NEXT_AFTER)

    def stop(self) -> None:
        """End the relay that the person started, and the bot."""
        if self.book is not None:
            processes = MachineProcesses.of(self.book, ())
            started = processes.background()
            if started is not None:
                processes.terminate(started)
        self.server.stop()

    async def _pair(self, transaction: Transaction, person: Principal) -> None:
        """Let each of them in by a code of their own, as the console would."""
        randomness = Random(self.seed)  # noqa: S311  the codes are spent at once
        zone = person.zone
        for number, name, role, language in _PEOPLE:
            code = await make_code(transaction, name, role, "", False, person.name, randomness)
            user, now = str(number), transaction.recorded_at
            await redeem(transaction, code.text, TELEGRAM, user, user, PRIVATE, name, now, zone=zone)
            await set_language(transaction, TELEGRAM, user, name, language)
        chat, title = _GROUP
        code = await make_code(transaction, title, Role.PUBLIC, "", True, person.name, randomness)
        owner, now = str(_PEOPLE[0][0]), transaction.recorded_at
        await redeem(transaction, code.text, TELEGRAM, owner, str(chat), GROUP, title, now, zone=zone)
        stranger, name = _STRANGER
        await save_chat(transaction, Chat(TELEGRAM, str(stranger), PRIVATE, name))
        await subscribe(transaction, _PEOPLE[0][1], Subscription(kind="summary", severity=Severity.GOOD))

    def _asked(self) -> Iterator[dict[str, object]]:
        """What came in during the last hours, dealt with long ago; the keys are none of Telegram's."""
        now = self.clock.now()
        for index in range(_ASKED):
            outcome = "answered"
            if index % 15 == 7:
                outcome = "refused"
            elif index % 23 == 11:
                outcome = "limited"
            at = now - (index + 1) * _EVERY
            yield {
                "channel": f"{TELEGRAM}:{self.telegram.bot.id}",
                "key": f"demo-{index}",
                "received_at": to_microseconds(at),
                "handled_at": to_microseconds(at + timedelta(milliseconds=140)),
                "outcome": outcome,
            }
