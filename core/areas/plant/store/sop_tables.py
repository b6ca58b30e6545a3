"""How failure tickets of procedures and the reports on them lie in the store; both have versions."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Text

from core.areas.plant.store.metadata import metadata
from core.store.metadata import moment_column
from core.store.versions import versioned_table

__all__ = ["reports", "sops"]

sops = versioned_table(
    "plant_sop",
    metadata,
    keys=[Column("number", String(40))],
    fields=[
        Column("reference", String(40), nullable=False),
        Column("description", Text, nullable=False),
        Column("charged", String(20), nullable=False),
        Column("charging", String(20), nullable=False),
        Column("reported_by", String(200), nullable=False),
        moment_column("reported_at"),
        moment_column("since"),
        Column("failure", String(20), nullable=False),
        Column("impact", Text, nullable=False),
        Column("priority", String(10), nullable=False),
        Column("state", String(20), nullable=False),
        Column("assignee", String(200), nullable=False),
        Column("rejection", Text, nullable=False),
        Column("rejected_by", String(200), nullable=False),
        Column("reassignment", Text, nullable=False),
        Column("decision", String(10)),
        Column("decided_by", String(200), nullable=False),
        Column("decision_reason", Text, nullable=False),
        Column("escalations", Integer, nullable=False),
        moment_column("escalated_at", nullable=True),
        moment_column("closed_at", nullable=True),
    ],
)

reports = versioned_table(
    "plant_ncr",
    metadata,
    keys=[Column("ticket", String(40))],
    fields=[
        Column("root_cause", Text, nullable=False),
        Column("corrective", Text, nullable=False),
        Column("preventive", Text, nullable=False),
        Column("submitted_by", String(200), nullable=False),
        moment_column("submitted_at"),
        Column("state", String(20), nullable=False),
        Column("verified_by", String(200), nullable=False),
        moment_column("verified_at", nullable=True),
        Column("effectiveness", Text, nullable=False),
        Column("follow_up", Text, nullable=False),
    ],
)
"""One report for each ticket, by the ticket's number."""
