"""Conditions that are raised, told once, reminded of while critical, and told again when they are over.

Production.md 3 and 4. A condition is known by its fault. What is found at a poll is an `Observation` for
each fault; a fault that no observation speaks of, or whose level isn't known, stays as it was: a missing
reading raises nothing and recovers nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.areas.production.model import EventKind, ProductionEvent
from core.units import Severity

__all__ = ["REMINDER", "Conditions", "FailedRuns", "Observation", "Raised", "Scalar", "update_conditions"]

REMINDER = timedelta(minutes=60)
"""How long after the last word a condition that is still critical is told again."""

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Observation:
    """How one fault stands at a poll.

    `rank` is 0 where there is nothing to tell and grows with how bad it is; `None` is unknown. `period` is
    what it is told once within: a new period tells anew what is still raised. `silent` keeps quiet about
    a rise, because a worse fault tells of the same one.
    """

    fault: str
    kind: EventKind
    rank: int | None
    severity: Severity
    subject: str
    period: str = ""
    text: str = ""
    data: Mapping[str, Scalar] = field(default_factory=dict[str, Scalar])
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Raised:
    """A condition that is open: how bad, in which period, since when, and when it was last told.

    `told_at` is `None` while nobody was told of it; then nobody is told of its end either.
    """

    kind: EventKind
    rank: int
    severity: Severity
    subject: str
    period: str
    since: datetime
    told_at: datetime | None
    worst: Severity
    reminders: int = 0


@dataclass(frozen=True, slots=True)
class FailedRuns:
    """How often running something of the schedule failed in a row, up to its run of that moment."""

    last_run: datetime | None
    failures: int


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is raised, by fault, and what the checks need to remember from one poll to the next."""

    raised: Mapping[str, Raised] = field(default_factory=dict[str, Raised])
    runs: Mapping[str, FailedRuns] = field(default_factory=dict[str, FailedRuns])


def update_conditions(
    before: Conditions, observations: Iterable[Observation], now: datetime
) -> tuple[Conditions, list[ProductionEvent]]:
    """The conditions after a poll, and what there is to tell of it, in the order of the observations.

    - A rise, and a period that begins with the condition raised, is told once.
    - A fall to a lower rank is not told, but arms the higher one again.
    - What has fallen to rank 0 recovers: told once, if the rise was.
    - What is critical still is told again every 60 minutes.
    """
    raised = dict(before.raised)
    events: list[ProductionEvent] = []
    for seen in observations:
        if seen.rank is None:
            continue
        known = raised.get(seen.fault)
        if seen.rank <= 0:
            if known is not None:
                del raised[seen.fault]
                if known.told_at is not None:
                    events.append(_recovery(known, seen, now))
            continue
        after, event = _standing(known, seen, now)
        raised[seen.fault] = after
        if event is not None:
            events.append(event)
    return replace(before, raised=raised), events


def _standing(
    known: Raised | None, seen: Observation, now: datetime
) -> tuple[Raised, ProductionEvent | None]:
    """A condition that is raised after this poll, and what to tell of it, if anything."""
    assert seen.rank is not None
    anew = known is None or known.period != seen.period
    if known is None or anew or seen.rank > known.rank:
        told_at = known.told_at if known is not None else None
        worst = max(seen.severity, known.worst) if known is not None else seen.severity
        after = Raised(
            kind=seen.kind,
            rank=seen.rank,
            severity=seen.severity,
            subject=seen.subject,
            period=seen.period,
            since=known.since if known is not None else now,
            told_at=told_at if seen.silent else now,
            worst=worst,
        )
        return after, None if seen.silent else _event(seen, now, _key(seen, now))
    after = replace(known, rank=seen.rank, severity=seen.severity)
    if known.told_at is None or seen.severity is not Severity.CRITICAL or now - known.told_at < REMINDER:
        return after, None
    after = replace(after, told_at=now, reminders=known.reminders + 1)
    key = f"{_key(seen, known.since)}:again:{after.reminders}:{int(now.timestamp())}"
    event = _event(seen, now, key)
    return after, replace(event, data={**event.data, "reminder": True})


def _event(seen: Observation, now: datetime, key: str) -> ProductionEvent:
    return ProductionEvent(
        kind=seen.kind,
        severity=seen.severity,
        at=now,
        subject=seen.subject,
        key=key,
        text=seen.text,
        data=seen.data,
    )


def _recovery(known: Raised, seen: Observation, now: datetime) -> ProductionEvent:
    return ProductionEvent(
        kind=known.kind,
        severity=Severity.GOOD,
        at=now,
        subject=known.subject,
        key=f"{seen.fault}:{int(known.since.timestamp())}:recovered",
        text=seen.text,
        data={
            **seen.data,
            "since": known.since.isoformat(),
            "was_critical": known.worst is Severity.CRITICAL,
        },
        recovered=True,
    )


def _key(seen: Observation, now: datetime) -> str:
    """Told once for a fault, its period and rank; the moment lets it be told again after it was armed."""
    return f"{seen.fault}:{seen.period}:{seen.rank}:{int(now.timestamp())}"
