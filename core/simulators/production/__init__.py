"""A local stand-in of a production system, over real HTTP (production.md): for tests and for the demo."""

from core.simulators.production.scenarios import SCENARIOS
from core.simulators.production.simulator import ProductionSimulator
from core.simulators.production.world import World

__all__ = ["SCENARIOS", "ProductionSimulator", "World"]
