"""How everything is, in one line: a light for each area that a person may look at."""

from __future__ import annotations

from core.deck import Deck
from core.errors import OpsdeckError
from core.message import Message, _
from core.principal import Principal
from core.relay.guard import may

__all__ = ["lights_line"]


async def lights_line(deck: Deck, principal: Principal) -> Message | None:
    """Every area's light with its name, in the rail's order; nothing when they can't be told."""
    try:
        lights = await deck.lights(principal, None)
    except OpsdeckError:
        return None  # what was asked for is shown all the same
    panes = sorted((pane for area in deck.areas for pane in area.panes), key=lambda pane: pane.order)
    registry = deck.dispatcher.registry
    line: Message | None = None
    for pane in panes:
        known = registry.find(pane.command) if pane.command in registry else None
        if pane.key not in lights or not may(known, principal):
            continue
        glyph = lights[pane.key].state.severity.glyph
        light = _("{glyph} {area}", glyph=glyph, area=pane.title)
        line = light if line is None else _("{lights} · {light}", lights=line, light=light)
    return line
