"""The scenarios by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from core.simulators.production.contract import contract_company
from core.simulators.production.demo import demo_company
from core.simulators.production.scripts import Company
from core.simulators.production.vectors import vector_company

__all__ = ["SCENARIOS"]

SCENARIOS: Mapping[str, Callable[[int, datetime], Company]] = MappingProxyType(
    {"contract": contract_company, "demo": demo_company, "vectors": vector_company}
)
"""What `ProductionSimulator(scenario=…)` accepts: each makes a company of a seed and its beginning."""
