"""What the production system and A2E say of themselves, as versions."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, String

from core.areas.production.store.tables.columns import (
    ID,
    amount_column,
    metadata,
    optional_moment,
    text_column,
)
from core.store.versions import versioned_table

__all__ = [
    "balances",
    "budgets",
    "health",
    "reported_credits",
    "schedule_entries",
    "schedulers",
    "systems",
    "tasks",
]

systems = versioned_table(
    "production_system",
    metadata,
    keys=[Column("id", ID)],
    fields=[
        Column("state", String(20), nullable=False),
        Column("desired_state", String(20), nullable=False),
        text_column("activity"),
        Column("in_flight", Integer),
        text_column("version"),
        optional_moment("started_at"),
        text_column("paused_by"),
        optional_moment("paused_at"),
        text_column("pause_reason"),
        optional_moment("pause_until"),
        Column("skew_seconds", Integer, nullable=False),
    ],
)
"""The system by its own account. When it said so is when it was last polled."""

health = versioned_table(
    "production_health",
    metadata,
    keys=[Column("id", ID)],
    fields=[text_column("status"), text_column("checks")],
)
"""The answer of `/health`; the checks are a JSON object of words."""

reported_credits = versioned_table(
    "production_reported_credits", metadata, keys=[Column("id", ID)], fields=[text_column("figures")]
)
"""What the system says of its credits: a JSON object of figures as text."""

budgets = versioned_table(
    "production_budget", metadata, keys=[Column("period", String(20))], fields=[text_column("figures")]
)
"""What the system says of its budgets, likewise."""

schedulers = versioned_table(
    "production_scheduler", metadata, keys=[Column("id", ID)], fields=[text_column("state")]
)

schedule_entries = versioned_table(
    "production_schedule_entry",
    metadata,
    keys=[Column("id", ID)],
    fields=[
        text_column("name"),
        text_column("kind"),
        text_column("trigger"),
        text_column("timezone"),
        Column("enabled", Boolean, nullable=False),
        Column("paused", Boolean, nullable=False),
        Column("running", Boolean, nullable=False),
        optional_moment("next_run"),
        optional_moment("last_run"),
        text_column("last_result"),
        Column("last_duration_ms", BigInteger),
        Column("missed_count", Integer, nullable=False),
    ],
)

balances = versioned_table(
    "production_balance",
    metadata,
    keys=[Column("id", ID)],
    fields=[amount_column("coins", nullable=False), amount_column("diamonds")],
)
"""The provider's own figures. When they were read is when the provider was last polled for them."""

tasks = versioned_table(
    "production_task",
    metadata,
    keys=[Column("id", ID)],
    fields=[
        Column("status", String(20), nullable=False),
        text_column("status_word"),
        amount_column("coins"),
        optional_moment("created_at"),
        text_column("name"),
        text_column("failure"),
    ],
)
"""Tasks by the provider's account."""
