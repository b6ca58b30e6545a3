"""What collection remembers: conditions, events and reports that were seen, and its own state."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Table, Text

from core.areas.production.store.tables.columns import (
    ID,
    id_column,
    metadata,
    text_column,
)
from core.store.metadata import moment_column
from core.store.versions import versioned_table

__all__ = ["collector_state", "conditions", "reports_taken", "seen_events"]

conditions = versioned_table(
    "production_condition", metadata, keys=[Column("id", ID)], fields=[text_column("figures")]
)
"""What has been raised and not yet taken back, for the rules to go on from."""

seen_events = Table(
    "production_seen_event",
    metadata,
    Column("id", ID, primary_key=True),
    moment_column("recorded_at"),
    moment_column("at"),
    id_column("key"),
    Column("news", String(40), nullable=False),
    Column("own", Boolean, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("event", Text),
    Index(None, "key", "at"),
    Index(None, "recorded_at"),
    sqlite_with_rowid=False,
)
"""Every event that was seen, by its id; which of them are told is decided in `event_deduplication`.

`news` is what it says of its key, `own` whether we found that ourselves; `event` is what to tell, where
that may yet become necessary.
"""

reports_taken = Table(
    "production_report_taken",
    metadata,
    Column("id", ID, primary_key=True),
    moment_column("recorded_at"),
    Index(None, "recorded_at"),
    sqlite_with_rowid=False,
)
"""The ids of reports that were taken in, so that one sent again does nothing."""

collector_state = Table(
    "production_mark",
    metadata,
    Column("name", String(250), primary_key=True),
    moment_column("recorded_at"),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What the collector must not forget: how far lists were read, what is still to be asked, who refused us."""
