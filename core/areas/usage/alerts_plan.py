"""The alert rules of a single plan (taara.md 9): what is left, its end, bursts, top-ups and renewals.

Each rule raises its alarm once, and takes it back only when things are clearly better than where it was
raised (hysteresis), so that a figure trembling at a limit is told once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.areas.usage.alarm import Alarm, KnownPlan
from core.areas.usage.forecast import Confidence, Forecast
from core.areas.usage.model import GIGABYTE, Plan
from core.areas.usage.pairs import Pair, PairKind
from core.areas.usage.plan_changes import PLAN_CHANGED
from core.message import Message, _, plural
from core.moment import to_epoch
from core.units import Quantity, Severity, Unit

__all__ = [
    "EXPIRY_DAYS",
    "REMAINING_PERCENT",
    "PlanFacts",
    "judge_plan",
    "known_plan",
]

REMAINING_PERCENT = (25, 10, 5, 0)
"""Shares of the allowance, in percent, of which each is told once when no more than that is left."""

EXPIRY_DAYS = (3, 1)
"""Days before the end of a plan at which to say that nothing is queued behind it."""

REMAINING_LOW = "usage.remaining_low"
EXHAUSTION_EARLY = "usage.exhaustion_early"
EXPIRY_NEAR = "usage.expiry_near"
BURST = "usage.burst"
TOP_UP = "usage.top_up"
PLAN_RENEWED = "usage.plan_renewed"

_REMAINING_MARGIN = 2
"""Percentage points above a level at which it counts as left behind."""

_EARLY_SHARE = 0.9
"""Data that lasts less than this share of the remaining time is told; it is taken back at all of it."""

_BURST_OVER = 0.5
"""The share of the limit below which a burst is over."""

_REMAINING_SEVERITY = {
    25: Severity.NOTICE,
    10: Severity.WARNING,
    5: Severity.SERIOUS,
    0: Severity.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """One plan after a good poll: its forecast, the newest pair, and what the last hour used, in bytes."""

    lineage: str
    plan: Plan
    forecast: Forecast
    newest: Pair | None = None
    last_hour: float = 0.0


@dataclass(slots=True)
class _Case:
    """One plan being judged: the rules read from it, and note here what they raise and take back."""

    account: str
    known: KnownPlan
    facts: PlanFacts
    now: datetime
    period: int
    raised: dict[str, int]
    alarms: list[Alarm] = field(default_factory=list[Alarm])

    def tell(
        self,
        kind: str,
        severity: Severity,
        occasion: str,
        title: Message,
        facts: Mapping[str, str | int | float | bool | None] | None = None,
    ) -> None:
        """An alarm about the plan; the same `occasion` is told once in a period."""
        key = f"{kind}:{self.account}:{self.facts.lineage}:{self.period}:{occasion}"
        about = {"account": self.account, "plan": self.facts.plan.name, "lineage": self.facts.lineage}
        self.alarms.append(Alarm(kind, severity, key, title, {**about, **(facts or {})}))

    def recover(self, kind: str, title: Message) -> None:
        """Take back the alarm of that kind which stands."""
        occasion = f"{self.raised.pop(kind)}:{to_epoch(self.now)}"
        self.tell(f"{kind}.recovered", Severity.GOOD, occasion, title)


def known_plan(facts: PlanFacts, now: datetime) -> KnownPlan:
    """A plan seen for the first time, with nothing said about it yet."""
    seen = to_epoch(facts.forecast.read_at or now)
    return KnownPlan(
        facts.lineage,
        facts.plan.name,
        facts.plan.active,
        facts.plan.balance,
        facts.plan.expires_in_days,
        read_at=seen,
        period=seen,
        peak=facts.plan.balance,
        purchase_id=facts.plan.purchase_id,
    )


def judge_plan(
    account: str,
    known: KnownPlan,
    facts: PlanFacts,
    now: datetime,
    limits: tuple[int, int],
    *,
    queued: bool,
) -> tuple[KnownPlan, list[Alarm]]:
    """What to remember of the plan, and what there is to tell about it.

    `limits` are the allowance of a new home plan and the hourly use that is a burst, in bytes; `queued`
    says that an unused plan waits.
    """
    monthly, burst = limits
    kind = _news(known, facts)
    fresh_period = kind in (PairKind.TOP_UP, PairKind.RENEWAL)
    read_at = to_epoch(facts.forecast.read_at or now)
    case = _Case(account, known, facts, now, read_at if fresh_period else known.period, dict(known.raised))
    peak = _peak(known.peak, facts.plan.balance, renewed=kind is PairKind.RENEWAL)
    _tell_changes(case, kind)
    if facts.plan.active:
        allowance = max(monthly, peak or 0) if facts.plan.home else peak
        _remaining(case, allowance)
        _exhaustion(case)
        _expiry(case, queued=queued)
        _burst(case, burst)
    after = replace(
        known_plan(facts, now), period=case.period, peak=peak, read_at=read_at, raised=case.raised
    )
    return after, case.alarms


def _news(known: KnownPlan, facts: PlanFacts) -> PairKind | None:
    """What the newest pair says that has not been told: it ends after what is remembered."""
    newest = facts.newest
    if newest is None or to_epoch(newest.after.at) <= known.read_at:
        return None
    return newest.kind


def _peak(before: int | None, balance: int | None, *, renewed: bool) -> int | None:
    if before is None or renewed:
        return balance
    return before if balance is None else max(before, balance)


def _tell_changes(case: _Case, kind: PairKind | None) -> None:
    plan, newest = case.facts.plan, case.facts.newest
    if kind is PairKind.TOP_UP and newest is not None and newest.topped_up is not None:
        added = _gigabytes(newest.topped_up)
        title = _(
            "{account}: {plan} was topped up by at least {added}",
            account=case.account,
            plan=plan.name,
            added=added,
        )
        case.tell(TOP_UP, Severity.GOOD, "top-up", title, {"added_gb": added.value})
    if kind is PairKind.RENEWAL:
        title = _("{account}: {plan} was renewed", account=case.account, plan=plan.name)
        case.tell(PLAN_RENEWED, Severity.GOOD, "renewal", title)
    if case.known.active != plan.active:
        title = (
            _("{account}: {plan} is in use now", account=case.account, plan=plan.name)
            if plan.active
            else _("{account}: {plan} is no longer in use", account=case.account, plan=plan.name)
        )
        occasion = f"active:{plan.active}:{to_epoch(case.now)}"
        case.tell(PLAN_CHANGED, Severity.NOTICE, occasion, title, {"change": "active"})
    if case.known.name != plan.name:
        title = _(
            "{account}: plan {before} is called {plan} now",
            account=case.account,
            before=case.known.name,
            plan=plan.name,
        )
        case.tell(PLAN_CHANGED, Severity.NOTICE, f"name:{to_epoch(case.now)}", title, {"change": "name"})


def _remaining(case: _Case, allowance: int | None) -> None:
    """Little is left of the allowance: each level once, until clearly more is left."""
    balance = case.facts.plan.balance
    if balance is None or not allowance:
        return
    percent = 100 * balance / allowance
    reached = [level for level in REMAINING_PERCENT if percent <= level]
    standing = case.raised.get(REMAINING_LOW)
    if reached and (standing is None or reached[-1] < standing):
        level = case.raised[REMAINING_LOW] = reached[-1]
        facts = {"percent": round(percent, 2), "level": level, "balance_gb": balance / GIGABYTE}
        case.tell(REMAINING_LOW, _REMAINING_SEVERITY[level], str(level), _remaining_title(case, level), facts)
        return
    if standing is None:
        return
    kept = [level for level in REMAINING_PERCENT if percent <= level + _REMAINING_MARGIN and level > 0]
    if not kept:
        title = _("{account}: {plan} has enough left again", account=case.account, plan=case.facts.plan.name)
        case.recover(REMAINING_LOW, title)
    elif kept[-1] > standing:
        case.raised[REMAINING_LOW] = kept[-1]


def _remaining_title(case: _Case, level: int) -> Message:
    plan = case.facts.plan
    if level == 0:
        return _("{account}: {plan} is used up", account=case.account, plan=plan.name)
    return _(
        "{account}: {level} or less of {plan} is left, {balance}",
        account=case.account,
        level=Quantity(level, Unit.PERCENT, 0),
        plan=plan.name,
        balance=_gigabytes(plan.balance or 0),
    )


def _exhaustion(case: _Case) -> None:
    """The data runs out before the plan ends, at a pace that is well enough known."""
    found, standing = case.facts.forecast, case.raised.get(EXHAUSTION_EARLY)
    days, expiry = found.data_days, found.expires_in_days
    if found.average is None or found.confidence is Confidence.LOW or found.balance is None or not expiry:
        return
    if days is not None and days < _EARLY_SHARE * expiry and standing is None and not found.exhausted:
        at = case.raised[EXHAUSTION_EARLY] = to_epoch(case.now)
        title = _(
            "{account}: {plan} runs out in {days}, before its end in {expiry}",
            account=case.account,
            plan=case.facts.plan.name,
            days=Quantity(days, Unit.DAY, 1),
            expiry=Quantity(expiry, Unit.DAY, 0),
        )
        facts = {"days": round(days, 2), "expires_in_days": expiry}
        case.tell(EXHAUSTION_EARLY, Severity.WARNING, str(at), title, facts)
    elif standing is not None and (days is None or days >= expiry):
        title = _(
            "{account}: {plan} lasts until its end again", account=case.account, plan=case.facts.plan.name
        )
        case.recover(EXHAUSTION_EARLY, title)


def _expiry(case: _Case, *, queued: bool) -> None:
    """The plan ends in a few days, and nothing waits behind it."""
    days, standing = case.facts.plan.expires_in_days, case.raised.get(EXPIRY_NEAR)
    if days is None:
        return
    reached = [level for level in EXPIRY_DAYS if days <= level]
    if queued or not reached:
        if standing is not None:
            title = _(
                "{account}: what follows {plan} is settled", account=case.account, plan=case.facts.plan.name
            )
            case.recover(EXPIRY_NEAR, title)
        return
    if standing is not None and reached[-1] >= standing:
        return
    level = case.raised[EXPIRY_NEAR] = reached[-1]
    title = plural(
        "{account}: {plan} ends in about {count} day and nothing is queued",
        "{account}: {plan} ends in about {count} days and nothing is queued",
        days,
        account=case.account,
        plan=case.facts.plan.name,
    )
    severity = Severity.SERIOUS if level == EXPIRY_DAYS[-1] else Severity.WARNING
    case.tell(
        EXPIRY_NEAR,
        severity,
        f"{level}:{to_epoch(case.now)}",
        title,
        {"expires_in_days": days, "level": level},
    )


def _burst(case: _Case, limit: int) -> None:
    """The last hour used unusually much."""
    used, standing = case.facts.last_hour, case.raised.get(BURST)
    if used >= limit and standing is None:
        at = case.raised[BURST] = to_epoch(case.now)
        title = _(
            "{account}: {plan} lost {used} within an hour",
            account=case.account,
            plan=case.facts.plan.name,
            used=_gigabytes(used),
        )
        case.tell(BURST, Severity.NOTICE, str(at), title, {"used_gb": round(used / GIGABYTE, 3)})
    elif standing is not None and used < _BURST_OVER * limit:
        case.recover(BURST, _("{account}: the burst is over", account=case.account))


def _gigabytes(size: float) -> Quantity:
    return Quantity(size / GIGABYTE, Unit.GIGABYTE, 1)
