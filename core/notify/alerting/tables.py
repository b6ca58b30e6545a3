"""The tables of alerting: alerts, silences, blind stretches, and why each notice went where.

All but the last are versioned, so that they can be read as they were known at any past moment.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, String, Table, Text

from core.store.metadata import moment_column
from core.store.tables import METADATA
from core.store.versions import versioned_table

__all__ = ["ALERT", "ALERT_NOTICE", "BLIND", "SILENCE"]

SILENCE = versioned_table(
    "silence",
    METADATA,
    [Column("id", String(20))],
    [
        Column("matchers", Text, nullable=False),
        Column("reason", String(500), nullable=False),
        Column("author", String(200), nullable=False),
        moment_column("starts_at"),
        moment_column("ends_at"),
    ],
)

BLIND = versioned_table(
    "blind",
    METADATA,
    [Column("started_at", BigInteger)],
    [moment_column("ended_at", nullable=True)],
)
"""The stretches of time in which nothing at all could be reached, because we ourselves were cut off."""

ALERT = versioned_table(
    "alert",
    METADATA,
    [Column("id", BigInteger)],
    [
        Column("rule", String(100), nullable=False),
        Column("subject", String(200), nullable=False),
        Column("area", String(40), nullable=False),
        Column("kind", String(150), nullable=False),
        Column("group_key", String(200), nullable=False),
        Column("state", String(12), nullable=False),
        Column("severity", SmallInteger, nullable=False),
        Column("title", Text, nullable=False),
        moment_column("opened_at"),
        moment_column("last_seen"),
        Column("count", Integer, nullable=False),
        Column("event", BigInteger),
        Column("parents", Text, nullable=False),
        Column("said", SmallInteger),
        moment_column("said_at", nullable=True),
        Column("sequence", Integer, nullable=False),
        Column("step", Integer, nullable=False),
        Column("withheld", String(20), nullable=False),
        Column("withheld_by", String(310), nullable=False),
        Column("acknowledged_by", String(200), nullable=False),
        moment_column("tell_at", nullable=True),
        moment_column("repeat_at", nullable=True),
        moment_column("escalate_at", nullable=True),
        moment_column("lapse_at", nullable=True),
        moment_column("expire_at", nullable=True),
        moment_column("clear_at", nullable=True),
        moment_column("closed_at", nullable=True),
    ],
)
"""Every alert there was (`core.notify.alerting.alert.Alert`); the newest version of one is kept for good."""

Index(None, ALERT.c.state, ALERT.c.superseded_at)

ALERT_NOTICE = Table(
    "alert_notice",
    METADATA,
    Column("key", String(300), primary_key=True),
    moment_column("recorded_at"),
    Column("edge", String(12), nullable=False),
    Column("rule", String(100), nullable=False),
    Column("alert", BigInteger),
    Column("alerts", Text, nullable=False),
    Column("events", Text, nullable=False),
    Column("cls", String(10), nullable=False),
    Column("kind", String(150), nullable=False),
    Column("area", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decisions", Text, nullable=False),
    Index(None, "recorded_at"),
    Index(None, "subject", "recorded_at"),
)
"""Each notice that alerting made: the first of its `alerts`, and what was decided for every person."""
