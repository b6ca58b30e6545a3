"""Every area at a glance: lights, what wants a look, what happened lately."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Pane, PaneLight, Request
from core.areas.overview.pages.sources import deck_state, polled_sources
from core.message import _
from core.page import Action, Block, Light, Lights, Page, Place, Timeline, TimelineEntry
from core.store import events
from core.units import Severity, State

__all__ = ["overview_light", "overview_page"]

_EVENTS_SHOWN = 12


async def overview_light(request: Request) -> PaneLight:
    """The worst of all panes."""
    lights = await _lights(request)
    open_count = sum(light.open for _pane, light in lights)
    if not lights:
        return PaneLight(_verdict(lights), _("There is nothing to watch yet"))
    pane, worst = _worst(lights)
    headline = _("Everything at a glance")
    if worst.state.severity > Severity.GOOD:
        headline = _("{pane}: {headline}", pane=pane.title, headline=worst.headline)
    return PaneLight(_verdict(lights), headline, open_count)


async def overview_page(request: Request) -> Page:
    """Lights for all areas, the blocks they put here, and the last events."""
    lights = await _lights(request)
    async with request.services.store.reading() as connection:
        recent = await events.recent(connection, at=request.moment, limit=_EVENTS_SHOWN)
    state = deck_state(await polled_sources(request), request.moment)
    found = (
        Light(pane.key, pane.title, light.state, light.headline, Action(pane.command, pane.title))
        for pane, light in lights
    )
    blocks: list[Block] = [Lights("areas", _("Areas"), tuple(found), Place.WIDE)]
    for area in request.services.areas:
        if area.overview is not None:
            blocks += await area.overview(request)
    entries = tuple(TimelineEntry.of(each) for each in recent)
    blocks.append(Timeline("events", _("Lately"), entries, _("Nothing happened yet."), Place.WIDE))
    return Page(
        key="overview",
        title=_("Overview"),
        verdict=_verdict(lights),
        blocks=tuple(blocks),
        actions=(
            Action("sources", _("How each source is doing")),
            Action("events", _("What happened")),
            Action("refresh", _("Ask the sources right now")),
        ),
        as_of=state.last_good,
        source_state=state,
    )


async def _lights(request: Request) -> list[tuple[Pane, PaneLight]]:
    """Every other pane with its light, in the rail's order."""
    panes = [pane for area in request.services.areas if area.name != "overview" for pane in area.panes]
    return [
        (pane, await pane.light(request))
        for pane in sorted(panes, key=lambda each: each.order)
        if pane.light is not None
    ]


def _worst(lights: Sequence[tuple[Pane, PaneLight]]) -> tuple[Pane, PaneLight]:
    return max(lights, key=lambda pair: pair[1].state.severity)


def _verdict(lights: Sequence[tuple[Pane, PaneLight]]) -> State:
    """What the whole deck amounts to: the word of its worst pane, and which that is."""
    if not lights:
        return State(Severity.IDLE, _("NOTHING YET"))
    pane, worst = _worst(lights)
    if worst.state.severity is Severity.IDLE:
        return State(Severity.IDLE, _("NOTHING YET"))
    if worst.state.severity is Severity.GOOD:
        return State(Severity.GOOD, _("ALL WELL"))
    return State(worst.state.severity, _("{word}: {pane}", word=worst.state.word, pane=pane.title))
