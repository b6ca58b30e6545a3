"""The tables of the usage area; two of them have the names that existing tools read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "usage0001"
down_revision = None
branch_labels = ("usage",)
depends_on = "store0001"

_TIMESTAMP = sa.DateTime().with_variant(sqlite.DATETIME(truncate_microseconds=True), "sqlite")
_TABLES = (
    *("usage_account", "usage_poll", "data_usage_records", "api_logs", "usage_answer"),
    *("usage_purchase", "usage_meter", "usage_standing"),
)


def upgrade() -> None:
    """Make them."""
    _make_records()
    _make_calls()
    _make_versions()
    _make_present()


def downgrade() -> None:
    """Remove them."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _make_records() -> None:
    """Good polls, their plans and their answers."""
    op.create_table(
        "usage_poll",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("timestamp", _TIMESTAMP, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("subscriber", sa.String(64), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("warnings", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_usage_poll"),
        sa.UniqueConstraint("account", "timestamp", name="uq_usage_poll_account_timestamp"),
    )
    op.create_table(
        "data_usage_records",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("timestamp", _TIMESTAMP, nullable=False),
        sa.Column("subscriber_id", sa.String(), nullable=False),
        sa.Column("plan_name", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("remaining_balance_gb", sa.Float()),
        sa.Column("remaining_balance_bytes", sa.BigInteger()),
        sa.Column("total_data_usage_bytes", sa.BigInteger()),
        sa.Column("expires_in_days", sa.Integer()),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_home_plan", sa.Boolean(), server_default=sa.false()),
        sa.Column("raw_response", sa.Text()),
        sa.Column("created_at", _TIMESTAMP),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("lineage", sa.String(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.String(), nullable=False),
        sa.Column("unit_basis", sa.String(10), nullable=False),
        sa.Column("unlimited", sa.Boolean(), nullable=False),
        sa.Column("balance_text", sa.Text(), nullable=False),
        sa.Column("expires_text", sa.Text(), nullable=False),
        sa.Column("warnings", sa.Text()),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_data_usage_records"),
    )
    _index("data_usage_records", "plan_id", "timestamp")
    _index("data_usage_records", "account", "lineage", "timestamp")
    _index("data_usage_records", "poll_id")
    op.create_table(
        "usage_answer",
        sa.Column("poll_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("poll_id", name="pk_usage_answer"),
    )


def _make_calls() -> None:
    op.create_table(
        "api_logs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("timestamp", _TIMESTAMP, nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("success", sa.Boolean(), nullable=False),
        sa.Column("response_time_ms", sa.Integer()),
        sa.Column("error_message", sa.Text()),
        sa.Column("request_data", sa.Text()),
        sa.Column("response_data", sa.Text()),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("status_code", sa.Integer()),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_api_logs"),
    )
    _index("api_logs", "account", "timestamp")
    _index("api_logs", "recorded_at")


def _make_versions() -> None:
    """What has versions."""
    _versions(
        "usage_account",
        [("name", sa.String(80))],
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("subscriber", sa.String(64), nullable=False),
    )
    _versions(
        "usage_purchase",
        [("account", sa.String(80)), ("id", sa.String(200))],
        sa.Column("plan_name", sa.Text(), nullable=False),
        sa.Column("purchased_on", sa.String(10)),
        sa.Column("amount", sa.Text()),
        sa.Column("currency", sa.String(10)),
        sa.Column("reward", sa.Boolean(), nullable=False),
        sa.Column("remaining_bytes", sa.BigInteger()),
    )


def _make_present() -> None:
    """What is of the present only."""
    op.create_table(
        "usage_meter",
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("lineage", sa.String(200), nullable=False),
        sa.Column("at", _TIMESTAMP, nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("expires_in_days", sa.Integer()),
        sa.Column("purchase_id", sa.String(), nullable=False),
        sa.Column("exact", sa.Boolean(), nullable=False),
        sa.Column("consumed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "lineage", name="pk_usage_meter"),
    )
    op.create_table(
        "usage_standing",
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("busy_until", sa.BigInteger()),
        sa.Column("paced_until", sa.BigInteger()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("refused", sa.String(64)),
        sa.Column("alerts", sa.Text()),
        sa.PrimaryKeyConstraint("account", name="pk_usage_standing"),
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)


def _versions(
    name: str, keys: Sequence[tuple[str, sa.types.TypeEngine[Any]]], *fields: sa.Column[Any]
) -> None:
    """A table as `core.store.versions.versioned_table` declares it."""
    names = [key for key, _type in keys]
    op.create_table(
        name,
        *(sa.Column(key, kind, nullable=False) for key, kind in keys),
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
