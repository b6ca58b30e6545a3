"""The outbox, its attempts, and recipients that moved, are gone or are to be left alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "store0002"
down_revision = "store0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of `core.notify.delivery.tables`."""
    op.create_table(
        "outbox",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("dedup_key", sa.String(length=700), nullable=False),
        sa.Column("notice", sa.String(length=300), nullable=False),
        sa.Column("cls", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=True),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=True),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("uncertain", sa.Integer(), nullable=False),
        sa.Column("plain", sa.Boolean(), nullable=False),
        sa.Column("possible_repeat", sa.Boolean(), nullable=False),
        sa.Column("next_attempt", sa.BigInteger(), nullable=True),
        sa.Column("lease_by", sa.String(length=500), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("folded_into", sa.BigInteger(), nullable=True),
        sa.Column("provider_id", sa.String(length=300), nullable=True),
        sa.Column("error_class", sa.String(length=10), nullable=True),
        sa.Column("error_text", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_outbox_dedup_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_outbox_channel_recipient_subject"), "outbox", ["channel", "recipient", "subject"]
    )
    op.create_index(op.f("ix_outbox_created"), "outbox", ["created"])
    op.create_index(op.f("ix_outbox_folded_into"), "outbox", ["folded_into"])
    op.create_index(op.f("ix_outbox_notice"), "outbox", ["notice"])
    op.create_index(op.f("ix_outbox_state_channel"), "outbox", ["state", "channel"])
    op.create_index(op.f("ix_outbox_subject_state"), "outbox", ["subject", "state"])

    op.create_table(
        "outbox_attempt",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("outbox", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=300), nullable=False),
        sa.Column("sender", sa.String(length=500), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("repeat", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("error_text", sa.Text(), nullable=True),
        sa.Column("provider_id", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_attempt")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_attempt_outbox"), "outbox_attempt", ["outbox"])
    op.create_index(op.f("ix_outbox_attempt_started_at"), "outbox_attempt", ["started_at"])

    op.create_table(
        "outbox_recipient",
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=300), nullable=False),
        sa.Column("moved_to", sa.String(length=300), nullable=True),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "recipient", name=op.f("pk_outbox_recipient")),
    )

    op.create_table(
        "outbox_pause",
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_outbox_pause")),
    )


def downgrade() -> None:
    """Undo it."""
    for table in ("outbox_pause", "outbox_recipient", "outbox_attempt", "outbox"):
        op.drop_table(table)
