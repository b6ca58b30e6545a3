"""A local stand-in of Taara, over real HTTP (taara.md): for tests and for the demo."""

from core.simulators.taara.faults import Faults
from core.simulators.taara.scenarios import SCENARIOS
from core.simulators.taara.simulator import TaaraSimulator
from core.simulators.taara.vectors import VECTOR_NOW
from core.simulators.taara.world import Account, BalanceRow

__all__ = ["SCENARIOS", "VECTOR_NOW", "Account", "BalanceRow", "Faults", "TaaraSimulator"]
