"""Plans that join an account's list or leave it, as news (taara.md 8.2 and 9)."""

from __future__ import annotations

from datetime import datetime

from core.areas.usage.alarm import Alarm, KnownPlan
from core.areas.usage.model import GIGABYTE, Plan, Reading
from core.areas.usage.pairs import Ending, ending
from core.message import _
from core.moment import from_epoch, to_epoch
from core.units import Severity

__all__ = ["PLAN_CHANGED", "ended", "started"]

PLAN_CHANGED = "usage.plan_changed"
"""The kind of event that tells of a plan which came, went, or is called or used otherwise."""


def started(account: str, lineage: str, plan: Plan, now: datetime) -> Alarm:
    """A plan that wasn't listed before."""
    title = _("{account}: new plan {plan}", account=account, plan=plan.name)
    about = {"account": account, "plan": plan.name, "lineage": lineage, "change": "new"}
    key = f"{PLAN_CHANGED}:{account}:{lineage}:{to_epoch(now)}:new"
    return Alarm(PLAN_CHANGED, Severity.NOTICE, key, title, about)


def ended(account: str, gone: KnownPlan, now: datetime) -> Alarm:
    """A plan that is no longer listed: used up or expired, as far as its last reading tells."""
    last = Reading(from_epoch(gone.read_at), gone.balance, gone.expires_in_days)
    why = ending(last, now)
    title = {
        Ending.USED_UP: _("{account}: plan {plan} is used up and gone", account=account, plan=gone.name),
        Ending.EXPIRED: _("{account}: plan {plan} has expired", account=account, plan=gone.name),
        Ending.UNKNOWN: _("{account}: plan {plan} is no longer listed", account=account, plan=gone.name),
    }[why]
    lost = None if gone.balance is None else gone.balance / GIGABYTE
    about = {"account": account, "plan": gone.name, "lineage": gone.lineage, "change": why.value}
    key = f"{PLAN_CHANGED}:{account}:{gone.lineage}:{gone.period}:ended:{gone.read_at}"
    return Alarm(PLAN_CHANGED, Severity.NOTICE, key, title, {**about, "balance_gb": lost})
