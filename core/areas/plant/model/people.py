"""Who works in the plant, where and when (whatsapp.md A3)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

__all__ = ["Department", "Occupation", "Operator", "Shift"]


class Occupation(enum.Enum):
    """What somebody is employed as."""

    ADMIN = "admin"
    PLANNER = "planner"
    STOCK_PLANNER = "stock_planner"
    BRANDING_COORDINATOR = "branding_coordinator"
    SUPERVISOR = "supervisor"
    DEPARTMENT_MANAGER = "department_manager"
    HEAD_OF_DEPARTMENT = "hod"
    MAINTENANCE_SUPERVISOR = "maintenance_supervisor"
    MAINTENANCE_TECHNICIAN = "maintenance_technician"
    QUALITY_COORDINATOR = "quality_coordinator"
    FINANCE_USER = "finance_user"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Department:
    """A part of the plant, by its short `code`."""

    code: str
    name: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who works in the plant, by their employee number.

    `department` is a code, `badge` what they sign on at a machine with. `phone` is personal data: it is
    shown masked wherever it is shown. `person` is their name in opsdeck, which notices to them go by.
    """

    number: str
    name: str
    department: str = ""
    occupation: Occupation = Occupation.OPERATOR
    badge: str = ""
    phone: str = ""
    person: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch of work of some people, by employee number, maybe at one machine.

    `ended_at` is when it was ended by hand: before its time, or before it began at all.
    """

    number: str
    name: str
    start: datetime
    end: datetime
    operators: tuple[str, ...]
    department: str = ""
    machine: str = ""
    ended_at: datetime | None = None

    @property
    def called_off(self) -> bool:
        """Whether it was ended before it began."""
        return self.ended_at is not None and self.ended_at <= self.start

    def running(self, moment: datetime) -> bool:
        """Whether people are at work on it at `moment`."""
        return self.start <= moment < min(self.end, self.ended_at or self.end)
