"""What each poll says of every fault that is watched (production.md 3, the table)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from core.areas.production.model import (
    EventKind,
    Health,
    Job,
    JobStatus,
    ProductionEvent,
    Scheduler,
)
from core.areas.production.rules.budgets import BudgetState
from core.areas.production.rules.conditions import Conditions, Observation, Scalar, update_conditions
from core.areas.production.rules.credits import Credits
from core.areas.production.rules.schedule_checks import (
    Proxy,
    proxy_observations,
    runs_after,
    scheduler_observations,
)
from core.areas.production.rules.thresholds import Level, held
from core.text import clean
from core.units import Absent, Severity

__all__ = ["CheckInput", "check", "failure_rate", "failure_streak"]

_DAILY_LOW, _DAILY_CRITICAL = Decimal(10), Decimal(5)
_STREAK_ERROR, _STREAK_CRITICAL = 3, 5
_RATE_ERROR, _RATE_CRITICAL = Decimal(20), Decimal(40)
_RATE_JOBS = 20
_MISSED_POLLS = 3


@dataclass(frozen=True, slots=True)
class CheckInput:
    """What is known at a poll; `None` is what isn't, or is too old to judge by.

    `today` is the local day. `ended` are jobs that came to their end, the newest first. `missed_polls`
    counts polls of the system that failed in a row; `rejected` tells whether A2E refused our token;
    `last_error` is why the system can't be reached.
    """

    now: datetime
    today: date
    credits: Credits | None = None
    median_job_credits: Decimal | None = None
    budgets: Sequence[BudgetState] | None = None
    missed_polls: int | None = None
    last_error: str = ""
    health: Health | None = None
    rejected: bool | None = None
    ended: Sequence[Job] | None = None
    scheduler: Scheduler | None = None
    proxy: Proxy | None = None


def check(before: Conditions, facts: CheckInput) -> tuple[Conditions, list[ProductionEvent]]:
    """The conditions after these facts, and the events to tell."""
    remembered = replace(before, runs=runs_after(before, facts.scheduler))
    observations = (
        *_credits(before, facts),
        *_budgets(before, facts),
        *_system(facts),
        *_jobs(facts),
        *scheduler_observations(remembered, facts.scheduler),
        *proxy_observations(before, facts.proxy),
    )
    return update_conditions(remembered, observations, facts.now)


def failure_streak(ended: Iterable[Job]) -> int:
    """How many of the last jobs failed in a row; cancelled ones don't count either way. Newest first."""
    streak = 0
    for job in ended:
        if job.status is JobStatus.FAILED:
            streak += 1
        elif job.status is JobStatus.COMPLETED:
            break
    return streak


def failure_rate(ended: Iterable[Job]) -> Decimal | None:
    """Percent failed of the last 20 jobs that completed or failed; nothing while there are fewer."""
    counted = [job for job in ended if job.status in {JobStatus.COMPLETED, JobStatus.FAILED}][:_RATE_JOBS]
    if len(counted) < _RATE_JOBS:
        return None
    failed = sum(job.status is JobStatus.FAILED for job in counted)
    return Decimal(failed) * 100 / len(counted)


def _credits(before: Conditions, facts: CheckInput) -> Iterator[Observation]:
    found = facts.credits
    if found is None:
        return
    month, today = found.period.first.isoformat(), facts.today.isoformat()
    data: dict[str, Scalar] = {
        "usage_percent": _figure(found.usage_percent),
        "remaining": _figure(found.headline),
        "runway_days": _figure(found.runway_days),
    }
    monthly: Level | None = None
    if found.status is not Level.UNKNOWN:
        monthly = _held_level(before, "credits:monthly", month, found.usage_percent)
    daily: Level | None = None
    left = found.daily_remaining
    if found.status is not Level.UNKNOWN or found.usage_percent is None:
        daily = _daily_level(left) if found.daily_bonus else Level.HEALTHY
    yield from _low_and_critical("credits:monthly", monthly, month, data)
    yield from _low_and_critical("credits:daily", daily, today, {**data, "daily_remaining": _figure(left)})
    short: int | None = None
    if found.total_available is not None and facts.median_job_credits is not None:
        short = int(found.total_available < facts.median_job_credits)
    yield Observation(
        "credits:job", EventKind.CREDITS_CRITICAL, short, Severity.CRITICAL, "credits:job", month, data=data
    )


