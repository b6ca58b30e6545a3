"""What a poll says of the production side's schedule and proxy (production.md 3, the table)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.areas.production.model import EventKind, ScheduleEntry, Scheduler
from core.areas.production.rules.conditions import Conditions, FailedRuns, Observation, Scalar
from core.areas.production.rules.thresholds import Level, held, percent_of
from core.text import clean
from core.units import Severity

__all__ = ["Proxy", "proxy_observations", "runs_after", "scheduler_observations"]

_FAILED_RUNS = 2
_ENTRY = "scheduler:entry:"
_LEVELS = (Level.HEALTHY, Level.WARNING, Level.CRITICAL)


@dataclass(frozen=True, slots=True)
class Proxy:
    """The production side's line through its proxy: whether it is up, and how much of its plan is used."""

    up: bool | None = None
    used: Decimal | None = None
    limit: Decimal | None = None


def runs_after(before: Conditions, scheduler: Scheduler | None) -> dict[str, FailedRuns]:
    """How often each entry of the schedule has failed in a row; a run counts once, however often seen."""
    if scheduler is None:
        return dict(before.runs)
    found: dict[str, FailedRuns] = {}
    for entry in scheduler.entries:
        known = before.runs.get(entry.id)
        if known is not None and known.last_run == entry.last_run:
            found[entry.id] = known
            continue
        failures = known.failures if known is not None else 0
        found[entry.id] = FailedRuns(entry.last_run, failures + 1 if entry.last_result == "error" else 0)
    return found


def scheduler_observations(remembered: Conditions, scheduler: Scheduler | None) -> Iterator[Observation]:
    """The scheduler's state, and each of its entries; those that are gone have nothing left to tell."""
    if scheduler is None:
        return
    word = clean(scheduler.state)
    ranks = {"running": 0, "paused": 1, "stopped": 1}
    stopped = word == "stopped"
    yield Observation(
        "scheduler:state",
        EventKind.SCHEDULER_STATUS,
        ranks.get(word),
        Severity.WARNING if stopped else Severity.NOTICE,
        f"scheduler:{word}",
        period=word,  # another state, paused after stopped, is told as well
        data={"state": word},
    )
    for entry in scheduler.entries:
        yield from _entry(entry, remembered.runs[entry.id].failures)
    present = {f"{_ENTRY}{entry.id}" for entry in scheduler.entries}
    for fault, raised in remembered.raised.items():
        if fault.startswith(_ENTRY) and fault.rpartition(":")[0] not in present:
            yield Observation(fault, EventKind.SCHEDULER_STATUS, 0, raised.severity, raised.subject)


def _entry(entry: ScheduleEntry, failures: int) -> Iterator[Observation]:
    """An entry that missed its run, and one that failed twice running."""
    subject = f"scheduler:{entry.name or entry.id}"
    data: dict[str, Scalar] = {
        "entry": entry.id,
        "next_run": None if entry.next_run is None else entry.next_run.isoformat(),
    }
    missed = entry.last_result == "missed"
    yield Observation(
        f"{_ENTRY}{entry.id}:missed",
        EventKind.SCHEDULER_STATUS,
        int(missed),
        Severity.WARNING,
        subject,
        period=str(entry.missed_count) if missed else "",
        data={**data, "reason": "missed"},
    )
    yield Observation(
        f"{_ENTRY}{entry.id}:failed",
        EventKind.SCHEDULER_STATUS,
        int(failures >= _FAILED_RUNS),
        Severity.WARNING,
        subject,
        data={**data, "reason": "failed", "failures": failures},
    )


def proxy_observations(before: Conditions, proxy: Proxy | None) -> Iterator[Observation]:
    """Whether the proxy's link is up, and how much of its data plan is used."""
    if proxy is None:
        return
    down = None if proxy.up is None else int(not proxy.up)
    yield Observation("proxy:link", EventKind.PROXY_STATUS, down, Severity.CRITICAL, "proxy:link")
    percent = percent_of(proxy.used, proxy.limit)
    raised = before.raised.get("proxy:plan")
    level = Level.HEALTHY if raised is None else _LEVELS[raised.rank]
    rank = None if percent is None else _LEVELS.index(held(level, percent))
    yield Observation(
        "proxy:plan",
        EventKind.PROXY_STATUS,
        rank,
        Severity.CRITICAL if rank == 2 else Severity.WARNING,
        "proxy:plan",
        data={
            "used": _figure(proxy.used),
            "limit": _figure(proxy.limit),
            "used_percent": _figure(percent),
        },
    )


def _figure(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
