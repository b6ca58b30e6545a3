"""The tables of the outbox: what is to be delivered, every try to do so, and recipients that changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, SmallInteger, String, Table, Text

from core.store.metadata import moment_column
from core.store.tables import METADATA

__all__ = ["OUTBOX", "OUTBOX_ATTEMPT", "OUTBOX_PAUSE", "OUTBOX_RECIPIENT"]

_NUMBER = BigInteger().with_variant(Integer, "sqlite")

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("dedup_key", String(700), nullable=False, unique=True),
    Column("notice", String(300), nullable=False),
    Column("cls", String(10), nullable=False),
    Column("kind", String(100), nullable=False),
    Column("area", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("event", BigInteger),
    Column("person", String(200), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("recipient", String(300), nullable=False),
    Column("language", String(20), nullable=False),
    Column("zone", String(60), nullable=False),
    Column("payload", Text, nullable=False),
    Column("wanted", Text),
    moment_column("edited_at", nullable=True),
    moment_column("created"),
    moment_column("not_before", nullable=True),
    moment_column("expires"),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("uncertain", Integer, nullable=False),
    Column("plain", Boolean, nullable=False),
    Column("possible_repeat", Boolean, nullable=False),
    moment_column("next_attempt", nullable=True),
    Column("lease_by", String(500)),
    moment_column("lease_until", nullable=True),
    Column("folded_into", BigInteger),
    Column("provider_id", String(300)),
    Column("error_class", String(10)),
    Column("error_text", Text),
    moment_column("settled_at", nullable=True),
    Index(None, "state", "channel"),
    Index(None, "channel", "recipient", "subject"),
    Index(None, "subject", "state"),
    Index(None, "folded_into"),
    Index(None, "created"),
    Index(None, "notice"),
    sqlite_autoincrement=True,
)
"""One row for each notice, person and channel.

`notice` is the notice's key and `sequence` the row's place among those of its subject for its recipient.
`payload` is the encoded title, lines and reason; `wanted` what a message that was sent should say by now.
`attempts` counts every try but those answered with “too many requests”, `failures` those that failed by
the row's own fault, and `uncertain` those after which nobody knows. `plain` asks for no formatting.
`folded_into` names the row that carries this one along. Without `next_attempt` a row is due at once, and
without `not_before` nothing holds it. `settled_at` is when nothing more was to be done.
"""

OUTBOX_ATTEMPT = Table(
    "outbox_attempt",
    METADATA,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("outbox", BigInteger, nullable=False),
    Column("channel", String(40), nullable=False),
    Column("recipient", String(300), nullable=False),
    Column("sender", String(500), nullable=False),
    moment_column("started_at"),
    moment_column("ended_at", nullable=True),
    Column("repeat", Boolean, nullable=False),
    Column("outcome", String(12)),
    Column("error_text", Text),
    Column("provider_id", String(300)),
    Index(None, "outbox"),
    Index(None, "started_at"),
    sqlite_autoincrement=True,
)
"""Every try to deliver a row, written down before it is made; `outcome` is empty while nobody knows."""

OUTBOX_RECIPIENT = Table(
    "outbox_recipient",
    METADATA,
    Column("channel", String(40), primary_key=True),
    Column("recipient", String(300), primary_key=True),
    Column("moved_to", String(300)),
    Column("gone", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    moment_column("changed_at"),
)
"""Recipients that have moved to another address, or that nothing can be delivered to any more."""

OUTBOX_PAUSE = Table(
    "outbox_pause",
    METADATA,
    Column("name", String(400), primary_key=True),
    moment_column("until"),
)
"""Recipients and lines that a provider asked us to leave alone, by their names in `lines`."""
