"""What people do to machines: adding one, and saying how one is."""

from __future__ import annotations

from core.area import Outcome, Request
from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.pages.maintenance_written import machine_done_page
from core.areas.plant.rules import machines as rules
from core.areas.plant.rules.maintenance_events import machine_event
from core.areas.plant.store.machines import all_machines, machine_of, record_machines
from core.areas.plant.store.maintenance import tickets_of_machine
from core.areas.plant.store.people import department_of
from core.errors import InputError, RefusedError
from core.message import _
from core.notify.delivery.turn import take_turn
from core.store.store import Transaction
from core.store.versions import NEWEST
from core.text import clean, paragraph

__all__ = ["apply_add", "apply_move"]


async def apply_add(request: Request, transaction: Transaction) -> Outcome:
    """Add a machine, which is operational.

    Raises:
        InputError: there is one of that number already.
        NotFoundError: there is no such department.
    """
    await take_turn(transaction)
    number, connection = str(request.arguments["machine"]), transaction.connection
    if any(each.number == number for each in await all_machines(connection, NEWEST)):
        raise InputError(
            _("{parameter}: there is a machine {machine} already.", parameter="machine", machine=number)
        )
    department = await department_of(connection, str(request.arguments["department"]), NEWEST)
    machine = Machine(
        number=number,
        name=clean(request.text("name") or "", 200),
        department=department.code,
        state=MachineState.OPERATIONAL,
        since=request.now,
        specifications=paragraph(request.text("specifications") or ""),
        by=request.principal.name,
    )
    await record_machines(transaction, [machine])
    await transaction.emit(machine_event(machine))
    said = _("{machine} is there.", machine=number)
    return Outcome(machine_done_page(number, said), f"machine:{number}", {}, _audited(machine))


async def apply_move(request: Request, transaction: Transaction) -> Outcome:
    """Bring a machine into another state.

    Raises:
        NotFoundError: there is no such machine.
        RefusedError: it can't go there, or a ticket says that it stands still.
        InputError: why is missing, and that state needs it.
    """
    await take_turn(transaction)
    connection = transaction.connection
    before = await machine_of(connection, str(request.arguments["machine"]), NEWEST)
    to, reason = MachineState(str(request.arguments["state"])), clean(request.text("reason") or "")
    if to is MachineState.OPERATIONAL:
        tickets = await tickets_of_machine(connection, before.number, NEWEST)
        down = next((each.number for each in tickets if each.ongoing and each.machine_down), None)
        if down is not None:
            raise RefusedError(
                _(
                    "{machine} stands still by {ticket}; complete that ticket, and it runs again.",
                    machine=before.number,
                    ticket=down,
                )
            )
    after = rules.moved(before, to, request.now, request.principal.name, reason)
    await record_machines(transaction, [after])
    await transaction.emit(machine_event(after))
    said = _("{machine} is {state}.", machine=after.number, state=rules.state_word(to))
    page = machine_done_page(after.number, said)
    return Outcome(page, f"machine:{after.number}", _audited(before), _audited(after))


def _audited(machine: Machine) -> dict[str, object]:
    return {"state": machine.state.value, "department": machine.department, "reason": machine.reason}
