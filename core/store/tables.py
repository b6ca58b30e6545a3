"""The store's own tables; what areas keep beside them they declare in their own `tables.py`.

Moments are microseconds since 1970 UTC, times of samples are seconds. Each module beside this one knows
its own tables best; they are declared together here because migrations compare them as a whole.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from core.store.metadata import DOUBLE, moment_column, new_metadata
from core.store.versions import versioned_table

__all__ = [
    "AUDIT",
    "AUDIT_CHECKPOINT",
    "CREDENTIAL",
    "EVENT",
    "LOG_HEAD",
    "METADATA",
    "POLL",
    "PREFERENCE",
    "ROLLUP",
    "SAMPLE",
    "SAMPLE_VERSION",
    "SCHEMA_MARK",
    "SERIES",
    "SOURCE",
    "WRITTEN_ONCE",
]

METADATA = new_metadata()

_NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""A number the store hands out itself; SQLite keeps the row under it without a second index."""


def _number(name: str) -> Column[int]:
    return Column(name, _NUMBER, primary_key=True, autoincrement=False)


SCHEMA_MARK = Table(
    "schema_mark",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revisions", Text, nullable=False),
)
"""One row: the ids of the migrations this database has been through, sorted, one a line."""

LOG_HEAD = Table(
    "log_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("event", BigInteger, nullable=False),
    Column("poll", BigInteger, nullable=False),
    Column("audit", BigInteger, nullable=False),
    Column("audit_tag", String(64), nullable=False),
    moment_column("recorded_at"),
)
"""One row: the last number of each numbered log, the last audit tag, and the newest recorded moment.

Every write transaction updates it last and so ends in the order of its numbers.
"""

EVENT = Table(
    "event",
    METADATA,
    _number("number"),
    moment_column("recorded_at"),
    moment_column("at"),
    Column("kind", String(100), nullable=False),
    Column("area", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("key", String(300), unique=True),
    Index(None, "at"),
    Index(None, "area", "at"),
    Index(None, "subject", "at"),
)

AUDIT = Table(
    "audit",
    METADATA,
    _number("number"),
    moment_column("recorded_at"),
    Column("who", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("address", String(200), nullable=False),
    Column("action", String(100), nullable=False),
    Column("target", String(300), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("result", String(300), nullable=False),
    Column("tag", String(64), nullable=False),
)
"""The audit log; triggers forbid changing a row, and removing one that no checkpoint covers."""

AUDIT_CHECKPOINT = Table(
    "audit_checkpoint",
    METADATA,
    _number("number"),
    moment_column("recorded_at"),
    Column("tag", String(64), nullable=False),
    Column("seal", String(64), nullable=False),
)
"""Where old audit rows were pruned: the number and tag of the last one, sealed with the audit key."""

SOURCE = Table(
    "source",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(100), nullable=False),
    Column("subject", String(200), nullable=False),
    UniqueConstraint("name", "subject"),
)

POLL = Table(
    "poll",
    METADATA,
    _number("number"),
    Column("source", Integer, nullable=False),
    moment_column("recorded_at"),
    moment_column("started_at"),
    Column("good", Boolean, nullable=False),
    Column("reason", Text),
    moment_column("next_try", nullable=True),
    Index(None, "source", "good", "recorded_at"),
)

SERIES = Table(
    "series",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("area", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("name", String(100), nullable=False),
    Column("step", Integer, nullable=False),
    Column("unit", String(20), nullable=False),
    Column("raw_since", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    UniqueConstraint("area", "subject", "name"),
)
"""What each series is of, when it last changed, and since when its samples are kept (both in seconds).

Samples before `raw_since` live on in roll-ups only. Whoever reads as of `changed_at` or later need not ask
of each sample when it became known.
"""

SAMPLE = Table(
    "sample",
    METADATA,
    Column("series", Integer, primary_key=True, autoincrement=False),
    Column("time", BigInteger, primary_key=True, autoincrement=False),
    Column("value", DOUBLE),
    Column("known_after", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The newest value of each sample, null where the source said that there is none.

`known_after` is how many seconds after `time` it was recorded.
"""

SAMPLE_VERSION = Table(
    "sample_version",
    METADATA,
    Column("series", Integer, primary_key=True, autoincrement=False),
    Column("time", BigInteger, primary_key=True, autoincrement=False),
    Column("known_after", Integer, primary_key=True, autoincrement=False),
    Column("value", DOUBLE),
    sqlite_with_rowid=False,
)
"""The values that later ones took the place of."""

ROLLUP = Table(
    "rollup",
    METADATA,
    Column("series", Integer, primary_key=True, autoincrement=False),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("time", BigInteger, primary_key=True, autoincrement=False),
    Column("low", DOUBLE),
    Column("high", DOUBLE),
    Column("total", DOUBLE),
    Column("count", Integer, nullable=False),
    Column("settled_after", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The samples of each bucket of `step` seconds summed up; null and 0 where none has a value.

`settled_after` is how many seconds after `time` the last of its samples became known.
"""

PREFERENCE = versioned_table(
    "preference",
    METADATA,
    [Column("person", String(200)), Column("name", String(100))],
    [Column("value", Text)],
)

CREDENTIAL = versioned_table(
    "credential", METADATA, [Column("name", String(200))], [Column("ciphertext", Text)]
)

WRITTEN_ONCE = Table(
    "written_once",
    METADATA,
    Column("key", String(300), primary_key=True),
    moment_column("recorded_at"),
    Column("page", Text, nullable=False),
)
"""Idempotency keys of writes that were done, with the page that answered each."""
