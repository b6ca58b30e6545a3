"""One machine: how it is, its maintenance tickets, and the work that is planned on it."""

from __future__ import annotations

from core.area import Request
from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.model.orders import ACTIVE
from core.areas.plant.pages.maintenance import tickets_table
from core.areas.plant.pages.maintenance_words import machine_state
from core.areas.plant.pages.order_blocks import machine_gantt
from core.areas.plant.rules.machines import LEGAL, state_word
from core.areas.plant.rules.promised import of_maintenance
from core.areas.plant.rules.sla import by_risk, stand
from core.areas.plant.store.machines import machine_of
from core.areas.plant.store.maintenance import tickets_of_machine
from core.areas.plant.store.orders import orders_in, schedules_on
from core.message import Message, _
from core.page import Action, Block, Document, Fact, Facts, Page
from core.units import Absent, Instant

__all__ = ["machine_page"]


async def machine_page(request: Request) -> Page:
    """The machine that the request names.

    Raises:
        NotFoundError: there is none of that number.
    """
    async with request.services.store.reading() as connection:
        machine = await machine_of(connection, request.text("machine") or "", request.moment)
        tickets = await tickets_of_machine(connection, machine.number, request.moment)
        orders = await orders_in(connection, request.moment, ACTIVE)
        schedules = await schedules_on(connection, machine.number, request.moment)
    named = {each.number: each for each in tickets}
    standings = by_risk(stand(of_maintenance(each), request.moment) for each in tickets)
    table = tickets_table(
        _("Its tickets"),
        [(named[each.ticket.number], each) for each in standings],
        request,
        empty=_("There was never a ticket about it."),
        of_one=True,
    )
    planned = machine_gantt(machine.number, orders, schedules, request.moment)
    blocks: list[Block] = [_facts(machine), table, planned]
    if machine.specifications:
        blocks.append(Document("specifications", _("Specifications"), (machine.specifications,)))
    return Page(
        key=f"plant.machine.{machine.number}",
        title=_("Machine"),
        verdict=machine_state(machine),
        blocks=tuple(blocks),
        actions=_actions(machine),
        as_of=request.moment,
        crumb=_("{machine} · {name}", machine=machine.number, name=machine.name),
    )


def _facts(machine: Machine) -> Facts:
    facts = (
        Fact(_("Name"), machine.name),
        Fact(_("State"), machine_state(machine)),
        Fact(_("Since"), Instant(machine.since), _("by {who}", who=machine.by) if machine.by else None),
        Fact(_("Why"), machine.reason or Absent(_("nobody said"))),
        Fact(_("Department"), machine.department),
    )
    return Facts("machine", _("Machine"), facts)


_LABELS: dict[MachineState, Message] = {
    MachineState.OPERATIONAL: _("It runs again"),
    MachineState.MAINTENANCE: _("Take it into maintenance"),
    MachineState.BROKEN: _("It is broken"),
    MachineState.INACTIVE: _("Take it out of use"),
}


def _actions(machine: Machine) -> tuple[Action, ...]:
    here = ("machine", machine.number)
    refused = _("The machine is {state}.", state=state_word(machine.state))
    moves = (
        Action(
            "machine move",
            label,
            (here, ("state", to.value)),
            None if to in LEGAL[machine.state] else refused,
        )
        for to, label in _LABELS.items()
        if to is not machine.state
    )
    return (
        Action("maintenance", _("Report an issue"), (here,)),
        *moves,
        Action("machines", _("All machines")),
    )
