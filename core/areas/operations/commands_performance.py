"""What can be asked about key figures. What it does is loaded when asked for."""

from __future__ import annotations

from core.area import Read, Request, Verb
from core.command import Choice, ChoiceType, Command, Parameter
from core.message import _
from core.page import Page
from core.principal import Role

__all__ = ["VERBS"]

_PERIODS = (Choice("day", _("day")), Choice("week", _("week")), Choice("month", _("30 days")))


async def _performance(request: Request) -> Page:
    from core.areas.operations.pages.performance import performance_page

    return await performance_page(request)


VERBS: tuple[Verb, ...] = (
    Verb(
        Command(
            "ops performance",
            _("Key figures against their targets: uptime, error budget, support, incidents"),
            (Parameter("period", _("Over which time?"), ChoiceType(_PERIODS), default="month"),),
            role=Role.OPERATOR,
        ),
        Read(_performance),
    ),
)
