"""The tables of the incidents area."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from core.store.metadata import moment_column, new_metadata
from core.store.versions import versioned_table

__all__ = ["entries", "incidents", "metadata", "postmortems", "sequence", "watched"]

metadata = new_metadata()

incidents = versioned_table(
    "incidents_incident",
    metadata,
    keys=[Column("id", String(20))],
    fields=[
        Column("title", Text, nullable=False),
        Column("description", Text, nullable=False),
        Column("severity", String(10), nullable=False),
        Column("severity_source", String(10), nullable=False),
        Column("rule", String(40), nullable=False),
        Column("rule_severity", String(10), nullable=False),
        Column("status", String(20), nullable=False),
        Column("public_status", String(20)),
        Column("public_title", Text, nullable=False),
        Column("public_text", Text, nullable=False),
        moment_column("published_at", nullable=True),
        Column("impact", String(10), nullable=False),
        Column("impact_overridden", Boolean, nullable=False),
        Column("components", Text, nullable=False),
        Column("source", String(10), nullable=False),
        Column("dedup_key", String(300), nullable=False),
        moment_column("created_at"),
        moment_column("detected_at"),
        moment_column("acknowledged_at", nullable=True),
        Column("acknowledged_by", String(200), nullable=False),
        moment_column("mitigated_at", nullable=True),
        moment_column("resolved_at", nullable=True),
        Column("resolved_by", String(200), nullable=False),
        moment_column("closed_at", nullable=True),
        moment_column("scheduled_for", nullable=True),
        moment_column("scheduling_warned_at", nullable=True),
        Column("opened_by", String(200), nullable=False),
        Column("commander", String(200), nullable=False),
        Column("responders", Text, nullable=False),
        Column("response", Text, nullable=False),
        Column("resolution", Text, nullable=False),
        moment_column("updated_at"),
        moment_column("escalating_since"),
        Column("level", String(20), nullable=False),
        Column("escalations", Integer, nullable=False),
        Column("tickets", Text, nullable=False),
        Column("alerts", Text, nullable=False),
        Column("parent", String(20), nullable=False),
        Column("customer_visible", Boolean, nullable=False),
        Column("workaround", Text, nullable=False),
    ],
)
"""Every incident. Lists are JSON arrays of texts; `response` and `resolution` are clocks (`rows.py`)."""

entries = Table(
    "incidents_entry",
    metadata,
    Column("incident", String(20), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    moment_column("recorded_at"),
    moment_column("at"),
    Column("actor", String(200), nullable=False),
    Column("person", Boolean, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("visibility", String(10), nullable=False),
    sqlite_with_rowid=False,
)
"""The timelines: only ever added to. `text` is encoded, so that what opsdeck says can be translated."""

postmortems = versioned_table(
    "incidents_postmortem",
    metadata,
    keys=[Column("incident", String(20))],
    fields=[
        Column("owner", String(200), nullable=False),
        Column("status", String(20), nullable=False),
        Column("authors", Text, nullable=False),
        Column("sections", Text, nullable=False),
        Column("actions", Text, nullable=False),
    ],
)
"""What people wrote in post-mortems; sections are a JSON object by name, actions an array of objects."""

sequence = Table(
    "incidents_sequence",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
)
"""The last number given to an incident of each year."""

watched = Table(
    "incidents_watched",
    metadata,
    Column("key", String(300), primary_key=True),
    moment_column("raised_at"),
    Column("rule", String(200), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("title", Text, nullable=False),
    Index(None, "raised_at"),
)
"""Alerts that hold at present and become an incident if they last."""
