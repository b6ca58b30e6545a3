"""How the production area's values lie in the store: versions of what changes, and an append-only ledger.

What the system, its jobs and its surroundings are like is kept as versions (`core.store.versions`); of the
ledger every entry ever reported is kept, and which of them count is decided when it is read (`ledger`).
Credits and money lie as whole millionths (`AMOUNT`), so that they are exact and can be summed up by the
database; `rows` turns values into rows and back.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, SmallInteger, String, Table, Text

from core.store.metadata import moment_column, new_metadata
from core.store.series import SeriesKey
from core.store.versions import versioned_table

__all__ = [
    "AMOUNT",
    "AVAILABLE",
    "BALANCE",
    "ONLY",
    "SLOT",
    "USED",
    "balances",
    "budgets",
    "characters",
    "conditions",
    "health",
    "jobs",
    "ledger",
    "marks",
    "metadata",
    "platforms",
    "reported_credits",
    "reports_taken",
    "schedule_entries",
    "schedulers",
    "seen_events",
    "systems",
    "tasks",
    "uploads",
]

metadata = new_metadata()

AMOUNT = 1_000_000
"""How many parts of a credit, or of a unit of money, are stored: an amount of 1 lies as this."""

ONLY = "production"
"""The key of what there is only one of: the system, its scheduler, its balance."""

AVAILABLE = SeriesKey("production", "credits", "available")
"""Credits still there by plan and ledger."""

BALANCE = SeriesKey("production", "credits", "balance")
"""Credits still there by the provider's own account."""

USED = SeriesKey("production", "credits", "used")
"""Credits of the month's allowance that were used in the billing month."""

SLOT = 900
"""Seconds from one sample of the credits to the next."""

_ID = String(200)


