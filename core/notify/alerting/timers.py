"""The timers of an alert: when it is next to be looked at, and what each turn of its life sets them to. Pure.

They are moments of the wall clock, because they must survive a restart. When that clock is set forward or
back while opsdeck runs, they are moved along with it, so that lengths of time stay what they were
(reliability.md R22).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from core.notify.alerting.alert import Alert
from core.notify.notice import NoticeClass
from core.notify.rules import Rule
from core.units import Severity

__all__ = [
    "GRACE",
    "TIMERS",
    "ClockSteps",
    "due",
    "escalating",
    "group_wait",
    "lapse_after",
    "moved",
    "next_timer",
    "stopped",
]

GRACE = timedelta(minutes=5)
"""How long to wait for fresh news when what explained an alert is over: its parent, or our own outage."""

_GROUP_INTERVAL = timedelta(minutes=5)
"""How long after the notice of a group another alert of it waits, unless it is critical."""

TIMERS = ("tell_at", "repeat_at", "escalate_at", "lapse_at", "expire_at", "clear_at")
"""The fields of an alert that are timers."""

_LAPSES = {Severity.CRITICAL: timedelta(minutes=30), Severity.SERIOUS: timedelta(hours=2)}
_STEP = timedelta(seconds=5)


def due(timer: datetime | None, now: datetime) -> bool:
    """Whether a timer runs and has run out."""
    return timer is not None and timer <= now


def lapse_after(rule: Rule | None, severity: Severity) -> timedelta | None:
    """How long an acknowledgement holds: as the rule says, or by severity (operations.md 4.3).

    Where events say that it holds no more, nothing else does.
    """
    own = rule.lapse if rule is not None else None
    by_event = rule is not None and rule.events is not None and bool(rule.events.released_by)
    return own if by_event else own or _LAPSES.get(severity)


def escalating(alert: Alert, rule: Rule, now: datetime) -> Alert:
    """The alert with its reminders and its escalation counted from `now`."""
    return replace(
        alert,
        step=0,
        repeat_at=None if rule.repeat is None else now + rule.repeat,
        escalate_at=now + rule.steps[0].after if rule.steps else None,
    )


def group_wait(alerts: Iterable[Alert], alert: Alert, rule: Rule, now: datetime) -> datetime | None:
    """Until when the alert waits because others of its group were told just now, if it has to.

    `alerts` are the open ones.
    """
    if rule.notice_class(alert.severity) is NoticeClass.CRITICAL:
        return None
    said = [
        each.said_at
        for each in alerts
        if each.group == alert.group and each.said_at is not None and each.said_at < now
    ]
    wait = max(said) + _GROUP_INTERVAL if said else now
    return wait if wait > now else None


def stopped(alert: Alert) -> Alert:
    """The alert with no timer running."""
    return replace(
        alert,
        tell_at=None,
        repeat_at=None,
        escalate_at=None,
        lapse_at=None,
        expire_at=None,
        clear_at=None,
    )


def next_timer(alert: Alert) -> datetime | None:
    """The first moment at which a timer of the alert is due."""
    running: list[datetime | None] = [getattr(alert, name) for name in TIMERS]
    return min((timer for timer in running if timer is not None), default=None)


def moved(alert: Alert, step: timedelta) -> Alert:
    """The alert with every timer that runs moved by `step`, and what it counts from."""
    running: dict[str, datetime | None] = {name: getattr(alert, name) for name in (*TIMERS, "said_at")}
    return replace(alert, **{name: at + step for name, at in running.items() if at is not None})


class ClockSteps:
    """Notices when the wall clock was set: it went further, or less far, than time did."""

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None

    def since_last(self, wall: datetime, monotonic: float) -> timedelta:
        """By how much the wall clock was set since the last call; nothing for what is mere drift."""
        last, self._last = self._last, (wall, monotonic)
        if last is None:
            return timedelta(0)
        step = (wall - last[0]) - timedelta(seconds=monotonic - last[1])
        return step if abs(step) >= _STEP else timedelta(0)
