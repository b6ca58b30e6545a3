"""The application's metrics source: one line to it, for the monitor and for the check of the AI models."""

from __future__ import annotations

from datetime import timedelta

from core.area import Services
from core.areas.operations.client.asking import Line, failure_finding
from core.areas.operations.client.metrics import read_metrics
from core.areas.operations.model import AppMetrics, Finding
from core.areas.operations.rules.ai_models import models_finding
from core.areas.operations.settings import OperationsSettings
from core.errors import UpstreamError
from core.message import _

__all__ = ["METRICS", "ask_for_metrics", "look_at_models"]

METRICS = "metrics"
"""The source under which looks at the metrics are on record; it has one subject, the empty one."""

_LIMIT = 5.0


async def ask_for_metrics(services: Services) -> AppMetrics:
    """What the application tells of itself now.

    Raises:
        UpstreamError: it can't be had.
    """
    settings = services.settings.of(OperationsSettings)
    address, token = str(settings.metrics_url or ""), settings.metrics_token.get_secret_value()

    def make() -> Line:
        return Line(
            address,
            service=_("the metrics source"),
            setting="MONITOR_METRICS_URL",
            politeness=services.politeness,
            clock=services.clock,
            limit=_LIMIT,
            headers={"Authorization": f"Bearer {token}"} if token else None,
        )

    line = await services.connections.get("operations.metrics", (address, token), make)
    return await read_metrics(line, services.clock.now(), timedelta(days=settings.win_rate_days))


async def look_at_models(services: Services) -> Finding:
    """How the AI models are, by their own account."""
    try:
        metrics = await ask_for_metrics(services)
    except UpstreamError as error:
        return failure_finding(error)
    return models_finding(metrics.models, services.clock.now())
