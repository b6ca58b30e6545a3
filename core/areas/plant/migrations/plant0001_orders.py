"""Orders, the people who work on them, and the sequences of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "plant0001"
down_revision = None
branch_labels = ("plant",)
depends_on = "store0001"

_TABLES = (
    *("plant_sequence", "plant_department", "plant_operator", "plant_shift"),
    *("plant_order", "plant_order_item", "plant_order_schedule"),
)


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "plant_sequence",
        sa.Column("prefix", sa.String(10), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name="pk_plant_sequence"),
    )
    _make_people()
    _make_orders()


def downgrade() -> None:
    """Remove them."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _make_people() -> None:
    """Departments, operators and shifts."""
    _versions(
        "plant_department",
        [sa.Column("code", sa.String(20), nullable=False)],
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
    )
    _versions(
        "plant_operator",
        [sa.Column("number", sa.String(40), nullable=False)],
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("department", sa.String(20), nullable=False),
        sa.Column("occupation", sa.String(40), nullable=False),
        sa.Column("badge", sa.String(40), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
    )
    _versions(
        "plant_shift",
        [sa.Column("number", sa.String(40), nullable=False)],
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("operators", sa.Text(), nullable=False),
        sa.Column("department", sa.String(20), nullable=False),
        sa.Column("machine", sa.String(40), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
    )


def _make_orders() -> None:
    """Orders with their items and schedules."""
    _versions(
        "plant_order",
        [sa.Column("number", sa.String(40), nullable=False)],
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("start", sa.BigInteger()),
        sa.Column("customer", sa.String(200), nullable=False),
        sa.Column("sales_order", sa.String(40), nullable=False),
        sa.Column("department", sa.String(20), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("scheduled_start", sa.BigInteger()),
        sa.Column("scheduled_end", sa.BigInteger()),
        sa.Column("actual_start", sa.BigInteger()),
        sa.Column("actual_end", sa.BigInteger()),
        sa.Column("value", sa.String(40)),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(20)),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    _versions(
        "plant_order_item",
        [
            sa.Column("order", sa.String(40), nullable=False),
            sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        ],
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
    )
    _versions(
        "plant_order_schedule",
        [
            sa.Column("order", sa.String(40), nullable=False),
            sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        ],
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("department", sa.String(20), nullable=False),
        sa.Column("machine", sa.String(40), nullable=False),
        sa.Column("operator", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("started_at", sa.BigInteger()),
        sa.Column("completed_at", sa.BigInteger()),
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
