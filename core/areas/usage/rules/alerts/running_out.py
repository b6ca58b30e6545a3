"""What a plan is about to run out of: its data, or its days (taara.md 9)."""

from __future__ import annotations

from core.areas.usage.model import GIGABYTE
from core.areas.usage.rules.alerts.case import PlanCase, gigabytes
from core.areas.usage.rules.forecast import Confidence
from core.message import Message, _, plural
from core.moment import to_epoch
from core.units import Quantity, Severity, Unit

__all__ = ["EXPIRY_DAYS", "REMAINING_PERCENT", "judge_exhaustion", "judge_expiry", "judge_remaining"]

REMAINING_PERCENT = (25, 10, 5, 0)
"""Shares of the allowance, in percent, of which each is told once when no more than that is left."""

EXPIRY_DAYS = (3, 1)
"""Days before the end of a plan at which to say that nothing is queued behind it."""

REMAINING_LOW = "usage.remaining_low"
EXHAUSTION_EARLY = "usage.exhaustion_early"
EXPIRY_NEAR = "usage.expiry_near"

_REMAINING_MARGIN = 2
"""Percentage points above a level at which it counts as left behind."""

_EARLY_SHARE = 0.9
"""Data that lasts less than this share of the remaining time is told; it is taken back at all of it."""

_REMAINING_SEVERITY = {
    25: Severity.NOTICE,
    10: Severity.WARNING,
    5: Severity.SERIOUS,
    0: Severity.CRITICAL,
}


def judge_remaining(case: PlanCase, allowance: int | None) -> None:
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
        occasion = f"{level}:{to_epoch(case.now)}"
        case.tell(REMAINING_LOW, _REMAINING_SEVERITY[level], occasion, _remaining_title(case, level), facts)
        return
    if standing is None:
        return
    kept = [level for level in REMAINING_PERCENT if percent <= level + _REMAINING_MARGIN]
    if not kept:
        title = _("{account}: {plan} has enough left again", account=case.account, plan=case.facts.plan.name)
        case.recover(REMAINING_LOW, title)
    elif kept[-1] > standing:
        case.raised[REMAINING_LOW] = kept[-1]


def judge_exhaustion(case: PlanCase) -> None:
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


def judge_expiry(case: PlanCase, *, queued: bool) -> None:
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


def _remaining_title(case: PlanCase, level: int) -> Message:
    plan = case.facts.plan
    if level == 0:
        return _("{account}: {plan} is used up", account=case.account, plan=plan.name)
    return _(
        "{account}: {level} or less of {plan} is left, {balance}",
        account=case.account,
        level=Quantity(level, Unit.PERCENT, 0),
        plan=plan.name,
        balance=gigabytes(plan.balance or 0),
    )
