"""What was last read of the plant's backend."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "plant0004"
down_revision = "plant0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make its table."""
    op.create_table(
        "plant_backend",
        sa.Column("list", sa.String(20), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("list", "id", name="pk_plant_backend"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("plant_backend")
