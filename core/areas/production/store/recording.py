"""What each report and each poll writes: jobs, uploads, the ledger, snapshots, and the events they mean.

Everything runs inside the one transaction that also records the poll or the report, and compares with what
the store holds there and then. Jobs and events come from the system, from whoever pushes reports, by command
and from the provider's tasks: it makes no difference who tells first, or how often (`rules.reconciliation`,
`event_deduplication`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import RowMapping, Table, insert, select

from core.areas.production.client.answers import Status
from core.areas.production.model import (
    Balance,
    Character,
    EntryKind,
    Health,
    Job,
    LedgerEntry,
    Platform,
    ProductionEvent,
    ProviderTask,
    ReportedBudget,
    Scheduler,
    Upload,
    UploadStatus,
)
from core.areas.production.rules.lifecycle import job_events, refused_move, upload_events
from core.areas.production.rules.reconciliation import Merged, merge, progress_of
from core.areas.production.settings import ProductionSettings
from core.areas.production.store import collector_state, reading, reported_rows, rows, tables
from core.areas.production.store.event_deduplication import PublishingRules, publish
from core.moment import to_epoch
from core.store.metadata import from_microseconds, to_microseconds
from core.store.series import write_samples
from core.store.store import Transaction
from core.store.versions import record

__all__ = [
    "REPORTED",
    "Recorder",
    "record_balance",
    "record_budgets",
    "record_characters",
    "record_health",
    "record_platforms",
    "record_schedule",
    "record_status",
]

_log = logging.getLogger("opsdeck.production")

REPORTED = 0
"""The rank of a ledger entry that somebody reported."""

_FOLLOWS = 1
"""The rank of one that follows from the provider's own account of a task."""

_IDS_PER_STATEMENT = 500

T = TypeVar("T", Job, Upload)


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    """What is known of one job or upload, since when (in microseconds), and when that ended."""

    merged: Merged[T]
    recorded_at: int
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recorder:
    """Writes reports down in one transaction.

    `asked_at` is when the system was asked, if this is what it answered: then what contradicts an older
    account of our own is an error, while a pushed report may simply have come late.
    """

    transaction: Transaction
    settings: ProductionSettings
    now: datetime
    asked_at: datetime | None = None

    async def jobs(self, reports: Sequence[Job]) -> tuple[Job, ...]:
        """Take in reports of jobs; those that thereby came to their end."""
        kept = await self._kept(tables.jobs, rows.merged_job, reports)
        ended: list[Job] = []
        events: list[ProductionEvent] = []
        for said in reports:
            known = kept.get(said.id)
            await self._refuse(known, said)
            merged = merge(None if known is None else known.merged, said)
            before, after = None if known is None else known.merged.value, merged.value
            end = self._end(after.status.terminal, after.completed_at, known)
            kept[said.id] = self._replaced(known, merged, end)
            events += job_events(before, after, self.now)
            if after.status.terminal and not (before is not None and before.status.terminal):
                ended.append(after)
        written = [rows.job_row(each.merged, each.ended_at) for each in kept.values()]
        await record(self.transaction, tables.jobs, written)
        await self.events(events)
        await self._note_ended(ended)
        return tuple(ended)

    async def uploads(self, reports: Sequence[Upload]) -> None:
        """Take in reports of uploads."""
        kept = await self._kept(tables.uploads, rows.merged_upload, reports)
        events: list[ProductionEvent] = []
        for said in reports:
            known = kept.get(said.id)
            await self._refuse(known, said)
            merged = merge(None if known is None else known.merged, said)
            before, after = None if known is None else known.merged.value, merged.value
            over = after.status in {UploadStatus.PUBLISHED, UploadStatus.FAILED}
            at = after.published_at if after.status is UploadStatus.PUBLISHED else after.failed_at
            kept[said.id] = self._replaced(known, merged, self._end(over, at, known))
            events += upload_events(before, after, self.now)
        written = [rows.upload_row(each.merged, each.ended_at) for each in kept.values()]
        await record(self.transaction, tables.uploads, written)
        await self.events(events)

    async def entries(self, entries: Sequence[LedgerEntry], rank: int = REPORTED) -> int:
        """Add entries to the ledger; how many of them were not there yet.

        The ledger is append-only: of an id that is there already the first entry stays.
        """
        known: dict[str, RowMapping] = {}
        table = tables.ledger
        ids = [entry.id for entry in entries]
        for start in range(0, len(ids), _IDS_PER_STATEMENT):
            statement = select(table).where(table.c.id.in_(ids[start : start + _IDS_PER_STATEMENT]))
            found = await self.transaction.connection.execute(statement)
            known.update({row["id"]: row for row in found.mappings()})
        new: dict[str, LedgerEntry] = {}
        for entry in entries:
            if entry.id in known:
                if rows.entry_from_row(known[entry.id]) != entry:
                    _log.warning("ledger entry %s was reported again with other figures", entry.id)
                continue
            new.setdefault(entry.id, entry)
        if new:
            stamp = self.transaction.recorded_at
            values = [rows.entry_row(entry, rank, stamp) for entry in new.values()]
            await self.transaction.connection.execute(insert(table), values)
        return len(new)

    async def tasks(self, tasks: Sequence[ProviderTask]) -> None:
        """The provider's tasks, and what those that are over cost by its account.

        What is still being made shows its price before it is charged. Whether a cost counts depends on
        whether anybody reported the same (`ledger.counts`).
        """
        found = [reported_rows.task_row(task) for task in tasks]
        await record(self.transaction, tables.tasks, found)
        charged = [
            LedgerEntry(
                id=f"a2e:{task.id}",
                at=task.created_at or self.now,
                kind=EntryKind.DEBIT,
                credits=task.coins,
                provider_task=task.id,
                note=task.name,
            )
            for task in tasks
            if task.status.terminal and task.coins is not None and task.coins > 0
        ]
        await self.entries(charged, _FOLLOWS)

    async def events(self, events: Sequence[ProductionEvent]) -> int:
        """Events, whoever reports them; how many had not been seen."""
        return await publish(self.transaction, events, PublishingRules.of(self.settings))

    async def _note_ended(self, ended: Sequence[Job]) -> None:
        """Let the collector poll the balance, and ask the system for what belongs to these jobs."""
        noted: dict[str, str] = {}
        if ended:
            noted[collector_state.ENDED] = str(to_microseconds(self.now))
        if self.settings.url is not None:
            noted.update((collector_state.DETAIL + job.id, "") for job in ended)
        await collector_state.put_all(self.transaction, noted)

    async def _kept(
        self, table: Table, merged: Callable[[RowMapping], Merged[T]], reports: Sequence[T]
    ) -> dict[str, _Kept[T]]:
        """What the store holds of the reported things, by their ids."""
        known = await reading.newest(self.transaction.connection, table, [said.id for said in reports])
        return {
            row["id"]: _Kept(
                merged(row),
                row["recorded_at"],
                None if row["ended_at"] is None else from_microseconds(row["ended_at"]),
            )
            for row in known
        }

    def _replaced(self, known: _Kept[T] | None, merged: Merged[T], ended_at: datetime | None) -> _Kept[T]:
        """What is kept once a report was taken in: recorded anew only where it said anything new."""
        unchanged = known is not None and (known.merged, known.ended_at) == (merged, ended_at)
        return known if known is not None and unchanged else _Kept(merged, self._stamp, ended_at)

    @property
    def _stamp(self) -> int:
        return to_microseconds(self.transaction.recorded_at)

    async def _refuse(self, known: _Kept[T] | None, said: T) -> None:
        """Tell of a move that can't have happened; what is known holds."""
        if known is None:
            return
        value = known.merged.value
        if self.asked_at is None:
            in_order = progress_of(said).moment > progress_of(value).moment
        else:
            in_order = known.recorded_at < to_microseconds(self.asked_at)
        refused = refused_move(value, said, self.now) if in_order else None
        if refused is not None:
            await self.transaction.emit(refused)

    def _end(self, over: bool, told: datetime | None, known: _Kept[T] | None) -> datetime | None:
        """When something ended: as told, else when we first heard that it had."""
        if not over or told is not None:
            return told if over else None
        return self.now if known is None or known.ended_at is None else known.ended_at


