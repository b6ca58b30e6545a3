"""How the tickets area lies in the store.

Tickets, clocks, solves, FAQ entries and canned answers have versions, so that the queue can be read as of
any past moment. What was said is only ever added to.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from core.store.metadata import moment_column, new_metadata
from core.store.versions import versioned_table

__all__ = [
    "canned",
    "clocks",
    "entries",
    "faq",
    "faq_views",
    "faq_votes",
    "heads",
    "metadata",
    "sequences",
    "solves",
    "tickets",
]

metadata = new_metadata()

tickets = versioned_table(
    "tickets_ticket",
    metadata,
    keys=[Column("id", String(20))],
    fields=[
        Column("requester", String(200), nullable=False),
        Column("name", String(200), nullable=False),
        Column("channel", String(40), nullable=False),
        Column("address", String(200), nullable=False),
        Column("tier", String(40), nullable=False),
        Column("subject", Text, nullable=False),
        Column("category", String(40), nullable=False),
        Column("priority", Integer, nullable=False),
        Column("status", String(20), nullable=False),
        moment_column("created_at"),
        moment_column("since"),
        Column("priority_by", String(200), nullable=False),
        Column("assignee", String(200), nullable=False),
        Column("team", String(200), nullable=False),
        Column("incident", String(40), nullable=False),
        Column("incident_critical", Boolean, nullable=False),
        moment_column("first_response_at", nullable=True),
        moment_column("solved_at", nullable=True),
        moment_column("closed_at", nullable=True),
        moment_column("reminded_at", nullable=True),
        Column("reopened", Integer, nullable=False),
        Column("follows", String(20), nullable=False),
        Column("tags", Text, nullable=False),
        Column("language", String(20), nullable=False),
    ],
)

clocks = versioned_table(
    "tickets_clock",
    metadata,
    keys=[Column("ticket", String(20)), Column("kind", String(20)), Column("number", Integer)],
    fields=[
        moment_column("start"),
        Column("target", BigInteger),
        Column("pauses", Text, nullable=False),
        Column("hours", String(80), nullable=False),
        moment_column("stopped_at", nullable=True),
        moment_column("warned_at", nullable=True),
        moment_column("breached_at", nullable=True),
        moment_column("cancelled_at", nullable=True),
    ],
)

solves = versioned_table(
    "tickets_solve",
    metadata,
    keys=[Column("ticket", String(20)), Column("number", Integer)],
    fields=[
        moment_column("at"),
        Column("by", String(200), nullable=False),
        Column("reason", String(30), nullable=False),
        Column("replies", Integer, nullable=False),
        moment_column("reopened_at", nullable=True),
        Column("stars", Integer),
        Column("comment", Text, nullable=False),
        moment_column("rated_at", nullable=True),
    ],
)

entries = Table(
    "tickets_entry",
    metadata,
    Column("ticket", String(20), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    moment_column("recorded_at"),
    moment_column("at"),
    Column("author", String(200), nullable=False),
    Column("side", String(20), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("internal", Boolean, nullable=False),
)
"""What was said about a ticket; `number` counts from one."""

heads = Table(
    "tickets_head",
    metadata,
    Column("ticket", String(20), primary_key=True),
    Column("entries", Integer, nullable=False),
)
"""One row a ticket, on which those who write to it take turns; it counts the ticket's entries."""

sequences = Table(
    "tickets_sequence",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)
"""The last number that was given to a ticket of a year, or (year 0) to an FAQ entry."""

faq = versioned_table(
    "tickets_faq",
    metadata,
    keys=[Column("id", String(20))],
    fields=[
        Column("category", String(40), nullable=False),
        Column("question", Text, nullable=False),
        Column("answer", Text, nullable=False),
        Column("tags", Text, nullable=False),
        moment_column("updated_at"),
        Column("language", String(20), nullable=False),
    ],
)

faq_votes = versioned_table(
    "tickets_faq_vote",
    metadata,
    keys=[Column("entry", String(20)), Column("voter", String(200))],
    fields=[Column("helpful", Boolean, nullable=False), moment_column("at")],
)

faq_views = Table(
    "tickets_faq_view",
    metadata,
    Column("entry", String(20), primary_key=True),
    Column("viewer", String(200), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    moment_column("recorded_at"),
    moment_column("at"),
    Column("searched", Boolean, nullable=False),
    Index(None, "recorded_at"),
)
"""That somebody read an entry on a day (counted from 1970, UTC), having `searched` for it or not."""

canned = versioned_table(
    "tickets_canned",
    metadata,
    keys=[Column("name", String(60))],
    fields=[
        Column("text", Text, nullable=False),
        Column("by", String(200), nullable=False),
        moment_column("updated_at"),
    ],
)
