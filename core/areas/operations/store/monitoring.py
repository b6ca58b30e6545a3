"""Reading measured figures as they were known at a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.operations.model import AiModel, ModelState
from core.areas.operations.store.health_tables import models
from core.areas.operations.store.keys import AREA, STEP
from core.moment import from_epoch
from core.store.series import latest_of_all
from core.store.versions import as_of

__all__ = ["FIGURES", "Measured", "ai_models", "latest_figures"]

FIGURES = (
    "cpu_percent",
    "memory_percent",
    "memory_available",
    "disk_percent",
    "disk_free",
    "net_in",
    "net_out",
    "api_requests_rate",
    "error_rate",
    "api_latency_p50",
    "api_latency_p95",
    "api_latency_p99",
    "active_users",
    "queue_depth",
    "database_cpu_percent",
    "active_signals",
    "ai_win_rate",
    "ai_decided",
    "ai_accuracy",
    "ai_inference_p95",
    "ai_last_inference",
)
"""The names of every figure that is shown."""

_STALE_AFTER = timedelta(seconds=3 * STEP)


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure's newest value and when it was measured."""

    value: float
    at: datetime

    def stale(self, moment: datetime) -> bool:
        """Whether it is too old to stand for the moment."""
        return moment - self.at > _STALE_AFTER


async def latest_figures(
    connection: AsyncConnection, moment: datetime, names: Sequence[str] = FIGURES
) -> Mapping[str, Mapping[str, Measured]]:
    """By name and subject, the newest value of every figure of these names."""
    found: dict[str, Mapping[str, Measured]] = {}
    for name in names:
        newest = await latest_of_all(connection, AREA, name, moment)
        found[name] = {
            subject: Measured(value, from_epoch(time)) for subject, (time, value) in newest.items()
        }
    return found


async def ai_models(
    connection: AsyncConnection, figures: Mapping[str, Mapping[str, Measured]], moment: datetime
) -> list[AiModel]:
    """The AI models at the moment, with their newest figures."""

    def of(name: str, model: str) -> float | None:
        found = figures.get(name, {}).get(model)
        return None if found is None else found.value

    rows = await as_of(connection, models, moment)
    result: list[AiModel] = []
    for row in rows:
        last = of("ai_last_inference", row["name"])
        result.append(
            AiModel(
                name=row["name"],
                state=ModelState(row["state"]),
                enabled=row["enabled"],
                last_inference_at=None if last is None else from_epoch(last),
                period=None if row["period"] is None else timedelta(seconds=row["period"]),
                inference_p95=of("ai_inference_p95", row["name"]),
                accuracy=of("ai_accuracy", row["name"]),
            )
        )
    return result
