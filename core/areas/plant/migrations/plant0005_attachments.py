"""Photos and documents that people send."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "plant0005"
down_revision = "plant0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make their tables."""
    op.create_table(
        "plant_attachment",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("source", sa.String(255), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("content_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("sender", sa.String(120), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("ticket", sa.String(40), nullable=False),
        sa.Column("attached_at", sa.BigInteger()),
        sa.Column("attached_by", sa.String(200), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.BigInteger()),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_plant_attachment"),
        sa.UniqueConstraint("source", name="uq_plant_attachment_source"),
    )
    for column in ("ticket", "next_try", "received_at"):
        op.create_index(f"ix_plant_attachment_{column}", "plant_attachment", [column])
    op.create_table(
        "plant_attachment_content",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_plant_attachment_content"),
    )


def downgrade() -> None:
    """Remove them, and what was sent with them."""
    op.drop_table("plant_attachment_content")
    op.drop_table("plant_attachment")
