"""What the simulated application would tell of itself at any moment: counters that never fall, and gauges."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from core.simulators.noise import spread

__all__ = ["MODELS", "AppFigures", "ModelFigures", "counters_at", "figures_at"]

_DAY = 86_400.0
_PER_SECOND, _SWING = 7.0, 3.5
"""Requests a second on average, and how much more or less than that there are over a day."""

_ORIGIN = 1_700_000_000
_ERRORS = 0.0036
_WINS = 0.83

MODELS = ("adaptive strategies", "neural predictions", "regime detection", "signal generation")
_PERIODS = (300, 60, 900, 60)


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """A model as the application tells of it; times in seconds since 1970, and milliseconds."""

    name: str
    state: str
    period: int
    last_inference: int
    inference_p95: float
    accuracy: float
    samples: int


@dataclass(frozen=True, slots=True)
class AppFigures:
    """Everything the application tells of itself; latencies in milliseconds."""

    requests: int
    errors: int
    p50: float
    p95: float
    p99: float
    active_signals: int
    wins: int
    losses: int
    active_users: int
    queue_depth: int
    database_cpu: float
    models: tuple[ModelFigures, ...]


def figures_at(moment: datetime, seed: int) -> AppFigures:
    """The figures at the moment, the same whenever they are asked for."""
    time = moment.timestamp()
    minute = int(time) // 60
    load = 1 + (_SWING / _PER_SECOND) * math.sin(2 * math.pi * time / _DAY)
    p95 = 62 + 26 * load + spread(-6, 6, seed, "p95", minute)
    decided = 94 + int(spread(0, 9, seed, "decided", minute // 1_440))
    wins = round(decided * (_WINS + spread(-0.03, 0.03, seed, "won", minute // 1_440)))
    requests, errors = counters_at(moment)
    return AppFigures(
        requests=requests,
        errors=errors,
        p50=p95 * 0.42,
        p95=p95,
        p99=p95 * 1.7,
        active_signals=9 + int(spread(0, 7, seed, "signals", minute // 30)),
        wins=wins,
        losses=decided - wins,
        active_users=int(140 * load + spread(0, 12, seed, "users", minute)),
        queue_depth=int(spread(0, 4, seed, "queue", minute)),
        database_cpu=18 + 14 * load + spread(-2, 2, seed, "database", minute),
        models=tuple(_model(index, int(time), seed) for index in range(len(MODELS))),
    )


def counters_at(moment: datetime) -> tuple[int, int]:
    """The requests and the errors counted by the moment."""
    requests = _requests(moment.timestamp())
    return requests, int(requests * _ERRORS)


def _requests(time: float) -> int:
    """How many requests there were since the application started: the day's curve, summed up."""
    wave = _DAY / (2 * math.pi) * (1 - math.cos(2 * math.pi * time / _DAY))
    return int(_PER_SECOND * (time - _ORIGIN) + _SWING * wave)


def _model(index: int, time: int, seed: int) -> ModelFigures:
    name, period = MODELS[index], _PERIODS[index]
    return ModelFigures(
        name=name,
        state="active",
        period=period,
        last_inference=time // period * period,
        inference_p95=33 + 5 * index + spread(0, 4, seed, name, time // 60),
        accuracy=96.2 + 0.4 * index + spread(-0.3, 0.3, seed, name, "accuracy", time // 3_600),
        samples=220 + 40 * index,
    )
