"""What is to be filed with the plant's backend."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "plant0006"
down_revision = "plant0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make its table."""
    op.create_table(
        "plant_filing",
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("list", sa.String(20), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.BigInteger()),
        sa.Column("reason", sa.Text()),
        sa.Column("filed_as", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("number", "recorded_at", name="pk_plant_filing"),
        sa.UniqueConstraint("superseded_at", "number", name="uq_plant_filing_superseded_at_number"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("plant_filing")
