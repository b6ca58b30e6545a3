"""What the system and the provider said of themselves and their surroundings, as rows, and back.

When such a snapshot was last confirmed is when its part was last polled well: a row is only written when
something changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import RowMapping

from core.areas.production.model import (
    Balance,
    BudgetPeriod,
    Character,
    Health,
    JobStatus,
    Platform,
    ProviderTask,
    ReportedBudget,
    ReportedCredits,
    ScheduleEntry,
    System,
    SystemState,
)
from core.areas.production.store.rows import (
    amount,
    from_amount,
    from_stored,
    millionths,
    to_amount,
    to_stored,
)
from core.areas.production.store.tables import ONLY
from core.encoding import decode, encode

__all__ = [
    "balance_from_row",
    "balance_row",
    "budget_from_row",
    "budget_row",
    "character_from_row",
    "character_row",
    "credits_from_row",
    "credits_row",
    "health_from_row",
    "health_row",
    "platform_from_row",
    "platform_row",
    "schedule_from_row",
    "schedule_row",
    "skew_from_row",
    "system_from_row",
    "system_row",
    "task_from_row",
    "task_row",
]

_SKEW_SHOWN = timedelta(seconds=30)
_SKEW_STEP = 10
"""Seconds to which a clock's difference is rounded, so that its trembling makes no new versions."""


def system_row(system: System, skew: timedelta | None) -> dict[str, object]:
    """The row of the system; a difference of clocks too small to show lies as none."""
    off = skew if skew is not None and abs(skew) > _SKEW_SHOWN else timedelta()
    return {
        "id": ONLY,
        "state": system.state.value,
        "desired_state": system.desired_state.value,
        "activity": system.activity,
        "in_flight": system.in_flight,
        "version": system.version,
        "started_at": to_stored(system.started_at),
        "paused_by": system.paused_by,
        "paused_at": to_stored(system.paused_at),
        "pause_reason": system.pause_reason,
        "pause_until": to_stored(system.pause_until),
        "skew_seconds": round(off.total_seconds() / _SKEW_STEP) * _SKEW_STEP,
    }


def system_from_row(row: RowMapping, as_of: datetime) -> System:
    """The system of a row, which was last confirmed at `as_of`."""
    return System(
        state=SystemState(row["state"]),
        as_of=as_of,
        desired_state=SystemState(row["desired_state"]),
        activity=row["activity"],
        in_flight=row["in_flight"],
        version=row["version"],
        started_at=from_stored(row["started_at"]),
        paused_by=row["paused_by"],
        paused_at=from_stored(row["paused_at"]),
        pause_reason=row["pause_reason"],
        pause_until=from_stored(row["pause_until"]),
    )


def skew_from_row(row: RowMapping) -> timedelta:
    """By how much the system's clock is ahead of ours; nothing where that is too little to show."""
    return timedelta(seconds=row["skew_seconds"])


def health_row(health: Health) -> dict[str, object]:
    """The row of the system's health."""
    checks = json.dumps(dict(sorted(health.checks.items())), ensure_ascii=False)
    return {"id": ONLY, "status": health.status, "checks": checks}


def health_from_row(row: RowMapping) -> Health:
    """The health of a row."""
    return Health(row["status"], json.loads(row["checks"]))


def character_row(character: Character) -> dict[str, object]:
    """The row of a character."""
    return {each.name: getattr(character, each.name) for each in fields(character)}


def character_from_row(row: RowMapping) -> Character:
    """The character of a row."""
    return Character(**{each.name: row[each.name] for each in fields(Character)})


def platform_row(platform: Platform) -> dict[str, object]:
    """The row of a platform."""
    return {"id": platform.id, "enabled": platform.enabled, "daily_cap": platform.daily_cap}


def platform_from_row(row: RowMapping) -> Platform:
    """The platform of a row."""
    return Platform(row["id"], row["enabled"], row["daily_cap"])


def schedule_row(entry: ScheduleEntry) -> dict[str, object]:
    """The row of an entry of the schedule."""
    plain = {each.name: getattr(entry, each.name) for each in fields(entry)}
    return {**plain, "next_run": to_stored(entry.next_run), "last_run": to_stored(entry.last_run)}


def schedule_from_row(row: RowMapping) -> ScheduleEntry:
    """The entry of the schedule of a row."""
    plain: dict[str, Any] = {each.name: row[each.name] for each in fields(ScheduleEntry)}
    plain["next_run"], plain["last_run"] = from_stored(row["next_run"]), from_stored(row["last_run"])
    return ScheduleEntry(**plain)


def credits_row(reported: ReportedCredits) -> dict[str, object]:
    """The row of the system's own account of its credits. When it said so is when it was polled."""
    return {"id": ONLY, "figures": _figures(reported, "as_of")}


def credits_from_row(row: RowMapping, as_of: datetime | None) -> ReportedCredits:
    """The system's own account of its credits, which was last confirmed at `as_of`."""
    return ReportedCredits(**_read_figures(row), as_of=as_of)


def budget_row(budget: ReportedBudget) -> dict[str, object]:
    """The row of a budget of the system's own."""
    return {"period": budget.period.value, "figures": _figures(budget, "period")}


def budget_from_row(row: RowMapping) -> ReportedBudget:
    """The budget of a row."""
    return ReportedBudget(period=BudgetPeriod(row["period"]), **_read_figures(row))


def balance_row(balance: Balance) -> dict[str, object]:
    """The row of the provider's figures."""
    return {"id": ONLY, "coins": millionths(balance.coins), "diamonds": to_amount(balance.diamonds)}


def balance_from_row(row: RowMapping, read_at: datetime) -> Balance:
    """The provider's figures of a row, last confirmed at `read_at`."""
    return Balance(amount(row["coins"]), read_at, from_amount(row["diamonds"]))


def task_row(task: ProviderTask) -> dict[str, object]:
    """The row of a provider's task."""
    return {
        "id": task.id,
        "status": task.status.value,
        "status_word": task.status_word,
        "coins": to_amount(task.coins),
        "created_at": to_stored(task.created_at),
        "name": task.name,
        "failure": task.failure,
    }


def task_from_row(row: RowMapping) -> ProviderTask:
    """The provider's task of a row."""
    return ProviderTask(
        id=row["id"],
        status=JobStatus(row["status"]),
        status_word=row["status_word"],
        coins=from_amount(row["coins"]),
        created_at=from_stored(row["created_at"]),
        name=row["name"],
        failure=row["failure"],
    )


def _figures(value: ReportedCredits | ReportedBudget, without: str) -> str:
    """The fields of a value but one as text."""
    return encode({each.name: getattr(value, each.name) for each in fields(value) if each.name != without})


def _read_figures(row: RowMapping) -> dict[str, Any]:
    return dict(cast("Mapping[str, Any]", decode(row["figures"])))