def _amount(name: str, *, nullable: bool = True) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _moment(name: str) -> Column[int]:
    return moment_column(name, nullable=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _word(name: str) -> Column[str]:
    return Column(name, _ID, nullable=False)


systems = versioned_table(
    "production_system",
    metadata,
    keys=[Column("id", _ID)],
    fields=[
        Column("state", String(20), nullable=False),
        Column("desired_state", String(20), nullable=False),
        _text("activity"),
        Column("in_flight", Integer),
        _text("version"),
        _moment("started_at"),
        _text("paused_by"),
        _moment("paused_at"),
        _text("pause_reason"),
        _moment("pause_until"),
        Column("skew_seconds", Integer, nullable=False),
    ],
)
"""The system by its own account. When it said so is when it was last polled."""

health = versioned_table(
    "production_health",
    metadata,
    keys=[Column("id", _ID)],
    fields=[_text("status"), _text("checks")],
)
"""The answer of `/health`; the checks are a JSON object of words."""

jobs = versioned_table(
    "production_job",
    metadata,
    keys=[Column("id", _ID)],
    fields=[
        Column("status", String(20), nullable=False),
        _text("status_word"),
        _text("character"),
        _text("content_type"),
        _text("platforms"),
        Column("attempt", Integer, nullable=False),
        Column("max_attempts", Integer, nullable=False),
        Column("media_seconds", Double),
        Column("processing_seconds", Double),
        _amount("credits_estimated"),
        _amount("credits_charged"),
        _amount("cost"),
        Column("currency", String(3)),
        _moment("scheduled_for"),
        _moment("created_at"),
        _moment("started_at"),
        _moment("completed_at"),
        _moment("updated_at"),
        _moment("ended_at"),
        _word("provider_task"),
        _text("error_code"),
        _text("error_message"),
        _text("standings"),
    ],
)
"""Video jobs. `ended_at` is when one reached its final state, nothing before; days are cut by it.

`standings` says of each field how far the job had come by the report it is from (`merging`).
"""
Index(None, jobs.c.ended_at)
Index(None, jobs.c.provider_task)

uploads = versioned_table(
    "production_upload",
    metadata,
    keys=[Column("id", _ID)],
    fields=[
        _word("job"),
        _word("platform"),
        Column("status", String(20), nullable=False),
        Column("attempt", Integer, nullable=False),
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
    ],
)
"""Uploads; `ended_at` is when one was published or failed for good."""
Index(None, uploads.c.ended_at)
Index(None, uploads.c.job)

characters = versioned_table(
    "production_character",
    metadata,
    keys=[Column("id", _ID)],
    fields=[
        _text("name"),
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
    keys=[Column("id", _ID)],
    fields=[Column("enabled", Boolean, nullable=False), Column("daily_cap", Integer)],
)

reported_credits = versioned_table(
    "production_reported_credits", metadata, keys=[Column("id", _ID)], fields=[_text("figures")]
)
"""What the system says of its credits: a JSON object of figures as text."""

budgets = versioned_table(
    "production_budget", metadata, keys=[Column("period", String(20))], fields=[_text("figures")]
)
"""What the system says of its budgets, likewise."""

schedulers = versioned_table(
    "production_scheduler", metadata, keys=[Column("id", _ID)], fields=[_text("state")]
)

schedule_entries = versioned_table(
    "production_schedule_entry",
    metadata,
    keys=[Column("id", _ID)],
    fields=[
        _text("name"),
        _text("kind"),
        _text("trigger"),
        _text("timezone"),
        Column("enabled", Boolean, nullable=False),
        Column("paused", Boolean, nullable=False),
        Column("running", Boolean, nullable=False),
        _moment("next_run"),
        _moment("last_run"),
        _text("last_result"),
        Column("last_duration_ms", BigInteger),
        Column("missed_count", Integer, nullable=False),
    ],
)

balances = versioned_table(
    "production_balance",
    metadata,
    keys=[Column("id", _ID)],
    fields=[_amount("coins", nullable=False), _amount("diamonds")],
)
"""The provider's own figures. When they were read is when the provider was last polled for them."""

tasks = versioned_table(
    "production_task",
    metadata,
    keys=[Column("id", _ID)],
    fields=[
        Column("status", String(20), nullable=False),
        _text("status_word"),
        _amount("coins"),
        _moment("created_at"),
        _text("name"),
        _text("failure"),
    ],
)
"""Tasks by the provider's account."""

conditions = versioned_table(
    "production_condition", metadata, keys=[Column("id", _ID)], fields=[_text("figures")]
)
"""What has been raised and not yet taken back, for the rules to go on from."""

ledger = Table(
    "production_ledger",
    metadata,
    Column("id", _ID, primary_key=True),
    moment_column("recorded_at"),
    moment_column("at"),
    Column("kind", String(20), nullable=False),
    _amount("credits", nullable=False),
    Column("bucket", String(20)),
    _amount("cost"),
    Column("currency", String(3)),
    _word("job"),
    _word("provider_task"),
    _text("note"),
    Column("rank", SmallInteger, nullable=False),
    Index(None, "at"),
    Index(None, "job"),
    Index(None, "provider_task", "kind"),
    sqlite_with_rowid=False,
)
"""Movements of credits, append-only and kept for good.

Of several entries of one kind for the same task of the provider's only one counts: that of the lowest
`rank` (0 was reported, 1 follows from the provider's task), and of those the one with the first id. So it
does not matter who told of it first.
"""

seen_events = Table(
    "production_seen_event",
    metadata,
    Column("id", _ID, primary_key=True),
    moment_column("recorded_at"),
    moment_column("at"),
    _word("key"),
    Column("news", String(40), nullable=False),
    Column("own", Boolean, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("event", Text),
    Index(None, "key", "at"),
    Index(None, "recorded_at"),
    sqlite_with_rowid=False,
)
"""Every event that was seen, by its id; which of them are told is decided in `telling`.

`news` is what it says of its key, `own` whether we found that ourselves; `event` is what to tell, where
that may yet become necessary.
"""

reports_taken = Table(
    "production_report_taken",
    metadata,
    Column("id", _ID, primary_key=True),
    moment_column("recorded_at"),
    Index(None, "recorded_at"),
    sqlite_with_rowid=False,
)
"""The ids of reports that were taken in, so that one sent again does nothing."""

marks = Table(
    "production_mark",
    metadata,
    Column("name", String(250), primary_key=True),
    moment_column("recorded_at"),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What the collector must not forget: how far lists were read, what is still to be asked, who refused us."""
