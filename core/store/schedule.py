"""The table of what ran on which local day, so that a daily job runs once a day and not once more."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from core.store.metadata import moment_column
from core.store.tables import METADATA

__all__ = ["JOB_RUN"]

JOB_RUN = Table(
    "job_run",
    METADATA,
    Column("job", String(200), primary_key=True),
    Column("local_date", String(10), primary_key=True),
    moment_column("started_at"),
    moment_column("finished_at", nullable=True),
    Column("outcome", String(20)),
)
"""One row for each job and local date (ISO 8601, in the zone the engine schedules in) it began on.

`outcome` is the name of a `core.engine.runs.RunOutcome`; with `finished_at` it is null while the job
runs, and where it was cut off.
"""
