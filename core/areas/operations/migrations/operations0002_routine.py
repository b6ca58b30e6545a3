"""Checklists, the status page's components, and maintenance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "operations0002"
down_revision = "operations0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make their tables."""
    _versions(
        "operations_checklist_run",
        [("template", sa.String(64)), ("period_key", sa.String(40))],
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("version", sa.String(16), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
    )
    _versions(
        "operations_component_by_hand",
        [("component", sa.String(64))],
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    _versions(
        "operations_state_log",
        [("component", sa.String(64)), ("started_at", sa.BigInteger())],
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("state", sa.String(30)),
        sa.Column("by_health", sa.String(30)),
        sa.Column("verified", sa.Boolean(), nullable=False),
    )
    _versions(
        "operations_maintenance",
        [("id", sa.String(20))],
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("components", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger()),
        sa.Column("finished_at", sa.BigInteger()),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    _versions(
        "operations_reported_health",
        [("name", sa.String(128))],
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "operations_state_log_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kept_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_operations_state_log_mark"),
    )


def downgrade() -> None:
    """Remove them."""
    for table in (
        "state_log_mark",
        "reported_health",
        "maintenance",
        "state_log",
        "component_by_hand",
        "checklist_run",
    ):
        op.drop_table(f"operations_{table}")


def _versions(name: str, keys: Sequence[tuple[str, Any]], *fields: sa.Column[Any]) -> None:
    """A table of versions as `core.store.versions.versioned_table` declares it."""
    names = [key for key, _type in keys]
    op.create_table(
        name,
        *(sa.Column(key, type_, nullable=False) for key, type_ in keys),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        *fields,
        sa.PrimaryKeyConstraint(*names, "recorded_at", name=f"pk_{name}"),
        sa.UniqueConstraint("superseded_at", *names, name=f"uq_{name}_superseded_at_{'_'.join(names)}"),
        sqlite_with_rowid=False,
    )
    if len(names) > 1:
        op.create_index(f"ix_{name}_{names[0]}_superseded_at", name, [names[0], "superseded_at"])
