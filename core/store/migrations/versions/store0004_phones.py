"""Phones, kept apart from everything that is known of the people behind them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "store0004"
down_revision = "store0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table `phone` of `core.notify.people.tables`."""
    op.create_table(
        "phone",
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_phone")),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("phone")
