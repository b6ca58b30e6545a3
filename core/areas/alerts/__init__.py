"""Alerts as people work with them: what is open, who sees to it, what is kept quiet, who is told and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from core.area import Area, Request, Services
from core.areas.alerts.commands import VERBS
from core.areas.alerts.commands.choosing import alert_choices, person_choices, silence_choices
from core.message import Message, _

if TYPE_CHECKING:
    from core.area import Job

__all__ = ["AREA"]


def _jobs(services: Services) -> Sequence[Job]:
    from core.areas.alerts.jobs import jobs

    return jobs(services)


async def _names(request: Request) -> Mapping[tuple[str, str], Message]:
    from core.areas.alerts.jobs import names

    return names(request.services)


AREA = Area(
    name="alerts",
    title=_("Alerts"),
    verbs=VERBS,
    jobs=_jobs,
    settings="core.areas.alerts.settings.AlertsSettings",
    choices={"alert": alert_choices, "silence": silence_choices, "person": person_choices},
    names=_names,
)
