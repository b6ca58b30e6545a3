"""The alert rules of an account: its plans', and those about reading it at all (taara.md 9).

Pure: the collector hands over what it remembered (`Alerts`) and what a poll found (`AccountFacts`), keeps
the new memory, and makes an event of each `Alarm`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.areas.usage.model import GIGABYTE, Plan, Reading
from core.areas.usage.rules.alerts.case import PlanFacts
from core.areas.usage.rules.alerts.memory import Alarm, Alerts, KnownPlan
from core.areas.usage.rules.alerts.plan import judge_plan, known_plan
from core.areas.usage.rules.alerts.plan_changes import ended, started
from core.areas.usage.rules.days import local_midnight
from core.areas.usage.rules.forecast import forecast
from core.areas.usage.rules.pairs import consumption, pairs
from core.message import Message, _
from core.moment import Window, to_epoch
from core.units import Severity

__all__ = ["AccountFacts", "judge", "plan_facts"]

STALE = "usage.stale"
LOGIN_REFUSED = "usage.login_refused"

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is known of an account after a poll, or after one that failed.

    `plans` is `None` when the poll failed: nothing can be said of the plans then. `refused` is the reason
    when Taara did not accept the login. `stale` says that the last good reading is older than two
    intervals. `monthly` and `burst` are the settings for a new plan's allowance and for an hour's use that
    counts as a burst, in GB.
    """

    account: str
    now: datetime
    plans: tuple[PlanFacts, ...] | None
    stale: bool = False
    refused: Message | None = None
    monthly: Decimal = Decimal(1_000)
    burst: Decimal = Decimal(10)


def plan_facts(
    lineage: str,
    plan: Plan,
    readings: Sequence[Reading],
    now: datetime,
    *,
    interval: timedelta,
    zone: ZoneInfo,
) -> PlanFacts:
    """What the rules want to know of one plan.

    `readings` are those of the last seven days with the one before them, the newest included; a day begins
    and ends in `zone`.
    """
    found = pairs(readings)
    today = now.astimezone(zone).date()
    return PlanFacts(
        lineage=lineage,
        plan=plan,
        forecast=forecast(readings, now, interval=interval),
        newest=found[-1] if found else None,
        last_hour=consumption(found, Window.last(_HOUR, now)).used,
        day=today,
        used_today=consumption(found, Window(local_midnight(today, zone), now)).used,
    )


def judge(before: Alerts, facts: AccountFacts) -> tuple[Alerts, list[Alarm]]:
    """What to remember from now on, and what there is to tell."""
    alarms: list[Alarm] = []
    raised = dict(before.raised)
    _account_alarm(LOGIN_REFUSED, facts, facts.refused is not None, raised, alarms)
    _account_alarm(STALE, facts, facts.stale, raised, alarms)
    if facts.plans is None:
        return replace(before, raised=raised), alarms
    return Alerts(_judge_plans(before, facts, facts.plans, alarms), raised), alarms


def _judge_plans(
    before: Alerts, facts: AccountFacts, plans: tuple[PlanFacts, ...], alarms: list[Alarm]
) -> tuple[KnownPlan, ...]:
    known = {plan.lineage: plan for plan in before.plans or ()}
    first_look = before.plans is None
    queued = any(not each.plan.active and each.forecast.balance != 0 for each in plans)
    limits = (int(facts.monthly * GIGABYTE), int(facts.burst * GIGABYTE))
    after: list[KnownPlan] = []
    for each in plans:
        old = known.pop(each.lineage, None)
        if old is None and not first_look:
            alarms.append(started(facts.account, each.lineage, each.plan, facts.now))
        memory, news = judge_plan(
            facts.account, old or known_plan(each, facts.now), each, facts.now, limits, queued=queued
        )
        after.append(memory)
        alarms.extend(news)
    held = {each.plan.purchase_id for each in plans}
    for gone in known.values():
        # A waiting plan that takes over from one of the same product goes on under that one's lineage.
        if not gone.purchase_id or gone.purchase_id not in held:
            alarms.append(ended(facts.account, gone, facts.now))
    return tuple(after)


def _account_alarm(
    kind: str, facts: AccountFacts, holds: bool, raised: dict[str, int], alarms: list[Alarm]
) -> None:
    """Raise or take back an alarm about the account itself."""
    if kind == LOGIN_REFUSED and not holds and facts.plans is None:
        return  # a poll that failed otherwise says nothing about the login
    since = raised.get(kind)
    if holds == (since is not None):
        return
    about = {"account": facts.account}
    if since is None:
        raised[kind] = to_epoch(facts.now)
        key = f"{kind}:{facts.account}:{raised[kind]}"
        alarms.append(Alarm(kind, _SEVERITIES[kind], key, _raised_title(kind, facts), about))
        return
    del raised[kind]
    key = f"{kind}.recovered:{facts.account}:{since}"
    alarms.append(Alarm(f"{kind}.recovered", Severity.GOOD, key, _recovered_title(kind, facts), about))


_SEVERITIES = {STALE: Severity.WARNING, LOGIN_REFUSED: Severity.SERIOUS}


def _raised_title(kind: str, facts: AccountFacts) -> Message:
    if kind == STALE:
        return _("{account}: no good reading from Taara for two intervals", account=facts.account)
    reason = facts.refused or _("no reason given")
    return _("{account}: Taara refused the login: {reason}", account=facts.account, reason=reason)


def _recovered_title(kind: str, facts: AccountFacts) -> Message:
    if kind == STALE:
        return _("{account}: Taara is read again", account=facts.account)
    return _("{account}: Taara accepts the login again", account=facts.account)
