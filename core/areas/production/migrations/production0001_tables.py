"""The tables of versions, the ledger and the marks that the production area keeps."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "production0001"
down_revision = None
branch_labels = ("production",)
depends_on = "store0001"

_ID = sa.String(200)
_DOUBLE: sa.types.TypeEngine[float] = sa.Double()


def upgrade() -> None:
    """Make them."""
    _versions(
        "production_system",
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("desired_state", sa.String(20), nullable=False),
        _text("activity"),
        sa.Column("in_flight", sa.Integer()),
        _text("version"),
        _moment("started_at"),
        _text("paused_by"),
        _moment("paused_at"),
        _text("pause_reason"),
        _moment("pause_until"),
        sa.Column("skew_seconds", sa.Integer(), nullable=False),
    )
    _versions("production_health", _text("status"), _text("checks"))
    _make_jobs_and_uploads()
    _versions(
        "production_character",
        _text("name"),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("weight", _DOUBLE, nullable=False),
        sa.Column("weekly_cap", sa.Integer()),
        sa.Column("position", sa.Integer(), nullable=False),
    )
    _versions(
        "production_platform",
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("daily_cap", sa.Integer()),
    )
    _versions("production_reported_credits", _text("figures"))
    _versions("production_budget", _text("figures"), key=sa.Column("period", sa.String(20), nullable=False))
    _make_schedule()
    _versions(
        "production_balance",
        sa.Column("coins", sa.BigInteger(), nullable=False),
        sa.Column("diamonds", sa.BigInteger()),
    )
    _versions(
        "production_task",
        sa.Column("status", sa.String(20), nullable=False),
        _text("status_word"),
        sa.Column("coins", sa.BigInteger()),
        _moment("created_at"),
        _text("name"),
        _text("failure"),
    )
    _versions("production_condition", _text("figures"))
    _make_logs()


def downgrade() -> None:
    """Remove them."""
    for table in (
        "mark",
        "report_taken",
        "seen_event",
        "ledger",
        "condition",
        "task",
        "balance",
        "schedule_entry",
        "scheduler",
        "budget",
        "reported_credits",
        "platform",
        "character",
        "upload",
        "job",
        "health",
        "system",
    ):
        op.drop_table(f"production_{table}")


def _make_jobs_and_uploads() -> None:
    _versions(
        "production_job",
        sa.Column("status", sa.String(20), nullable=False),
        _text("status_word"),
        _text("character"),
        _text("content_type"),
        _text("platforms"),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("media_seconds", _DOUBLE),
        sa.Column("processing_seconds", _DOUBLE),
        sa.Column("credits_estimated", sa.BigInteger()),
        sa.Column("credits_charged", sa.BigInteger()),
        sa.Column("cost", sa.BigInteger()),
        sa.Column("currency", sa.String(3)),
        _moment("scheduled_for"),
        _moment("created_at"),
        _moment("started_at"),
        _moment("completed_at"),
        _moment("updated_at"),
        _moment("ended_at"),
        sa.Column("provider_task", _ID, nullable=False),
        _text("error_code"),
        _text("error_message"),
        _text("standings"),
    )
    op.create_index("ix_production_job_ended_at", "production_job", ["ended_at"])
    op.create_index("ix_production_job_provider_task", "production_job", ["provider_task"])
    _versions(
        "production_upload",
        sa.Column("job", _ID, nullable=False),
        sa.Column("platform", _ID, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        _moment("scheduled_for"),
        _moment("started_at"),
        _moment("published_at"),
        _moment("failed_at"),
        _moment("updated_at"),
        _moment("ended_at"),
        _text("post_id"),
        _text("post_url"),
        _text("error_message"),
        _text("standings"),
    )
    op.create_index("ix_production_upload_ended_at", "production_upload", ["ended_at"])
    op.create_index("ix_production_upload_job", "production_upload", ["job"])


def _make_schedule() -> None:
    _versions("production_scheduler", _text("state"))
    _versions(
        "production_schedule_entry",
        _text("name"),
        _text("kind"),
        _text("trigger"),
        _text("timezone"),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        _moment("next_run"),
        _moment("last_run"),
        _text("last_result"),
        sa.Column("last_duration_ms", sa.BigInteger()),
        sa.Column("missed_count", sa.Integer(), nullable=False),
    )


def _make_logs() -> None:
    _log(
        "production_ledger",
        sa.Column("id", _ID, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("credits", sa.BigInteger(), nullable=False),
        sa.Column("bucket", sa.String(20)),
        sa.Column("cost", sa.BigInteger()),
        sa.Column("currency", sa.String(3)),
        sa.Column("job", _ID, nullable=False),
        sa.Column("provider_task", _ID, nullable=False),
        _text("note"),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
    )
    op.create_index("ix_production_ledger_at", "production_ledger", ["at"])
    op.create_index("ix_production_ledger_job", "production_ledger", ["job"])
    op.create_index("ix_production_ledger_provider_task_kind", "production_ledger", ["provider_task", "kind"])
    _log(
        "production_seen_event",
        sa.Column("id", _ID, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("key", _ID, nullable=False),
        sa.Column("news", sa.String(40), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("event", sa.Text()),
    )
    op.create_index("ix_production_seen_event_key_at", "production_seen_event", ["key", "at"])
    op.create_index("ix_production_seen_event_recorded_at", "production_seen_event", ["recorded_at"])
    _log(
        "production_report_taken",
        sa.Column("id", _ID, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_production_report_taken_recorded_at", "production_report_taken", ["recorded_at"])
    _log(
        "production_mark",
        sa.Column("name", sa.String(250), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        key="name",
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger())


def _versions(name: str, *fields: sa.Column[Any], key: sa.Column[str] | None = None) -> None:
    """A table as `core.store.versions.versioned_table` declares it."""
    key = sa.Column("id", _ID, nullable=False) if key is None else key
    op.create_table(
        name,
        key,
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        *fields,
        sa.PrimaryKeyConstraint(key.name, "recorded_at", name=f"pk_{name}"),
        sa.UniqueConstraint("superseded_at", key.name, name=f"uq_{name}_superseded_at_{key.name}"),
        sqlite_with_rowid=False,
    )


def _log(name: str, *columns: sa.Column[Any], key: str = "id") -> None:
    """A table of rows that are found by one key."""
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(key, name=f"pk_{name}"), sqlite_with_rowid=False)
