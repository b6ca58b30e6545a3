"""A local stand-in of the web application: its health address and its metrics (operations.md 2.2 and 3.1)."""

from core.simulators.webapp.figures import MODELS, AppFigures, counters_at, figures_at
from core.simulators.webapp.simulator import WebAppSimulator

__all__ = ["MODELS", "AppFigures", "WebAppSimulator", "counters_at", "figures_at"]
