"""The plant: orders, what is wrong with them, machines, and the people at work (whatsapp.md A)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from core.area import Area, Pane, PaneLight, Request, Services
from core.areas.plant.commands.attachments import ATTACHMENT_VERBS
from core.areas.plant.commands.boms import BOM_VERBS
from core.areas.plant.commands.checks import CHECKS
from core.areas.plant.commands.choices import (
    department_choices,
    operator_choices,
    order_choices,
    shift_choices,
)
from core.areas.plant.commands.defects import DEFECT_VERBS
from core.areas.plant.commands.filing import FILING_VERBS
from core.areas.plant.commands.importing import IMPORT_VERBS
from core.areas.plant.commands.machines import MACHINE_VERBS
from core.areas.plant.commands.maintenance import MAINTENANCE_VERBS
from core.areas.plant.commands.maintenance_choices import (
    any_ticket_choices,
    assignee_choices,
    machine_choices,
    maintenance_choices,
)
from core.areas.plant.commands.orders import ORDER_VERBS
from core.areas.plant.commands.people import PEOPLE_VERBS
from core.areas.plant.commands.plant import PLANT_VERBS
from core.areas.plant.commands.quality_choices import (
    attachment_choices,
    bom_choices,
    bom_component_choices,
    bom_request_choices,
    defect_choices,
    sop_choices,
)
from core.areas.plant.commands.sla import SLA_VERBS
from core.areas.plant.commands.sops import SOP_VERBS
from core.message import Message, _
from core.page import Action, Block

if TYPE_CHECKING:
    from core.area import Job

__all__ = ["AREA"]


async def _light(request: Request) -> PaneLight:
    from core.areas.plant.lights import plant_light

    return await plant_light(request)


async def _overview(request: Request) -> Sequence[Block]:
    from core.areas.plant.lights import overview_blocks

    return await overview_blocks(request)


async def _objects(request: Request, text: str) -> Sequence[Action]:
    from core.areas.plant.lights import objects

    return await objects(request, text)


async def _refresh(request: Request) -> None:
    from core.areas.plant.collection.backend import refresh

    await refresh(request.services)


async def _names(request: Request) -> Mapping[tuple[str, str], Message]:
    from core.areas.plant.sources import names

    return await names(request)


def _jobs(services: Services) -> Sequence[Job]:
    from core.areas.plant.collection import attachments, backend, filing, people, watch

    areas = (watch, backend, filing, attachments, people)
    return tuple(job for each in areas for job in each.jobs(services))


AREA = Area(
    name="plant",
    title=_("Plant"),
    panes=(Pane("plant", _("Plant"), "plant", "8", 80, _light),),
    verbs=(
        *PLANT_VERBS,
        *ORDER_VERBS,
        *PEOPLE_VERBS,
        *MACHINE_VERBS,
        *MAINTENANCE_VERBS,
        *SLA_VERBS,
        *DEFECT_VERBS,
        *SOP_VERBS,
        *BOM_VERBS,
        *ATTACHMENT_VERBS,
        *IMPORT_VERBS,
        *FILING_VERBS,
    ),
    jobs=_jobs,
    settings="core.areas.plant.settings.PlantSettings",
    choices={
        "plant order": order_choices,
        "plant order of a defect": order_choices,
        "plant department": department_choices,
        "plant operator": operator_choices,
        "plant shift": shift_choices,
        "plant machine": machine_choices,
        "plant maintenance ticket": maintenance_choices,
        "plant assignee": assignee_choices,
        "plant ticket": any_ticket_choices,
        "plant defect": defect_choices,
        "plant sop": sop_choices,
        "plant attachment": attachment_choices,
        "plant bom": bom_choices,
        "plant bom component": bom_component_choices,
        "plant bom request": bom_request_choices,
    },
    checks=CHECKS,
    overview=_overview,
    objects=_objects,
    refresh=_refresh,
    names=_names,
)
