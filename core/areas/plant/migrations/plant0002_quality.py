"""Defects, failures of procedures, bills of materials, and their histories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "plant0002"
down_revision = "plant0001"
branch_labels = None
depends_on = None

_TABLES = (
    *("plant_reject", "plant_return", "plant_sop", "plant_ncr"),
    *("plant_bom", "plant_bom_request", "plant_history"),
)


def upgrade() -> None:
    """Make them."""
    _make_defects()
    _make_sops()
    _make_boms()
    op.create_table(
        "plant_history",
        *_texts("subject", length=40),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        *_moments("recorded_at"),
        *_texts("by", length=200),
        *_texts("what", "note"),
        sa.PrimaryKeyConstraint("subject", "line", name="pk_plant_history"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Remove them."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _make_defects() -> None:
    _versions(
        "plant_reject",
        _texts("number", length=40),
        *_texts("order", length=40),
        *_texts("severity", length=10),
        sa.Column("quantity", sa.Integer(), nullable=False),
        *_texts("description"),
        *_texts("reported_by", length=200),
        *_moments("reported_at", "since"),
        *_texts("type", length=20),
        *_texts("state", length=30),
        *_texts("flaw", length=20),
        *_texts("product", "stage", length=200),
        *_texts("department", length=20),
        sa.Column("held", sa.Boolean(), nullable=False),
        *_texts("decided_by", length=200),
        *_texts("note"),
        *_texts("replacement", length=40),
        sa.Column("replacement_quantity", sa.Integer(), nullable=False),
    )
    _versions(
        "plant_return",
        _texts("number", length=40),
        *_texts("order", length=40),
        *_texts("severity", length=10),
        sa.Column("quantity", sa.Integer(), nullable=False),
        *_texts("description"),
        *_texts("reported_by", length=200),
        *_moments("reported_at", "since"),
        *_texts("state", length=20),
        *_moments("returned_at", nullable=True),
        *_texts("department", length=20),
        *_texts("resolution"),
        *_texts("resolved_by", length=200),
        sa.Column("cost", sa.String(40)),
        sa.Column("credit", sa.String(40)),
    )


def _make_sops() -> None:
    _versions(
        "plant_sop",
        _texts("number", length=40),
        *_texts("reference", length=40),
        *_texts("description"),
        *_texts("charged", "charging", length=20),
        *_texts("reported_by", length=200),
        *_moments("reported_at", "since"),
        *_texts("failure", length=20),
        *_texts("impact"),
        *_texts("priority", length=10),
        *_texts("state", length=20),
        *_texts("assignee", length=200),
        *_texts("rejection"),
        *_texts("rejected_by", length=200),
        *_texts("reassignment"),
        sa.Column("decision", sa.String(10)),
        *_texts("decided_by", length=200),
        *_texts("decision_reason"),
        sa.Column("escalations", sa.Integer(), nullable=False),
        *_moments("escalated_at", "closed_at", nullable=True),
    )
    _versions(
        "plant_ncr",
        _texts("ticket", length=40),
        *_texts("root_cause", "corrective", "preventive"),
        *_texts("submitted_by", length=200),
        *_moments("submitted_at"),
        *_texts("state", length=20),
        *_texts("verified_by", length=200),
        *_moments("verified_at", nullable=True),
        *_texts("effectiveness", "follow_up"),
    )


def _make_boms() -> None:
    _versions(
        "plant_bom",
        [
            *_texts("number", length=40),
            sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        ],
        *_texts("product", length=200),
        *_texts("components"),
        *_texts("made_by", length=200),
        *_moments("made_at"),
        sa.Column("active", sa.Boolean(), nullable=False),
        *_texts("request", length=40),
    )
    _versions(
        "plant_bom_request",
        _texts("number", length=40),
        *_texts("bom", length=40),
        sa.Column("base_version", sa.Integer(), nullable=False),
        *_texts("component", "quantity", "unit_cost", length=40),
        *_texts("asked_by", length=200),
        *_moments("asked_at"),
        *_texts("name", length=200),
        *_texts("reason"),
        *_texts("state", length=10),
        *_texts("decided_by", length=200),
        *_moments("decided_at", nullable=True),
        *_texts("decision_reason"),
        sa.Column("made_version", sa.Integer()),
    )


def _texts(*names: str, length: int | None = None) -> list[sa.Column[str]]:
    kind = sa.Text() if length is None else sa.String(length)
    return [sa.Column(name, kind, nullable=False) for name in names]


def _moments(*names: str, nullable: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=nullable) for name in names]


def _versions(name: str, keys: Sequence[sa.Column[Any]], *fields: sa.Column[Any]) -> None:
    """A table as `core.store.versions.versioned_table` declares it."""
    names = [column.name for column in keys]
    op.create_table(
        name,
        *keys,
        *_moments("recorded_at", "superseded_at"),
        sa.Column("gone", sa.Boolean(), nullable=False),
        *fields,
        sa.PrimaryKeyConstraint(*names, "recorded_at", name=f"pk_{name}"),
        sa.UniqueConstraint("superseded_at", *names, name=f"uq_{name}_superseded_at_{'_'.join(names)}"),
        sqlite_with_rowid=False,
    )
    if len(names) > 1:
        op.create_index(f"ix_{name}_{names[0]}_superseded_at", name, [names[0], "superseded_at"])
