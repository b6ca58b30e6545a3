"""More used than usual: within an hour, or within a day (taara.md 9)."""

from __future__ import annotations

from core.areas.usage.model import GIGABYTE
from core.areas.usage.rules.alerts.case import PlanCase, gigabytes
from core.areas.usage.rules.pace import safe_daily_budget
from core.message import _
from core.moment import to_epoch
from core.units import Severity

__all__ = ["judge_burst", "judge_daily_budget"]

BURST = "usage.burst"
DAILY_BUDGET_EXCEEDED = "usage.daily_budget_exceeded"

_BURST_OVER = 0.5
"""The share of the limit below which a burst is over."""


def judge_burst(case: PlanCase, limit: int) -> None:
    """The last hour used unusually much."""
    used, standing = case.facts.last_hour, case.raised.get(BURST)
    if used >= limit and standing is None:
        at = case.raised[BURST] = to_epoch(case.now)
        title = _(
            "{account}: {plan} lost {used} within an hour",
            account=case.account,
            plan=case.facts.plan.name,
            used=gigabytes(used),
        )
        case.tell(BURST, Severity.NOTICE, str(at), title, {"used_gb": round(used / GIGABYTE, 3)})
    elif standing is not None and used < _BURST_OVER * limit:
        case.recover(BURST, _("{account}: the burst is over", account=case.account))


def judge_daily_budget(case: PlanCase) -> None:
    """More was used today than the plan's safe daily budget was when the day began.

    Told once in a local day, however the figures tremble; it stands until a later day finds itself within
    its budget. On the last day of a plan all that is left may go, so there is nothing to exceed.
    """
    facts, standing = case.facts, case.raised.get(DAILY_BUDGET_EXCEEDED)
    balance = facts.plan.balance
    if facts.day is None or balance is None or standing == facts.day.toordinal():
        return
    budget = safe_daily_budget(balance + round(facts.used_today), facts.plan.expires_in_days)
    if budget is None:
        return
    if facts.used_today > budget:
        case.raised[DAILY_BUDGET_EXCEEDED] = facts.day.toordinal()
        title = _(
            "{account}: {plan} lost {used} today, more than its daily budget of {budget}",
            account=case.account,
            plan=facts.plan.name,
            used=gigabytes(facts.used_today),
            budget=gigabytes(budget),
        )
        figures = {
            "day": facts.day.isoformat(),
            "used_gb": round(facts.used_today / GIGABYTE, 3),
            "budget_gb": round(budget / GIGABYTE, 3),
        }
        case.tell(DAILY_BUDGET_EXCEEDED, Severity.WARNING, facts.day.isoformat(), title, figures)
    elif standing is not None:
        title = _(
            "{account}: {plan} is within its daily budget again", account=case.account, plan=facts.plan.name
        )
        case.recover(DAILY_BUDGET_EXCEEDED, title)
