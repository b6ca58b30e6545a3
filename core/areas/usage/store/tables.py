"""How the usage area lies in the store (taara.md 6).

`data_usage_records` and `api_logs` are the truth of this area. They carry the names and types that existing
tools read, and more columns after those, and are the only tables of an area whose names don't begin with
its own. Their moments are UTC without saying so, in whole seconds, on SQLite and PostgreSQL alike; when a
row became known is in `recorded_at`, exact to the microsecond. The charts' time series
(`core.store.series`) are derived from them in the same transaction, under the names given here.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

from core.store.metadata import moment_column, new_metadata
from core.store.series import SeriesKey
from core.store.versions import versioned_table

__all__ = [
    "STEP",
    "accounts",
    "answers",
    "balance_key",
    "calls",
    "collector_states",
    "consumed_key",
    "from_timestamp",
    "gap_key",
    "metadata",
    "meters",
    "polls",
    "purchases",
    "records",
    "to_timestamp",
]

STEP = 900
"""Seconds between two samples of the series, where none is missing."""

metadata = new_metadata()

TIMESTAMP: TypeEngine[datetime] = DateTime().with_variant(
    sqlite.DATETIME(truncate_microseconds=True), "sqlite"
)
"""A moment in UTC that doesn't say so; as text on SQLite, without a fraction, so that it sorts."""

_FLOAT: TypeEngine[float] = Float()

accounts = versioned_table(
    "usage_account",
    metadata,
    keys=[Column("name", String(80))],
    fields=[
        Column("phone", Text, nullable=False),
        Column("subscriber", String(64), nullable=False),
    ],
)
"""Every account that is watched or was imported; `subscriber` is the first fingerprint, empty until known."""

polls = Table(
    "usage_poll",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", String(80), nullable=False),
    Column("timestamp", TIMESTAMP, nullable=False),
    moment_column("recorded_at"),
    Column("subscriber", String(64), nullable=False),
    Column("imported", Boolean, nullable=False),
    Column("warnings", Text),
    UniqueConstraint("account", "timestamp"),
)
"""Every good poll, also one that showed no plan; an account has one at most in any second."""

records = Table(
    "data_usage_records",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("timestamp", TIMESTAMP, nullable=False),
    Column("subscriber_id", String, nullable=False),
    Column("plan_name", String, nullable=False),
    Column("plan_id", String, nullable=False),
    Column("remaining_balance_gb", _FLOAT),
    Column("remaining_balance_bytes", BigInteger),
    Column("total_data_usage_bytes", BigInteger),
    Column("expires_in_days", Integer),
    Column("is_active", Boolean, nullable=False),
    Column("is_home_plan", Boolean, server_default=false()),
    Column("raw_response", Text),
    Column("created_at", TIMESTAMP),
    Column("account", String(80), nullable=False),
    Column("lineage", String, nullable=False),
    Column("poll_id", Integer, nullable=False),
    Column("purchase_id", String, nullable=False),
    Column("unit_basis", String(10), nullable=False),
    Column("unlimited", Boolean, nullable=False),
    Column("balance_text", Text, nullable=False),
    Column("expires_text", Text, nullable=False),
    Column("warnings", Text),
    moment_column("recorded_at"),
    Index(None, "plan_id", "timestamp"),
    Index(None, "account", "lineage", "timestamp"),
    Index(None, "poll_id"),
)
"""One row for each plan of each good poll, kept for good.

Gigabytes are of 10^9 bytes and both balances null where unknown. `total_data_usage_bytes` is the raw figure
of that name, which is what remains, trusted or not. `subscriber_id` is the fingerprint and `raw_response`
stays null: `usage_answer` has the answer, once for each poll.
"""

calls = Table(
    "api_logs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("timestamp", TIMESTAMP, nullable=False),
    Column("operation", String, nullable=False),
    Column("success", Boolean, nullable=False),
    Column("response_time_ms", Integer),
    Column("error_message", Text),
    Column("request_data", Text),
    Column("response_data", Text),
    Column("endpoint", String, nullable=False),
    Column("method", String, nullable=False),
    Column("status_code", Integer),
    Column("account", String(80), nullable=False),
    Column("reason", Text),
    moment_column("recorded_at"),
    Index(None, "account", "timestamp"),
    Index(None, "recorded_at"),
)
"""Every call to Taara, kept for `TAARA_CALL_DAYS`; nothing in it is secret.

`error_message` is English text, `reason` the same as it can be said in any language.
"""

answers = Table(
    "usage_answer",
    metadata,
    Column("poll_id", Integer, primary_key=True, autoincrement=False),
    moment_column("recorded_at"),
    Column("body", Text, nullable=False),
)
"""What Taara answered, redacted and cut to size, kept for `TAARA_RAW_DAYS`."""

purchases = versioned_table(
    "usage_purchase",
    metadata,
    keys=[Column("account", String(80)), Column("id", String(200))],
    fields=[
        Column("plan_name", Text, nullable=False),
        Column("purchased_on", String(10)),
        Column("amount", Text),
        Column("currency", String(10)),
        Column("reward", Boolean, nullable=False),
        Column("remaining_bytes", BigInteger),
    ],
)
"""The purchase history. What remains of a plan that is held at present is in its records alone, or every
poll would make a version here."""

meters = Table(
    "usage_meter",
    metadata,
    Column("account", String(80), primary_key=True),
    Column("lineage", String(200), primary_key=True),
    Column("at", TIMESTAMP, nullable=False),
    Column("balance", BigInteger, nullable=False),
    Column("expires_in_days", Integer),
    Column("purchase_id", String, nullable=False),
    Column("exact", Boolean, nullable=False),
    Column("consumed", BigInteger, nullable=False),
)
"""Where the counter of each lineage stands (`meter.py`): at present only, for the next poll to go on from."""

collector_states = Table(
    "usage_standing",
    metadata,
    Column("account", String(80), primary_key=True),
    moment_column("busy_until", nullable=True),
    moment_column("paced_until", nullable=True),
    Column("failures", Integer, nullable=False),
    Column("refused", String(64)),
    Column("alerts", Text),
)
"""How collecting stands, at present only, for every process to see (`collector_state`)."""


def balance_key(account: str, lineage: str) -> SeriesKey:
    """The series of what is left of a plan, in bytes."""
    return SeriesKey("usage", f"{account}:{lineage}", "balance")


def consumed_key(account: str, lineage: str) -> SeriesKey:
    """The series of what was used of a plan since it was first read, in bytes: a counter that only grows."""
    return SeriesKey("usage", f"{account}:{lineage}", "consumed")


def gap_key(account: str, lineage: str) -> SeriesKey:
    """The series of the pairs of readings that span a gap or are no consumption: their lengths in seconds.

    Each lies at the time of the later reading.
    """
    return SeriesKey("usage", f"{account}:{lineage}", "gap")


def to_timestamp(moment: datetime) -> datetime:
    """The stored form of a moment: UTC that doesn't say so, in whole seconds."""
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def from_timestamp(stored: datetime) -> datetime:
    """The moment of its stored form."""
    return stored.replace(tzinfo=UTC)
