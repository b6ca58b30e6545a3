"""How rejects and returns lie in the store; both have versions."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Text

from core.areas.plant.store.metadata import metadata
from core.store.metadata import moment_column
from core.store.versions import versioned_table

__all__ = ["rejects", "returns"]

rejects = versioned_table(
    "plant_reject",
    metadata,
    keys=[Column("number", String(40))],
    fields=[
        Column("order", String(40), nullable=False),
        Column("severity", String(10), nullable=False),
        Column("quantity", Integer, nullable=False),
        Column("description", Text, nullable=False),
        Column("reported_by", String(200), nullable=False),
        moment_column("reported_at"),
        moment_column("since"),
        Column("type", String(20), nullable=False),
        Column("state", String(30), nullable=False),
        Column("flaw", String(20), nullable=False),
        Column("product", String(200), nullable=False),
        Column("stage", String(200), nullable=False),
        Column("department", String(20), nullable=False),
        Column("held", Boolean, nullable=False),
        Column("decided_by", String(200), nullable=False),
        Column("note", Text, nullable=False),
        Column("replacement", String(40), nullable=False),
        Column("replacement_quantity", Integer, nullable=False),
    ],
)

returns = versioned_table(
    "plant_return",
    metadata,
    keys=[Column("number", String(40))],
    fields=[
        Column("order", String(40), nullable=False),
        Column("severity", String(10), nullable=False),
        Column("quantity", Integer, nullable=False),
        Column("description", Text, nullable=False),
        Column("reported_by", String(200), nullable=False),
        moment_column("reported_at"),
        moment_column("since"),
        Column("state", String(20), nullable=False),
        moment_column("returned_at", nullable=True),
        Column("department", String(20), nullable=False),
        Column("resolution", Text, nullable=False),
        Column("resolved_by", String(200), nullable=False),
        Column("cost", String(40)),
        Column("credit", String(40)),
    ],
)
"""`cost` and `credit` are decimal numbers as text, so that no cent of them is lost."""
