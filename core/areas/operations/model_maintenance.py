"""What planned maintenance is: windows and how far they are (operations.md 7.4)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from core.message import _
from core.units import Severity, State

__all__ = ["MaintenanceStatus", "MaintenanceWindow"]


class MaintenanceStatus(enum.Enum):
    """How far a window is."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def active(self) -> bool:
        """Whether work goes on, so that its components count as under maintenance."""
        return self in (MaintenanceStatus.IN_PROGRESS, MaintenanceStatus.VERIFYING)

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self in (MaintenanceStatus.COMPLETED, MaintenanceStatus.CANCELLED)

    @property
    def state(self) -> State:
        """The status with its colour and word."""
        return _STATES[self]


_STATES = {
    MaintenanceStatus.SCHEDULED: State(Severity.IDLE, _("scheduled")),
    MaintenanceStatus.IN_PROGRESS: State(Severity.NOTICE, _("in progress")),
    MaintenanceStatus.VERIFYING: State(Severity.NOTICE, _("verifying")),
    MaintenanceStatus.COMPLETED: State(Severity.GOOD, _("completed")),
    MaintenanceStatus.CANCELLED: State(Severity.IDLE, _("cancelled")),
}


@dataclass(frozen=True, slots=True)
class MaintenanceWindow:
    """Planned work on components of the status page, from `starts_at` to `ends_at`.

    With `automatic` it starts and ends by the clock; otherwise people start and end it, and running over
    its end is worth a warning. `title` and `text` are for the public; `by` and `reason` are not.
    """

    id: str
    title: str
    text: str
    components: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    automatic: bool
    status: MaintenanceStatus
    created_at: datetime
    by: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""

    def overdue(self, now: datetime) -> bool:
        """Whether work goes on although it should have ended."""
        return self.status.active and now > self.ends_at
