"""The scenarios by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from core.simulators.taara.contract import contract_world
from core.simulators.taara.demo import demo_world
from core.simulators.taara.vectors import vector_world
from core.simulators.taara.world import World

__all__ = ["SCENARIOS", "ScenarioBuilder"]

ScenarioBuilder = Callable[[int, int], World]
"""Makes a world out of a seed and the moment (epoch s) at which it begins."""

SCENARIOS: Mapping[str, ScenarioBuilder] = MappingProxyType(
    {"contract": contract_world, "demo": demo_world, "vectors": vector_world}
)
"""What `TaaraSimulator(scenario=…)` accepts."""
