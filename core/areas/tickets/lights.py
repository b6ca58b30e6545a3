"""Tickets at a glance: the light in the rail, what the overview shows, and tickets in the palette."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import PaneLight, Request
from core.areas.tickets.caller import part_in
from core.areas.tickets.model import ONGOING, Status
from core.areas.tickets.pages.common import headline, left_text, open_action, queue_state, status_state
from core.areas.tickets.pages.queue import load_queue
from core.areas.tickets.rules.access import Act, allows
from core.areas.tickets.rules.queue import Place
from core.areas.tickets.store.reading import cases, in_states
from core.message import _
from core.page import Action, Block, Light, Lights
from core.query import matches
from core.units import Severity, State

__all__ = ["objects", "overview_blocks", "tickets_light"]

_SHOWN = 4
_OBJECTS_SHOWN = 20
_WAITING = frozenset({Status.NEW, Status.OPEN})


async def tickets_light(request: Request) -> PaneLight:
    """The ticket whose promise breaks first, and how many wait for an agent."""
    if not allows(part_in(request), Act.READ_ALL):
        return PaneLight(State(Severity.IDLE, _("NOT YOURS")), _("Only agents see the queue."))
    places = await load_queue(request)
    waiting = sum(each.case.ticket.status in _WAITING for each in places)
    return PaneLight(queue_state(places), headline(places), waiting)


async def overview_blocks(request: Request) -> Sequence[Block]:
    """The tickets whose promises break first."""
    if not allows(part_in(request), Act.READ_ALL):
        return ()
    places = [each for each in await load_queue(request) if each.next is not None][:_SHOWN]
    if not places:
        return ()
    lights = tuple(_light(each) for each in places)
    return (Lights("tickets", _("Tickets"), lights),)


async def objects(request: Request, text: str) -> Sequence[Action]:
    """Tickets whose number, subject or requester fits; solved ones too, closed ones not."""
    if not allows(part_in(request), Act.READ_ALL):
        return ()
    async with request.services.store.reading() as connection:
        found = await cases(connection, request.moment, in_states((*ONGOING, Status.SOLVED)))
    return [
        Action(
            "ticket",
            _("Ticket {ticket}: {subject}", ticket=each.ticket.id, subject=each.ticket.subject),
            (("ticket", each.ticket.id),),
        )
        for each in found
        if matches(text, f"{each.ticket.id} {each.ticket.subject} {each.ticket.name}")
    ][:_OBJECTS_SHOWN]


def _light(place: Place) -> Light:
    ticket = place.case.ticket
    state = queue_state([place])
    if state.severity < Severity.WARNING:
        state = status_state(ticket.status)
    left = _("no time was promised") if place.next is None else left_text(place.next)
    return Light(
        key=ticket.id,
        name=_("{ticket} {subject}", ticket=ticket.id, subject=ticket.subject),
        state=state,
        note=left,
        action=open_action(ticket),
    )
