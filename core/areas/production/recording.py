"""What each report and each look writes: jobs, uploads, the ledger, snapshots, and the events they mean.

Everything runs inside the one transaction that also records the poll or the report, and compares with what
the store holds there and then. Jobs and events come from the system, from whoever pushes reports, by command
and from the provider's tasks: it makes no difference who tells first, or how often (`merging`, `telling`).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, insert, select

from core.areas.production import marks, rows, snapshots, tables
from core.areas.production.answers import ReportedBudget, Status
from core.areas.production.lifecycle import job_events, refused_move, upload_events
from core.areas.production.merging import merge, standing_of
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
    Scheduler,
    Upload,
    UploadStatus,
)
from core.areas.production.settings import ProductionSettings
from core.areas.production.telling import Telling, tell
from core.moment import to_epoch
from core.store.metadata import from_microseconds, to_microseconds
from core.store.series import write_samples
from core.store.store import Transaction
from core.store.versions import as_of, record

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
        ended: list[Job] = []
        for said in reports:
            row = await self._row(tables.jobs, said.id)
            known = None if row is None else rows.merged_job(row)
            if row is not None and known is not None:
                await self._refuse(row, known.value, said)
            merged = merge(known, said)
            before, after = None if known is None else known.value, merged.value
            end = self._end(after.status.terminal, after.completed_at, row)
            await record(self.transaction, tables.jobs, [rows.job_row(merged, end)])
            await self.events(job_events(before, after, self.now))
            if after.status.terminal and not (before is not None and before.status.terminal):
                ended.append(after)
        await self._note_ended(ended)
        return tuple(ended)

    async def uploads(self, reports: Sequence[Upload]) -> None:
        """Take in reports of uploads."""
        for said in reports:
            row = await self._row(tables.uploads, said.id)
            known = None if row is None else rows.merged_upload(row)
            if row is not None and known is not None:
                await self._refuse(row, known.value, said)
            merged = merge(known, said)
            before, after = None if known is None else known.value, merged.value
            over = after.status in {UploadStatus.PUBLISHED, UploadStatus.FAILED}
            at = after.published_at if after.status is UploadStatus.PUBLISHED else after.failed_at
            await record(
                self.transaction, tables.uploads, [rows.upload_row(merged, self._end(over, at, row))]
            )
            await self.events(upload_events(before, after, self.now))

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
        whether anybody reported the same (`reading.counts`).
        """
        found = [snapshots.task_row(task) for task in tasks]
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
        return await tell(self.transaction, events, Telling.of(self.settings))

    async def _note_ended(self, ended: Sequence[Job]) -> None:
        """Let the collector look at the balance, and ask the system for what belongs to these jobs."""
        if ended:
            await marks.put(self.transaction, marks.ENDED, str(to_microseconds(self.now)))
        if self.settings.url is not None:
            for job in ended:
                await marks.put(self.transaction, marks.DETAIL + job.id, "")

    async def _row(self, table: tables.Table, key: str) -> RowMapping | None:
        found = await as_of(self.transaction.connection, table, self.transaction.recorded_at, id=key)
        return found[0] if found else None

    async def _refuse(self, row: RowMapping, known: Job | Upload, said: Job | Upload) -> None:
        """Tell of a move that can't have happened; what is known holds."""
        if self.asked_at is None:
            in_order = standing_of(said).moment > standing_of(known).moment
        else:
            in_order = row["recorded_at"] < to_microseconds(self.asked_at)
        refused = refused_move(known, said, self.now) if in_order else None
        if refused is not None:
            await self.transaction.emit(refused)

    def _end(self, over: bool, told: datetime | None, row: RowMapping | None) -> datetime | None:
        """When something ended: as told, else when we first heard that it had."""
        if not over or told is not None:
            return told if over else None
        heard = None if row is None else row["ended_at"]
        return self.now if heard is None else from_microseconds(heard)


async def record_status(transaction: Transaction, status: Status) -> None:
    """The system as it says it is, with its own account of its credits."""
    await record(transaction, tables.systems, [snapshots.system_row(status.system, status.skew)])
    if status.credits is not None:
        await record(transaction, tables.reported_credits, [snapshots.credits_row(status.credits)])


async def record_health(transaction: Transaction, health: Health) -> None:
    """What the system says of its health."""
    await record(transaction, tables.health, [snapshots.health_row(health)])


async def record_budgets(transaction: Transaction, budgets: Sequence[ReportedBudget]) -> None:
    """The system's own budgets, all there are."""
    await record(transaction, tables.budgets, [snapshots.budget_row(each) for each in budgets], scope={})


async def record_characters(transaction: Transaction, characters: Sequence[Character]) -> None:
    """The characters, all there are."""
    found = [snapshots.character_row(each) for each in characters]
    await record(transaction, tables.characters, found, scope={})


async def record_platforms(transaction: Transaction, platforms: Sequence[Platform]) -> None:
    """The platforms, all there are."""
    found = [snapshots.platform_row(each) for each in platforms]
    await record(transaction, tables.platforms, found, scope={})


async def record_schedule(transaction: Transaction, scheduler: Scheduler) -> None:
    """The scheduler and its entries, all there are."""
    state = {"id": tables.ONLY, "state": scheduler.state}
    await record(transaction, tables.schedulers, [state])
    found = [snapshots.schedule_row(each) for each in scheduler.entries]
    await record(transaction, tables.schedule_entries, found, scope={})


async def record_balance(transaction: Transaction, balance: Balance) -> None:
    """The provider's figures, and the balance as a sample."""
    await record(transaction, tables.balances, [snapshots.balance_row(balance)])
    slot = to_epoch(balance.read_at) // tables.SLOT * tables.SLOT
    sample = (slot, float(balance.coins))
    await write_samples(transaction, tables.BALANCE, [sample], step=tables.SLOT, unit="credits")
