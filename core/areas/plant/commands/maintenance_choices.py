"""Machines and tickets that would do for a parameter, asked of the store."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.command import Choice
from core.message import _

__all__ = ["any_ticket_choices", "assignee_choices", "machine_choices", "maintenance_choices"]

_MOST = 100


async def machine_choices(request: Request) -> Sequence[Choice]:
    """The machines in use."""
    from core.areas.plant.model.machines import MachineState
    from core.areas.plant.store.machines import all_machines

    async with request.services.store.reading() as connection:
        found = await all_machines(connection, request.moment)
    used = [each for each in found if each.state is not MachineState.INACTIVE]
    return [Choice(each.number, _("{machine} {name}", machine=each.number, name=each.name)) for each in used][
        :_MOST
    ]


async def assignee_choices(request: Request) -> Sequence[Choice]:
    """Whom a ticket can be given to, those who mend machines first."""
    from core.areas.plant.store.assignees import all_assignees

    async with request.services.store.reading() as connection:
        found = await all_assignees(connection, request.moment)
    return [Choice(value, name) for value, name in found[:_MOST]]


async def maintenance_choices(request: Request) -> Sequence[Choice]:
    """The maintenance tickets that are not closed or cancelled, what breaks its promise first at the top."""
    from core.areas.plant.model.maintenance import MaintenanceState
    from core.areas.plant.rules.promised import of_maintenance
    from core.areas.plant.rules.sla import by_risk, stand
    from core.areas.plant.store.maintenance import all_tickets

    over = (MaintenanceState.CLOSED, MaintenanceState.CANCELLED)
    async with request.services.store.reading() as connection:
        found = await all_tickets(connection, request.moment)
    standings = [stand(of_maintenance(each), request.moment) for each in found if each.state not in over]
    return [
        Choice(
            each.ticket.number, _("{ticket} {machine}", ticket=each.ticket.number, machine=each.ticket.about)
        )
        for each in by_risk(standings)[:_MOST]
    ]


async def any_ticket_choices(request: Request) -> Sequence[Choice]:
    """The tickets of every kind that are open, what breaks its promise first at the top."""
    from core.areas.plant.pages.sla_reading import all_standings
    from core.areas.plant.rules.sla import by_risk

    found = await all_standings(request)
    return [
        Choice(each.ticket.number, _("{ticket} {about}", ticket=each.ticket.number, about=each.ticket.about))
        for each in by_risk(found)
        if not each.settled
    ][:_MOST]
