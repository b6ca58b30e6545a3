"""A local stand-in of the web application: its health address and its metrics (operations.md 2.2 and 3.1)."""

from core.simulators.webapp.figures import MODELS, AppFigures, figures_at
from core.simulators.webapp.simulator import WebAppSimulator

__all__ = ["MODELS", "AppFigures", "WebAppSimulator", "figures_at"]
