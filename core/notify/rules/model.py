"""What an alert rule is: when it holds, of what, how bad that is, and who hears of it how often.

Pure. A rule watches events or a series. One that watches events is either `lasting`, so that an alert is
open until another event ends it, or news that is told once and done with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fnmatch import fnmatchcase
from string import Formatter

from core.event import Event
from core.notify.notice import EXPIRIES, NoticeClass
from core.principal import Group
from core.units import Severity, Unit

__all__ = [
    "EventTrigger",
    "Level",
    "Parent",
    "Rule",
    "RuleBook",
    "Scalar",
    "SeriesTrigger",
    "Step",
    "class_of",
    "fill",
    "matches_subject",
    "template_fields",
]

Scalar = str | int | float | bool | None
Conditions = Mapping[str, tuple[Scalar, ...]]
"""Facts of an event by name, each with the values of which it must have one."""

_LONGEST_SUBJECT = 190
"""Characters of what a template may come to; a prefix must fit before it in the store."""


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """Events that raise an alert, those that end it, and those that say somebody sees to it.

    `kinds` raise it where their facts are as `when` says. `ended_by` are other kinds that end it;
    `ended_when` says which facts of any of all these kinds do. `acknowledged_by` are kinds of the last sort,
    and `released_by` those that say that nobody sees to it any more.
    """

    kinds: tuple[str, ...]
    when: Conditions = field(default_factory=dict[str, tuple[Scalar, ...]])
    ended_by: tuple[str, ...] = ()
    ended_when: Conditions = field(default_factory=dict[str, tuple[Scalar, ...]])
    acknowledged_by: tuple[str, ...] = ()
    released_by: tuple[str, ...] = ()

    @property
    def all_kinds(self) -> tuple[str, ...]:
        """Every kind that does something to it."""
        every = (*self.kinds, *self.ended_by, *self.acknowledged_by, *self.released_by)
        return tuple(dict.fromkeys(every))

    @property
    def lasting(self) -> bool:
        """Whether something ends what these events begin."""
        return bool(self.ended_by or self.ended_when)

    def ends(self, event: Event) -> bool:
        """Whether the event says that it is over."""
        if event.kind in self.ended_by:
            return not self.ended_when or _meets(event, self.ended_when)
        return event.kind in self.kinds and bool(self.ended_when) and _meets(event, self.ended_when)

    def begins(self, event: Event) -> bool:
        """Whether the event says that it holds."""
        return event.kind in self.kinds and not self.ends(event) and _meets(event, self.when)

    def acknowledges(self, event: Event) -> bool:
        """Whether the event says that somebody sees to it."""
        return event.kind in self.acknowledged_by

    def releases(self, event: Event) -> bool:
        """Whether the event says that nobody sees to it any more."""
        return event.kind in self.released_by


@dataclass(frozen=True, slots=True)
class Level:
    """A severity, and the line beyond which a series reaches it."""

    severity: Severity
    line: float


@dataclass(frozen=True, slots=True)
class SeriesTrigger:
    """A series and its lines; `subject` may be a pattern with `*`.

    `above` says on which side of the lines it is bad. `levels` come mildest first. What has reached a level
    leaves it only `margin` percent of the line beyond it (hysteresis). `unit` is what it is counted in.
    """

    area: str
    name: str
    levels: tuple[Level, ...]
    above: bool = True
    subject: str = "*"
    margin: float = 5.0
    unit: Unit = Unit.COUNT

    def level(self, value: float, standing: Severity | None) -> Severity | None:
        """How bad the value is, where it was `standing` before; nothing when all is well."""
        reached: Severity | None = None
        for each in self.levels:
            kept = standing is not None and standing >= each.severity
            slack = abs(each.line) * self.margin / 100 if kept else 0.0
            beyond = value > each.line - slack if self.above else value < each.line + slack
            if beyond:
                reached = each.severity
        return reached


@dataclass(frozen=True, slots=True)
class Parent:
    """The alert of which another one is a mere consequence; `subject` is a template of the child's event."""

    rule: str
    subject: str = "{subject}"


@dataclass(frozen=True, slots=True)
class Step:
    """Whom else to tell when nobody has acknowledged an alert `after` its first notice."""

    after: timedelta
    to: frozenset[Group]


