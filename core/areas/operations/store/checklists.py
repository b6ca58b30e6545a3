"""Checklist runs in the store, and what the store's own housekeeping can witness."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, RowMapping, String, Text, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.operations.model_checklists import ChecklistRun, Evidence, Item, ItemState, Period
from core.areas.operations.store.metadata import metadata
from core.engine.runs import RunOutcome
from core.store.metadata import from_microseconds, moment_column, to_microseconds
from core.store.schedule import JOB_RUN
from core.store.versions import as_of, record, versioned_table

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["last_backup", "record_run", "run_row", "runs"]

_BACKUP_JOB = "store.backup"

checklist_run = versioned_table(
    "operations_checklist_run",
    metadata,
    [Column("template", String(64)), Column("period_key", String(40))],
    [
        Column("name", Text, nullable=False),
        Column("period", String(10), nullable=False),
        Column("version", String(16), nullable=False),
        Column("zone", String(64), nullable=False),
        moment_column("starts_at"),
        moment_column("ends_at"),
        moment_column("due_at"),
        Column("items", Text, nullable=False),
    ],
)
"""Every run with its items (JSON): a version for each thing that was done to it."""


async def runs(connection: AsyncConnection, at: datetime, template: str | None = None) -> list[ChecklistRun]:
    """The runs, of one checklist or of all, as known at `at`, the newest period first."""
    scope = {} if template is None else {"template": template}
    found = [_run(row) for row in await as_of(connection, checklist_run, at, **scope)]
    return sorted(found, key=lambda run: (run.starts_at, run.due_at), reverse=True)


async def record_run(transaction: Transaction, run: ChecklistRun) -> None:
    """Keep a run as it is now."""
    await record(transaction, checklist_run, [run_row(run)])


async def last_backup(connection: AsyncConnection, at: datetime) -> datetime | None:
    """When the newest nightly backup that was made, and found sound, was finished."""
    statement = (
        select(JOB_RUN.c.finished_at)
        .where(
            JOB_RUN.c.job == _BACKUP_JOB,
            JOB_RUN.c.outcome == RunOutcome.DONE.value,
            JOB_RUN.c.finished_at <= to_microseconds(at),
        )
        .order_by(JOB_RUN.c.finished_at.desc())
        .limit(1)
    )
    stored = await connection.scalar(statement)
    return None if stored is None else from_microseconds(stored)


def run_row(run: ChecklistRun) -> dict[str, object]:
    """The keys and fields of a run's version."""
    return {
        "template": run.template,
        "period_key": run.period_key,
        "name": run.name,
        "period": run.period.value,
        "version": run.version,
        "zone": run.zone.key,
        "starts_at": to_microseconds(run.starts_at),
        "ends_at": to_microseconds(run.ends_at),
        "due_at": to_microseconds(run.due_at),
        "items": json.dumps([_item_fields(item) for item in run.items], ensure_ascii=False),
    }


def _run(row: RowMapping) -> ChecklistRun:
    return ChecklistRun(
        template=row["template"],
        period_key=row["period_key"],
        name=row["name"],
        period=Period(row["period"]),
        version=row["version"],
        zone=ZoneInfo(row["zone"]),
        starts_at=from_microseconds(row["starts_at"]),
        ends_at=from_microseconds(row["ends_at"]),
        due_at=from_microseconds(row["due_at"]),
        items=tuple(_item(fields) for fields in json.loads(row["items"])),
    )


def _item_fields(item: Item) -> dict[str, object]:
    return {
        "id": item.id,
        "text": item.text,
        "expects": None if item.expects is None else item.expects.value,
        "state": item.state.value,
        "by": item.by,
        "at": None if item.at is None else to_microseconds(item.at),
        "note": item.note,
        "evidence": item.evidence,
        "automatic": item.automatic,
    }


def _item(fields: dict[str, Any]) -> Item:
    return Item(
        id=fields["id"],
        text=fields["text"],
        expects=None if fields["expects"] is None else Evidence(fields["expects"]),
        state=ItemState(fields["state"]),
        by=fields["by"],
        at=None if fields["at"] is None else from_microseconds(fields["at"]),
        note=fields["note"],
        evidence=fields["evidence"],
        automatic=fields["automatic"],
    )
