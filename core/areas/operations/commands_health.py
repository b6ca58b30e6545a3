"""What can be asked about health and the monitor. Declarations only; the rest is loaded when needed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from core.area import Read, Request, Verb
from core.command import Choice, ChoiceType, Command, Parameter
from core.message import _
from core.page import Page
from core.principal import Role

__all__ = ["CHOICES", "VERBS"]

_SPANS = (Choice("1h", _("1 hour")), Choice("24h", _("24 hours")), Choice("7d", _("7 days")))
_ALL_SPANS = (*_SPANS, Choice("90d", _("90 days")))


async def _health(request: Request) -> Page:
    from core.areas.operations.collection.jobs import probe_on_demand
    from core.areas.operations.pages.health import health_page

    request = await probe_on_demand(request)
    return await health_page(request)


async def _monitor(request: Request) -> Page:
    from core.areas.operations.pages.monitor import monitor_page

    return await monitor_page(request)


async def _ops(request: Request) -> Page:
    from core.areas.operations.pages.operations import operations_page

    return await operations_page(request)


async def _checks(request: Request) -> Sequence[Choice]:
    from core.areas.operations.lights import check_choices

    return await check_choices(request)


VERBS = (
    Verb(
        Command("ops", _("Health, host, checklists and maintenance at a glance"), role=Role.OPERATOR),
        Read(_ops),
    ),
    Verb(
        Command(
            "health",
            _("Every component’s state, asked anew where the last answer is older than ten seconds"),
            (
                Parameter("component", _("Only one component? Its name."), source="check"),
                Parameter("span", _("How far back?"), ChoiceType(_ALL_SPANS), default="24h"),
            ),
            role=Role.OPERATOR,
        ),
        Read(_health),
    ),
    Verb(
        Command(
            "monitor",
            _("The host, the API and the AI in figures, with their history"),
            (Parameter("span", _("How far back?"), ChoiceType(_ALL_SPANS), default="24h"),),
            role=Role.OPERATOR,
        ),
        Read(_monitor),
    ),
)

CHOICES: Mapping[str, Callable[[Request], Awaitable[Sequence[Choice]]]] = {"check": _checks}
