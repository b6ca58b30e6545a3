"""A local stand-in of A2E, over real HTTP (production.md 7), on the world of the production simulator."""

from core.simulators.a2e.quirks import A2EQuirks
from core.simulators.a2e.simulator import A2ESimulator, ForbiddenCall

__all__ = ["A2EQuirks", "A2ESimulator", "ForbiddenCall"]
