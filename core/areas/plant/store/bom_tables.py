"""How bills of materials and requests to change them lie in the store; both have versions."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Text

from core.areas.plant.store.metadata import metadata
from core.store.metadata import moment_column
from core.store.versions import versioned_table

__all__ = ["boms", "requests"]

boms = versioned_table(
    "plant_bom",
    metadata,
    keys=[Column("number", String(40)), Column("version", Integer, autoincrement=False)],
    fields=[
        Column("product", String(200), nullable=False),
        Column("components", Text, nullable=False),
        Column("made_by", String(200), nullable=False),
        moment_column("made_at"),
        Column("active", Boolean, nullable=False),
        Column("request", String(40), nullable=False),
    ],
)
"""Each version of each bill. `components` is a JSON array of objects, their numbers as text."""

requests = versioned_table(
    "plant_bom_request",
    metadata,
    keys=[Column("number", String(40))],
    fields=[
        Column("bom", String(40), nullable=False),
        Column("base_version", Integer, nullable=False),
        Column("component", String(40), nullable=False),
        Column("quantity", String(40), nullable=False),
        Column("unit_cost", String(40), nullable=False),
        Column("asked_by", String(200), nullable=False),
        moment_column("asked_at"),
        Column("name", String(200), nullable=False),
        Column("reason", Text, nullable=False),
        Column("state", String(10), nullable=False),
        Column("decided_by", String(200), nullable=False),
        moment_column("decided_at", nullable=True),
        Column("decision_reason", Text, nullable=False),
        Column("made_version", Integer),
    ],
)
