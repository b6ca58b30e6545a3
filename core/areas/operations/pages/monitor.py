"""The monitor: the host, the API and the AI in figures, each with its age and source (operations.md 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from core.area import Request
from core.areas.operations.model import AiModel, ModelState
from core.areas.operations.pages.figures import Figures, figure_rows
from core.areas.operations.pages.monitor_charts import app_charts, host_charts
from core.areas.operations.pages.spans import SPANS
from core.areas.operations.rules.ai_models import shown_state
from core.areas.operations.rules.thresholds import thresholds_of
from core.areas.operations.settings import OperationsSettings
from core.areas.operations.store.keys import HOST, STEP
from core.areas.operations.store.monitoring import Measured, ai_models, latest_figures
from core.areas.operations.store.watches import CrossedLine, crossed_lines
from core.message import _
from core.notify.rules import load_rules
from core.page import (
    Action,
    Block,
    Column,
    Freshness,
    Kind,
    Note,
    Page,
    Place,
    Row,
    SourceState,
    Timeline,
    TimelineEntry,
)
from core.staleness import Keeping, past_notes
from core.store import events
from core.store.polls import health
from core.tabulate import tabulate
from core.units import Absent, Instant, Quantity, Severity, State, Unit, quantity

__all__ = ["crossed_notes", "host_state", "monitor_page"]

_INTERVAL = timedelta(seconds=STEP)
_ALERTS_SHOWN = 8


async def monitor_page(request: Request) -> Page:
    """Every figure that is measured, those that aren't with the reason, and their history."""
    moment, span = request.moment, SPANS[request.text("span") or "24h"]
    settings = request.services.settings.of(OperationsSettings)
    limits = thresholds_of(load_rules(request.services.settings.folders))
    async with request.services.store.reading() as connection:
        known = await latest_figures(connection, moment)
        crossed = await crossed_lines(connection, limits, moment)
        models = await ai_models(connection, known, moment)
        metrics = await health(connection, "metrics", "", moment, _INTERVAL)
        figures = Figures(
            known,
            limits,
            crossed,
            metrics,
            moment,
            configured=settings.metrics_url is not None or _was_asked(metrics),
        )
        charts = await host_charts(connection, span, limits, moment, sorted(known["disk_percent"]))
        if figures.configured:
            charts += await app_charts(connection, span, limits, moment)
        alerts = await events.recent(connection, at=moment, area="alerts", limit=_ALERTS_SHOWN)
    source = host_state(known, request)
    entries = tuple(TimelineEntry.of(each) for each in alerts)
    blocks: list[Block] = [
        *past_notes(request, source, Keeping.SAMPLES),
        *crossed_notes(crossed),
        figure_rows(figures, request.query),
        *_model_table(models, request),
        *charts,
        Timeline("alerts", _("Recent alerts"), entries, _("There was no alert yet."), Place.SIDE),
    ]
    return Page(
        key=f"monitor:{span.value}",
        title=_("Monitor"),
        crumb=span.label,
        verdict=_verdict(crossed, source),
        blocks=tuple(blocks),
        actions=(
            Action("health", _("Health")),
            *(
                Action("monitor", each.label, (("span", each.value),))
                for each in SPANS.values()
                if each is not span
            ),
        ),
        as_of=source.last_good,
        source_state=source,
    )


def host_state(known: Mapping[str, Mapping[str, Measured]], request: Request) -> SourceState:
    """How fresh the host's figures are; they come with every look."""
    found = known["memory_percent"].get(HOST)
    if found is None:
        return SourceState(Freshness.NEVER)
    age = request.moment - found.at
    freshness = Freshness.LIVE
    if age > 3 * _INTERVAL:
        freshness = Freshness.UNKNOWN
    elif age > 2 * _INTERVAL:
        freshness = Freshness.STALE
    return SourceState(freshness, found.at)


def crossed_notes(crossed: Sequence[CrossedLine]) -> list[Note]:
    """A remark for each line that counts as crossed."""
    notes: list[Note] = []
    for each in crossed:
        given: dict[str, object] = {
            "figure": each.threshold.title,
            "subject": each.subject,
            "line": Quantity(each.line.value, each.threshold.unit, 0),
            "since": Instant(each.since),
        }
        if each.threshold.below:
            text = _("{figure} ({subject}) has been below {line} since {since}.", **given)
        else:
            text = _("{figure} ({subject}) has been above {line} since {since}.", **given)
        notes.append(Note(f"crossed:{each.threshold.series}:{each.subject}", text, each.line.severity))
    return notes


def _was_asked(metrics: SourceState) -> bool:
    return metrics.last_good is not None or metrics.reason is not None


def _verdict(crossed: Sequence[CrossedLine], source: SourceState) -> State:
    if source.freshness in (Freshness.UNKNOWN, Freshness.NEVER):
        return State(Severity.UNKNOWN, _("UNKNOWN"))
    if not crossed:
        return State(Severity.GOOD, _("WITHIN LIMITS"))
    worst = crossed[0].line.severity
    return State(worst, _("CRITICAL") if worst is Severity.CRITICAL else _("ABOVE LIMITS"))


_MODEL_STATES = {
    ModelState.ACTIVE: State(Severity.GOOD, _("active")),
    ModelState.TRAINING: State(Severity.NOTICE, _("training")),
    ModelState.PAUSED: State(Severity.NOTICE, _("paused")),
    ModelState.ERROR: State(Severity.SERIOUS, _("error")),
    ModelState.STALE: State(Severity.SERIOUS, _("stale")),
}


def _model_table(models: Sequence[AiModel], request: Request) -> list[Block]:
    """What each AI model is doing; nothing where the source tells of none."""
    if not models:
        return []
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("model", _("Model"), Kind.TEXT, 1),
        Column("inference", _("Inference, p95"), Kind.NUMBER, 2),
        Column("accuracy", _("Accuracy"), Kind.NUMBER, 2),
        Column("last", _("Last inference"), Kind.MOMENT, 1),
        Column("enabled", _("Enabled"), Kind.TEXT, 3),
    )
    rows = [
        Row(
            each.name,
            (
                _MODEL_STATES[shown_state(each, request.moment)],
                each.name,
                quantity(each.inference_p95, Unit.MILLISECOND, 0),
                quantity(each.accuracy, Unit.PERCENT, 1, missing=_("not reported, or of too few cases")),
                Absent(_("not reported"))
                if each.last_inference_at is None
                else Instant(each.last_inference_at, True),
                _("yes") if each.enabled else _("no"),
            ),
        )
        for each in models
    ]
    return [tabulate("models", _("AI models"), columns, rows, request.query)]
