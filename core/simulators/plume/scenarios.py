"""The scenarios by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from core.simulators.plume.contract import contract_world
from core.simulators.plume.demo import demo_world
from core.simulators.plume.vectors import vector_world
from core.simulators.plume.world import World

__all__ = ["SCENARIOS", "ScenarioBuilder"]

ScenarioBuilder = Callable[[int, float], World]
"""Makes a world out of a seed and the moment (epoch s) at which it begins."""

SCENARIOS: Mapping[str, ScenarioBuilder] = MappingProxyType(
    {"contract": contract_world, "vectors": vector_world, "demo": demo_world}
)
"""What `PlumeSimulator(scenario=…)` accepts."""
