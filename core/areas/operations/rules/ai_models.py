"""What the AI models' own account says of them together (operations.md 2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.areas.operations.model import AiModel, Finding, HealthStatus, ModelState, Reason
from core.message import Message, _
from core.units import Quantity, Unit

__all__ = ["LEAST_SAMPLES", "is_stale", "models_finding", "shown_state"]

LEAST_SAMPLES = 30
"""Below so many closed cases an accuracy says too little to warn by (operations.md 3.2)."""

_SLOW = 100.0
_INACCURATE = 95.0
_PERIODS = 2


def is_stale(model: AiModel, now: datetime) -> bool:
    """Whether its last inference is older than twice its period."""
    if model.period is None or model.last_inference_at is None:
        return False
    return now - model.last_inference_at > _PERIODS * model.period


def shown_state(model: AiModel, now: datetime) -> ModelState:
    """What the model is doing: stale when it says it is active but hasn't inferred for long."""
    if model.state is ModelState.ACTIVE and is_stale(model, now):
        return ModelState.STALE
    return model.state


def models_finding(models: Sequence[AiModel], now: datetime) -> Finding:
    """The worst that can be said of the enabled models; failures before warnings."""
    enabled = [model for model in models if model.enabled]
    if not enabled:
        return Finding(HealthStatus.UNKNOWN, Reason.NO_ANSWER_YET, _("The metrics tell of no enabled model."))
    for model in enabled:
        state = shown_state(model, now)
        if state is ModelState.ERROR:
            return _fail(Reason.MODEL_NOT_LOADED, _("The model {name} is not loaded.", name=model.name))
        if state is ModelState.STALE:
            return _fail(
                Reason.MODEL_STALE,
                _("The model {name} has not inferred for more than two of its periods.", name=model.name),
            )
    for model in enabled:
        warning = _warning(model)
        if warning is not None:
            return warning
    return Finding(HealthStatus.PASS, value=float(len(enabled)))


def _warning(model: AiModel) -> Finding | None:
    if model.state in (ModelState.TRAINING, ModelState.PAUSED):
        word = _("is training") if model.state is ModelState.TRAINING else _("is paused")
        return _warn(Reason.MODEL_BUSY, _("The model {name} {word}.", name=model.name, word=word))
    if model.inference_p95 is not None and model.inference_p95 > _SLOW:
        took = Quantity(model.inference_p95, Unit.MILLISECOND, 0)
        output = _("The model {name} takes {took} (95th percentile).", name=model.name, took=took)
        return _warn(Reason.SLOW, output)
    enough = model.samples is None or model.samples >= LEAST_SAMPLES
    if model.accuracy is not None and enough and model.accuracy < _INACCURATE:
        share = Quantity(model.accuracy, Unit.PERCENT, 1)
        output = _("The model {name} is right in {share} of cases.", name=model.name, share=share)
        return _warn(Reason.LOW_ACCURACY, output)
    return None


def _warn(reason: Reason, output: Message) -> Finding:
    return Finding(HealthStatus.WARN, reason, output)


def _fail(reason: Reason, output: Message) -> Finding:
    return Finding(HealthStatus.FAIL, reason, output)
