"""Reading the application's metrics in the Prometheus text format.

A sample is a line `name{label="value",…} number`. These names are looked for:

    api_requests_total{status="200"}            requests by status; those of 5xx are errors
    api_exceptions_total                        unhandled exceptions, which are errors too
    api_latency_seconds{quantile="0.95"}        0.5, 0.95 and 0.99
    signals_active, signals_closed{outcome="win"}   open signals; closed ones of the window, by outcome
    active_users, queue_depth, database_cpu_percent
    ai_model_state{model="neural",state="active"} 1
    ai_model_enabled, ai_model_period_seconds, ai_model_last_inference_timestamp_seconds,
    ai_model_inference_p95_seconds, ai_model_accuracy_percent, ai_model_samples   each with {model="…"}
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.areas.operations.model import AiModel, AppMetrics, ModelState
from core.moment import from_epoch
from core.text import cell

__all__ = ["Sample", "read_prometheus", "samples"]

_LINE = re.compile(
    r"(?P<name>[A-Za-z_:][\w:]*)(?:\{(?P<labels>(?:[^\"}]|\"(?:[^\"\\]|\\.)*\")*)\})?[ \t]+(?P<value>\S+)"
    r"(?:[ \t]+-?\d+)?[ \t]*"
)
_LABEL = re.compile(r"([A-Za-z_]\w*)[ \t]*=[ \t]*\"((?:[^\"\\]|\\.)*)\"")
_ESCAPES = {"\\n": "\n", '\\"': '"', "\\\\": "\\"}
_MOST_LINES = 50_000
_MOST_MODELS = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of the format."""

    name: str
    labels: Mapping[str, str]
    value: float


def samples(text: str) -> Iterator[Sample]:
    """The samples of the text; comments, lines that are none, and values that are no number are left out."""
    for line in text.splitlines()[:_MOST_LINES]:
        found = _LINE.fullmatch(line.strip())
        if found is None or line.lstrip().startswith("#"):
            continue
        try:
            value = float(found["value"])
        except ValueError:
            continue
        if math.isfinite(value):
            labels = {name: _unescaped(raw) for name, raw in _LABEL.findall(found["labels"] or "")}
            yield Sample(found["name"], labels, value)


def read_prometheus(text: str) -> AppMetrics:
    """The metrics in the text.

    Raises:
        ValueError: there is no sample in it at all.
    """
    by_name: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples(text):
        by_name[sample.name].append(sample)
    if not by_name:
        raise ValueError("no sample in the Prometheus format")
    requests = by_name["api_requests_total"]
    closed = by_name["signals_closed"]
    return AppMetrics(
        requests=_total(requests),
        errors=_errors(requests, by_name["api_exceptions_total"]),
        latency_p50=_quantile(by_name["api_latency_seconds"], 0.5),
        latency_p95=_quantile(by_name["api_latency_seconds"], 0.95),
        latency_p99=_quantile(by_name["api_latency_seconds"], 0.99),
        active_signals=_count(by_name["signals_active"]),
        wins=_outcomes(closed, "win"),
        losses=_outcomes(closed, "loss"),
        active_users=_count(by_name["active_users"]),
        queue_depth=_count(by_name["queue_depth"]),
        database_cpu=_total(by_name["database_cpu_percent"]),
        models=tuple(_models(by_name)),
    )


def _models(by_name: Mapping[str, Sequence[Sample]]) -> Iterable[AiModel]:
    """A model for each that says its state."""
    states = {
        each.labels.get("model", ""): each.labels.get("state", "")
        for each in by_name.get("ai_model_state", ())
        if each.value == 1
    }
    known = {state.value: state for state in ModelState}
    for name, word in list(states.items())[:_MOST_MODELS]:

        def of(metric: str, model: str = name) -> float | None:
            return _total([e for e in by_name.get(metric, ()) if e.labels.get("model") == model])

        period, last = of("ai_model_period_seconds"), of("ai_model_last_inference_timestamp_seconds")
        p95, count = of("ai_model_inference_p95_seconds"), of("ai_model_samples")
        yield AiModel(
            name=cell(name, 128),
            state=known.get(word, ModelState.ERROR),
            enabled=of("ai_model_enabled") != 0,
            last_inference_at=None if last is None or not 0 <= last < 1e11 else from_epoch(last),
            period=timedelta(seconds=period) if period and 0 < period < 1e9 else None,
            inference_p95=None if p95 is None else p95 * 1_000,
            accuracy=of("ai_model_accuracy_percent"),
            samples=None if count is None else int(count),
        )


def _errors(requests: Sequence[Sample], exceptions: Sequence[Sample]) -> float | None:
    """Answers with a 5xx and unhandled exceptions; nothing where neither is told."""
    by_status = [each for each in requests if "status" in each.labels]
    if not by_status and not exceptions:
        return None
    failed = [each for each in by_status if each.labels["status"].startswith("5")]
    return (_total(failed) or 0.0) + (_total(exceptions) or 0.0)


def _quantile(found: Sequence[Sample], wanted: float) -> float | None:
    """The quantile in milliseconds; the worst where several are told of."""
    values = [each.value * 1_000 for each in found if _as_number(each.labels.get("quantile")) == wanted]
    return max(values, default=None)


def _as_number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def _total(found: Sequence[Sample]) -> float | None:
    return sum(each.value for each in found) if found else None


def _outcomes(closed: Sequence[Sample], outcome: str) -> int | None:
    """How many closed signals had the outcome: none where only others are told, absent where none is."""
    if not closed:
        return None
    return _count([each for each in closed if each.labels.get("outcome") == outcome]) or 0


def _count(found: Sequence[Sample]) -> int | None:
    total = _total(found)
    return None if total is None else int(total)


def _unescaped(raw: str) -> str:
    return re.sub(r"\\.", lambda found: _ESCAPES.get(found[0], found[0][1:]), raw)
