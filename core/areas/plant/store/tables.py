"""All tables of the plant area, so that migrations find them in one place."""

from __future__ import annotations

from core.areas.plant.store import (
    attachment_tables,
    backend,
    bom_tables,
    defect_tables,
    filing,
    history,
    maintenance_tables,
    order_tables,
    sequences,
    sop_tables,
)
from core.areas.plant.store.metadata import metadata

__all__ = [
    "attachment_tables",
    "backend",
    "bom_tables",
    "defect_tables",
    "filing",
    "history",
    "maintenance_tables",
    "metadata",
    "order_tables",
    "sequences",
    "sop_tables",
]
