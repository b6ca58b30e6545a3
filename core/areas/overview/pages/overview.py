"""Every area at a glance: lights, what wants a look, what happened lately."""

from __future__ import annotations

from core.area import Request, overview_blocks, pane_lights
from core.areas.overview.lights import overview_verdict
from core.areas.overview.pages.sources import deck_state, polled_sources
from core.message import _
from core.page import Action, Block, Light, Lights, Page, Place, Timeline, TimelineEntry
from core.store import events

__all__ = ["overview_page"]

_EVENTS_SHOWN = 12


async def overview_page(request: Request) -> Page:
    """Lights for all areas, the blocks they put here, and the last events."""
    lights = await pane_lights(request)
    async with request.services.store.reading() as connection:
        recent = await events.recent(connection, at=request.moment, limit=_EVENTS_SHOWN)
    state = deck_state(await polled_sources(request), request.moment)
    found = (
        Light(pane.key, pane.title, light.state, light.headline, Action(pane.command, pane.title))
        for pane, light in lights
    )
    blocks: list[Block] = [Lights("areas", _("Areas"), tuple(found), Place.WIDE)]
    blocks += await overview_blocks(request)
    if request.may("events"):  # which tell of incidents, tickets and people
        entries = tuple(TimelineEntry.of(each) for each in recent)
        blocks.append(Timeline("events", _("Lately"), entries, _("Nothing happened yet."), Place.WIDE))
    return Page(
        key="overview",
        title=_("Overview"),
        verdict=overview_verdict(lights),
        blocks=tuple(blocks),
        actions=(
            Action("sources", _("How each source is doing")),
            Action("events", _("What happened")),
            Action("refresh", _("Ask the sources right now")),
        ),
        as_of=state.last_good,
        source_state=state,
    )
