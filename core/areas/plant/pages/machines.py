"""The machines: broken ones first, with what is open about each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.area import Request
from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.pages.maintenance_words import machine_state, open_machine
from core.areas.plant.store.machines import all_machines
from core.areas.plant.store.maintenance import all_tickets
from core.message import _, plural
from core.page import Action, Column, Kind, Page, Place, Row
from core.tabulate import tabulate
from core.units import Absent, Instant, Severity, State

__all__ = ["machines_page"]

_COLUMNS = (
    Column("machine", _("Machine"), Kind.TEXT, 1),
    Column("state", _("State"), Kind.STATE, 1),
    Column("name", _("Name"), Kind.TEXT, 1),
    Column("since", _("Since"), Kind.MOMENT, 2),
    Column("tickets", _("Open tickets"), Kind.NUMBER, 1),
    Column("reason", _("Why"), Kind.TEXT, 2),
    Column("department", _("Department"), Kind.TEXT, 3),
)
_ORDER = (MachineState.BROKEN, MachineState.MAINTENANCE, MachineState.OPERATIONAL, MachineState.INACTIVE)


async def machines_page(request: Request) -> Page:
    """The machines of the department that was asked for, or all of them."""
    department = request.text("department")
    async with request.services.store.reading() as connection:
        found = await all_machines(connection, request.moment)
        tickets = await all_tickets(connection, request.moment)
    shown = [each for each in found if department in (None, each.department)]
    shown.sort(key=lambda each: (_ORDER.index(each.state), each.number))
    open_about = Counter(each.machine for each in tickets if each.ongoing)
    table = tabulate(
        "machines",
        _("Machines, broken ones first"),
        _COLUMNS,
        [_row(each, open_about[each.number]) for each in shown],
        request.query,
        empty=_("There is no machine; “machine add” adds one."),
        place=Place.WIDE,
    )
    return Page(
        key="plant.machines" if department is None else f"plant.machines.{department}",
        title=_("Machines"),
        verdict=_machines_state(shown),
        blocks=(table,),
        actions=(
            Action("maintenance", _("Report an issue")),
            Action("maintenance list", _("Maintenance tickets")),
            Action("machine add", _("Add a machine")),
            Action("plant", _("The plant")),
        ),
        as_of=request.moment,
        crumb=department or "",
    )


def _machines_state(machines: Sequence[Machine]) -> State:
    """How the machines are, by the worst."""
    down = sum(each.state is MachineState.BROKEN for each in machines)
    if down:
        return State(Severity.SERIOUS, plural("{count} MACHINE DOWN", "{count} MACHINES DOWN", down))
    if any(each.state is MachineState.MAINTENANCE for each in machines):
        return State(Severity.WARNING, _("SOME IN MAINTENANCE"))
    return State(Severity.GOOD, _("ALL RUN")) if machines else State(Severity.IDLE, _("NO MACHINES"))


def _row(machine: Machine, tickets: int) -> Row:
    cells = (
        machine.number,
        machine_state(machine),
        machine.name,
        Instant(machine.since),
        tickets,
        machine.reason or Absent(_("nobody said")),
        machine.department,
    )
    return Row(machine.number, cells, open_machine(machine.number))
