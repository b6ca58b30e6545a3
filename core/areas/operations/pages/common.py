"""What several pages of health and the monitor say in the same way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.area import Request
from core.areas.operations.configuration.checks import CHECKS_FILE, load_checks
from core.areas.operations.model import CheckResult, HealthReport, HealthStatus
from core.areas.operations.settings import OperationsSettings
from core.event import RecordedEvent
from core.message import Message, _
from core.page import Action, Freshness, Light, Lights, Note, SourceState, TimelineEntry
from core.units import Instant, Quantity, Severity, State, Unit

__all__ = [
    "complaints",
    "component_light",
    "component_lights",
    "opening_entry",
    "overall_state",
    "round_state",
    "shown_state",
    "trouble_notes",
]

_OVERALL = {
    HealthStatus.PASS: State(Severity.GOOD, _("PASSING")),
    HealthStatus.WARN: State(Severity.WARNING, _("WARNING")),
    HealthStatus.FAIL: State(Severity.CRITICAL, _("FAILING")),
    HealthStatus.UNKNOWN: State(Severity.UNKNOWN, _("UNKNOWN")),
    HealthStatus.SKIPPED: State(Severity.IDLE, _("NOTHING CHECKED")),
}


_PAGES = {
    "checklist": ("ops checklist", "checklist"),
    "component": ("component", "component"),
    "maintenance": ("window", "id"),
}
"""The command, and its argument, that shows what an event's subject is of that kind."""

_TROUBLES_SHOWN = 3


def overall_state(report: HealthReport) -> State:
    """The overall verdict with its colour; before the first round there is nothing to worry about."""
    if report.probed_at is None:
        return State(Severity.IDLE, _("NOT PROBED YET"))
    return _OVERALL[report.status]


def shown_state(result: CheckResult) -> State:
    """A component's state; a critical one that fails is worse than any other."""
    state = result.status.state
    if result.status is HealthStatus.FAIL and result.check.critical:
        return State(Severity.CRITICAL, state.word)
    return state


def round_state(request: Request, report: HealthReport) -> SourceState:
    """How fresh the last round is: stale after two missed ones, unknown after three."""
    if report.probed_at is None:
        return SourceState(Freshness.NEVER)
    interval = timedelta(seconds=request.services.settings.of(OperationsSettings).health_seconds)
    age = request.moment - report.probed_at
    freshness = Freshness.LIVE
    if age > 3 * interval:
        freshness = Freshness.UNKNOWN
    elif age > 2 * interval:
        freshness = Freshness.STALE
    return SourceState(freshness, report.probed_at)


def component_lights(title: Message, report: HealthReport, *, brief: bool = False) -> Lights:
    """Every component that is probed, what needs attention first; `brief` with latencies only."""
    probed = [each for each in report.results if each.status is not HealthStatus.SKIPPED]
    lights = sorted((component_light(each, brief=brief) for each in probed), key=_worst_first)
    return Lights("components", title, tuple(lights))


def component_light(result: CheckResult, *, brief: bool = False) -> Light:
    """One component: its latency and age, or what is wrong with it; `brief` with its latency only."""
    check = result.check
    opened = Action("health", _("Open"), (("component", check.name),))
    note = _latency(result) if brief else _note(result)
    return Light(check.name, check.title, shown_state(result), note, opened)


def trouble_notes(report: HealthReport) -> list[Note]:
    """What is wrong with the components that aren't passing, worst first, the first few in words."""
    troubled = [each for each in report.results if each.status.degraded and each.output is not None]
    troubled.sort(key=lambda each: -shown_state(each).severity)
    return [
        Note(
            f"trouble:{each.check.name}",
            _("{component}: {output}", component=each.check.title, output=each.output),
            shown_state(each).severity,
        )
        for each in troubled[:_TROUBLES_SHOWN]
    ]


def opening_entry(recorded: RecordedEvent) -> TimelineEntry:
    """An event of ours in a timeline; opening it leads to what it is about."""
    kind = recorded.event.kind
    what, _colon, name = recorded.event.subject.partition(":")
    if kind.startswith("health."):
        action = Action("health", _("Open"), (("component", name),))
    elif what in _PAGES:
        command, argument = _PAGES[what]
        action = Action(command, _("Open"), ((argument, name),))
    elif what == "figure":
        action = Action("monitor", _("Open"))
    else:
        action = None
    return replace(TimelineEntry.of(recorded), action=action)


def _worst_first(light: Light) -> int:
    return -light.state.severity


def _latency(result: CheckResult) -> Message | None:
    if result.latency_ms is None:
        return None
    return _("{latency}", latency=Quantity(result.latency_ms, Unit.MILLISECOND, 0))


def _note(result: CheckResult) -> Message | None:
    if result.at is None:
        return _("not probed yet")
    age = Instant(result.at, True)
    if result.output is not None and result.status is not HealthStatus.PASS:
        return _("{output} Probed {age}.", output=result.output, age=age)
    if result.latency_ms is None:
        return _("probed {age}", age=age)
    return _("{latency}, probed {age}", latency=_latency(result), age=age)


def complaints(request: Request) -> tuple[Note, ...]:
    """What is wrong in `checks.toml`; on a page wound back nothing, because the file is the present one."""
    if request.at is not None:
        return ()
    _added, found = load_checks(request.services.settings.folders)
    return tuple(
        Note(
            f"complaint{number}",
            _("{file}, line {line}: {reason}.", file=CHECKS_FILE, line=str(each.line), reason=each.reason),
            Severity.WARNING,
        )
        for number, each in enumerate(found)
    )
