"""What is refused, in the language of whoever asked: the states that are left to go to with the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.areas.plant.model.defects import RejectState
from core.areas.plant.model.machines import MachineState
from core.areas.plant.model.maintenance import MaintenanceState
from core.areas.plant.model.orders import OrderState
from core.areas.plant.rules import defects, machines, maintenance, moves
from core.errors import RefusedError
from core.relay.languages import language_of
from tests.areas.plant.maintenance.test_maintenance_moves import MACHINE, NOW, TICKET
from tests.areas.plant.orders.world import order
from tests.areas.plant.quality.test_defect_rules import reject


def an_order() -> object:
    return moves.move(order(), OrderState.IN_PROGRESS, NOW)


def a_held_order() -> object:
    held = order(state=OrderState.ON_HOLD, previous=OrderState.IN_PROGRESS)
    return moves.move(held, OrderState.COMPLETED, NOW)


def a_ticket() -> object:
    return maintenance.moved(TICKET, MaintenanceState.COMPLETED, NOW, "tariq")


def a_machine() -> object:
    return machines.moved(replace(MACHINE, state=MachineState.INACTIVE), MachineState.BROKEN, NOW, "tariq")


def a_reject() -> object:
    return defects.moved(reject(RejectState.NO_STOCK), RejectState.APPROVED, NOW, "omar")


@pytest.mark.parametrize(
    ("moved", "french", "arabic"),
    [
        (an_order, "planifié, en suspens, annulé", "مجدولة، موقوفة، ملغاة"),
        (a_held_order, "en cours, annulé", "جارية، ملغاة"),
        (a_ticket, "assigné, en cours, annulé", "مُسندة، قيد التنفيذ، ملغاة"),
        (a_machine, "opérationnelle, en maintenance", "تعمل، قيد الصيانة"),
        (a_reject, "remplacé, archivé", "مستبدل، مؤرشف"),
    ],
)
def test_the_states_left_are_named_in_ones_own_language(
    moved: Callable[[], object], french: str, arabic: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        moved()
    assert french in language_of("fr").text(refused.value.message)
    assert arabic in language_of("ar").text(refused.value.message)
