"""Health as a person sees it: every component, or one with its history."""

from __future__ import annotations

from core.area import Request
from core.areas.operations.model import CheckResult, HealthReport, HealthStatus, Measurement, Reason
from core.areas.operations.pages.common import (
    complaints,
    component_lights,
    overall_state,
    round_state,
    shown_state,
)
from core.areas.operations.pages.spans import SPANS, drawn
from core.areas.operations.store.keys import AREA, FAILURES, LATENCY, OBSERVED, component_key
from core.areas.operations.store.reading import health_report
from core.errors import NotFoundError
from core.message import Message, _
from core.page import (
    Action,
    Block,
    Chart,
    ChartSeries,
    Column,
    Fact,
    Facts,
    Kind,
    Note,
    Page,
    Place,
    Row,
    Timeline,
    TimelineEntry,
)
from core.query import TableQuery
from core.staleness import Keeping, past_notes
from core.store import events
from core.tabulate import tabulate
from core.units import Absent, Instant, Severity, Span, State, Unit, Value, quantity

__all__ = ["health_page"]

_TITLE = _("Health")
_EVENTS_SHOWN = 10
_WORDS = {True: _("yes"), False: _("no")}


async def health_page(request: Request) -> Page:
    """Every component with the overall verdict, or the one that is named.

    Raises:
        NotFoundError: there is no component of that name.
    """
    async with request.services.store.reading() as connection:
        report = await health_report(connection, request.moment)
    name = request.text("component")
    if name is not None:
        return await _component_page(request, report, name)
    async with request.services.store.reading() as connection:
        recent = await events.recent(connection, at=request.moment, area=AREA, limit=_EVENTS_SHOWN)
    source = round_state(request, report)
    entries = tuple(TimelineEntry.of(each) for each in recent)
    blocks: list[Block] = [*past_notes(request, source), *complaints(request)]
    if not report.results:
        blocks.append(Note("none", _("No component was probed yet."), Severity.NOTICE))
    else:
        blocks += [
            component_lights(_("Components"), report),
            _check_table(request.query, report),
            *_skipped(report),
            Timeline("events", _("Lately"), entries, _("Nothing changed yet."), Place.WIDE),
        ]
    return Page(
        key="health",
        title=_TITLE,
        verdict=overall_state(report),
        blocks=tuple(blocks),
        actions=(Action("monitor", _("Monitor")), Action("ops", _("Operations"))),
        as_of=report.probed_at,
        source_state=source,
    )


def _check_table(query: TableQuery, report: HealthReport) -> Block:
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("component", _("Component"), Kind.TEXT, 1),
        Column("latency", _("Latency"), Kind.NUMBER, 1),
        Column("at", _("Probed"), Kind.MOMENT, 2),
        Column("failures", _("Not passing in a row"), Kind.NUMBER, 2),
        Column("settled", _("Counts as"), Kind.STATE, 3),
        Column("critical", _("Critical"), Kind.TEXT, 3),
        Column("reason", _("Reason"), Kind.TEXT, 2),
    )
    rows = [
        Row(
            each.check.name,
            (
                shown_state(each),
                each.check.title,
                _latency(each),
                Absent(_("not probed yet")) if each.at is None else Instant(each.at, True),
                each.consecutive_failures,
                each.settled.state,
                _WORDS[each.check.critical],
                _reason(each),
            ),
            Action("health", _("Open"), (("component", each.check.name),)),
        )
        for each in report.results
        if each.status is not HealthStatus.SKIPPED
    ]
    return tabulate("checks", _("Checks"), columns, rows, query, place=Place.WIDE)


def _skipped(report: HealthReport) -> tuple[Facts, ...]:
    """The components that aren't set up, each with what to set; nothing where all are."""
    facts = tuple(
        Fact(each.check.title, Absent(each.check.skipped or _("not set up")))
        for each in report.results
        if each.status is HealthStatus.SKIPPED
    )
    return (Facts("skipped", _("Skipped"), facts, Place.SIDE),) if facts else ()


