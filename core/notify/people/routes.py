"""Who is told of a notice, where, and when; and of everybody else why they are not. Pure.

Every person gets a decision, so that `why` can answer for each of them (reliability.md R30).
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from core.message import Message, _
from core.notify.notice import Notice, NoticeClass, Recipient
from core.notify.people.person import Address, Person, Subscription
from core.principal import Group
from core.units import Instant

__all__ = ["Decision", "Outcome", "route"]


class Outcome(enum.Enum):
    """What was decided for a person."""

    TOLD = "told"
    HELD = "held"
    NOT_CONCERNED = "not concerned"
    MUTED = "muted"
    NO_ADDRESS = "no address"

    @property
    def sends(self) -> bool:
        """Whether the outbox gets a row."""
        return self in (Outcome.TOLD, Outcome.HELD)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided for one person, on one channel where they are told, and why.

    `not_before` is when their quiet hours are over, where those hold the notice.
    """

    person: str
    outcome: Outcome
    reason: Message
    recipient: Recipient | None = None
    not_before: datetime | None = None


def route(
    notice: Notice,
    to: frozenset[Group],
    people: Iterable[Person],
    now: datetime,
    *,
    person: str = "",
    otherwise: frozenset[Group] = frozenset(),
    told: Collection[tuple[str, str]] | None = None,
    gone: Collection[tuple[str, str]] = (),
) -> list[Decision]:
    """A decision for every person, and for every channel of those who are told.

    `to` are the groups concerned, and `person` is who is besides; the groups `otherwise` are where that is
    none of the `people`. `told`, for the end of an alert, are the person and channel of everybody
    who was told that it began: they and nobody else hear of its end. `gone` are channels and addresses that
    nothing reaches any more.
    """
    people = list(people)
    concerned = to if any(each.name == person for each in people) else to | otherwise
    decisions: list[Decision] = []
    for each in people:
        if told is not None:
            decisions += _as_before(notice, each, told, now)
        else:
            decisions += _decisions(notice, concerned, each, now, own=each.name == person, gone=gone)
    return decisions


def _decisions(
    notice: Notice,
    to: frozenset[Group],
    person: Person,
    now: datetime,
    *,
    own: bool,
    gone: Collection[tuple[str, str]],
) -> list[Decision]:
    """The decision for one person, for each channel where they are told; `own` is what is theirs alone."""
    subscription = _own_subscription(notice, person)
    outcome, reason = _wants(notice, to, person, subscription, own=own)
    if not outcome.sends:
        return [Decision(person.name, outcome, reason)]
    chosen = _addresses(notice, person, subscription.channel if subscription is not None else "", gone)
    if not chosen:
        return [Decision(person.name, Outcome.NO_ADDRESS, _("There is no address to reach them at."))]
    return [_decision(notice, person, each, reason, now) for each in chosen]


def _own_subscription(notice: Notice, person: Person) -> Subscription | None:
    """What the person said of such notices, at its narrowest."""
    covering = (each for each in person.subscriptions if each.covers(notice.area, notice.kind))
    return max(covering, key=lambda each: each.narrowness, default=None)


def _wants(
    notice: Notice, to: frozenset[Group], person: Person, subscription: Subscription | None, *, own: bool
) -> tuple[Outcome, Message]:
    """Whether the person is to be told, and why."""
    groups = ", ".join(sorted(group.value for group in to & person.groups))
    if subscription is not None and subscription.severity is None:
        if notice.cls is NoticeClass.CRITICAL and groups:
            reason = _("In the group {group}; what is critical can’t be unsubscribed.", group=groups)
            return Outcome.TOLD, reason
        return Outcome.MUTED, _("They unsubscribed from {what}.", what=_what(subscription))
    if own:
        return Outcome.TOLD, _("It is assigned to them.")
    if groups:
        return Outcome.TOLD, _("In the group {group}.", group=groups)
    if subscription is None or subscription.severity is None:
        return Outcome.NOT_CONCERNED, _("In none of the groups that are told, and not subscribed.")
    if notice.severity < subscription.severity:
        reason = _(
            "Subscribed to {what} from {severity} on; this is {own}.",
            what=_what(subscription),
            severity=subscription.severity.word,
            own=notice.severity.word,
        )
        return Outcome.NOT_CONCERNED, reason
    return Outcome.TOLD, _("Subscribed to {what}.", what=_what(subscription))


def _what(subscription: Subscription) -> Message | str:
    return subscription.kind or subscription.area or _("everything")


def _addresses(
    notice: Notice, person: Person, channel: str, gone: Collection[tuple[str, str]]
) -> list[Address]:
    """Where to tell the person: critical things everywhere, others at the first place that works.

    Where nothing works any more the first place is tried all the same, so that the outbox shows it.
    """
    known = [each for each in person.preferred if not channel or each.channel == channel]
    known = known or list(person.preferred)
    reached = [each for each in known if (each.channel, each.address) not in gone]
    if not reached and channel:
        reached = [each for each in person.preferred if (each.channel, each.address) not in gone]
    if notice.cls is NoticeClass.CRITICAL and not channel:
        return reached or known[:1]
    return (reached or known)[:1]


def _as_before(
    notice: Notice, person: Person, told: Collection[tuple[str, str]], now: datetime
) -> list[Decision]:
    """The end of what somebody was told of goes to them, where they were told."""
    where = [each for each in person.preferred if (person.name, each.channel) in told]
    if not where:
        reason = _("They were not told that it began.")
        return [Decision(person.name, Outcome.NOT_CONCERNED, reason)]
    reason = _("They were told that it began.")
    return [_decision(notice, person, each, reason, now) for each in where]


def _decision(notice: Notice, person: Person, address: Address, reason: Message, now: datetime) -> Decision:
    recipient = Recipient(person.name, address.channel, address.address, person.language, person.zone.key)
    until = person.quiet.until(now) if person.quiet is not None else None
    if until is None or notice.cls.rules.passes_quiet_hours:
        return Decision(person.name, Outcome.TOLD, reason, recipient)
    held = _("{reason} Held by their quiet hours until {until}.", reason=reason, until=Instant(until))
    return Decision(person.name, Outcome.HELD, held, recipient, until)
