"""Every table of the operations area, for those who need them all: the migrations' comparison."""

from __future__ import annotations

from core.areas.operations.store import checklists, components, health_tables, maintenance
from core.areas.operations.store.metadata import metadata

__all__ = ["checklists", "components", "health_tables", "maintenance", "metadata"]
