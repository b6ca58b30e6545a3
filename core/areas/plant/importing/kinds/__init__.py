"""Every kind of thing that the plant imports and exports, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.areas.plant.importing.kind import Kind
from core.areas.plant.importing.kinds.bom_requests import BOM_REQUESTS
from core.areas.plant.importing.kinds.boms import BOMS
from core.areas.plant.importing.kinds.defects import REJECTS, RETURNS
from core.areas.plant.importing.kinds.machines import MACHINES, MAINTENANCE
from core.areas.plant.importing.kinds.ncrs import NCRS
from core.areas.plant.importing.kinds.orders import ITEMS, ORDERS, SCHEDULES
from core.areas.plant.importing.kinds.people import DEPARTMENTS, OPERATORS, SHIFTS
from core.areas.plant.importing.kinds.sops import SOPS

__all__ = ["KINDS"]

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        each.name: each
        for each in (
            *(DEPARTMENTS, OPERATORS, MACHINES, ORDERS, ITEMS, SCHEDULES),
            *(SHIFTS, MAINTENANCE, REJECTS, RETURNS, SOPS, NCRS, BOMS, BOM_REQUESTS),
        )
    }
)
"""In the order in which they refer to one another, which is the one to import them in."""
