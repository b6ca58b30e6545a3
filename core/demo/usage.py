"""The demo's Taara accounts, with their history; or one account for each vector of taara.md 8.3."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.command import Invocation
from core.deck import Deck
from core.demo.part import Tell
from core.demo.usage_history import INTERVAL, first_answer, load_answers, load_older_answers
from core.message import _
from core.moment import Clock
from core.principal import Principal
from core.simulators.server import LoopbackServer
from core.simulators.taara import Account as SimulatedAccount
from core.simulators.taara import BalanceRow, TaaraSimulator

__all__ = ["UsagePart"]

_FINE = timedelta(days=9)
"""How far back there is an answer at every interval, as the alert rules want; before, one every six hours."""

_COARSE_STEP = timedelta(hours=6)
_LONG = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class UsagePart:
    """A simulated Taara."""

    clock: Clock
    scenario: str
    simulator: TaaraSimulator
    server: LoopbackServer

    @classmethod
    def start(cls, clock: Clock, seed: int, scenario: str) -> UsagePart:
        """Serve the scenario."""
        simulator = TaaraSimulator(clock, seed=seed, scenario=scenario)
        server = LoopbackServer(simulator.app)
        server.start()
        return cls(clock, scenario, simulator, server)

    @property
    def settings(self) -> Mapping[str, str]:
        return {"TAARA_BASE_URL": f"{self.server.url}/", "TAARA_REQUESTS_PER_SECOND": "500"}

    async def fill(self, deck: Deck, person: Principal, tell: Tell) -> None:
        tell(_("Reading the simulated Taara accounts"))
        async with deck.services.store.writing() as transaction:
            for account in self.simulator.accounts:
                await load_answers(transaction, account, self._recent(account.name))
        if self.scenario == "vectors":
            return  # a vector is its readings and nothing after them
        for account in self.simulator.accounts:
            await deck.run(Invocation("usage setup", person, _access(account)))

    async def fill_past(self, deck: Deck, tell: Tell) -> None:
        if self.scenario == "vectors":
            return  # all of it was there at once
        tell(_("Reading a year of the simulated Taara accounts"))
        store = deck.services.store
        for account in self.simulator.accounts:
            async with store.reading() as connection:
                first = await first_answer(connection, account.name)
            if first is not None:
                rows = await asyncio.to_thread(self._older, account.name, first)
                await load_older_answers(store, account, rows)

    def stop(self) -> None:
        self.server.stop()

    def _recent(self, account: str) -> Sequence[BalanceRow]:
        """What Taara would have answered lately; a vector’s whole data."""
        now = self.clock.now()
        if self.scenario == "vectors":
            return self.simulator.balances(account, now - _LONG, now, int(INTERVAL.total_seconds()))
        return self.simulator.balances(
            account, now - _FINE + INTERVAL, now - INTERVAL, int(INTERVAL.total_seconds())
        )

    def _older(self, account: str, first: datetime) -> Sequence[BalanceRow]:
        """What Taara would have answered before its `first` answer that is known."""
        last = first - INTERVAL
        start = last - (_LONG - _FINE)
        return self.simulator.balances(account, start, last, int(_COARSE_STEP.total_seconds()))


def _access(account: SimulatedAccount) -> dict[str, str]:
    return {
        "name": account.name,
        "phone": account.phone,
        "passcode": account.passcode,
        "partner": account.partner_id,
        "hotspot": account.hotspot_id,
        "country": account.country_code,
    }
