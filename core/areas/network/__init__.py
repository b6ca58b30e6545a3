"""Network health: a Plume mesh network's locations, pods, Wi-Fi, devices and WAN (plume.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from core.area import Area, Nothing, Pane, PaneLight, Request, Scope, Services
from core.areas.network.commands import VERBS, location_choices
from core.message import Message, _
from core.page import Action, Block

if TYPE_CHECKING:
    from core.area import Job

__all__ = ["AREA"]


async def _network_light(request: Request) -> PaneLight:
    from core.areas.network.lights import network_light

    return await network_light(request)


async def _wan_light(request: Request) -> PaneLight:
    from core.areas.network.lights import wan_light

    return await wan_light(request)


async def _scope(request: Request) -> Scope | None:
    from core.areas.network.lights import scope

    return await scope(request)


async def _overview(request: Request) -> Sequence[Block]:
    from core.areas.network.lights import overview_blocks

    return await overview_blocks(request)


async def _objects(request: Request, text: str) -> Sequence[Action]:
    from core.areas.network.lights import objects

    return await objects(request, text)


async def _configured(request: Request) -> bool:
    from core.areas.network.lights import configured

    return await configured(request)


async def _refresh(request: Request) -> None:
    from core.areas.network.writes import refresh

    await refresh(request)


async def _names(request: Request) -> Mapping[tuple[str, str], Message]:
    from core.areas.network.store.polling import names

    return await names(request)


def _jobs(services: Services) -> Sequence[Job]:
    from core.areas.network.collection.collect import jobs

    return jobs(services)


AREA = Area(
    name="network",
    title=_("Network"),
    panes=(
        Pane("network", _("Network"), "status", "2", 20, _network_light),
        Pane("wan", _("WAN"), "wan", "3", 30, _wan_light),
    ),
    verbs=VERBS,
    jobs=_jobs,
    settings="core.areas.network.settings.NetworkSettings",
    choices={"location": location_choices},
    nothing={
        "location": Nothing(_("No location is known yet."), Action("setup", _("Set up the network"))),
    },
    scope=_scope,
    overview=_overview,
    objects=_objects,
    configured=_configured,
    refresh=_refresh,
    names=_names,
    setup="setup",
)
