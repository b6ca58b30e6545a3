"""What would do for a parameter, asked of the store; nobody is offered what they may not see."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.command import Choice
from core.message import _

__all__ = ["canned_choices", "entry_choices", "own_ticket_choices", "ticket_choices"]

_MOST = 100


async def ticket_choices(request: Request) -> Sequence[Choice]:
    """The tickets that are not closed, in the order of the time to breach."""
    from core.areas.tickets.caller import part_in
    from core.areas.tickets.model import ONGOING, Status
    from core.areas.tickets.rules.access import Act, allows
    from core.areas.tickets.rules.queue import ordered
    from core.areas.tickets.store.reading import cases, in_states

    if not allows(part_in(request), Act.READ_ALL):
        return ()
    async with request.services.store.reading() as connection:
        found = await cases(connection, request.moment, in_states((*ONGOING, Status.SOLVED)))
    tickets = [each.case.ticket for each in ordered(found, request.moment)][:_MOST]
    return [
        Choice(each.id, _("{ticket} {subject}", ticket=each.id, subject=each.subject)) for each in tickets
    ]


async def own_ticket_choices(request: Request) -> Sequence[Choice]:
    """The tickets of whoever asks, newest first."""
    from core.areas.tickets.rules.access import identity
    from core.areas.tickets.store.reading import cases
    from core.areas.tickets.store.tables import tickets

    mine = identity(request.principal)
    async with request.services.store.reading() as connection:
        found = await cases(connection, request.moment, tickets.c.requester == mine)
    own = [case.ticket for case in reversed(found)][:_MOST]
    return [Choice(each.id, _("{ticket} {subject}", ticket=each.id, subject=each.subject)) for each in own]


async def entry_choices(request: Request) -> Sequence[Choice]:
    """Every FAQ entry."""
    from core.areas.tickets.store.faq import faq_entries

    async with request.services.store.reading() as connection:
        known = await faq_entries(connection, request.moment)
    return [Choice(each.id, each.question) for each in known]


async def canned_choices(request: Request) -> Sequence[Choice]:
    """Every canned answer."""
    from core.areas.tickets.caller import part_in
    from core.areas.tickets.rules.access import Act, allows
    from core.areas.tickets.store.reading import canned_answers

    if not allows(part_in(request), Act.READ_ALL):
        return ()
    async with request.services.store.reading() as connection:
        known = await canned_answers(connection, request.moment)
    return [Choice(each.name, each.name) for each in known]
