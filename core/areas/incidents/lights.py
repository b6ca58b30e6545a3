"""Incidents at a glance: the light in the rail, a block on the overview, and finding them in the palette."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import PaneLight, Request
from core.areas.incidents.pages.blocks import clock_value, open_action
from core.areas.incidents.pages.incidents import standing_of
from core.areas.incidents.rules.clocks import urgency
from core.areas.incidents.rules.targets import severity_state
from core.areas.incidents.store import reading
from core.command import Choice
from core.message import _
from core.page import Action, Block, Light, Lights, Place
from core.principal import Role
from core.query import matches
from core.units import Severity, State

__all__ = ["choices", "incidents_light", "objects", "overview_blocks"]

_SHOWN = 5
_OBJECTS_SHOWN = 20
_CHOICES_SHOWN = 40


async def incidents_light(request: Request) -> PaneLight:
    """The worst open incident, and how many are open; nothing to those who may not read of them."""
    if not _may_read(request):
        return PaneLight(State(Severity.IDLE, _("NOT SHOWN")), _("Incidents are for operators."))
    async with request.services.store.reading() as connection:
        opened = await reading.open_incidents(connection, request.moment)
    state, headline = standing_of(opened, request.moment)
    return PaneLight(state, headline, len(opened))


async def overview_blocks(request: Request) -> Sequence[Block]:
    """The open incidents whose clocks run out first."""
    if not _may_read(request):
        return ()
    async with request.services.store.reading() as connection:
        opened = await reading.open_incidents(connection, request.moment)
    if not opened:
        return ()
    opened = sorted(opened, key=lambda each: urgency(each, request.moment))[:_SHOWN]
    lights = tuple(
        Light(
            each.id,
            _("{id} · {title}", id=each.id, title=each.title),
            severity_state(each.severity),
            _(
                "response {response}, resolution {resolution}",
                response=clock_value(each.response, request.moment),
                resolution=clock_value(each.resolution, request.moment),
            ),
            open_action(each),
        )
        for each in opened
    )
    return (Lights("incidents", _("Open incidents"), lights, Place.WIDE),)


async def objects(request: Request, text: str) -> Sequence[Action]:
    """Incidents whose id or title fits, the newest first."""
    if not _may_read(request):
        return ()
    async with request.services.store.reading() as connection:
        every = await reading.all_incidents(connection, request.moment)
    found = [
        Action("incident", _("{id} · {title}", id=each.id, title=each.title), (("id", each.id),))
        for each in reversed(every)
        if matches(text, f"{each.id} {each.title}")
    ]
    return found[:_OBJECTS_SHOWN]


async def choices(request: Request) -> Sequence[Choice]:
    """Incidents to choose from: open ones first, then the newest."""
    if not _may_read(request):
        return ()
    async with request.services.store.reading() as connection:
        every = await reading.all_incidents(connection, request.moment)
    newest = every[::-1]
    ordered = [each for each in newest if each.open] + [each for each in newest if not each.open]
    return [
        Choice(each.id, _("{id} · {title}", id=each.id, title=each.title))
        for each in ordered[:_CHOICES_SHOWN]
    ]


def _may_read(request: Request) -> bool:
    return request.principal.role >= Role.OPERATOR
