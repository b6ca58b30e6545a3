"""How production is doing: the worst of its state, credits, budgets, failures and the age of all that."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.areas.production.model import BudgetPeriod, Health, Job, System, SystemState
from core.areas.production.rules.budgets import BudgetState
from core.areas.production.rules.checks import failure_rate, failure_streak
from core.areas.production.rules.credits import Credits
from core.areas.production.rules.thresholds import Level
from core.message import Message, _
from core.page import Freshness, SourceState
from core.text import clean
from core.units import Quantity, Severity, State, Unit

__all__ = ["PERIODS", "Finding", "Subject", "Verdict", "assess", "system_state"]

PERIODS = {
    BudgetPeriod.DAILY: _("day"),
    BudgetPeriod.WEEKLY: _("week"),
    BudgetPeriod.MONTHLY: _("month"),
}
_STATES = {
    SystemState.RUNNING: State(Severity.GOOD, _("RUNNING")),
    SystemState.PAUSING: State(Severity.NOTICE, _("PAUSING")),
    SystemState.PAUSED: State(Severity.NOTICE, _("PAUSED")),
    SystemState.RESTARTING: State(Severity.NOTICE, _("RESTARTING")),
    SystemState.STOPPED: State(Severity.SERIOUS, _("STOPPED")),
    SystemState.ERROR: State(Severity.CRITICAL, _("ERROR")),
    SystemState.UNKNOWN: State(Severity.UNKNOWN, _("UNKNOWN")),
}
_SKEW = timedelta(seconds=30)


class Subject(enum.Enum):
    """What a finding is about; the value is the command that shows more of it."""

    SYSTEM = "production"
    CREDITS = "credits"
    BUDGET = "budget"
    JOBS = "jobs"

    @property
    def title(self) -> Message:
        """Its name, for people."""
        return _TITLES[self]


_TITLES = {
    Subject.SYSTEM: _("System"),
    Subject.CREDITS: _("Credits"),
    Subject.BUDGET: _("Budget"),
    Subject.JOBS: _("Videos"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that keeps production from being well: what it is about, its verdict, and what it is."""

    subject: Subject
    state: State
    said: Message


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict, what it comes from in a sentence, and every finding, the worst first."""

    state: State
    headline: Message
    findings: tuple[Finding, ...]

    @property
    def open(self) -> int:
        """Findings that want somebody."""
        return sum(finding.state.severity >= Severity.WARNING for finding in self.findings)


def system_state(system: System | None) -> State:
    """The system's own state; one that nobody told isn't known."""
    return _STATES[SystemState.UNKNOWN if system is None else system.state]


def assess(
    *,
    system: System | None,
    source: SourceState,
    asked: bool,
    health: Health | None,
    credit: Credits,
    budgets: Sequence[BudgetState],
    ended: Sequence[Job],
    skew: timedelta,
) -> Verdict:
    """The standing of production; `asked` tells whether there is a system to ask, which `source` is about."""
    found = [
        *(_of_system(system, source, health, skew) if asked else ()),
        *_of_credits(credit),
        *_of_budgets(budgets),
        *_of_failures(ended),
    ]
    found.sort(key=lambda finding: -finding.state.severity)
    if found:
        return Verdict(found[0].state, found[0].said, tuple(found))
    if asked:
        return Verdict(system_state(system), _("Production is running, and nothing is short."), ())
    return Verdict(State(Severity.GOOD, _("WELL")), _("Nothing is short."), ())


def _of_system(
    system: System | None, source: SourceState, health: Health | None, skew: timedelta
) -> Iterator[Finding]:
    if source.freshness in (Freshness.UNKNOWN, Freshness.NEVER) or system is None:
        reason = source.reason or _("It hasn't been read yet.")
        said = _("What production does isn't known: {reason}", reason=reason)
        yield Finding(Subject.SYSTEM, State(Severity.UNKNOWN, _("UNKNOWN")), said)
        return
    if source.freshness is Freshness.STALE:
        yield Finding(
            Subject.SYSTEM, State(Severity.NOTICE, _("STALE")), _("What production does was not read lately.")
        )
    state = system_state(system)
    if state.severity > Severity.GOOD:
        said = _("Production is {state}.", state=_WORDS[system.state])
        if system.pause_reason and system.state in (SystemState.PAUSING, SystemState.PAUSED):
            said = _(
                "Production is {state}: {reason}",
                state=_WORDS[system.state],
                reason=clean(system.pause_reason),
            )
        yield Finding(Subject.SYSTEM, state, said)
    if health is not None and health.status == "fail":
        yield Finding(
            Subject.SYSTEM,
            State(Severity.SERIOUS, _("FAILING")),
            _("Production says that its health is failing."),
        )
    if abs(skew) > _SKEW:
        said = _("The production system's clock is off by {seconds} s.", seconds=int(skew.total_seconds()))
        yield Finding(Subject.SYSTEM, State(Severity.NOTICE, _("CLOCK SKEW")), said)


_WORDS = {
    SystemState.RUNNING: _("running"),
    SystemState.PAUSING: _("coming to a pause"),
    SystemState.PAUSED: _("paused"),
    SystemState.RESTARTING: _("restarting"),
    SystemState.STOPPED: _("stopped"),
    SystemState.ERROR: _("in error"),
    SystemState.UNKNOWN: _("in a state we don't know"),
}


def _of_credits(credit: Credits) -> Iterator[Finding]:
    if credit.usage_percent is not None and credit.status is Level.UNKNOWN:
        said = _("How many credits were used is known from too long ago.")
        yield Finding(Subject.CREDITS, State(Severity.UNKNOWN, _("UNKNOWN")), said)
    if credit.headline is not None and credit.headline <= 0:
        yield Finding(
            Subject.CREDITS, State(Severity.CRITICAL, _("NO CREDITS")), _("There are no credits left.")
        )
    elif credit.status in (Level.WARNING, Level.CRITICAL) and credit.usage_percent is not None:
        percent = Quantity(float(credit.usage_percent), Unit.PERCENT)
        said = _("{percent} of the month's credits are used.", percent=percent)
        word = _("CREDITS CRITICAL") if credit.status is Level.CRITICAL else _("CREDITS LOW")
        yield Finding(Subject.CREDITS, State(credit.status.state.severity, word), said)
    if credit.drifting and credit.drift is not None:
        drift = Quantity(float(credit.drift), Unit.CREDIT, 0)
        said = _("A2E's balance and our ledger are {drift} apart.", drift=drift)
        yield Finding(Subject.CREDITS, State(Severity.WARNING, _("DRIFT")), said)


def _of_budgets(budgets: Sequence[BudgetState]) -> Iterator[Finding]:
    for state in budgets:
        if state.level < Level.WARNING:
            continue
        period = PERIODS[state.budget.period]
        if state.exceeded:
            said = _("The budget of the {period} is exceeded.", period=period)
            yield Finding(Subject.BUDGET, State(Severity.CRITICAL, _("OVER BUDGET")), said)
        elif state.used_percent is not None:
            percent = Quantity(float(state.used_percent), Unit.PERCENT)
            said = _("{percent} of the budget of the {period} is spent.", percent=percent, period=period)
            yield Finding(Subject.BUDGET, State(state.level.state.severity, _("BUDGET LOW")), said)


def _of_failures(ended: Sequence[Job]) -> Iterator[Finding]:
    streak, rate = failure_streak(ended), failure_rate(ended)
    if streak >= 3:
        severity = Severity.CRITICAL if streak >= 5 else Severity.SERIOUS
        said = _("The last {count} videos failed.", count=streak)
        yield Finding(Subject.JOBS, State(severity, _("FAILING")), said)
    elif rate is not None and rate >= 20:
        severity = Severity.CRITICAL if rate >= 40 else Severity.SERIOUS
        percent = Quantity(float(rate), Unit.PERCENT)
        yield Finding(
            Subject.JOBS,
            State(severity, _("FAILING")),
            _("{percent} of the last 20 videos failed.", percent=percent),
        )
