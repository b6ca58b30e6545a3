"""The scheduler's entries: what runs by itself, when it last did and when it will (production.md 2.9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.simulators.production.calendar import instant, local_date
from core.simulators.production.scripts import Company, TriggerScript
from core.simulators.production.timelines import Hold

__all__ = ["Entry", "entries"]

_LOOK_BACK = 2
"""Days in which a last run is looked for; every trigger runs daily."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A schedule entry with the fields of production.md 2.9 and the marks of its scheduler."""

    id: str
    name: str
    kind: str
    trigger: str
    timezone: str
    enabled: bool
    paused: bool
    running: bool
    next_run: datetime | None
    last_run: datetime | None
    last_result: str | None
    last_duration_ms: int | None
    missed_count: int
    misfire_grace_time: int = 300
    coalesce: bool = True
    max_instances: int = 1


def entries(company: Company, holds: Sequence[Hold], now: datetime, *, held: bool) -> list[Entry]:
    """The entries; while everything is `held` none has a next run.

    Runs that a hold swallowed are made up for by a single one as it ends.
    """
    return [_entry(company, trigger, holds, now, held) for trigger in company.triggers]


def _entry(
    company: Company, trigger: TriggerScript, holds: Sequence[Hold], now: datetime, held: bool
) -> Entry:
    paused = held or not trigger.enabled
    due = list(_due(company, trigger, now - timedelta(days=_LOOK_BACK), now))
    runs = [at for at in due if not any(_within(hold, at) for hold in holds)]
    missed = len(due) - len(runs)
    runs += [
        hold.end
        for hold in holds
        if hold.end is not None and hold.end <= now and any(_within(hold, at) for at in due)
    ]
    last = max(runs, default=None) if trigger.enabled else None
    upcoming = next(_due(company, trigger, now, now + timedelta(days=_LOOK_BACK)), None)
    return Entry(
        id=trigger.id,
        name=trigger.name,
        kind=trigger.kind,
        trigger=trigger.trigger,
        timezone=company.zone.key,
        enabled=trigger.enabled,
        paused=paused,
        running=last is not None and now < last + timedelta(milliseconds=trigger.duration_ms),
        next_run=None if paused else upcoming,
        last_run=last,
        last_result="ok" if last is not None else None,
        last_duration_ms=trigger.duration_ms if last is not None else None,
        missed_count=missed,
    )


def _due(company: Company, trigger: TriggerScript, start: datetime, end: datetime) -> Iterator[datetime]:
    """When the trigger is due in (start, end], oldest first."""
    day = local_date(start, company.zone)
    while day <= local_date(end, company.zone):
        for minutes in trigger.minutes:
            at = instant(day, minutes, company.zone)
            if start < at <= end:
                yield at
        day += timedelta(days=1)


def _within(hold: Hold, at: datetime) -> bool:
    return hold.start < at and (hold.end is None or at < hold.end)
