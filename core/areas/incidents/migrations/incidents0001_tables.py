"""The tables of the incidents area."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "incidents0001"
down_revision = None
branch_labels = ("incidents",)
depends_on = "store0001"

_TABLES = (
    *("incidents_incident", "incidents_entry", "incidents_postmortem", "incidents_sequence"),
    "incidents_watched",
)


def upgrade() -> None:
    """Make them."""
    _make_incidents()
    _make_entries()
    _make_postmortems()
    _make_sequence()
    _make_watched()


def downgrade() -> None:
    """Remove them."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _text(*names: str, length: int | None = None) -> list[sa.Column[str]]:
    kind = sa.Text() if length is None else sa.String(length)
    return [sa.Column(name, kind, nullable=False) for name in names]


def _moments(*names: str, nullable: bool = True) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=nullable) for name in names]


def _make_incidents() -> None:
    op.create_table(
        "incidents_incident",
        *_text("id", length=20),
        *_moments("recorded_at", "superseded_at", nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        *_text("title", "description"),
        *_text("severity", "severity_source", length=10),
        *_text("rule", length=40),
        *_text("rule_severity", length=10),
        *_text("status", length=20),
        sa.Column("public_status", sa.String(20)),
        *_text("public_title", "public_text"),
        *_moments("published_at"),
        *_text("impact", length=10),
        sa.Column("impact_overridden", sa.Boolean(), nullable=False),
        *_text("components"),
        *_text("source", length=10),
        *_text("dedup_key", length=300),
        *_moments("created_at", "detected_at", nullable=False),
        *_moments("acknowledged_at"),
        *_text("acknowledged_by", length=200),
        *_moments("mitigated_at", "resolved_at"),
        *_text("resolved_by", length=200),
        *_moments("closed_at", "scheduled_for", "scheduling_warned_at"),
        *_text("opened_by", "commander", length=200),
        *_text("responders", "response", "resolution"),
        *_moments("updated_at", "escalating_since", nullable=False),
        *_text("level", length=20),
        sa.Column("escalations", sa.Integer(), nullable=False),
        *_text("tickets", "alerts"),
        *_text("parent", length=20),
        sa.Column("customer_visible", sa.Boolean(), nullable=False),
        *_text("workaround"),
        sa.PrimaryKeyConstraint("id", "recorded_at", name="pk_incidents_incident"),
        sa.UniqueConstraint("superseded_at", "id", name="uq_incidents_incident_superseded_at_id"),
        sqlite_with_rowid=False,
    )


def _make_entries() -> None:
    op.create_table(
        "incidents_entry",
        *_text("incident", length=20),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *_moments("recorded_at", "at", nullable=False),
        *_text("actor", length=200),
        sa.Column("person", sa.Boolean(), nullable=False),
        *_text("kind", length=20),
        *_text("before", "after", "text"),
        *_text("visibility", length=10),
        sa.PrimaryKeyConstraint("incident", "number", name="pk_incidents_entry"),
        sqlite_with_rowid=False,
    )


def _make_postmortems() -> None:
    op.create_table(
        "incidents_postmortem",
        *_text("incident", length=20),
        *_moments("recorded_at", "superseded_at", nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        *_text("owner", length=200),
        *_text("status", length=20),
        *_text("authors", "sections", "actions"),
        sa.PrimaryKeyConstraint("incident", "recorded_at", name="pk_incidents_postmortem"),
        sa.UniqueConstraint(
            "superseded_at", "incident", name="uq_incidents_postmortem_superseded_at_incident"
        ),
        sqlite_with_rowid=False,
    )


def _make_sequence() -> None:
    op.create_table(
        "incidents_sequence",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_incidents_sequence"),
    )


def _make_watched() -> None:
    op.create_table(
        "incidents_watched",
        *_text("key", length=300),
        *_moments("raised_at", nullable=False),
        *_text("rule", "subject", length=200),
        *_text("title"),
        sa.PrimaryKeyConstraint("key", name="pk_incidents_watched"),
    )
    op.create_index("ix_incidents_watched_raised_at", "incidents_watched", ["raised_at"])
