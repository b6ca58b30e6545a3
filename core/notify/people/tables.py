"""The tables of people: who they are, where they are reached, and what they want to hear of.

All but the phones are versioned, so that they can be read as they were known at any past moment.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, SmallInteger, String, Table, Text

from core.store.metadata import moment_column
from core.store.tables import METADATA
from core.store.versions import versioned_table

__all__ = ["PERSON", "PERSON_ADDRESS", "PHONE", "SUBSCRIPTION"]

PERSON = versioned_table(
    "person",
    METADATA,
    [Column("name", String(200))],
    [
        Column("groups", String(200), nullable=False),
        Column("language", String(20), nullable=False),
        Column("zone", String(60), nullable=False),
        Column("quiet", String(20), nullable=False),
    ],
)
"""Who is told things; `groups` by their names with commas, `quiet` as `22:00-06:00` or empty."""

PERSON_ADDRESS = versioned_table(
    "person_address",
    METADATA,
    [Column("person", String(200)), Column("channel", String(40))],
    [Column("address", String(300), nullable=False), Column("rank", Integer, nullable=False)],
)

SUBSCRIPTION = versioned_table(
    "subscription",
    METADATA,
    [Column("person", String(200)), Column("area", String(40)), Column("kind", String(100))],
    [Column("severity", SmallInteger), Column("channel", String(40), nullable=False)],
)
"""What a person wants to hear from which severity on; without one, what they don't."""

PHONE = Table(
    "phone",
    METADATA,
    Column("user", String(64), primary_key=True),
    Column("number", Text, nullable=False),
    moment_column("noted_at"),
)
"""The phones behind users (`core.notify.people.phones`). `number` is encrypted, and nowhere else: what is
deleted here has no history."""