def _low_and_critical(
    fault: str, found: Level | None, period: str, data: dict[str, Scalar]
) -> Iterator[Observation]:
    """The two faults of a level: at critical the critical one tells, and the low one keeps quiet."""
    known = found is not None and found is not Level.UNKNOWN
    low = int(found >= Level.WARNING) if found is not None and known else None
    critical = int(found >= Level.CRITICAL) if found is not None and known else None
    yield Observation(
        f"{fault}:low",
        EventKind.CREDITS_LOW,
        low,
        Severity.WARNING,
        fault,
        period,
        data=data,
        silent=bool(critical),
    )
    yield Observation(
        f"{fault}:critical", EventKind.CREDITS_CRITICAL, critical, Severity.CRITICAL, fault, period, data=data
    )


def _held_level(before: Conditions, fault: str, period: str, percent: Decimal | None) -> Level:
    """The level with hysteresis, as long as the period is the same."""
    known = Level.HEALTHY
    for name, level in ((f"{fault}:low", Level.WARNING), (f"{fault}:critical", Level.CRITICAL)):
        raised = before.raised.get(name)
        if raised is not None and raised.period == period:
            known = level
    return held(known, percent) if percent is not None else Level.UNKNOWN


def _daily_level(left: Decimal | None) -> Level:
    if left is None:
        return Level.UNKNOWN
    if left <= _DAILY_CRITICAL:
        return Level.CRITICAL
    return Level.WARNING if left <= _DAILY_LOW else Level.HEALTHY


_RANKS = {Level.HEALTHY: 0, Level.WARNING: 1, Level.CRITICAL: 2, Level.EXCEEDED: 3}
_RANK_LEVELS = {rank: level for level, rank in _RANKS.items()}


def _budgets(before: Conditions, facts: CheckInput) -> Iterator[Observation]:
    for state in facts.budgets or ():
        name = state.budget.period.value
        fault, period = f"budget:{name}", state.days.first.isoformat()
        level = state.level
        raised = before.raised.get(fault)
        if raised is not None and raised.period == period and state.used_percent is not None:
            level = held(_RANK_LEVELS[raised.rank], state.used_percent, of_budget=True)
        limit = state.budget.limit
        rank = 0 if limit is None else _RANKS.get(level)
        spent = None if isinstance(state.spent, Absent) else str(state.spent.amount)
        yield Observation(
            fault,
            EventKind.BUDGET_WARNING,
            rank,
            Severity.WARNING if level <= Level.WARNING else Severity.CRITICAL,
            fault,
            period,
            data={
                "period": name,
                "limit": None if limit is None else str(limit.amount),
                "spent": spent,
                "used_percent": _figure(state.used_percent),
                "exceeded": level is Level.EXCEEDED,
            },
        )


def _fault(name: str, rank: int | None, text: str = "", severity: Severity = Severity.SERIOUS) -> Observation:
    data: dict[str, Scalar] = {"component": name, "last_error": clean(text)}
    fault = f"system:{name}"
    return Observation(fault, EventKind.SYSTEM_ERROR, rank, severity, fault, text=clean(text), data=data)


def _system(facts: CheckInput) -> Iterator[Observation]:
    missed = facts.missed_polls
    unreachable = None if missed is None else int(missed >= _MISSED_POLLS)
    yield _fault("unreachable", unreachable, facts.last_error if unreachable else "")
    health = facts.health
    failing = health is not None and health.status == "fail"
    bad = () if health is None else (name for name, word in health.checks.items() if word == "fail")
    yield _fault("health", None if health is None else int(failing), ", ".join(bad) if failing else "")
    yield _fault("provider", None if facts.rejected is None else int(facts.rejected))
    found = facts.credits
    drift = None if found is None or found.drift is None else int(found.drifting)
    yield _fault("drift", drift, str(found.drift) if found is not None and drift else "")


def _jobs(facts: CheckInput) -> Iterator[Observation]:
    if facts.ended is None:
        return
    streak, rate = failure_streak(facts.ended), failure_rate(facts.ended)
    rank = (streak >= _STREAK_ERROR) + (streak >= _STREAK_CRITICAL)
    yield _fault("failures", rank, str(streak) if rank else "", _error_severity(rank))
    rate_rank = None if rate is None else (rate >= _RATE_ERROR) + (rate >= _RATE_CRITICAL)
    said = f"{rate:.1f} %" if rate is not None and rate_rank else ""
    yield _fault("failure rate", rate_rank, said, _error_severity(rate_rank))


def _error_severity(rank: int | None) -> Severity:
    return Severity.CRITICAL if rank == 2 else Severity.SERIOUS


def _figure(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
