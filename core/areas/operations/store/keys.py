"""The names of the series that health and the monitor write, and how far apart their samples are."""

from __future__ import annotations

from core.store.series import SeriesKey

__all__ = [
    "AI",
    "API",
    "AREA",
    "DATABASE",
    "FAILURES",
    "HOST",
    "LATENCY",
    "OBSERVED",
    "STEP",
    "component_key",
    "figure_key",
]

AREA = "operations"

STEP = 60
"""Seconds between two samples where none is missing."""

FAILURES = "failures"
"""How many probes of a component in a row did not pass; a sample for each probe."""

LATENCY = "latency_ms"
OBSERVED = "observed"

HOST, API, AI, DATABASE = "host", "api", "ai", "database"
"""The subjects of figures; those of disks are their mounts, those of models their names."""


def component_key(component: str, name: str) -> SeriesKey:
    """A series of a health check."""
    return SeriesKey(AREA, f"check:{component}", name)


def figure_key(subject: str, name: str) -> SeriesKey:
    """A series of the monitor."""
    return SeriesKey(AREA, subject, name)
