"""The open alerts, and what events, figures and the clock do to them. Pure.

Whoever keeps alerts puts the open ones on a board, lets things happen, and then finds in `changes` what to
keep and in `edges` what to tell. The same board is used inside a transaction, by the job on the clock, and
for replaying the past, so that all three agree.

What is told follows from the state an alert is in, not from the call that brought it there: an alert that
is due and that nothing withholds is told once, whenever that is found (`settle`). So an edge can be found
late but never twice, and a restart in the middle changes nothing (reliability.md R8, R10).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from core.event import Event
from core.message import Message
from core.notify.alerting.alert import Alert, AlertState, Edge, EdgeKind, Withheld, alert_key
from core.notify.alerting.carrying import carried_by, newly_carried
from core.notify.alerting.lifecycle import (
    acknowledged,
    carried,
    ended,
    explained,
    released,
    reminded,
    seen_again,
    uncarried,
    unexplained,
    worsened,
)
from core.notify.alerting.signs import named_by, seen_to_by, sign_of_event, sign_of_figure, subject_of
from core.notify.alerting.silence import Silence, silencing
from core.notify.alerting.timers import GRACE, due, escalating, group_wait, moved, next_timer
from core.notify.rules import Rule, RuleBook
from core.units import Severity

__all__ = ["NEWS_LASTS", "Board"]

NEWS_LASTS = timedelta(days=1)
"""How old an event may be to be told as news; history that is read in later is none."""


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
        self.edges: list[Edge] = []
        self._before = {alert.id: alert for alert in self.open.values()}
        self._after: dict[int, Alert] = {}
        self._next_id = next_id

    @property
    def changes(self) -> list[tuple[Alert | None, Alert]]:
        """Every alert that has changed, before (nothing when it is new) and after."""
        pairs = ((self._before.get(number), after) for number, after in self._after.items())
        return [(before, after) for before, after in pairs if before != after]

    def take(self, event: Event, number: int | None, now: datetime) -> None:
        """Let an event happen. Follow the last of those that come together with `settle`."""
        for rule in self.rules.watching(event):
            trigger = rule.events
            assert trigger is not None
            key = alert_key(rule.name, subject_of(rule, event))
            if trigger.begins(event):
                sign = sign_of_event(rule, event, number, now)
                if rule.lasting:
                    self._begin(rule, sign, now)
                elif now - event.at <= NEWS_LASTS:
                    self._tell_news(rule, sign, named_by(rule, event), now)
            elif trigger.ends(event):
                self.end(key, now, event.title)
            elif trigger.acknowledges(event) and key in self.open:
                for alert in (self.open[key], *carried_by(self.open, key)):
                    self.acknowledge(alert, seen_to_by(event), now)
            elif trigger.releases(event) and key in self.open:
                for alert in (self.open[key], *carried_by(self.open, key)):
                    self._put(released(alert, now))
        self._follow(event, now)

    def measure(self, rule: Rule, subject: str, value: float, now: datetime) -> None:
        """Let a series have this value. Follow the last of those measured together with `settle`."""
        trigger = rule.series
        assert trigger is not None
        key = alert_key(rule.name, subject)
        known = self.open.get(key)
        level = trigger.level(value, known.severity if known is not None else None)
        if level is not None:
            if known is None or known.severity is not level or known.clear_at is not None:
                sign = sign_of_figure(rule, subject, value, level, now)
                self._begin(rule, sign, now)
        elif known is not None and (known.said is None or not rule.hold):
            self.end(key, now, None)
        elif known is not None and known.clear_at is None:
            self._put(replace(known, clear_at=now + rule.hold))

    def tick(self, now: datetime) -> None:
        """Let time pass: what is due by the clock happens."""
        for alert in list(self.open.values()):
            rule = self.rules.get(alert.rule)
            if rule is None or due(alert.expire_at, now):
                self._put(ended(alert, AlertState.EXPIRED, now))
            elif due(alert.clear_at, now):
                self.end(alert.key, now, None)
            elif alert.state is AlertState.ACKNOWLEDGED and due(alert.lapse_at, now):
                self._put(replace(alert, state=AlertState.ACTIVE, lapse_at=now, acknowledged_by=""))
        self.settle(now)
        for alert in list(self.open.values()):
            rule = self.rules.get(alert.rule)
            if rule is not None and alert.state is AlertState.ACTIVE and alert.said is not None:
                self._remind(alert, rule, now)

    def acknowledge(self, alert: Alert, who: str, now: datetime) -> None:
        """Somebody sees to it: nothing more is told of it until that lapses, or until it gets worse."""
        self._put(acknowledged(alert, self.rules.get(alert.rule), who, now))

    def end(self, key: str, now: datetime, news: Message | None) -> None:
        """It is over; those who were told of it are told so, unless it is silenced."""
        if (known := self.open.get(key)) is None:
            return
        if known.said is None and due(known.tell_at, now):
            self.settle(now)  # what began and ended at one look is told all the same
            known = self.open[key]
        over = ended(known, AlertState.RESOLVED, now)
        rule = self.rules.get(known.rule)
        if known.said is None or rule is None:
            self._put(over)
        else:
            self._tell(EdgeKind.RESOLVED, over, rule, now, news)

    def shift(self, step: timedelta) -> None:
        """Move every timer along with the wall clock, which was set forward or back (R22)."""
        for alert in list(self.open.values()):
            self._put(moved(alert, step))

    def settle(self, now: datetime) -> None:
        """Find out what explains what, and tell what is due and not withheld."""
        for alert in list(self.open.values()):
            if alert.withheld is Withheld.CARRIED and alert.withheld_by not in self.open:
                self._put(uncarried(alert, self.rules.get(alert.rule), now))
            self._look_for_parent(self.open[alert.key], now)
        for alert in sorted(self.open.values(), key=lambda each: each.id):
            rule = self.rules.get(alert.rule)
            if rule is None or alert.state is AlertState.UNKNOWN:
                continue
            if alert.said is None:
                self._open_if_due(alert, rule, now)
            else:
                self._tell_again_if_due(alert, alert.said, rule, now)

    def next_due(self) -> datetime | None:
        """The first moment at which time alone makes something happen."""
        timers = (next_timer(alert) for alert in self.open.values())
        return min(filter(None, timers), default=None)

    def _begin(self, rule: Rule, sign: Alert, now: datetime) -> None:
        """Open an alert, or note that the open one is still so, better or worse."""
        known = self.open.get(sign.key)
        if known is None:
            self._put(replace(sign, id=self._next_id))
            self._next_id += 1
        else:
            self._put(seen_again(known, sign, rule, now))

    def _follow(self, event: Event, now: datetime) -> None:
        """Let an incident's alert tell for those that its event names."""
        for alert, carrier in newly_carried(self.open, self.rules, event):
            self._put(carried(alert, carrier.key))
            if carrier.state is AlertState.ACKNOWLEDGED and alert.state is AlertState.ACTIVE:
                self.acknowledge(self.open[alert.key], carrier.acknowledged_by, now)

    def _look_for_parent(self, alert: Alert, now: datetime) -> None:
        if alert.state is AlertState.ACKNOWLEDGED:
            return
        down = next((key for key in alert.parents if key in self.open), None)
        if down is not None:
            self._put(explained(alert, down))
        elif alert.withheld is Withheld.PARENT and (rule := self.rules.get(alert.rule)) is not None:
            self._put(unexplained(alert, rule, now))

    def _open_if_due(self, alert: Alert, rule: Rule, now: datetime) -> None:
        """Tell of an alert for the first time once it has lasted, and nothing withholds it."""
        if alert.withheld is Withheld.BLIND and not self.blind:
            alert = replace(alert, state=AlertState.PENDING, withheld=Withheld.SHORT, tell_at=now + GRACE)
            self._put(alert)
        silence = self._silence(alert, now)
        silence_is_over = alert.withheld is Withheld.SILENCE and silence is None
        if not due(alert.tell_at, now) and not silence_is_over:
            return
        active = replace(alert, state=AlertState.ACTIVE)
        if self.blind and rule.reaches:
            self._put(replace(active, withheld=Withheld.BLIND, withheld_by="", tell_at=None))
        elif silence is not None:
            self._put(replace(active, withheld=Withheld.SILENCE, withheld_by=silence.id, tell_at=None))
        elif alert.withheld is not Withheld.GROUP and (
            wait := group_wait(self.open.values(), alert, rule, now)
        ):
            self._put(replace(active, withheld=Withheld.GROUP, withheld_by="", tell_at=wait))
        else:
            self._tell(EdgeKind.OPENED, escalating(replace(active, tell_at=None), rule, now), rule, now)

    def _tell_again_if_due(self, alert: Alert, said: Severity, rule: Rule, now: datetime) -> None:
        """Tell of an alert that people know of: that it is worse, or that nobody sees to it any more."""
        silenced = self._silence(alert, now) is not None
        if alert.withheld is Withheld.SILENCE and silenced:
            return
        if alert.severity > said and due(alert.tell_at, now):
            self._tell(EdgeKind.WORSENED, worsened(alert, rule, now), rule, now)
        elif alert.state is AlertState.ACTIVE and due(alert.lapse_at, now):
            lapsed = escalating(replace(alert, lapse_at=None), rule, now)
            self._tell(EdgeKind.LAPSED, lapsed, rule, now)
        elif alert.withheld is Withheld.SILENCE:
            self._put(replace(alert, withheld=Withheld.NOT, withheld_by=""))

    def _remind(self, alert: Alert, rule: Rule, now: datetime) -> None:
        """Tell more people, or the same ones again; what a silence keeps back is told when that is over."""
        if alert.withheld is Withheld.CARRIED or (self.blind and rule.reaches):
            return
        if self._silence(alert, now) is not None:
            return
        if due(alert.escalate_at, now) and alert.step < len(rule.steps):
            assert alert.escalate_at is not None
            step, further = alert.step + 1, None
            if step < len(rule.steps):
                further = alert.escalate_at + (rule.steps[step].after - rule.steps[step - 1].after)
            escalated = replace(reminded(alert, rule, now), step=step, escalate_at=further)
            self._tell(EdgeKind.ESCALATED, escalated, rule, now)
        elif due(alert.repeat_at, now):
            self._tell(EdgeKind.REPEATED, reminded(alert, rule, now), rule, now)

    def _tell(
        self, kind: EdgeKind, alert: Alert, rule: Rule, now: datetime, news: Message | None = None
    ) -> None:
        """Note an edge, unless a silence keeps it quiet; its timers run on either way."""
        silence = self._silence(alert, now)
        if silence is not None and alert.open:
            tell = now if kind is EdgeKind.WORSENED else alert.tell_at
            lapse = now if kind is EdgeKind.LAPSED else alert.lapse_at
            quiet = replace(alert, withheld=Withheld.SILENCE, withheld_by=silence.id)
            self._put(replace(quiet, tell_at=tell, lapse_at=lapse))
            return
        told = alert
        if alert.withheld is not Withheld.CARRIED:
            told = replace(alert, withheld=Withheld.NOT, withheld_by="")
        if silence is None:
            told = replace(told, sequence=alert.sequence + 1)
            if kind is not EdgeKind.RESOLVED:
                told = replace(told, said=max(alert.said or alert.severity, alert.severity), said_at=now)
            key = f"alert:{told.id}:{told.sequence}"
            self.edges.append(Edge(kind, told, now, key, rule.audience(told.step), news))
        self._put(told)

    def _tell_news(self, rule: Rule, alert: Alert, person: str, now: datetime) -> None:
        if self._silence(alert, now) is None:
            key = f"event:{alert.event}:{rule.name}"
            edge = Edge(EdgeKind.NEWS, alert, now, key, rule.to, None, person, rule.otherwise)
            self.edges.append(edge)

    def _silence(self, alert: Alert, now: datetime) -> Silence | None:
        """The silence that keeps the alert quiet at present."""
        rule = self.rules.get(alert.rule)
        return silencing(self.silences, alert, now, security=rule is not None and rule.security)

    def _put(self, alert: Alert) -> None:
        if alert == self.open.get(alert.key):
            return
        if alert.open:
            self.open[alert.key] = alert
        else:
            self.open.pop(alert.key, None)
        self._after[alert.id] = alert
