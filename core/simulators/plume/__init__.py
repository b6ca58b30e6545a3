"""A local stand-in of the Plume cloud, over real HTTP (plume.md): for tests and for the demo."""

from core.simulators.plume.faults import Faults
from core.simulators.plume.scenarios import SCENARIOS
from core.simulators.plume.simulator import PlumeSimulator

__all__ = ["SCENARIOS", "Faults", "PlumeSimulator"]
