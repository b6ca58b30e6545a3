"""The demo's support desk: customers of every tier, two agents, and tickets in every state.

Everything is written by the commands' own writes, at the moments of the stories, so that the pages can be
wound back through them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.area import Request, Services, Write
from core.areas.tickets import AREA
from core.areas.tickets.collection.watch import attend, watch
from core.areas.tickets.model import FaqView
from core.areas.tickets.settings import TicketsSettings
from core.areas.tickets.store.faq import note_view
from core.command import validate
from core.deck import Deck
from core.demo.part import Tell
from core.demo.tickets_answers import CANNED, FAQ, VIEWS, VOTES
from core.demo.tickets_stories import AGENTS, STORIES, Step
from core.message import _
from core.moment import Clock
from core.principal import Principal
from core.store.store import Transaction

__all__ = ["TicketsPart"]

_LONG_AGO = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class TicketsPart:
    """A support desk with a past."""

    clock: Clock

    @classmethod
    def start(cls, clock: Clock, seed: int, scenario: str) -> TicketsPart:
        """The desk; there is no upstream to serve, and its stories are the same for every seed."""
        return cls(clock)

    @property
    def settings(self) -> Mapping[str, str]:
        return {
            "TICKETS_AGENTS": json.dumps([agent.name for agent in AGENTS]),
            "TICKETS_RESOLUTION_TARGETS": json.dumps({"ultra_premium": "8h", "elite": "24h", "pro": "3d"}),
            "TICKETS_CONTACTS": json.dumps({"E-mail": "support@example.com"}),
        }

    async def fill(self, deck: Deck, person: Principal, tell: Tell) -> None:
        tell(_("Letting customers write tickets, and agents answer them"))
        now = self.clock.now()
        async with deck.services.store.writing() as transaction:
            past = _Past(deck.services, transaction)
            await past.prepare(now - _LONG_AGO)
            steps = [
                (now - step.ago, number, step) for number, story in enumerate(STORIES) for step in story.steps
            ]
            for at, number, step in sorted(steps, key=lambda each: each[0]):
                await past.take(number, step, at)
        for reader, entry, days, searched in VIEWS:
            view = FaqView(f"FAQ-{entry}", reader, now - timedelta(days=days), searched)
            await note_view(deck.services.store, view)
        await watch(deck.services)

    async def fill_past(self, deck: Deck, tell: Tell) -> None:
        """The tickets are all there: each one’s present state is the end of its story."""

    def stop(self) -> None:
        """There is nothing to stop."""


class _Past:
    """Runs commands at past moments, each recorded at its moment, inside one real transaction."""

    def __init__(self, services: Services, transaction: Transaction) -> None:
        self._services = services
        self._transaction = transaction
        self._tickets: dict[int, str] = {}
        self._verbs = {verb.command.name: verb for verb in AREA.verbs}

    async def prepare(self, at: datetime) -> None:
        """Write the FAQ and the canned answers."""
        for entry in FAQ:
            await self._run(AGENTS[0], "faq edit", entry, at)
        for voter, entry, helped in VOTES:
            known = next(step.who for story in STORIES for step in story.steps if step.who.name == voter)
            await self._run(known, "faq vote", {"entry": f"FAQ-{entry}", "helped": helped}, at)
        for name, text in CANNED.items():
            await self._run(AGENTS[0], "canned edit", {"name": name, "text": text}, at)

    async def take(self, story: int, step: Step, at: datetime) -> None:
        """One step of a story; the first opens its ticket."""
        if not step.command:
            past = Transaction(self._transaction.connection, at)
            settings = self._services.settings.of(TicketsSettings)
            await attend(past, self._tickets[story], settings, at)
            await self._transaction.emit(*past.pending.events)
            return
        known = self._tickets.get(story)
        arguments = step.arguments if known is None else {"ticket": known, **step.arguments}
        target = await self._run(step.who, step.command, arguments, at)
        self._tickets.setdefault(story, target.removeprefix("ticket:"))

    async def _run(self, who: Principal, command: str, arguments: Mapping[str, str], at: datetime) -> str:
        """Run a write as it was run then; what it was done to."""
        verb = self._verbs[command]
        assert isinstance(verb.does, Write)
        past = Transaction(self._transaction.connection, at)
        request = Request(self._services, who, at, validate(verb.command, arguments))
        outcome = await verb.does.apply(request, None, past)
        await self._transaction.emit(*past.pending.events)
        return outcome.target
