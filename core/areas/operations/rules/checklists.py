"""What may be done to a checklist's run, how it stands, how well checklists are kept (operations.md 6)."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.areas.operations.model_checklists import (
    ChecklistRun,
    ChecklistTemplate,
    Evidence,
    Item,
    ItemState,
    RunState,
)
from core.areas.operations.rules.checklist_periods import PeriodSpan
from core.errors import InputError, NotFoundError
from core.message import _

__all__ = [
    "ON_TIME_RUNS",
    "OVERDUE_AFTER",
    "OnTime",
    "Reminder",
    "begin",
    "completion",
    "finished_at",
    "on_time",
    "reminder",
    "settle",
    "state_of",
    "untick",
    "witness",
]

OVERDUE_AFTER = timedelta(hours=2)
"""How long after it was due an unfinished run is warned of once more."""

ON_TIME_RUNS = 30
"""How many of the newest due runs the on-time rate is of."""


class Reminder(enum.Enum):
    """What to tell of an unfinished or finished run."""

    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class OnTime:
    """How many of the newest due runs were complete on time."""

    on_time: int
    due: int

    @property
    def share(self) -> float | None:
        """The part that was on time, 0 to 1; nothing where none was due yet."""
        return self.on_time / self.due if self.due else None


def begin(template: ChecklistTemplate, span: PeriodSpan) -> ChecklistRun | None:
    """The run of that period, with nothing done; nothing where the template wasn't active yet."""
    local_start = span.starts_at.astimezone(template.zone).date()
    if template.active_from is not None and local_start < template.active_from:
        return None
    return ChecklistRun(
        template=template.id,
        period_key=span.key,
        name=template.name,
        period=template.period,
        version=template.version,
        zone=template.zone,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        due_at=span.due_at,
        items=tuple(Item(each.id, each.text, each.evidence) for each in template.items),
    )


def settle(
    run: ChecklistRun,
    item_id: str,
    state: ItemState,
    *,
    by: str,
    now: datetime,
    note: str = "",
    evidence: str = "",
) -> ChecklistRun:
    """The run with that item done, skipped or not applicable.

    Raises:
        InputError: the period is over or has not begun, or an item is skipped without a reason.
        NotFoundError: the run has no such item.
    """
    _refuse_outside(run, now)
    item = _item(run, item_id)
    if state is ItemState.SKIPPED and not note.strip():
        raise InputError(_("Say why it is skipped."))
    settled = replace(
        item, state=state, by=by, at=now, note=note.strip(), evidence=evidence.strip(), automatic=False
    )
    return _with(run, settled)


def untick(run: ChecklistRun, item_id: str, now: datetime) -> ChecklistRun:
    """The run with that item open again.

    Raises:
        InputError: the period is over or has not begun, or the item is open already.
        NotFoundError: the run has no such item.
    """
    _refuse_outside(run, now)
    item = _item(run, item_id)
    if item.state is ItemState.OPEN:
        raise InputError(_("“{item}” isn’t ticked.", item=item.text))
    return _with(run, Item(item.id, item.text, item.expects))


def witness(run: ChecklistRun, evidence: Evidence, at: datetime, reference: str) -> ChecklistRun:
    """The run with the open items done that go by this evidence, which came at `at`.

    What came outside the run's period proves nothing for it.
    """
    if not run.starts_at <= at < run.ends_at:
        return run
    items = tuple(
        replace(item, state=ItemState.DONE, by="opsdeck", at=at, evidence=reference, automatic=True)
        if item.expects is evidence and item.state is ItemState.OPEN
        else item
        for item in run.items
    )
    return replace(run, items=items)


def completion(run: ChecklistRun) -> float | None:
    """The share of applicable items that are done, 0 to 1; nothing where none is applicable."""
    applicable = [item for item in run.items if item.state is not ItemState.NOT_APPLICABLE]
    if not applicable:
        return None
    return sum(item.state is ItemState.DONE for item in applicable) / len(applicable)


def finished_at(run: ChecklistRun) -> datetime | None:
    """When the last item was settled; nothing while any is open."""
    if any(item.state is ItemState.OPEN for item in run.items):
        return None
    return max((item.at for item in run.items if item.at is not None), default=run.starts_at)


def state_of(run: ChecklistRun, now: datetime) -> RunState:
    """How the run stands at `now`."""
    finished = finished_at(run)
    if finished is not None:
        return RunState.COMPLETE if finished <= run.due_at else RunState.COMPLETE_LATE
    return RunState.OPEN if now < run.ends_at else RunState.MISSED


def on_time(runs: Iterable[ChecklistRun], now: datetime) -> OnTime:
    """How many of the newest `ON_TIME_RUNS` runs that were due by `now` were complete on time."""
    due = sorted((run for run in runs if run.due_at <= now), key=lambda run: run.due_at, reverse=True)
    newest = due[:ON_TIME_RUNS]
    return OnTime(sum(state_of(run, now) is RunState.COMPLETE for run in newest), len(newest))


def reminder(run: ChecklistRun, now: datetime) -> Reminder | None:
    """What is to be told of an unfinished run by `now`: that it is due, or two hours later overdue."""
    if finished_at(run) is not None or now < run.due_at:
        return None
    return Reminder.OVERDUE if now >= run.due_at + OVERDUE_AFTER else Reminder.DUE


def _refuse_outside(run: ChecklistRun, now: datetime) -> None:
    if now < run.starts_at:
        raise InputError(_("“{name}” of {period} hasn’t begun yet.", name=run.name, period=run.period_key))
    if now >= run.ends_at:
        raise InputError(
            _(
                "“{name}” of {period} is closed; only the present period can be changed.",
                name=run.name,
                period=run.period_key,
            )
        )


def _item(run: ChecklistRun, item_id: str) -> Item:
    item = run.item(item_id)
    if item is None:
        known = ", ".join(each.id for each in run.items)
        raise NotFoundError(
            _("“{name}” has no item “{item}”; it has {known}.", name=run.name, item=item_id[:60], known=known)
        )
    return item


def _with(run: ChecklistRun, item: Item) -> ChecklistRun:
    return replace(run, items=tuple(item if each.id == item.id else each for each in run.items))
