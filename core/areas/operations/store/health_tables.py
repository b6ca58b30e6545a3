"""Tables of health and monitoring. Latencies and figures are series; only what changes seldom is here."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, String, Text

from core.areas.operations.store.metadata import metadata
from core.store.metadata import DOUBLE, moment_column
from core.store.versions import versioned_table

__all__ = ["checks", "models", "watches"]

checks = versioned_table(
    "operations_check",
    metadata,
    [Column("name", String(64))],
    [
        Column("title", Text, nullable=False),
        Column("kind", String(20), nullable=False),
        Column("type", String(20), nullable=False),
        Column("measurement", String(20), nullable=False),
        Column("critical", Boolean, nullable=False),
        Column("timeout", DOUBLE, nullable=False),
        Column("interval", DOUBLE, nullable=False),
        Column("skipped", Text),
        Column("status", String(10), nullable=False),
        Column("settled", String(10), nullable=False),
        Column("recent", String(40), nullable=False),
        Column("reason", String(40)),
        Column("output", Text),
        Column("unit", String(20), nullable=False),
        moment_column("since"),
        moment_column("last_pass_at", nullable=True),
    ],
)
"""Each component with its last result. `recent` holds the last three raw statuses, newest last."""

watches = versioned_table(
    "operations_watch",
    metadata,
    [Column("rule", String(40)), Column("subject", String(128)), Column("level", String(10))],
    [
        Column("active", Boolean, nullable=False),
        moment_column("turning_since", nullable=True),
        moment_column("since", nullable=True),
    ],
)
"""Where each line of each threshold stands (operations.md 3.2)."""

models = versioned_table(
    "operations_model",
    metadata,
    [Column("name", String(128))],
    [
        Column("state", String(20), nullable=False),
        Column("enabled", Boolean, nullable=False),
        Column("period", DOUBLE),
    ],
)
"""The AI models the metrics source tells of."""
