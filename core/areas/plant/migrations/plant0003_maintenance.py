"""Machines and maintenance tickets."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "plant0003"
down_revision = "plant0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    _versions(
        "plant_machine",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("department", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("specifications", sa.Text(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    _versions(
        "plant_maintenance_ticket",
        sa.Column("machine", sa.String(40), nullable=False),
        sa.Column("department", sa.String(20), nullable=False),
        sa.Column("issue", sa.String(20), nullable=False),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("respond_by", sa.BigInteger(), nullable=False),
        sa.Column("complete_by", sa.BigInteger(), nullable=False),
        sa.Column("reporter", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("assignee", sa.String(200), nullable=False),
        sa.Column("machine_down", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger()),
        sa.Column("completed_at", sa.BigInteger()),
        sa.Column("root_cause", sa.Text(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("cost", sa.String(40)),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("plant_maintenance_ticket")
    op.drop_table("plant_machine")


def _versions(name: str, *fields: sa.Column[Any]) -> None:
    """A table of one key as `core.store.versions.versioned_table` declares it."""
    op.create_table(
        name,
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        *fields,
        sa.PrimaryKeyConstraint("number", "recorded_at", name=f"pk_{name}"),
        sa.UniqueConstraint("superseded_at", "number", name=f"uq_{name}_superseded_at_number"),
        sqlite_with_rowid=False,
    )
