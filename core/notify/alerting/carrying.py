"""One alert that tells for others: that of an incident, for the alerts that it was opened for. Pure.

Nobody is paged twice for one thing: while the incident is open its own alert pages, reminds and escalates.
The alerts it carries are acknowledged and released with it, and go on by themselves when it is over and they
are not. One that grows worse still says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.event import Event
from core.notify.alerting.alert import Alert, Withheld, alert_key
from core.notify.alerting.signs import subject_of
from core.notify.notice import NoticeClass
from core.notify.rules import Rule, RuleBook

__all__ = ["carried_by", "newly_carried"]


def carried_by(alerts: Mapping[str, Alert], key: str) -> list[Alert]:
    """Those of the open `alerts`, which are by key, for which the one called `key` tells."""
    return [each for each in alerts.values() if each.withheld is Withheld.CARRIED and each.withheld_by == key]


def newly_carried(
    alerts: Mapping[str, Alert], rules: RuleBook, event: Event
) -> Iterator[tuple[Alert, Alert]]:
    """Those of the open `alerts` that an event lets another one tell for, each with that one.

    An alert that nobody was told of is left alone: what withholds it withholds it still. So is one that is
    told more urgently than the other would be.
    """
    named = str(event.facts.get("alerts") or "").splitlines()
    for rule in rules.carrying if named else ():
        carrier = alerts.get(alert_key(rule.name, subject_of(rule, event)))
        for known in filter(None, map(alerts.get, named)):
            if carrier is None or known.said is None or known.withheld is Withheld.PARENT:
                continue
            if known.withheld_by != carrier.key and not _is_urgent(
                known, rules.get(known.rule), carrier, rule
            ):
                yield known, carrier


def _is_urgent(known: Alert, own: Rule | None, carrier: Alert, rule: Rule) -> bool:
    """Whether only the alert itself is told at any hour."""
    critical = own is None or own.notice_class(known.severity) is NoticeClass.CRITICAL
    return critical and rule.notice_class(carrier.severity) is not NoticeClass.CRITICAL
