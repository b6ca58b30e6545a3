"""Sessions and the log on WhatsApp."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "relay0004"
down_revision = "relay0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sessions and the log on WhatsApp."""
    op.create_table(
        "relay_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.String(length=80), nullable=False),
        sa.Column("user_key", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("message_type", sa.String(length=20), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("state_before", sa.String(length=80), nullable=False),
        sa.Column("state_after", sa.String(length=80), nullable=False),
        sa.Column("workflow", sa.String(length=40), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay_message")),
    )
    with op.batch_alter_table("relay_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relay_message_at"), ["at"], unique=False)

    op.create_table(
        "relay_turn",
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "user", name=op.f("pk_relay_turn")),
    )
    op.add_column(
        "relay_dialog", sa.Column("language", sa.String(length=20), nullable=False, server_default="")
    )
    op.add_column("relay_dialog", sa.Column("began_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("relay_dialog", schema=None) as batch_op:
        batch_op.drop_column("began_at")
        batch_op.drop_column("language")
    op.drop_table("relay_turn")
    with op.batch_alter_table("relay_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relay_message_at"))
    op.drop_table("relay_message")
