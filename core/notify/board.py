"""The open alerts, and what events, figures and the clock do to them. Pure.

Whoever keeps alerts puts the open ones on a board, lets things happen, and then finds in `changed` what to
keep and in `edges` what to tell. The same board is used inside a transaction, by the job on the clock, and
for replaying the past, so that all three agree.

What is told follows from the state an alert is in, not from the call that brought it there: an alert that
is due and that nothing withholds is told once, whenever that is found (`_settle`). So an edge can be found
late but never twice, and a restart in the middle changes nothing (reliability.md R8, R10).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from core.event import Event
from core.message import Message, _
from core.notify.alert import Alert, AlertState, Edge, EdgeKind, Withheld, alert_key
from core.notify.notice import NoticeClass
from core.notify.rules import Rule, RuleBook
from core.notify.rules.model import fill
from core.notify.silence import Silence, silencing
from core.notify.timers import GRACE, escalating, lapse_after, next_timer, stopped
from core.principal import Group
from core.units import Quantity, Severity

__all__ = ["GROUP_INTERVAL", "Board", "audience"]

GROUP_INTERVAL = timedelta(minutes=5)
"""How long after the notice of a group another alert of it waits, unless it is critical."""


class Board:
    """The open alerts of one moment.

    `silences` are those that may be in force; `blind` says that we ourselves are cut off. New alerts are
    numbered from `next_id`.
    """

    def __init__(
        self,
        rules: RuleBook,
        alerts: Iterable[Alert] = (),
        *,
        silences: Iterable[Silence] = (),
        blind: bool = False,
        next_id: int = 1,
    ) -> None:
        self.rules = rules
        self.open = {alert.key: alert for alert in alerts if alert.open}
        self.silences = tuple(silences)
        self.blind = blind
        self.changed: dict[int, Alert] = {}
        self.edges: list[Edge] = []
        self._next_id = next_id

    def take(self, event: Event, number: int | None, now: datetime) -> None:
        """Let an event happen. Follow the last of those that come together with `settle`."""
        for rule in self.rules.watching(event):
            assert rule.events is not None
            values = {
                **event.facts,
                "subject": event.subject,
                "area": event.area,
                "kind": event.kind,
                "rule": rule.name,
            }
            subject = fill(rule.subject, values) or event.subject
            if rule.events.begins(event):
                severity = rule.severity or event.severity
                alert = self._new(rule, subject, values, severity, event.title, now)
                alert = replace(alert, area=event.area, kind=event.kind, event=number)
                if rule.lasting:
                    self._begin(rule, alert, now)
                else:
                    self._tell_news(rule, alert, number, now)
            elif rule.events.ends(event):
                self._end(alert_key(rule.name, subject), now, event.title)

    def measure(self, rule: Rule, subject: str, value: float, now: datetime) -> None:
        """Let a series have this value. Follow the last of those measured together with `settle`."""
        trigger = rule.series
        assert trigger is not None
        key = alert_key(rule.name, subject)
        known = self.open.get(key)
        level = trigger.level(value, known.severity if known is not None else None)
        if level is not None:
            if known is None or known.severity is not level or known.clear_at is not None:
                title = _(
                    "{about}: {subject} is at {value}",
                    about=rule.about,
                    subject=subject,
                    value=Quantity(value),
                )
                values = {"subject": subject, "area": trigger.area, "rule": rule.name}
                alert = self._new(rule, subject, values, level, title, now)
                self._begin(
                    rule, replace(alert, area=trigger.area, kind=f"{trigger.area}.{trigger.name}"), now
                )
        elif known is not None and (known.said is None or not rule.hold):
            self._end(key, now, None)
        elif known is not None and known.clear_at is None:
            self._put(replace(known, clear_at=now + rule.hold))

    def tick(self, now: datetime) -> None:
        """Let time pass: what is due by the clock happens."""
        for alert in list(self.open.values()):
            rule = self.rules.get(alert.rule)
            if rule is None or _due(alert.expire_at, now):
                self._put(replace(stopped(alert), state=AlertState.EXPIRED, closed_at=now))
            elif _due(alert.clear_at, now):
                self._end(alert.key, now, None)
            elif alert.state is AlertState.ACKNOWLEDGED and _due(alert.lapse_at, now):
                lapsed = replace(alert, state=AlertState.ACTIVE, lapse_at=None, acknowledged_by="")
                self._tell(EdgeKind.LAPSED, escalating(lapsed, rule, now), rule, now)
            elif alert.state is AlertState.ACTIVE and alert.said is not None:
                self._remind(alert, rule, now)
        self.settle(now)

    def acknowledge(self, alert: Alert, who: str, now: datetime) -> None:
        """Somebody sees to it: nothing more is told of it until that lapses, or until it gets worse."""
        lapse = lapse_after(self.rules.get(alert.rule), alert.severity)
        self._put(
            replace(
                alert,
                state=AlertState.ACKNOWLEDGED,
                acknowledged_by=who,
                said=max(alert.said or alert.severity, alert.severity),
                withheld=Withheld.NOT,
                withheld_by="",
                tell_at=None,
                repeat_at=None,
                escalate_at=None,
                lapse_at=None if lapse is None else now + lapse,
            )
        )

    def settle(self, now: datetime) -> None:
        """Find out what explains what, and tell what is due and not withheld."""
        for alert in list(self.open.values()):
            self._put_under_parent(alert, now)
        for alert in sorted(self.open.values(), key=lambda each: each.id):
            rule = self.rules.get(alert.rule)
            if rule is None or alert.state is AlertState.UNKNOWN:
                continue
            if alert.said is None:
                self._open_if_due(alert, rule, now)
            elif alert.severity > alert.said and _due(alert.tell_at, now):
                if alert.withheld is Withheld.SILENCE and silencing(self.silences, alert, now) is not None:
                    continue
                worse = replace(
                    alert, state=AlertState.ACTIVE, tell_at=None, lapse_at=None, acknowledged_by=""
                )
                self._tell(EdgeKind.WORSENED, escalating(worse, rule, now), rule, now)
            elif alert.withheld is Withheld.SILENCE and silencing(self.silences, alert, now) is None:
                self._put(replace(alert, withheld=Withheld.NOT, withheld_by=""))

    def next_due(self) -> datetime | None:
        """The first moment at which time alone makes something happen."""
        timers = (next_timer(alert) for alert in self.open.values())
        return min(filter(None, timers), default=None)

    def _new(
        self,
        rule: Rule,
        subject: str,
        values: Mapping[str, object],
        severity: Severity,
        title: Message,
        now: datetime,
    ) -> Alert:
        """An alert as it is at its first sign; its number is given when it is put on the board."""
        return Alert(
            id=0,
            rule=rule.name,
            subject=subject,
            area="",
            kind="",
            group=fill(rule.group, values) or alert_key(rule.name, subject),
            state=AlertState.PENDING,
            severity=severity,
            title=title,
            opened_at=now,
            last_seen=now,
            parents=tuple(alert_key(each.rule, fill(each.subject, values)) for each in rule.parents),
            withheld=Withheld.SHORT if rule.hold else Withheld.NOT,
            tell_at=now + rule.hold,
            expire_at=None if rule.expires is None else now + rule.expires,
        )

    def _begin(self, rule: Rule, fresh: Alert, now: datetime) -> None:
        """Open an alert, or note that the open one is still so, better or worse."""
        known = self.open.get(fresh.key)
        if known is None:
            self._put(replace(fresh, id=self._next_id))
            self._next_id += 1
            return
        worse = known.said is not None and fresh.severity > known.said
        wait = rule.hold if rule.series is not None else timedelta(0)
        tell_at = known.tell_at if known.said is None else None
        self._put(
            replace(
                known,
                severity=fresh.severity,
                title=fresh.title,
                last_seen=now,
                count=known.count + 1,
                event=fresh.event if fresh.event is not None else known.event,
                expire_at=fresh.expire_at,
                clear_at=None,
                tell_at=(known.tell_at or now + wait) if worse else tell_at,
            )
        )

    def _end(self, key: str, now: datetime, news: Message | None) -> None:
        """It is over; those who were told of it are told so, unless it is silenced."""
        if (known := self.open.get(key)) is None:
            return
        if known.said is None and _due(known.tell_at, now):
            self.settle(now)  # what began and ended at one look is told all the same
            known = self.open[key]
        ended = replace(
            stopped(known), state=AlertState.RESOLVED, closed_at=now, withheld=Withheld.NOT, withheld_by=""
        )
        rule = self.rules.get(known.rule)
        if known.said is None or rule is None:
            self._put(ended)
        else:
            self._tell(EdgeKind.RESOLVED, ended, rule, now, news)

    def _remind(self, alert: Alert, rule: Rule, now: datetime) -> None:
        if _due(alert.escalate_at, now) and alert.step < len(rule.steps):
            assert alert.escalate_at is not None
            step, further = alert.step + 1, None
            if step < len(rule.steps):
                further = alert.escalate_at + (rule.steps[step].after - rule.steps[step - 1].after)
            self._tell(EdgeKind.ESCALATED, replace(alert, step=step, escalate_at=further), rule, now)
        elif _due(alert.repeat_at, now):
            again = None if rule.repeat is None else now + rule.repeat
            self._tell(EdgeKind.REPEATED, replace(alert, repeat_at=again), rule, now)

    def _put_under_parent(self, alert: Alert, now: datetime) -> None:
        """What its parent explains is unknown; when the parent is over, fresh news is waited for."""
        if alert.state is AlertState.ACKNOWLEDGED:
            return
        down = next((key for key in alert.parents if key in self.open), None)
        if down is not None and alert.withheld_by != down:
            hidden = replace(alert, state=AlertState.UNKNOWN, withheld=Withheld.PARENT, withheld_by=down)
            self._put(hidden)
        elif down is None and alert.withheld is Withheld.PARENT:
            rule = self.rules.get(alert.rule)
            shown = replace(alert, withheld=Withheld.SHORT, withheld_by="", state=AlertState.PENDING)
            if alert.said is not None:
                shown = replace(shown, state=AlertState.ACTIVE, withheld=Withheld.NOT)
                self._put(shown if rule is None else escalating(shown, rule, now))
                return
            hold = rule.hold if rule is not None else timedelta(0)
            self._put(replace(shown, tell_at=now + max(hold, GRACE)))

    def _open_if_due(self, alert: Alert, rule: Rule, now: datetime) -> None:
        if alert.withheld is Withheld.BLIND and not self.blind:
            alert = replace(alert, withheld=Withheld.SHORT, tell_at=now + GRACE)
            self._put(alert)
        silence = silencing(self.silences, alert, now)
        silence_is_over = alert.withheld is Withheld.SILENCE and silence is None
        if not _due(alert.tell_at, now) and not silence_is_over:
            return
        waited = alert.withheld is Withheld.GROUP
        alert = replace(alert, state=AlertState.ACTIVE)
        if self.blind and rule.reaches:
            self._put(replace(alert, withheld=Withheld.BLIND, withheld_by="", tell_at=None))
        elif silence is not None:
            withheld = replace(alert, withheld=Withheld.SILENCE, withheld_by=silence.id, tell_at=None)
            self._put(withheld)
        elif not waited and (wait := self._group_wait(alert, rule, now)) is not None:
            self._put(replace(alert, withheld=Withheld.GROUP, withheld_by="", tell_at=wait))
        else:
            self._tell(EdgeKind.OPENED, escalating(replace(alert, tell_at=None), rule, now), rule, now)

    def _group_wait(self, alert: Alert, rule: Rule, now: datetime) -> datetime | None:
        """Until when the alert waits because others of its group were told just now; none if it need not."""
        if rule.notice_class(alert.severity) is NoticeClass.CRITICAL:
            return None
        said = [
            each.said_at
            for each in self.open.values()
            if each.group == alert.group and each.said_at is not None and each.said_at < now
        ]
        wait = max(said) + GROUP_INTERVAL if said else now
        return wait if wait > now else None

    def _tell(
        self, kind: EdgeKind, alert: Alert, rule: Rule, now: datetime, news: Message | None = None
    ) -> None:
        """Note an edge, unless a silence keeps it quiet; its timers run on either way."""
        silence = silencing(self.silences, alert, now)
        if silence is not None:
            kept = alert.open
            self._put(
                replace(
                    alert,
                    withheld=Withheld.SILENCE if kept else Withheld.NOT,
                    withheld_by=silence.id if kept else "",
                    tell_at=now if kind is EdgeKind.WORSENED else alert.tell_at,
                )
            )
            return
        told = replace(alert, sequence=alert.sequence + 1, withheld=Withheld.NOT, withheld_by="")
        if kind is not EdgeKind.RESOLVED:
            told = replace(told, said=max(alert.said or alert.severity, alert.severity), said_at=now)
        self._put(told)
        self.edges.append(
            Edge(kind, told, now, f"alert:{told.id}:{told.sequence}", audience(rule, told), news)
        )

    def _tell_news(self, rule: Rule, alert: Alert, number: int | None, now: datetime) -> None:
        silence = silencing(self.silences, alert, now)
        if silence is None:
            key = f"event:{number}:{rule.name}"
            self.edges.append(Edge(EdgeKind.NEWS, alert, now, key, rule.to))

    def _put(self, alert: Alert) -> None:
        if alert == self.open.get(alert.key):
            return
        if alert.open:
            self.open[alert.key] = alert
        else:
            self.open.pop(alert.key, None)
        self.changed[alert.id] = alert


def audience(rule: Rule, alert: Alert) -> frozenset[Group]:
    """The groups that are told of an alert which has escalated so far."""
    return rule.to.union(*(step.to for step in rule.steps[: alert.step]))


def _due(timer: datetime | None, now: datetime) -> bool:
    return timer is not None and timer <= now