async def _component_page(request: Request, report: HealthReport, name: str) -> Page:
    """One component: how it stands, and how it has answered over time."""
    found = next((each for each in report.results if each.check.name == name), None)
    if found is None:
        raise NotFoundError(_("There is no component “{name}”; “health” lists them.", name=name[:60]))
    span, moment = SPANS[request.text("span") or "24h"], request.moment
    about = f"component:{name}"
    async with request.services.store.reading() as connection:
        recent = await events.recent(connection, at=moment, subject=about, limit=_EVENTS_SHOWN)
        latency = await drawn(connection, component_key(name, LATENCY), _("latency"), span, moment)
        failures = await drawn(connection, component_key(name, FAILURES), _("in a row"), span, moment)
        observed = await drawn(connection, component_key(name, OBSERVED), _("measured"), span, moment)
    charts = [
        _chart(request, "latency", _("Latency"), Unit.MILLISECOND, latency),
        _chart(request, "observed", _("Measured"), found.unit, observed),
        _chart(request, "failures", _("Probes that did not pass, in a row"), Unit.COUNT, failures),
    ]
    drawn_charts = [each for each in charts if _has_points(each.series[0])]
    entries = tuple(TimelineEntry.of(each) for each in recent)
    source = round_state(request, report)
    skipped = found.status is HealthStatus.SKIPPED
    return Page(
        key=f"health:{name}:{span.value}",
        title=_TITLE,
        crumb=found.check.title,
        verdict=_upper(found),
        blocks=(
            *past_notes(request, source, Keeping.SAMPLES),
            *_output(found),
            _facts(found),
            *(() if skipped else drawn_charts),
            Timeline("events", _("Lately"), entries, _("Nothing changed yet.")),
        ),
        actions=(
            Action("health", _("All components")),
            *(
                Action("health", each.label, (("component", name), ("span", each.value)))
                for each in SPANS.values()
                if each is not span
            ),
        ),
        as_of=found.at,
        source_state=source,
    )


def _facts(found: CheckResult) -> Facts:
    check = found.check
    missing = Absent(_("never, as far as is known"))
    facts = (
        Fact(_("State"), shown_state(found)),
        Fact(_("Counts as"), found.settled.state, _("after flap damping; alerts go by it")),
        Fact(_("Latency"), _latency(found)),
        Fact(_("Not passing in a row"), found.consecutive_failures),
        Fact(_("Last pass"), missing if found.last_pass_at is None else Instant(found.last_pass_at, True)),
        Fact(_("So since"), Absent(_("not probed yet")) if found.since is None else Instant(found.since)),
        Fact(_("Critical"), _WORDS[check.critical]),
        Fact(_("Time limit"), Span(check.timeout)),
        Fact(_("Kind"), check.kind.value),
    )
    more: list[Fact] = []
    if found.reason is not None:
        more.append(Fact(_("Reason"), _words(found.reason)))
    if found.value is not None:
        more.append(Fact(_("Measured"), quantity(found.value, found.unit)))
    return Facts("facts", _("Component"), (*facts, *more))


def _output(found: CheckResult) -> tuple[Note, ...]:
    text = found.check.skipped if found.status is HealthStatus.SKIPPED else found.output
    if text is None or found.status is HealthStatus.PASS:
        return ()
    return (Note("output", text, shown_state(found).severity),)


def _latency(found: CheckResult) -> Value:
    timed = found.check.measurement is Measurement.RESPONSE_TIME
    missing = _("no answer to time") if timed else _("it isn’t a matter of time")
    return quantity(found.latency_ms, Unit.MILLISECOND, 0, missing=missing)


def _reason(found: CheckResult) -> Value:
    return "" if found.reason is None else _words(found.reason)


def _words(reason: Reason) -> str:
    """The reason's code as words."""
    return reason.value.replace("_", " ")


def _upper(found: CheckResult) -> State:
    words: dict[HealthStatus, Message] = {
        HealthStatus.PASS: _("PASSING"),
        HealthStatus.WARN: _("WARNING"),
        HealthStatus.FAIL: _("FAILING"),
        HealthStatus.UNKNOWN: _("UNKNOWN"),
        HealthStatus.SKIPPED: _("SKIPPED"),
    }
    return State(shown_state(found).severity, words[found.status])


def _chart(request: Request, key: str, title: Message, unit: Unit, series: ChartSeries) -> Chart:
    span = SPANS[request.text("span") or "24h"]
    window = span.window(request.moment)
    return Chart(key, title, unit, window.start, window.end, span.step, (series,))


def _has_points(series: ChartSeries) -> bool:
    return any(value is not None for _time, value in series.points)
