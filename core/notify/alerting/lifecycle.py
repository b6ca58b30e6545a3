"""What each turn of its life makes of one alert. Pure; the board decides which turn it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from core.notify.alerting.alert import Alert, AlertState, Withheld
from core.notify.alerting.timers import GRACE, escalating, lapse_after, stopped
from core.notify.rules.model import Rule

__all__ = [
    "acknowledged",
    "carried",
    "ended",
    "explained",
    "released",
    "reminded",
    "seen_again",
    "uncarried",
    "unexplained",
    "worsened",
]


def seen_again(known: Alert, sign: Alert, rule: Rule, now: datetime) -> Alert:
    """The open alert after a further sign of the same: as bad, better, or worse.

    That it is worse than people were told is told in its turn: at once, or where a series says so, after it
    has held as long as the rule wants.
    """
    tell_at = known.tell_at
    if known.said is not None:
        wait = rule.hold if rule.series is not None else timedelta(0)
        tell_at = (known.tell_at or now + wait) if sign.severity > known.said else None
    return replace(
        known,
        severity=sign.severity,
        title=sign.title,
        last_seen=now,
        count=known.count + 1,
        event=sign.event if sign.event is not None else known.event,
        expire_at=sign.expire_at,
        clear_at=None,
        tell_at=tell_at,
    )


def acknowledged(alert: Alert, rule: Rule | None, who: str, now: datetime) -> Alert:
    """The alert once somebody sees to it: nothing runs any more but the end of that."""
    lapse = lapse_after(rule, alert.severity)
    seen_to = replace(
        stopped(alert),
        state=AlertState.ACKNOWLEDGED,
        acknowledged_by=who,
        said=max(alert.said or alert.severity, alert.severity),
        withheld=Withheld.NOT,
        withheld_by="",
        expire_at=alert.expire_at,
        clear_at=alert.clear_at,
        lapse_at=None if lapse is None else now + lapse,
    )
    return carried(seen_to, alert.withheld_by) if alert.withheld is Withheld.CARRIED else seen_to


def released(alert: Alert, now: datetime) -> Alert:
    """The alert when nobody sees to it any more; where another tells for it, that one says so."""
    if alert.state is not AlertState.ACKNOWLEDGED:
        return alert
    lapse_at = None if alert.withheld is Withheld.CARRIED else now
    return replace(alert, state=AlertState.ACTIVE, acknowledged_by="", lapse_at=lapse_at)


def carried(alert: Alert, carrier: str) -> Alert:
    """The alert while the one called `carrier` tells for it: it has no reminders and no lapse of its own."""
    quiet = replace(alert, repeat_at=None, escalate_at=None, lapse_at=None)
    return replace(quiet, withheld=Withheld.CARRIED, withheld_by=carrier)


def uncarried(alert: Alert, rule: Rule | None, now: datetime) -> Alert:
    """The alert when what told for it is over and it is not: its own timers begin anew."""
    own = replace(alert, withheld=Withheld.NOT, withheld_by="")
    if own.state is AlertState.ACKNOWLEDGED:
        lapse = lapse_after(rule, own.severity)
        return replace(own, lapse_at=None if lapse is None else now + lapse)
    return own if rule is None else escalating(own, rule, now)


def worsened(alert: Alert, rule: Rule, now: datetime) -> Alert:
    """The alert told anew because it is worse: nobody is taken to see to that yet."""
    active = replace(alert, state=AlertState.ACTIVE, tell_at=None, lapse_at=None, acknowledged_by="")
    return active if alert.withheld is Withheld.CARRIED else escalating(active, rule, now)


def reminded(alert: Alert, rule: Rule, now: datetime) -> Alert:
    """The alert after a reminder, its next one counted from now."""
    return replace(alert, repeat_at=None if rule.repeat is None else now + rule.repeat)


def ended(alert: Alert, state: AlertState, now: datetime) -> Alert:
    """The alert when it is over."""
    return replace(stopped(alert), state=state, closed_at=now, withheld=Withheld.NOT, withheld_by="")


def explained(alert: Alert, parent: str) -> Alert:
    """The alert while the one called `parent` is open: nobody can tell how it is."""
    return replace(alert, state=AlertState.UNKNOWN, withheld=Withheld.PARENT, withheld_by=parent)


def unexplained(alert: Alert, rule: Rule, now: datetime) -> Alert:
    """The alert when its parent is over: fresh news is waited for before anybody is told."""
    if alert.said is not None:
        shown = replace(alert, state=AlertState.ACTIVE, withheld=Withheld.NOT, withheld_by="")
        return escalating(shown, rule, now)
    return replace(
        alert,
        state=AlertState.PENDING,
        withheld=Withheld.SHORT,
        withheld_by="",
        tell_at=now + max(rule.hold, GRACE),
    )
