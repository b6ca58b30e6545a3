"""Maintenance windows in the store."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Column, RowMapping, String, Text, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.operations.model_maintenance import MaintenanceStatus, MaintenanceWindow
from core.areas.operations.store.metadata import metadata
from core.store.metadata import from_microseconds, moment_column, to_microseconds
from core.store.versions import as_of, record, versioned_table

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["new_id", "record_window", "windows"]

maintenance_window = versioned_table(
    "operations_maintenance",
    metadata,
    [Column("id", String(20))],
    [
        Column("title", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("components", Text, nullable=False),
        moment_column("starts_at"),
        moment_column("ends_at"),
        Column("automatic", Boolean, nullable=False),
        Column("status", String(20), nullable=False),
        moment_column("created_at"),
        Column("by", Text, nullable=False),
        moment_column("started_at", nullable=True),
        moment_column("finished_at", nullable=True),
        Column("reason", Text, nullable=False),
    ],
)
"""Every window that was ever planned."""


async def windows(connection: AsyncConnection, at: datetime) -> list[MaintenanceWindow]:
    """Every window as known at `at`, in the order in which they start."""
    found = [_window(row) for row in await as_of(connection, maintenance_window, at)]
    return sorted(found, key=lambda window: (window.starts_at, window.id))


async def record_window(transaction: Transaction, window: MaintenanceWindow) -> None:
    """Keep a window as it is now."""
    await record(transaction, maintenance_window, [_row(window)])


async def new_id(transaction: Transaction, now: datetime) -> str:
    """The id of the next window, such as M-2026-0007: numbered through, whatever the year."""
    table = maintenance_window
    count = await transaction.connection.scalar(select(func.count(func.distinct(table.c.id))))
    return f"M-{now:%Y}-{int(count or 0) + 1:04}"


def _row(window: MaintenanceWindow) -> dict[str, object]:
    return {
        "id": window.id,
        "title": window.title,
        "text": window.text,
        "components": json.dumps(window.components, ensure_ascii=False),
        "starts_at": to_microseconds(window.starts_at),
        "ends_at": to_microseconds(window.ends_at),
        "automatic": window.automatic,
        "status": window.status.value,
        "created_at": to_microseconds(window.created_at),
        "by": window.by,
        "started_at": None if window.started_at is None else to_microseconds(window.started_at),
        "finished_at": None if window.ended_at is None else to_microseconds(window.ended_at),
        "reason": window.reason,
    }


def _window(row: RowMapping) -> MaintenanceWindow:
    return MaintenanceWindow(
        id=row["id"],
        title=row["title"],
        text=row["text"],
        components=tuple(json.loads(row["components"])),
        starts_at=from_microseconds(row["starts_at"]),
        ends_at=from_microseconds(row["ends_at"]),
        automatic=bool(row["automatic"]),
        status=MaintenanceStatus(row["status"]),
        created_at=from_microseconds(row["created_at"]),
        by=row["by"],
        started_at=None if row["started_at"] is None else from_microseconds(row["started_at"]),
        ended_at=None if row["finished_at"] is None else from_microseconds(row["finished_at"]),
        reason=row["reason"],
    )
