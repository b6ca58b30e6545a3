"""Alerting: people, alerts, silences, blind stretches, and why each notice went where."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "store0003"
down_revision = "store0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of `core.notify.alerting.tables` and `core.notify.people.tables`."""
    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=150), nullable=False),
        sa.Column("group_key", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=True),
        sa.Column("parents", sa.Text(), nullable=False),
        sa.Column("said", sa.SmallInteger(), nullable=True),
        sa.Column("said_at", sa.BigInteger(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("withheld", sa.String(length=20), nullable=False),
        sa.Column("withheld_by", sa.String(length=310), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=200), nullable=False),
        sa.Column("tell_at", sa.BigInteger(), nullable=True),
        sa.Column("repeat_at", sa.BigInteger(), nullable=True),
        sa.Column("escalate_at", sa.BigInteger(), nullable=True),
        sa.Column("lapse_at", sa.BigInteger(), nullable=True),
        sa.Column("expire_at", sa.BigInteger(), nullable=True),
        sa.Column("clear_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", "recorded_at", name=op.f("pk_alert")),
        sa.UniqueConstraint("superseded_at", "id", name=op.f("uq_alert_superseded_at_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_alert_state_superseded_at"), ["state", "superseded_at"], unique=False
        )

    op.create_table(
        "alert_notice",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("edge", sa.String(length=12), nullable=False),
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("alert", sa.BigInteger(), nullable=True),
        sa.Column("alerts", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("cls", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=150), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decisions", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_alert_notice")),
    )
    with op.batch_alter_table("alert_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_notice_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_alert_notice_subject_recorded_at"), ["subject", "recorded_at"], unique=False
        )

    op.create_table(
        "blind",
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("started_at", "recorded_at", name=op.f("pk_blind")),
        sa.UniqueConstraint("superseded_at", "started_at", name=op.f("uq_blind_superseded_at_started_at")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("groups", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("quiet", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("name", "recorded_at", name=op.f("pk_person")),
        sa.UniqueConstraint("superseded_at", "name", name=op.f("uq_person_superseded_at_name")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person_address",
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person", "channel", "recorded_at", name=op.f("pk_person_address")),
        sa.UniqueConstraint(
            "superseded_at", "person", "channel", name=op.f("uq_person_address_superseded_at_person_channel")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("person_address", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_address_person_superseded_at"), ["person", "superseded_at"], unique=False
        )

    op.create_table(
        "silence",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("matchers", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "recorded_at", name=op.f("pk_silence")),
        sa.UniqueConstraint("superseded_at", "id", name=op.f("uq_silence_superseded_at_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "subscription",
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("person", "area", "kind", "recorded_at", name=op.f("pk_subscription")),
        sa.UniqueConstraint(
            "superseded_at",
            "person",
            "area",
            "kind",
            name=op.f("uq_subscription_superseded_at_person_area_kind"),
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subscription_person_superseded_at"), ["person", "superseded_at"], unique=False
        )


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscription_person_superseded_at"))

    op.drop_table("subscription")
    op.drop_table("silence")
    with op.batch_alter_table("person_address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_address_person_superseded_at"))

    op.drop_table("person_address")
    op.drop_table("person")
    op.drop_table("blind")
    with op.batch_alter_table("alert_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_notice_subject_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_alert_notice_recorded_at"))

    op.drop_table("alert_notice")
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_state_superseded_at"))

    op.drop_table("alert")
