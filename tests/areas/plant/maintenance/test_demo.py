"""The demo's machines and tickets: every state is there, and what is worth looking at stands out."""

from __future__ import annotations

from pathlib import Path

from core.areas.plant.model.machines import MachineState
from core.areas.plant.model.maintenance import MaintenanceState
from core.areas.plant.rules.promised import of_maintenance
from core.areas.plant.rules.sla import Verdict, stand
from core.areas.plant.store.machines import all_machines
from core.areas.plant.store.maintenance import all_tickets
from core.areas.plant.store.people import record_departments, record_operators
from core.demo.plant_maintenance import maintenance_steps
from core.demo.plant_orders import DEPARTMENTS, OPERATORS
from core.demo.plant_steps import PlantPast
from core.moment import FrozenClock
from core.store.versions import NEWEST
from tests.areas.plant.maintenance.world import NOW, deck_in, hours


async def test_the_demo_has_every_state_of_a_ticket_and_a_machine_that_is_down(tmp_path: Path) -> None:
    async with await deck_in(tmp_path, FrozenClock(NOW), {}) as deck:
        async with deck.services.store.writing() as transaction:
            past = PlantPast(deck.services, transaction)
            before = past.at(hours(-24 * 40))
            await record_departments(before, DEPARTMENTS)
            await record_operators(before, OPERATORS)
            await past.live(maintenance_steps(NOW))
        async with deck.services.store.reading() as connection:
            tickets = await all_tickets(connection, NEWEST)
            machines = await all_machines(connection, NEWEST)
            earlier = await all_machines(connection, hours(-200))
    assert {each.state for each in tickets} == set(MaintenanceState)
    assert [each.number for each in machines] == [f"MACH-{n:03}" for n in range(1, 9)]
    down = [each.number for each in machines if each.state is MachineState.BROKEN]
    assert down == ["MACH-007"]
    assert [each.number for each in earlier if each.state is MachineState.BROKEN] == ["MACH-002"]
    verdicts = {each.machine: stand(of_maintenance(each), NOW).verdict for each in tickets if each.ongoing}
    assert verdicts == {
        "MACH-005": Verdict.BREACHED,
        "MACH-001": Verdict.ON_TRACK,
        "MACH-007": Verdict.AT_RISK,
        "MACH-006": Verdict.ON_TRACK,
        "MACH-003": Verdict.ON_TRACK,
    }
