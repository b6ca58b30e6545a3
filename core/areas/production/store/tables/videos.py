"""Jobs, uploads, characters and platforms, as versions."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, Index, Integer, String

from core.areas.production.store.tables.columns import (
    ID,
    amount_column,
    id_column,
    metadata,
    optional_moment,
    text_column,
)
from core.store.versions import versioned_table

__all__ = ["characters", "jobs", "platforms", "uploads"]

jobs = versioned_table(
    "production_job",
    metadata,
    keys=[Column("id", ID)],
    fields=[
        Column("status", String(20), nullable=False),
        text_column("status_word"),
        text_column("character"),
        text_column("content_type"),
        text_column("platforms"),
        Column("attempt", Integer, nullable=False),
        Column("max_attempts", Integer, nullable=False),
        Column("media_seconds", Double),
        Column("processing_seconds", Double),
        amount_column("credits_estimated"),
        amount_column("credits_charged"),
        amount_column("cost"),
        Column("currency", String(3)),
        optional_moment("scheduled_for"),
        optional_moment("created_at"),
        optional_moment("started_at"),
        optional_moment("completed_at"),
        optional_moment("updated_at"),
        optional_moment("ended_at"),
        id_column("provider_task"),
        text_column("error_code"),
        text_column("error_message"),
        text_column("standings"),
    ],
)
"""Video jobs. `ended_at` is when one reached its final state, nothing before; days are cut by it.

`standings` says of each field how far the job had come by the report it is from (`rules.reconciliation`).
"""
Index(None, jobs.c.ended_at)
Index(None, jobs.c.provider_task)

uploads = versioned_table(
    "production_upload",
    metadata,
    keys=[Column("id", ID)],
    fields=[
        id_column("job"),
        id_column("platform"),
        Column("status", String(20), nullable=False),
        Column("attempt", Integer, nullable=False),
        optional_moment("scheduled_for"),
        optional_moment("started_at"),
        optional_moment("published_at"),
        optional_moment("failed_at"),
        optional_moment("updated_at"),
        optional_moment("ended_at"),
        text_column("post_id"),
        text_column("post_url"),
        text_column("error_message"),
        text_column("standings"),
    ],
)
"""Uploads; `ended_at` is when one was published or failed for good."""
Index(None, uploads.c.ended_at)
Index(None, uploads.c.job)

characters = versioned_table(
    "production_character",
    metadata,
    keys=[Column("id", ID)],
    fields=[
        text_column("name"),
        Column("enabled", Boolean, nullable=False),
        Column("paused", Boolean, nullable=False),
        Column("weight", Double, nullable=False),
        Column("weekly_cap", Integer),
        Column("position", Integer, nullable=False),
    ],
)

platforms = versioned_table(
    "production_platform",
    metadata,
    keys=[Column("id", ID)],
    fields=[Column("enabled", Boolean, nullable=False), Column("daily_cap", Integer)],
)
