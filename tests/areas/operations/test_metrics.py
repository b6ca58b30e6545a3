"""Figures made of counters and signals, and the two formats they come in (operations.md 3.1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.operations.model import AiModel, ModelState, Reason
from core.areas.operations.model import HealthStatus as H
from core.areas.operations.rules.ai_models import models_finding, shown_state
from core.areas.operations.rules.metrics import (
    Increase,
    Signal,
    counted_signals,
    error_rate,
    increase,
    win_rate,
)
from core.areas.operations.rules.metrics_json import read_json
from core.areas.operations.rules.prometheus import read_prometheus, samples

NOW = datetime(2026, 1, 14, 17, tzinfo=UTC)
MONTH = timedelta(days=30)


def test_a_rate_is_the_increase_of_five_minutes() -> None:
    found = increase([(0, 1_000.0), (60, 1_050.0), (300, 1_500.0)])

    assert found == Increase(500.0, 300)
    assert found.per_minute == 100.0


def test_a_counter_reset_drops_that_sample() -> None:
    assert increase([(0, 1_000.0), (60, 1_060.0), (120, 10.0), (180, 70.0)]) == Increase(120.0, 120)


@pytest.mark.parametrize("known", [[], [(0, 5.0)], [(0, 5.0), (60, None)], [(0, 5.0), (60, 1.0)]])
def test_without_two_samples_there_is_no_rate(known: list[tuple[int, float | None]]) -> None:
    assert increase(known) is None


@pytest.mark.parametrize(
    ("requests", "errors", "rate"), [(19, 5, None), (20, 1, 5.0), (1_000, 0, 0.0), (100, 130, 100.0)]
)
def test_an_error_rate_needs_twenty_requests(requests: float, errors: float, rate: float | None) -> None:
    assert error_rate(Increase(requests, 300), Increase(errors, 300)) == rate


@pytest.mark.parametrize(
    ("wins", "losses", "rate"), [(0, 0, None), (None, 3, None), (3, 1, 75.0), (0, 4, 0.0)]
)
def test_a_win_rate_is_of_what_was_decided(wins: int | None, losses: int | None, rate: float | None) -> None:
    assert win_rate(wins, losses) == rate


def test_open_break_even_and_older_signals_do_not_count_as_decided() -> None:
    signals = [
        Signal(True),
        Signal(False, "win", NOW),
        Signal(False, "loss", NOW - MONTH),
        Signal(False, "break-even", NOW),
        Signal(False, "win", NOW - MONTH - timedelta(seconds=1)),
    ]

    assert counted_signals(signals, NOW, MONTH) == (1, 1, 1)


DOCUMENT = {
    "requests_total": 81_233,
    "errors_total": 14,
    "latency_ms": {"p50": 31, "p95": 84.5, "p99": 140},
    "signals": {"active": 12, "wins": 60, "losses": 11},
    "queue_depth": 3,
    "database_cpu_percent": 22.5,
    "models": [
        {
            "name": "neural",
            "state": "active",
            "period_seconds": 60,
            "last_inference_at": "2026-01-14T16:59:30Z",
            "inference_p95_ms": 41,
            "accuracy_percent": 97.2,
            "samples": 412,
        }
    ],
}

TEXT = """
# HELP api_requests_total Requests, by status.
api_requests_total{status="200",path="/a\\"b"} 81219
api_requests_total{status="503"} 10 1768410000000
api_exceptions_total 4
api_latency_seconds{quantile="0.5"} 0.031
api_latency_seconds{quantile="0.95"} 0.0845
api_latency_seconds{quantile="0.99"} 0.14
signals_active 12
signals_closed{outcome="win"} 60
signals_closed{outcome="loss"} 11
signals_closed{outcome="break-even"} 7
queue_depth 3
database_cpu_percent 22.5
ai_model_state{model="neural",state="active"} 1
ai_model_state{model="neural",state="training"} 0
ai_model_period_seconds{model="neural"} 60
ai_model_last_inference_timestamp_seconds{model="neural"} 1768409970
ai_model_inference_p95_seconds{model="neural"} 0.041
ai_model_accuracy_percent{model="neural"} 97.2
ai_model_samples{model="neural"} 412
broken{ 1
nan_value NaN
"""


def test_both_formats_tell_the_same() -> None:
    by_json, by_text = read_json(DOCUMENT, NOW, MONTH), read_prometheus(TEXT)

    assert by_json.requests == 81_233
    assert by_text.requests == 81_229
    assert by_json.errors == by_text.errors == 14
    assert (by_json.latency_p50, by_json.latency_p95, by_json.latency_p99) == (31, 84.5, 140)
    assert by_text.latency_p95 == pytest.approx(84.5)
    assert (by_json.wins, by_json.losses) == (by_text.wins, by_text.losses) == (60, 11)
    assert by_json.active_signals == by_text.active_signals == 12
    assert by_json.active_users is by_text.active_users is None
    assert by_json.models == by_text.models


def test_signals_may_be_listed_instead_of_counted() -> None:
    signals = [{"state": "open"}, {"state": "closed", "outcome": "win", "closed_at": "2026-01-10T00:00:00Z"}]

    found = read_json({"signals": signals}, NOW, MONTH)

    assert (found.active_signals, found.wins, found.losses) == (1, 1, 0)


@pytest.mark.parametrize("value", ["12", True, -1, float("nan"), float("inf"), None, [], 10**400])
def test_what_is_no_number_is_absent(value: object) -> None:
    assert read_json({"requests_total": value}, NOW, MONTH).requests is None


def test_a_text_without_samples_is_no_metrics() -> None:
    with pytest.raises(ValueError, match="no sample"):
        read_prometheus("<html>A page</html>")
    with pytest.raises(ValueError, match="no JSON object"):
        read_json([], NOW, MONTH)


Json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(DOCUMENT)), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(sorted(DOCUMENT)), Json))
def test_any_document_is_read(document: dict[str, object]) -> None:
    found = read_json(document, NOW, MONTH)

    assert found.requests is None or found.requests >= 0


@given(st.text(max_size=200))
def test_any_text_has_samples_or_none(text: str) -> None:
    assert all(each.name for each in samples(text))


@given(st.text(max_size=30))
def test_label_values_come_back_as_written(value: str) -> None:
    value = "".join(value.splitlines())
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')

    assert [each.labels for each in samples(f'a{{b="{escaped}"}} 1')] == [{"b": value}]


def model(name: str = "neural", **changes: object) -> AiModel:
    given: dict[str, object] = {
        "state": ModelState.ACTIVE,
        "last_inference_at": NOW,
        "period": timedelta(minutes=1),
        "inference_p95": 50.0,
        "accuracy": 97.0,
        "samples": 100,
    }
    return AiModel(name, **{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "outcome", "reason"),
    [
        ({}, H.PASS, None),
        ({"inference_p95": 100.0}, H.PASS, None),
        ({"inference_p95": 101.0}, H.WARN, Reason.SLOW),
        ({"accuracy": 94.9}, H.WARN, Reason.LOW_ACCURACY),
        ({"accuracy": 94.9, "samples": 29}, H.PASS, None),
        ({"state": ModelState.TRAINING}, H.WARN, Reason.MODEL_BUSY),
        ({"state": ModelState.ERROR}, H.FAIL, Reason.MODEL_NOT_LOADED),
        ({"state": ModelState.ERROR, "enabled": False}, H.UNKNOWN, Reason.NO_ANSWER_YET),
        ({"last_inference_at": NOW - timedelta(minutes=2)}, H.PASS, None),
        ({"last_inference_at": NOW - timedelta(minutes=2, seconds=1)}, H.FAIL, Reason.MODEL_STALE),
    ],
)
def test_vector_2_2_ai_models(changes: dict[str, object], outcome: H, reason: Reason | None) -> None:
    found = models_finding([model(**changes)], NOW)

    assert (found.status, found.reason) == (outcome, reason)


def test_one_broken_model_outweighs_a_slow_one() -> None:
    slow, broken = model("slow", inference_p95=400.0), model("broken", state=ModelState.ERROR)

    assert models_finding([slow, broken], NOW).reason is Reason.MODEL_NOT_LOADED


def test_an_active_model_that_has_not_inferred_is_stale() -> None:
    assert shown_state(model(last_inference_at=NOW - timedelta(hours=1)), NOW) is ModelState.STALE
