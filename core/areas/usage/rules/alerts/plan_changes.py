"""Plans that come, go, are topped up, renewed, or used and called otherwise, as news (taara.md 8.2, 9)."""

from __future__ import annotations

from datetime import datetime

from core.areas.usage.model import GIGABYTE, Plan, Reading
from core.areas.usage.rules.alerts.case import PlanCase, gigabytes
from core.areas.usage.rules.alerts.memory import Alarm, KnownPlan
from core.areas.usage.rules.pairs import Ending, PairKind, ending
from core.message import _
from core.moment import from_epoch, to_epoch
from core.units import Severity

__all__ = ["ended", "started", "tell_changes"]

TOP_UP = "usage.top_up"
PLAN_RENEWED = "usage.plan_renewed"
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


def tell_changes(case: PlanCase, kind: PairKind | None) -> None:
    """What became of a plan that goes on; `kind` is that of the newest pair, where it is news."""
    plan, newest = case.facts.plan, case.facts.newest
    if kind is PairKind.TOP_UP and newest is not None and newest.topped_up is not None:
        added = gigabytes(newest.topped_up)
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
