"""What was promised about tickets of every kind, and how that stands (whatsapp.md A2.5)."""

from __future__ import annotations

from core.area import Read, Request, Verb
from core.areas.plant.commands.maintenance_parameters import ANY_TICKET
from core.areas.plant.commands.parameters import words
from core.command import Command, Parameter
from core.message import _
from core.page import Page
from core.principal import Role

__all__ = ["SLA_VERBS"]

_KINDS = words(
    ("all", _("all")),
    ("maintenance", _("maintenance")),
    ("defect", _("defects")),
    ("sop", _("failures of procedures")),
)


async def _sla(request: Request) -> Page:
    from core.areas.plant.pages.sla import sla_page

    return await sla_page(request)


async def _list(request: Request) -> Page:
    from core.areas.plant.pages.sla_list import sla_list_page

    return await sla_list_page(request)


async def _policy(request: Request) -> Page:
    from core.areas.plant.pages.sla_policy import policy_page

    return await policy_page(request)


SLA_VERBS = (
    Verb(
        Command(
            "sla",
            _("One ticket’s promise: the time left, its deadline, the verdict, who has it"),
            (ANY_TICKET,),
            role=Role.VIEWER,
        ),
        Read(_sla),
    ),
    Verb(
        Command(
            "sla list",
            _("Every ticket’s promise, those at risk first, with the share that was broken"),
            (Parameter("kind", _("Which tickets?"), _KINDS, default="all"),),
            role=Role.VIEWER,
        ),
        Read(_list),
    ),
    Verb(
        Command(
            "sla policy",
            _("What is promised: the times in force, and where they come from"),
            role=Role.VIEWER,
        ),
        Read(_policy),
    ),
)
