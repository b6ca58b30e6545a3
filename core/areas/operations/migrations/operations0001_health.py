"""The tables of health checks, thresholds and AI models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "operations0001"
down_revision = None
branch_labels = ("operations",)
depends_on = "store0001"

_DOUBLE: sa.types.TypeEngine[float] = sa.Double()


def upgrade() -> None:
    """Make them."""
    _versions(
        "operations_check",
        [("name", 64)],
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("measurement", sa.String(20), nullable=False),
        sa.Column("critical", sa.Boolean(), nullable=False),
        sa.Column("timeout", _DOUBLE, nullable=False),
        sa.Column("interval", _DOUBLE, nullable=False),
        sa.Column("skipped", sa.Text()),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("settled", sa.String(10), nullable=False),
        sa.Column("recent", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("output", sa.Text()),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("last_pass_at", sa.BigInteger()),
    )
    _versions(
        "operations_watch",
        [("rule", 40), ("subject", 128), ("level", 10)],
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("turning_since", sa.BigInteger()),
        sa.Column("since", sa.BigInteger()),
    )
    _versions(
        "operations_model",
        [("name", 128)],
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("period", _DOUBLE),
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("model", "watch", "check"):
        op.drop_table(f"operations_{table}")


def _versions(name: str, keys: Sequence[tuple[str, int]], *fields: sa.Column[Any]) -> None:
    """A table as `core.store.versions.versioned_table` declares it."""
    names = [key for key, _length in keys]
    op.create_table(
        name,
        *(sa.Column(key, sa.String(length), nullable=False) for key, length in keys),
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
