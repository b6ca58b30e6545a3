"""The credit ledger: append-only."""

from __future__ import annotations

from sqlalchemy import Column, Index, SmallInteger, String, Table

from core.areas.production.store.tables.columns import (
    ID,
    amount_column,
    id_column,
    metadata,
    text_column,
)
from core.store.metadata import moment_column

__all__ = ["ledger"]

ledger = Table(
    "production_ledger",
    metadata,
    Column("id", ID, primary_key=True),
    moment_column("recorded_at"),
    moment_column("at"),
    Column("kind", String(20), nullable=False),
    amount_column("credits", nullable=False),
    Column("bucket", String(20)),
    amount_column("cost"),
    Column("currency", String(3)),
    id_column("job"),
    id_column("provider_task"),
    text_column("note"),
    Column("rank", SmallInteger, nullable=False),
    Index(None, "at"),
    Index(None, "job"),
    Index(None, "provider_task", "kind"),
    sqlite_with_rowid=False,
)
"""Movements of credits, append-only and kept for good.

Of several entries of one kind for the same task of the provider's only one counts: that of the lowest
`rank` (0 was reported, 1 follows from the provider's task), and of those the one with the first id. So it
does not matter who told of it first.
"""
