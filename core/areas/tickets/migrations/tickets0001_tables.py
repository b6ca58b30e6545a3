"""The tables of the tickets area."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "tickets0001"
down_revision = None
branch_labels = ("tickets",)
depends_on = "store0001"

_TABLES = (
    *("tickets_ticket", "tickets_clock", "tickets_solve", "tickets_entry", "tickets_head"),
    *("tickets_sequence", "tickets_faq", "tickets_faq_vote", "tickets_faq_view", "tickets_canned"),
)


def upgrade() -> None:
    """Make them."""
    _make_tickets()
    _make_conversation()
    _make_answers()


def downgrade() -> None:
    """Remove them."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _make_tickets() -> None:
    """Tickets, their clocks and their solves, which have versions."""
    _versions(
        "tickets_ticket",
        [sa.Column("id", sa.String(20), nullable=False)],
        sa.Column("requester", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("tier", sa.String(40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("priority_by", sa.String(200), nullable=False),
        sa.Column("assignee", sa.String(200), nullable=False),
        sa.Column("team", sa.String(200), nullable=False),
        sa.Column("incident", sa.String(40), nullable=False),
        sa.Column("incident_critical", sa.Boolean(), nullable=False),
        sa.Column("first_response_at", sa.BigInteger()),
        sa.Column("solved_at", sa.BigInteger()),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("reminded_at", sa.BigInteger()),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("follows", sa.String(20), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
    )
    _versions(
        "tickets_clock",
        [
            sa.Column("ticket", sa.String(20), nullable=False),
            sa.Column("kind", sa.String(20), nullable=False),
            sa.Column("number", sa.Integer(), nullable=False),
        ],
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.BigInteger()),
        sa.Column("pauses", sa.Text(), nullable=False),
        sa.Column("hours", sa.String(80), nullable=False),
        sa.Column("stopped_at", sa.BigInteger()),
        sa.Column("warned_at", sa.BigInteger()),
        sa.Column("breached_at", sa.BigInteger()),
        sa.Column("cancelled_at", sa.BigInteger()),
    )
    _versions(
        "tickets_solve",
        [
            sa.Column("ticket", sa.String(20), nullable=False),
            sa.Column("number", sa.Integer(), nullable=False),
        ],
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(30), nullable=False),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("reopened_at", sa.BigInteger()),
        sa.Column("stars", sa.Integer()),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("rated_at", sa.BigInteger()),
    )


def _make_conversation() -> None:
    """What was said, and what numbers it."""
    op.create_table(
        "tickets_entry",
        sa.Column("ticket", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("side", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("ticket", "number", name="pk_tickets_entry"),
    )
    op.create_table(
        "tickets_head",
        sa.Column("ticket", sa.String(20), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ticket", name="pk_tickets_head"),
    )
    op.create_table(
        "tickets_sequence",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_tickets_sequence"),
    )


def _make_answers() -> None:
    """The FAQ with its readers, and the canned answers."""
    _versions(
        "tickets_faq",
        [sa.Column("id", sa.String(20), nullable=False)],
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
    )
    _versions(
        "tickets_faq_vote",
        [
            sa.Column("entry", sa.String(20), nullable=False),
            sa.Column("voter", sa.String(200), nullable=False),
        ],
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "tickets_faq_view",
        sa.Column("entry", sa.String(20), nullable=False),
        sa.Column("viewer", sa.String(200), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("searched", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "viewer", "day", name="pk_tickets_faq_view"),
    )
    op.create_index("ix_tickets_faq_view_recorded_at", "tickets_faq_view", ["recorded_at"])
    _versions(
        "tickets_canned",
        [sa.Column("name", sa.String(60), nullable=False)],
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
    )


def _versions(name: str, keys: Sequence[sa.Column[Any]], *fields: sa.Column[Any]) -> None:
    """A table as `core.store.versions.versioned_table` declares it."""
    names = [column.name for column in keys]
    op.create_table(
        name,
        *keys,
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
