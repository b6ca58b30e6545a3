"""The web application simulator: `/health`, and its metrics as JSON and in the Prometheus text format."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from core.moment import Clock
from core.simulators.webapp.figures import AppFigures, ModelFigures, figures_at

__all__ = ["WebAppSimulator"]


class WebAppSimulator:
    """An application that answers.

    `status` is what its health address answers, `metrics_status` what its metrics do. `broken_models` are the
    names of those that aren't loaded, `training_models` of those that are in training.
    """

    def __init__(self, clock: Clock, *, seed: int = 7) -> None:
        self.status = 200
        self.metrics_status = 200
        self.broken_models: set[str] = set()
        self.training_models: set[str] = set()
        self.clock = clock
        self._seed = seed
        self.app: ASGIApp = Starlette(
            routes=[
                Route("/health", self._health),
                Route("/metrics.json", self._json),
                Route("/metrics", self._prometheus),
            ]
        )

    def figures(self, moment: datetime) -> AppFigures:
        """What it tells of itself at the moment."""
        return figures_at(moment, self._seed)

    def _health(self, _request: Request) -> Response:
        good = self.status == 200
        return JSONResponse(
            {"status": "pass" if good else "fail"}, self.status, media_type="application/health+json"
        )

    def _json(self, _request: Request) -> Response:
        found = self.figures(self.clock.now())
        body = {
            "requests_total": found.requests,
            "errors_total": found.errors,
            "latency_ms": {"p50": found.p50, "p95": found.p95, "p99": found.p99},
            "signals": {"active": found.active_signals, "wins": found.wins, "losses": found.losses},
            "active_users": found.active_users,
            "queue_depth": found.queue_depth,
            "database_cpu_percent": found.database_cpu,
            "models": [self._model(model) for model in found.models],
        }
        return JSONResponse(body, self.metrics_status)

    def _model(self, model: ModelFigures) -> dict[str, object]:
        last = datetime.fromtimestamp(model.last_inference, UTC)
        return {
            "name": model.name,
            "state": self._state(model),
            "enabled": True,
            "period_seconds": model.period,
            "last_inference_at": last.isoformat().replace("+00:00", "Z"),
            "inference_p95_ms": model.inference_p95,
            "accuracy_percent": model.accuracy,
            "samples": model.samples,
        }

    def _state(self, model: ModelFigures) -> str:
        if model.name in self.broken_models:
            return "error"
        return "training" if model.name in self.training_models else model.state

    def _prometheus(self, _request: Request) -> Response:
        lines = "\n".join(self._lines(self.figures(self.clock.now())))
        return PlainTextResponse(f"{lines}\n", self.metrics_status, media_type="text/plain; version=0.0.4")

    def _lines(self, found: AppFigures) -> Iterator[str]:
        yield "# HELP api_requests_total Requests answered, by status."
        yield "# TYPE api_requests_total counter"
        yield f'api_requests_total{{status="200"}} {found.requests - found.errors}'
        yield f'api_requests_total{{status="503"}} {found.errors}'
        for quantile, value in (("0.5", found.p50), ("0.95", found.p95), ("0.99", found.p99)):
            yield f'api_latency_seconds{{quantile="{quantile}"}} {value / 1_000}'
        yield f"signals_active {found.active_signals}"
        yield f'signals_closed{{outcome="win"}} {found.wins}'
        yield f'signals_closed{{outcome="loss"}} {found.losses}'
        yield f"active_users {found.active_users}"
        yield f"queue_depth {found.queue_depth}"
        yield f"database_cpu_percent {found.database_cpu}"
        for model in found.models:
            label = f'{{model="{model.name}"}}'
            yield f'ai_model_state{{model="{model.name}",state="{self._state(model)}"}} 1'
            yield f"ai_model_period_seconds{label} {model.period}"
            yield f"ai_model_last_inference_timestamp_seconds{label} {model.last_inference}"
            yield f"ai_model_inference_p95_seconds{label} {model.inference_p95 / 1_000}"
            yield f"ai_model_accuracy_percent{label} {model.accuracy}"
            yield f"ai_model_samples{label} {model.samples}"
