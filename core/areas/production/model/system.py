"""The production system by its own account: its state, its health, its schedule (production.md 2.1, 2.9)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

__all__ = ["Health", "Operation", "ScheduleEntry", "Scheduler", "System", "SystemState"]


class SystemState(enum.Enum):
    """Whether the system takes on work (production.md 2.1)."""

    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    RESTARTING = "restarting"
    STOPPED = "stopped"
    ERROR = "error"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class System:
    """The production system by its own account."""

    state: SystemState
    as_of: datetime
    desired_state: SystemState = SystemState.UNKNOWN
    activity: str = ""
    in_flight: int | None = None
    version: str = ""
    started_at: datetime | None = None
    paused_by: str = ""
    paused_at: datetime | None = None
    pause_reason: str = ""
    pause_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """The answer of the system's `/health`: its word, and each check's word by name."""

    status: str
    checks: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """Something the production system does by itself (production.md 2.9)."""

    id: str
    name: str = ""
    kind: str = ""
    trigger: str = ""
    timezone: str = ""
    enabled: bool = True
    paused: bool = False
    running: bool = False
    next_run: datetime | None = None
    last_run: datetime | None = None
    last_result: str = ""
    last_duration_ms: int | None = None
    missed_count: int = 0


@dataclass(frozen=True, slots=True)
class Scheduler:
    """The production system's scheduler: its word and its entries."""

    state: str
    entries: tuple[ScheduleEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """A control request the system is still carrying out (`/operations/{id}`)."""

    id: str
    verb: str
    state: str
    error: str = ""
