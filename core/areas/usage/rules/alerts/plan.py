"""The alert rules of a single plan, one after the other (taara.md 9).

Each rule raises its alarm once, and takes it back only when things are clearly better than where it was
raised (hysteresis), so that a figure trembling at a limit is told once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core.areas.usage.rules.alerts.case import PlanCase, PlanFacts
from core.areas.usage.rules.alerts.heavy_use import judge_burst, judge_daily_budget
from core.areas.usage.rules.alerts.memory import Alarm, KnownPlan
from core.areas.usage.rules.alerts.plan_changes import tell_changes
from core.areas.usage.rules.alerts.running_out import judge_exhaustion, judge_expiry, judge_remaining
from core.areas.usage.rules.pairs import PairKind
from core.moment import to_epoch

__all__ = ["judge_plan", "known_plan"]


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
    case = PlanCase(account, known, facts, now, read_at if fresh_period else known.period, dict(known.raised))
    peak = _peak(known.peak, facts.plan.balance, renewed=kind is PairKind.RENEWAL)
    tell_changes(case, kind)
    if facts.plan.active:
        allowance = max(monthly, peak or 0) if facts.plan.home else peak
        judge_remaining(case, allowance)
        judge_exhaustion(case)
        judge_expiry(case, queued=queued)
        judge_burst(case, burst)
        judge_daily_budget(case)
    after = replace(
        known_plan(facts, now), period=case.period, peak=peak, read_at=read_at, raised=case.raised
    )
    return after, case.alarms


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
