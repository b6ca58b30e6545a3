"""The demo's production system and its A2E account, with two months behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import insert

from core.areas.production.client.parsing import parse_entry, parse_job, parse_upload
from core.areas.production.collection.collect import Collector
from core.areas.production.model import Job, Upload, UploadStatus
from core.areas.production.rules.reconciliation import merge
from core.areas.production.store import collector_state, rows, tables
from core.areas.production.store.recording import REPORTED
from core.deck import Deck
from core.demo.part import Tell
from core.demo.past import insert_versions
from core.message import _
from core.moment import Clock
from core.principal import Principal
from core.simulators.a2e import A2ESimulator
from core.simulators.production import ProductionSimulator
from core.simulators.server import LoopbackServer
from core.store.metadata import to_microseconds
from core.store.store import Transaction

__all__ = ["ProductionPart"]

_BOOKS = timedelta(days=60)
_NEWS = timedelta(days=1)
"""How far back the system's events are told; older ones are history."""


@dataclass(frozen=True, slots=True)
class ProductionPart:
    """A simulated production system with a simulated A2E beside it."""

    clock: Clock
    simulator: ProductionSimulator
    a2e: A2ESimulator
    servers: tuple[LoopbackServer, LoopbackServer]

    @classmethod
    def start(cls, clock: Clock, seed: int, scenario: str) -> ProductionPart:
        """Serve the scenario."""
        simulator = ProductionSimulator(clock, seed=seed, scenario=scenario)
        a2e = A2ESimulator(simulator.world, clock)
        servers = LoopbackServer(simulator.app), LoopbackServer(a2e.app)
        for server in servers:
            server.start()
        return cls(clock, simulator, a2e, servers)

    @property
    def settings(self) -> Mapping[str, str]:
        company = self.simulator.world.company
        terms = company.terms
        budgets = {f"PRODUCTION_{each.period.upper()}_BUDGET": str(each.limit) for each in company.budgets}
        return {
            "PRODUCTION_URL": f"{self.servers[0].url}/",
            "PRODUCTION_TOKEN": self.simulator.token,
            "A2E_URL": f"{self.servers[1].url}/",
            "A2E_API_TOKEN": self.a2e.token,
            "A2E_REQUESTS_PER_SECOND": "500",
            "PRODUCTION_TIMEZONE": company.zone.key,
            "PRODUCTION_PLAN": terms.plan,
            "PRODUCTION_MONTHLY_CREDITS": str(terms.monthly_allowance),
            "PRODUCTION_DAILY_CREDITS": str(terms.daily_bonus),
            "PRODUCTION_BILLING_DAY": str(terms.billing_day),
            "PRODUCTION_PRICE_PER_CREDIT": str(terms.price),
            "PRODUCTION_CURRENCY": terms.currency,
            "PRODUCTION_DAILY_TARGET": str(company.target),
            **budgets,
        }

    async def fill(self, deck: Deck, person: Principal, tell: Tell) -> None:
        tell(_("Looking at the simulated production system"))
        async with deck.services.store.writing() as transaction:
            await self._load(transaction)
        await Collector(deck.services).collect(everything=True)

    async def fill_past(self, deck: Deck, tell: Tell) -> None:
        """Nothing is left to do: the month’s budgets and credits are reckoned from all the books."""

    def stop(self) -> None:
        for server in self.servers:
            server.stop()

    async def _load(self, transaction: Transaction) -> None:
        """Write what was over before now as if it had been recorded when it ended."""
        world, now = self.simulator.world, self.clock.now()
        start = now - _BOOKS
        jobs = _parsed(parse_job, world.jobs_between(start, now))
        uploads = _parsed(parse_upload, world.uploads_between(start, now))
        entries = _parsed(parse_entry, world.ledger_between(start, now))
        connection = transaction.connection
        ended = [_job_version(job) for job in jobs if job.status.terminal]
        await insert_versions(connection, tables.jobs, ended)
        await insert_versions(
            connection, tables.uploads, [_upload_version(each) for each in uploads if _end(each)]
        )
        if entries:
            booked = [rows.entry_row(each, REPORTED, each.at) for each in entries]
            await connection.execute(insert(tables.ledger), booked)
        for name in (collector_state.JOBS, collector_state.UPLOADS, collector_state.TASKS):
            await collector_state.put(transaction, name, str(to_microseconds(now - _NEWS)))
        old = [cast("int", event["seq"]) for event in world.events_between(start, now - _NEWS)]
        await collector_state.put(transaction, collector_state.EVENTS, str(max(old, default=0)))


def _parsed(parse: Any, values: Iterable[Mapping[str, object]]) -> Sequence[Any]:
    """The simulator's own bodies, as the client would read them."""
    return [found for value in values if (found := parse(value, _nothing_odd)) is not None]


def _nothing_odd(remark: str) -> None:
    raise AssertionError(remark)


def _job_version(job: Job) -> tuple[datetime, dict[str, object]]:
    assert job.completed_at is not None
    return job.completed_at, rows.job_row(merge(None, job), job.completed_at)


def _upload_version(upload: Upload) -> tuple[datetime, dict[str, object]]:
    end = _end(upload)
    assert end is not None
    return end, rows.upload_row(merge(None, upload), end)


def _end(upload: Upload) -> datetime | None:
    return upload.published_at if upload.status is UploadStatus.PUBLISHED else upload.failed_at
