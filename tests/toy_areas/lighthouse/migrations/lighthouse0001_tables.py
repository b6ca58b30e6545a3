"""The table of versions of lamps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "lighthouse0001"
down_revision = None
branch_labels = ("lighthouse",)
depends_on = "store0001"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "lighthouse_lamp",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("colour", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("name", "recorded_at", name="pk_lighthouse_lamp"),
        sa.UniqueConstraint("name", "superseded_at", name="uq_lighthouse_lamp_name_superseded_at"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("lighthouse_lamp")
