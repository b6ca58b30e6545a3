"""How machines and maintenance tickets lie in the store; both have versions, which are their history."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, String, Text

from core.areas.plant.store.metadata import metadata
from core.store.metadata import moment_column
from core.store.versions import versioned_table

__all__ = ["machines", "maintenance_tickets"]

machines = versioned_table(
    "plant_machine",
    metadata,
    keys=[Column("number", String(40))],
    fields=[
        Column("name", String(200), nullable=False),
        Column("department", String(20), nullable=False),
        Column("state", String(20), nullable=False),
        moment_column("since"),
        Column("specifications", Text, nullable=False),
        Column("by", String(200), nullable=False),
        Column("reason", Text, nullable=False),
    ],
)

maintenance_tickets = versioned_table(
    "plant_maintenance_ticket",
    metadata,
    keys=[Column("number", String(40))],
    fields=[
        Column("machine", String(40), nullable=False),
        Column("department", String(20), nullable=False),
        Column("issue", String(20), nullable=False),
        Column("severity", String(20), nullable=False),
        Column("state", String(20), nullable=False),
        moment_column("created_at"),
        moment_column("since"),
        moment_column("respond_by"),
        moment_column("complete_by"),
        Column("reporter", String(200), nullable=False),
        Column("description", Text, nullable=False),
        Column("assignee", String(200), nullable=False),
        Column("machine_down", Boolean, nullable=False),
        Column("by", String(200), nullable=False),
        Column("reason", Text, nullable=False),
        moment_column("started_at", nullable=True),
        moment_column("completed_at", nullable=True),
        Column("root_cause", Text, nullable=False),
        Column("parts", Text, nullable=False),
        Column("cost", String(40)),
    ],
)
"""`cost` is a decimal number as text, so that no cent of it is lost."""
