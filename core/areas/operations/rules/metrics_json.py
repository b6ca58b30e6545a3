"""Reading the application's metrics as JSON. Whatever it doesn't tell may be left out.

    {
      "requests_total": 81233, "errors_total": 14,
      "latency_ms": {"p50": 31, "p95": 84, "p99": 140},
      "signals": {"active": 12, "wins": 60, "losses": 11},
      "active_users": 48, "queue_depth": 3, "database_cpu_percent": 22.5,
      "models": [{"name": "neural", "state": "active", "enabled": true, "period_seconds": 60,
                  "last_inference_at": "2026-01-31T17:00:00Z", "inference_p95_ms": 41,
                  "accuracy_percent": 97.2, "samples": 412}]
    }

`signals` may also be the signals themselves: [{"state": "open"}, {"state": "closed", "outcome": "win",
"closed_at": "…"}], of which those closed within the window are counted here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from core.areas.operations.model import AiModel, AppMetrics, ModelState
from core.areas.operations.rules.metrics import Signal, counted_signals
from core.moment import from_epoch, parse_moment
from core.text import cell

__all__ = ["read_json"]

_MOST = 200


def read_json(document: object, now: datetime, window: timedelta) -> AppMetrics:
    """The metrics in the document.

    Raises:
        ValueError: it is no object.
    """
    if not isinstance(document, dict):
        raise ValueError("the metrics are no JSON object")
    found = cast("dict[str, object]", document)
    latency = _table(found.get("latency_ms"))
    active, wins, losses = _signals(found.get("signals"), now, window)
    return AppMetrics(
        requests=_number(found.get("requests_total")),
        errors=_number(found.get("errors_total")),
        latency_p50=_number(latency.get("p50")),
        latency_p95=_number(latency.get("p95")),
        latency_p99=_number(latency.get("p99")),
        active_signals=active,
        wins=wins,
        losses=losses,
        active_users=_count(found.get("active_users")),
        queue_depth=_count(found.get("queue_depth")),
        database_cpu=_number(found.get("database_cpu_percent")),
        models=_models(found.get("models")),
    )


def _signals(value: object, now: datetime, window: timedelta) -> tuple[int | None, int | None, int | None]:
    if isinstance(value, list):
        tables = [_table(each) for each in cast("list[object]", value)]
        return counted_signals([_signal(each) for each in tables], now, window)
    counts = _table(value)
    return _count(counts.get("active")), _count(counts.get("wins")), _count(counts.get("losses"))


def _signal(table: Mapping[str, object]) -> Signal:
    closed = _moment(table.get("closed_at"))
    return Signal(table.get("state") == "open", cell(table.get("outcome"), 20), closed)


def _models(value: object) -> tuple[AiModel, ...]:
    if not isinstance(value, list):
        return ()
    tables = [_table(each) for each in cast("list[object]", value)[:_MOST]]
    return tuple(_model(each) for each in tables if cell(each.get("name"), 128))


def _model(table: Mapping[str, object]) -> AiModel:
    period = _number(table.get("period_seconds"))
    word = cell(table.get("state"), 20)
    known = {state.value: state for state in ModelState}
    return AiModel(
        name=cell(table.get("name"), 128),
        state=known.get(word, ModelState.ERROR),
        enabled=table.get("enabled") is not False,
        last_inference_at=_moment(table.get("last_inference_at")),
        period=timedelta(seconds=period) if period else None,
        inference_p95=_number(table.get("inference_p95_ms")),
        accuracy=_number(table.get("accuracy_percent")),
        samples=_count(table.get("samples")),
    )


def _table(value: object) -> Mapping[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _number(value: object) -> float | None:
    """The number, if it is one and not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _count(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _moment(value: object) -> datetime | None:
    try:
        if isinstance(value, str):
            return parse_moment(value)
        number = _number(value)
        return None if number is None else from_epoch(number)
    except (ValueError, OverflowError, OSError):
        return None
