"""What checklists are about: templates, the runs made from them, and what people did (operations.md 6)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from core.message import _
from core.units import Severity, State

__all__ = [
    "WEEKDAYS",
    "ChecklistRun",
    "ChecklistTemplate",
    "DueDay",
    "Evidence",
    "Item",
    "ItemState",
    "Period",
    "RunState",
    "TemplateItem",
]


class Period(enum.Enum):
    """How often a checklist comes."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class DueDay(enum.Enum):
    """The day of its period on which a checklist is due; a daily one's is its only day."""

    SAME_DAY = "same day"
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    LAST_DAY = "last day"
    LAST_BUSINESS_DAY = "last business day"


WEEKDAYS = (
    DueDay.MONDAY,
    DueDay.TUESDAY,
    DueDay.WEDNESDAY,
    DueDay.THURSDAY,
    DueDay.FRIDAY,
    DueDay.SATURDAY,
    DueDay.SUNDAY,
)
"""The days of the week in order, Monday first."""


class Evidence(enum.Enum):
    """What opsdeck itself can witness, so that an item is done without anybody ticking it."""

    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class TemplateItem:
    """One thing to do. `evidence` names what ticks it by itself."""

    id: str
    text: str
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class ChecklistTemplate:
    """A checklist as it is written down; each period makes a run of it.

    It is due at `due_at` on `due_on` by the local clock of `zone`; no `due_at` means the end of that day.
    `slot` tells several lists of one period apart. `version` follows from the content, so that a run can
    say which wording it was made from. Periods that began before `active_from` have no run.
    """

    id: str
    name: str
    period: Period
    slot: str
    due_on: DueDay
    due_at: time | None
    zone: ZoneInfo
    items: tuple[TemplateItem, ...]
    version: str
    active_from: date | None = None


class ItemState(enum.Enum):
    """What became of one thing to do."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not_applicable"

    @property
    def state(self) -> State:
        """The state with its colour and word."""
        return _ITEM_STATES[self]


_ITEM_STATES = {
    ItemState.OPEN: State(Severity.IDLE, _("open")),
    ItemState.DONE: State(Severity.GOOD, _("done")),
    ItemState.SKIPPED: State(Severity.NOTICE, _("skipped")),
    ItemState.NOT_APPLICABLE: State(Severity.IDLE, _("not applicable")),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do in a run: who settled it, when, with which note and which evidence.

    `automatic` says that opsdeck witnessed it; `expects` is what it would go by.
    """

    id: str
    text: str
    expects: Evidence | None = None
    state: ItemState = ItemState.OPEN
    by: str = ""
    at: datetime | None = None
    note: str = ""
    evidence: str = ""
    automatic: bool = False


class RunState(enum.Enum):
    """How a run stands."""

    OPEN = "open"
    COMPLETE = "complete"
    COMPLETE_LATE = "complete_late"
    MISSED = "missed"

    @property
    def state(self) -> State:
        """The state with its colour and word."""
        return _RUN_STATES[self]


_RUN_STATES = {
    RunState.OPEN: State(Severity.IDLE, _("open")),
    RunState.COMPLETE: State(Severity.GOOD, _("complete")),
    RunState.COMPLETE_LATE: State(Severity.NOTICE, _("complete, late")),
    RunState.MISSED: State(Severity.WARNING, _("missed")),
}


@dataclass(frozen=True, slots=True)
class ChecklistRun:
    """A checklist in one period: `2026-01-22/am`, `2026-W04/review`, `2026-01`.

    It lasts from `starts_at` up to `ends_at` and is due at `due_at`. Its items are those the template had
    when the period began (`version`); later edits don't reach it.
    """

    template: str
    period_key: str
    name: str
    period: Period
    version: str
    zone: ZoneInfo
    starts_at: datetime
    ends_at: datetime
    due_at: datetime
    items: tuple[Item, ...]

    def item(self, id_: str) -> Item | None:
        """The item of that id, if there is one."""
        return next((each for each in self.items if each.id == id_), None)
