"""A store with alerting on it, and short ways to let things happen and to look at what they came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.event import Event
from core.message import ENGLISH, _
from core.moment import FrozenClock
from core.notify.alerting.alert import Alert
from core.notify.alerting.alert_rows import open_alerts
from core.notify.alerting.by_hand import acknowledge
from core.notify.alerting.clock import AlertClock
from core.notify.alerting.reaction import Alerting
from core.notify.delivery.rows import OutboxRow, OutboxState, rows
from core.notify.people.person import Address, Person
from core.notify.people.rows import save_person
from core.notify.rules import RuleBook
from core.notify.rules.loading import read_rules
from core.principal import Group
from core.render.values import Formatter
from core.store.store import Store
from core.units import Severity

__all__ = ["ANN", "BEN", "NOON", "Alerted", "happened", "rule_book"]

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

ANN = Person("ann", frozenset({Group.ON_CALL}), (Address("email", "ann@example.org"),))
BEN = Person("ben", frozenset({Group.SUPERVISORS}), (Address("email", "ben@example.org"),))

RULES = """
[[rule]]
name = "site.down"
about = "A site is down"
events = ["site.down"]
ended_by = ["site.up"]
to = ["on call"]
repeat = "1h"
acknowledged_for = "30m"
escalate = [{ after = "15m", to = ["supervisors"] }]

[[rule]]
name = "pod.down"
about = "A pod is down"
events = ["pod.down"]
ended_by = ["pod.up"]
subject = "pod:{pod}"
group = "{rule}:{subject}"
parents = [{ rule = "site.down" }]
to = ["on call"]

[[rule]]
name = "source.stale"
about = "A source is not read"
events = ["source.stale"]
ended_by = ["source.fresh"]
for = "3m"
to = ["on call"]
reachability = true

[[rule]]
name = "cpu"
about = "The processor is busy"
series = { area = "operations", name = "cpu", levels = [
    { severity = "warning", above = 85 }, { severity = "critical", above = 95 } ] }
for = "10m"
to = ["on call"]

[[rule]]
name = "video"
about = "A video is finished"
events = ["video.done"]
class = "info"
to = ["quality"]
"""


def rule_book(text: str = RULES) -> RuleBook:
    """The rules of a text."""
    return RuleBook(read_rules(text, "alerts.toml", known={})[0].values())


def happened(
    kind: str, subject: str, at: datetime, severity: Severity = Severity.CRITICAL, **facts: str
) -> Event:
    """An event of an area called test."""
    return Event(
        kind, "test", subject, severity, _("{kind} of {subject}", kind=kind, subject=subject), at, facts
    )


@dataclass
class Alerted:
    """A store with rules on it."""

    store: Store
    clock: FrozenClock
    rules: RuleBook

    @classmethod
    def on(cls, plain: Store, clock: FrozenClock, rules: RuleBook | None = None) -> Alerted:
        rules = rules or rule_book()
        return cls(plain.reacting(Alerting(rules, clock).take), clock, rules)

    async def people(self, *people: Person) -> None:
        async with self.store.writing() as transaction:
            for person in people:
                await save_person(transaction, person)

    async def happen(self, kind: str, subject: str = "site:a", **facts: str) -> None:
        async with self.store.writing() as transaction:
            await transaction.emit(happened(kind, subject, self.clock.now(), **facts))

    async def wait(self, minutes: float) -> None:
        """Let time pass, with the clock's turns every quarter of a minute."""
        job = AlertClock(self.store, self.rules)
        for _turn in range(int(minutes * 4)):
            self.clock.advance(15)
            await job.run()

    async def acknowledge(self, number: int, who: str = "ann") -> Alert:
        async with self.store.writing() as transaction:
            return await acknowledge(transaction, self.rules, number, who, self.clock.now())

    async def open(self) -> list[Alert]:
        async with self.store.reading() as connection:
            return await open_alerts(connection)

    async def rows(self, person: str, states: Sequence[OutboxState] = ()) -> list[OutboxRow]:
        """The outbox rows of somebody, the oldest first."""
        async with self.store.reading() as connection:
            return list(reversed(await rows(connection, person=person, states=states)))

    async def titles(self, person: str) -> list[str]:
        words = Formatter(ENGLISH, ZoneInfo("UTC"), self.clock.now())
        return [words.message(row.wording.title) for row in await self.rows(person)]
