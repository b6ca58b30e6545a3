"""Writing down measured figures: their series, the AI models, and the thresholds they cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.operations.model import AiModel, AppMetrics, HostReading
from core.areas.operations.rules.ai_models import LEAST_SAMPLES
from core.areas.operations.rules.metrics import WINDOW, Increase, error_rate, increase, win_rate
from core.areas.operations.store.health_tables import models
from core.areas.operations.store.keys import AI, API, DATABASE, HOST, STEP, figure_key
from core.moment import Window, to_epoch
from core.store.series import SeriesKey, SeriesSamples, read_raw, write_many
from core.store.store import Transaction
from core.store.versions import record

__all__ = ["Figure", "app_figures", "host_figures", "record_figures", "record_models"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value of one subject; absent where it could not be reckoned."""

    subject: str
    name: str
    value: float | None
    unit: str = ""

    @property
    def key(self) -> SeriesKey:
        return figure_key(self.subject, self.name)


def host_figures(reading: HostReading) -> list[Figure]:
    """This machine's figures."""
    figures = [
        Figure(HOST, "cpu_percent", reading.cpu, "%"),
        Figure(HOST, "memory_percent", reading.memory, "%"),
        Figure(HOST, "memory_available", float(reading.memory_available), "B"),
        Figure(HOST, "net_in", reading.net_in, "B/s"),
        Figure(HOST, "net_out", reading.net_out, "B/s"),
    ]
    for disk in reading.disks:
        figures.append(Figure(disk.mount, "disk_percent", disk.percent, "%"))
        figures.append(Figure(disk.mount, "disk_free", float(disk.free), "B"))
    return figures


async def app_figures(connection: AsyncConnection, metrics: AppMetrics, at: datetime) -> list[Figure]:
    """The application's figures; rates are of its counters over the last five minutes."""
    requests = await _increase(connection, "requests_total", metrics.requests, at)
    errors = await _increase(connection, "errors_total", metrics.errors, at)
    figures = [
        Figure(API, "requests_total", metrics.requests),
        Figure(API, "errors_total", metrics.errors),
        Figure(API, "api_requests_rate", None if requests is None else requests.per_minute, "1/min"),
        Figure(API, "error_rate", error_rate(requests, errors), "%"),
        Figure(API, "api_latency_p50", metrics.latency_p50, "ms"),
        Figure(API, "api_latency_p95", metrics.latency_p95, "ms"),
        Figure(API, "api_latency_p99", metrics.latency_p99, "ms"),
        Figure(API, "active_users", _as_float(metrics.active_users)),
        Figure(API, "queue_depth", _as_float(metrics.queue_depth)),
        Figure(DATABASE, "database_cpu_percent", metrics.database_cpu, "%"),
        Figure(AI, "active_signals", _as_float(metrics.active_signals)),
        Figure(AI, "ai_win_rate", win_rate(metrics.wins, metrics.losses), "%"),
        Figure(AI, "ai_decided", _decided(metrics)),
    ]
    for model in metrics.models:
        figures += _model_figures(model)
    return figures


def _model_figures(model: AiModel) -> list[Figure]:
    """A model's figures. An accuracy of too few cases is left out, so that no alert goes by it."""
    enough = model.samples is None or model.samples >= LEAST_SAMPLES
    last = model.last_inference_at
    return [
        Figure(model.name, "ai_accuracy", model.accuracy if enough else None, "%"),
        Figure(model.name, "ai_inference_p95", model.inference_p95, "ms"),
        Figure(model.name, "ai_last_inference", None if last is None else last.timestamp(), "s"),
    ]


async def record_figures(transaction: Transaction, figures: Sequence[Figure], at: datetime) -> None:
    """Write a sample of each; one that could not be reckoned leaves a gap."""
    time = to_epoch(at)
    await write_many(
        transaction, [SeriesSamples(each.key, [(time, each.value)], STEP, each.unit) for each in figures]
    )


async def record_models(transaction: Transaction, found: Sequence[AiModel]) -> None:
    """Record what the AI models are doing; those no longer told of are gone."""
    rows: list[Mapping[str, object]] = [
        {
            "name": model.name,
            "state": model.state.value,
            "enabled": model.enabled,
            "period": None if model.period is None else model.period.total_seconds(),
        }
        for model in found
    ]
    await record(transaction, models, rows, scope={})


async def _increase(
    connection: AsyncConnection, name: str, value: float | None, at: datetime
) -> Increase | None:
    """By how much a counter grew in the last five minutes, this look included."""
    if value is None:
        return None
    window = Window(at - WINDOW - timedelta(seconds=STEP // 2), at)
    known = await read_raw(connection, figure_key(API, name), window, at)
    return increase([*known, (to_epoch(at), value)])


def _decided(metrics: AppMetrics) -> float | None:
    if metrics.wins is None or metrics.losses is None:
        return None
    return float(metrics.wins + metrics.losses)


def _as_float(count: int | None) -> float | None:
    return None if count is None else float(count)