@dataclass(frozen=True, slots=True)
class Rule:
    """One alert rule.

    `subject` and `group` are templates filled from the event: its `{subject}`, `{area}`, `{kind}` and facts.
    `severity` and `cls` replace what follows from the event. `hold` is how long it must last before anybody
    is told, `repeat` how often those told are reminded, `lapse` how long an acknowledgement holds, `expires`
    after how long without news an alert is no longer taken for open. Alerts of a rule that `reaches` are
    about whether something can be reached from here; they wait while we ourselves are cut off. `worth` is how
    long a notice is worth delivering, where its class doesn't say it. Where it isn't `announced`, its alerts
    are no events of their own: what they are of (an incident, a ticket) has a life in the event log already.
    One about `security` is told during maintenance, too. Notices from the severity `critical_from` on are of
    class critical. A rule that `carries` tells for the alerts that its events name as their fact `alerts`,
    one a line: they are acknowledged with its own alert, and nobody is reminded of them besides.

    `person` is a template of who is told besides the groups `to`, and `otherwise` are the groups told where
    it names nobody who is known; both are for news.
    """

    name: str
    about: str
    events: EventTrigger | None = None
    series: SeriesTrigger | None = None
    subject: str = "{subject}"
    group: str = "{rule}:{subject}"
    severity: Severity | None = None
    cls: NoticeClass | None = None
    hold: timedelta = timedelta(0)
    repeat: timedelta | None = None
    lapse: timedelta | None = None
    expires: timedelta | None = None
    to: frozenset[Group] = frozenset()
    person: str = ""
    otherwise: frozenset[Group] = frozenset()
    steps: tuple[Step, ...] = ()
    parents: tuple[Parent, ...] = ()
    reaches: bool = False
    worth: timedelta | None = None
    announced: bool = True
    security: bool = False
    critical_from: Severity = Severity.CRITICAL
    carries: bool = False
    place: str = ""

    @property
    def lasting(self) -> bool:
        """Whether it opens alerts rather than telling news."""
        return self.series is not None or (
            self.events is not None and (self.events.lasting or self.expires is not None)
        )

    def audience(self, step: int) -> frozenset[Group]:
        """The groups that are told of an alert which has escalated that far."""
        return self.to.union(*(each.to for each in self.steps[:step]))

    def notice_class(self, severity: Severity) -> NoticeClass:
        """The class of notices about an alert of this severity."""
        return self.cls or (NoticeClass.CRITICAL if severity >= self.critical_from else class_of(severity))


def class_of(severity: Severity) -> NoticeClass:
    """The class of notices where the rule names none."""
    if severity >= Severity.CRITICAL:
        return NoticeClass.CRITICAL
    return NoticeClass.NORMAL if severity >= Severity.WARNING else NoticeClass.INFO


class RuleBook:
    """Every rule, by name and by the kinds of event it watches.

    `expiries` is how long notices of each class are worth delivering where the rule doesn't say it.
    """

    def __init__(
        self, rules: Iterable[Rule], *, expiries: Mapping[NoticeClass, timedelta] = EXPIRIES
    ) -> None:
        self.expiries = expiries
        self._rules = {rule.name: rule for rule in rules}
        self._by_kind: dict[str, list[Rule]] = {}
        for rule in self._rules.values():
            if rule.events is not None:
                for kind in rule.events.all_kinds:
                    self._by_kind.setdefault(kind, []).append(rule)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def __len__(self) -> int:
        return len(self._rules)

    def get(self, name: str) -> Rule | None:
        """The rule of that name; none when it was taken out of the file since."""
        return self._rules.get(name)

    def watching(self, event: Event) -> list[Rule]:
        """The rules that this event may concern."""
        return self._by_kind.get(event.kind, [])

    @property
    def carrying(self) -> tuple[Rule, ...]:
        """The rules whose alerts are told in place of others."""
        return tuple(rule for rule in self._rules.values() if rule.carries)

    def with_parents(self, name: str) -> RuleBook:
        """That rule and those above it: what decides whether it tells anything."""
        wanted, waiting = dict[str, Rule](), [name]
        while waiting:
            rule = self._rules.get(waiting.pop())
            if rule is not None and rule.name not in wanted:
                wanted[rule.name] = rule
                waiting += [parent.rule for parent in rule.parents]
        return RuleBook(wanted.values(), expiries=self.expiries)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of event that some rule watches, sorted."""
        return tuple(sorted(self._by_kind))

    @property
    def of_series(self) -> tuple[Rule, ...]:
        """The rules that watch series."""
        return tuple(rule for rule in self._rules.values() if rule.series is not None)


def template_fields(template: str) -> list[str]:
    """The names that a template asks for; raises `ValueError` where it isn't one."""
    names: list[str] = []
    for _text, name, spec, conversion in Formatter().parse(template):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"{{{name}}}")
        names.append(name)
    return names


def fill(template: str, values: Mapping[str, object]) -> str:
    """The template with its fields; one that nothing fills stays empty."""
    known = {name: "" if values.get(name) is None else values[name] for name in template_fields(template)}
    return template.format(**known)[:_LONGEST_SUBJECT]


def matches_subject(trigger: SeriesTrigger, subject: str) -> bool:
    """Whether a series' subject is one of those a rule is about."""
    return fnmatchcase(subject, trigger.subject)


def _meets(event: Event, conditions: Conditions) -> bool:
    return all(event.facts.get(name) in values for name, values in conditions.items())
