"""Polls of one account judged by the alert rules one after the other, as the store would keep it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from core.areas.usage.model import GIGABYTE, Basis, Plan, Reading
from core.areas.usage.rules.alerts.account import AccountFacts, judge, plan_facts
from core.areas.usage.rules.alerts.case import PlanFacts
from core.areas.usage.rules.alerts.memory import Alarm, Alerts, alerts_document, read_alerts
from core.areas.usage.rules.lineage import lineages
from core.message import ENGLISH, _
from core.render.values import Formatter
from tests.areas.usage.vectors import NOW, QUARTER

__all__ = ["Watch", "kinds", "monthly", "trial", "words"]

NAIROBI = ZoneInfo("Africa/Nairobi")
words = Formatter(ENGLISH, ZoneInfo("UTC"), NOW)


class Watch:
    """Polls of one account every quarter of an hour, judged one after the other."""

    def __init__(self) -> None:
        self.now = NOW
        self.alerts = Alerts()
        self.readings: dict[str, list[Reading]] = {}
        self.keys: set[str] = set()

    def poll(self, *plans: Plan, passed: timedelta = QUARTER) -> list[Alarm]:
        self.now += passed
        found: list[PlanFacts] = []
        for lineage, plan in lineages(plans):
            known = self.readings.setdefault(lineage, [])
            known.append(Reading(self.now, plan.balance, plan.expires_in_days, plan.purchase_id))
            found.append(plan_facts(lineage, plan, known, self.now, interval=QUARTER, zone=NAIROBI))
        return self.judge(AccountFacts("home", self.now, tuple(found)))

    def fail(self, *, stale: bool = False, refused: str = "") -> list[Alarm]:
        self.now += QUARTER
        reason = _("wrong passcode") if refused else None
        return self.judge(AccountFacts("home", self.now, None, stale=stale, refused=reason))

    def judge(self, facts: AccountFacts) -> list[Alarm]:
        kept = read_alerts(json.loads(json.dumps(alerts_document(self.alerts))))
        assert kept == self.alerts
        again = judge(self.alerts, facts)[1]
        self.alerts, alarms = judge(self.alerts, facts)
        assert [alarm.key for alarm in alarms] == [alarm.key for alarm in again]
        keys = {alarm.key for alarm in alarms}
        assert len(keys) == len(alarms)
        assert not keys & self.keys, "an event with a key that was used is lost"
        self.keys |= keys
        return alarms


def monthly(gigabytes: float | None, expires: int | None = 20, purchase: str = "b1", **more: object) -> Plan:
    balance = None if gigabytes is None else round(gigabytes * GIGABYTE)
    plan = Plan(
        "p", "1 Month Unlimited", True, True, balance, Basis.BYTES, False, expires, purchase_id=purchase
    )
    return replace(plan, **more)  # type: ignore[arg-type]


def trial(gigabytes: float = 0.5) -> Plan:
    balance = round(gigabytes * GIGABYTE)
    return Plan("t", "500 MB Free Trial", False, False, balance, Basis.BYTES, False, 18, purchase_id="b2")


def kinds(alarms: list[Alarm]) -> list[str]:
    return [alarm.kind.removeprefix("usage.") for alarm in alarms]
