"""What a machine of the plant is (whatsapp.md A3)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

__all__ = ["Machine", "MachineState"]


class MachineState(enum.Enum):
    """Whether a machine can be worked on."""

    OPERATIONAL = "operational"
    MAINTENANCE = "maintenance"
    BROKEN = "broken"
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine by its `number`, as people call it (`MACH-001`).

    `department` is a department's code. `since` is when it came into its state, by whom (`by`) and why
    (`reason`).
    """

    number: str
    name: str
    department: str
    state: MachineState
    since: datetime
    specifications: str = ""
    by: str = ""
    reason: str = ""