async def record_status(transaction: Transaction, status: Status) -> None:
    """The system as it says it is, with its own account of its credits."""
    await record(transaction, tables.systems, [reported_rows.system_row(status.system, status.skew)])
    if status.credits is not None:
        await record(transaction, tables.reported_credits, [reported_rows.credits_row(status.credits)])


async def record_health(transaction: Transaction, health: Health) -> None:
    """What the system says of its health."""
    await record(transaction, tables.health, [reported_rows.health_row(health)])


async def record_budgets(transaction: Transaction, budgets: Sequence[ReportedBudget]) -> None:
    """The system's own budgets, all there are."""
    await record(transaction, tables.budgets, [reported_rows.budget_row(each) for each in budgets], scope={})


async def record_characters(transaction: Transaction, characters: Sequence[Character]) -> None:
    """The characters, all there are."""
    found = [reported_rows.character_row(each) for each in characters]
    await record(transaction, tables.characters, found, scope={})


async def record_platforms(transaction: Transaction, platforms: Sequence[Platform]) -> None:
    """The platforms, all there are."""
    found = [reported_rows.platform_row(each) for each in platforms]
    await record(transaction, tables.platforms, found, scope={})


async def record_schedule(transaction: Transaction, scheduler: Scheduler) -> None:
    """The scheduler and its entries, all there are."""
    state = {"id": tables.ONLY, "state": scheduler.state}
    await record(transaction, tables.schedulers, [state])
    found = [reported_rows.schedule_row(each) for each in scheduler.entries]
    await record(transaction, tables.schedule_entries, found, scope={})


async def record_balance(transaction: Transaction, balance: Balance) -> None:
    """The provider's figures, and the balance as a sample."""
    await record(transaction, tables.balances, [reported_rows.balance_row(balance)])
    slot = to_epoch(balance.read_at) // tables.SLOT * tables.SLOT
    sample = (slot, float(balance.coins))
    await write_samples(transaction, tables.BALANCE, [sample], step=tables.SLOT, unit="credits")
