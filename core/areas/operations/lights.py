"""Operations at a glance: the light in the rail, blocks on the overview, the palette, the components."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import PaneLight, Request
from core.areas.operations.model import HealthReport, HealthStatus
from core.areas.operations.pages.common import component_light, overall_state
from core.areas.operations.store.reading import health_report
from core.command import Choice
from core.message import Message, _, plural
from core.page import Action, Block, Lights
from core.query import matches

__all__ = ["check_choices", "objects", "operations_light", "overview_blocks"]

_SHOWN = 6


async def operations_light(request: Request) -> PaneLight:
    """The overall verdict, and how many components aren't passing."""
    report = await _report(request)
    troubled = [each for each in report.results if each.status.degraded]
    return PaneLight(overall_state(report), _headline(report), len(troubled))


async def overview_blocks(request: Request) -> Sequence[Block]:
    """The components that aren't passing, worst first; nothing while all do."""
    report = await _report(request)
    troubled = [each for each in report.results if each.status.degraded]
    lights = sorted((component_light(each) for each in troubled), key=lambda each: -each.state.severity)
    return (Lights("operations", _("Operations"), tuple(lights[:_SHOWN])),) if lights else ()


async def objects(request: Request, text: str) -> Sequence[Action]:
    """Components whose name fits."""
    report = await _report(request)
    return [
        Action("health", _("Component {name}", name=each.check.title), (("component", each.check.name),))
        for each in report.results
        if matches(text, each.check.name) or matches(text, str(each.check.title))
    ]


async def check_choices(request: Request) -> Sequence[Choice]:
    """Every component."""
    return [Choice(each.check.name, each.check.title) for each in (await _report(request)).results]


async def _report(request: Request) -> HealthReport:
    async with request.services.store.reading() as connection:
        return await health_report(connection, request.moment)


def _headline(report: HealthReport) -> Message:
    if not report.results:
        return _("No component was probed yet.")
    troubled = [each for each in report.results if each.status.degraded]
    if not troubled:
        probed = [each for each in report.results if each.status is not HealthStatus.SKIPPED]
        return plural("{count} component is passing.", "All {count} components are passing.", len(probed))
    order = (HealthStatus.FAIL, HealthStatus.UNKNOWN, HealthStatus.WARN)
    worst = min(troubled, key=lambda each: (order.index(each.status), not each.check.critical))
    return _("{component} is {state}.", component=worst.check.title, state=worst.status.state.word)
