"""The demo's Taara accounts, with their history; or one account for each vector of taara.md 8.3."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from core.areas.usage.client.parsing import fingerprint
from core.areas.usage.model import Account, Basis, Plan
from core.areas.usage.rules.lineage import lineages
from core.areas.usage.store import tables
from core.areas.usage.store.reading import SOURCE
from core.areas.usage.store.recording import record_account
from core.areas.usage.store.rows import reading_of, record_row
from core.areas.usage.store.series import load_series
from core.areas.usage.store.tables import to_timestamp
from core.command import Invocation
from core.deck import Deck
from core.demo.part import Tell
from core.message import _
from core.moment import Clock, from_epoch
from core.principal import Principal
from core.simulators.server import LoopbackServer
from core.simulators.taara import Account as SimulatedAccount
from core.simulators.taara import BalanceRow, TaaraSimulator
from core.store.metadata import to_microseconds
from core.store.polls import Poll, record_poll
from core.store.store import Transaction

__all__ = ["UsagePart"]

_INTERVAL = timedelta(minutes=15)
_FINE = timedelta(days=9)
"""How far back there is a reading at every interval; before, there is one every six hours."""

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
                await _load(transaction, account, self._past(account.name))
        if self.scenario == "vectors":
            return  # a vector is its readings and nothing after them
        for account in self.simulator.accounts:
            await deck.run(Invocation("usage setup", person, _access(account)))

    def stop(self) -> None:
        self.server.stop()

    def _past(self, account: str) -> Sequence[BalanceRow]:
        """What Taara would have answered all along."""
        now = self.clock.now()
        if self.scenario == "vectors":
            return self.simulator.balances(account, now - _LONG, now, 900)
        fine = now - _FINE
        coarse = self.simulator.balances(account, now - _LONG, fine, int(_COARSE_STEP.total_seconds()))
        later = self.simulator.balances(
            account, fine + _INTERVAL, now - _INTERVAL, int(_INTERVAL.total_seconds())
        )
        return [*coarse, *later]


def _access(account: SimulatedAccount) -> dict[str, str]:
    return {
        "name": account.name,
        "phone": account.phone,
        "passcode": account.passcode,
        "partner": account.partner_id,
        "hotspot": account.hotspot_id,
        "country": account.country_code,
    }


async def _load(transaction: Transaction, account: SimulatedAccount, rows: Iterable[BalanceRow]) -> None:
    """Write the answers as if each had been recorded when it was given."""
    subscriber = fingerprint(account.subscriber_id)
    await record_account(transaction, Account(account.name, f"…{account.phone[-2:]}"), subscriber)
    answers: dict[datetime, list[Plan]] = defaultdict(list)
    for row in rows:
        answers[from_epoch(row.epoch)].append(_plan(row))
    if not answers:
        return
    polls = await _insert_polls(transaction, account.name, subscriber, answers)
    held = [(at, lineage, plan) for at, plans in answers.items() for lineage, plan in lineages(plans)]
    records = [
        record_row(account.name, lineage, subscriber, plan, at, at, polls[at]) for at, lineage, plan in held
    ]
    await transaction.connection.execute(insert(tables.records), records)
    for name in sorted({lineage for _at, lineage, _plan in held}):
        readings = [reading_of(plan, at) for at, lineage, plan in held if lineage == name]
        await load_series(transaction, account.name, name, readings, _INTERVAL)
    await record_poll(transaction, Poll(SOURCE, account.name, max(answers), True))


async def _insert_polls(
    transaction: Transaction, account: str, subscriber: str, moments: Iterable[datetime]
) -> dict[datetime, int]:
    """A poll for each answer; their ids."""
    table = tables.polls
    rows = [
        {
            "account": account,
            "timestamp": to_timestamp(at),
            "recorded_at": to_microseconds(at),
            "subscriber": subscriber,
            "imported": False,
        }
        for at in moments
    ]
    await transaction.connection.execute(insert(table), rows)
    known = await transaction.connection.execute(
        select(table.c.timestamp, table.c.id).where(table.c.account == account)
    )
    return {tables.from_timestamp(row.timestamp): row.id for row in known}


def _plan(row: BalanceRow) -> Plan:
    return Plan(
        plan_id=row.plan_id,
        name=row.name,
        active=row.active,
        home=row.home,
        balance=row.remaining_bytes,
        basis=Basis.BYTES,
        unlimited=False,
        expires_in_days=row.expires_in_days,
        stated_bytes=row.remaining_bytes,
        purchase_id=row.purchase_id,
    )
