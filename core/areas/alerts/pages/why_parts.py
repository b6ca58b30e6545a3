"""Parts of the answer to “why”: one message of the outbox, what it carries, and what rules make of events."""

from __future__ import annotations

from collections.abc import Iterator

from core.area import Request
from core.areas.alerts.pages.words import row_state
from core.event import Event
from core.message import Message, _
from core.notify.rules import Rule, RuleBook
from core.notify.why import Delivery, Explanation
from core.page import (
    Action,
    Column,
    Fact,
    Facts,
    Kind,
    Place,
    Row,
    Table,
    Timeline,
    TimelineEntry,
)
from core.tabulate import tabulate
from core.units import Absent, Instant, State, Value

__all__ = ["carried_rows", "row_facts", "what_happened"]

_CARRIED = (
    Column("created", _("Made"), Kind.MOMENT, 0),
    Column("title", _("Notice"), Kind.TEXT, 0),
    Column("kind", _("Kind"), Kind.TEXT, 2),
    Column("state", _("State"), Kind.STATE, 1),
)


def row_facts(delivery: Delivery) -> Facts:
    """One message of the outbox: to whom, by which way, and what became of it."""
    row = delivery.row
    held: Value = Absent(_("nothing held it"))
    if row.not_before is not None:
        held = Instant(row.not_before)
    return Facts(
        "message",
        _("The message"),
        (
            Fact(_("What"), row.wording.title),
            Fact(_("Reason"), row.wording.reason),
            Fact(_("Recipient"), row.recipient.person),
            Fact(_("By"), row.recipient.channel),
            Fact(_("State"), row_state(delivery.state), delivery.reason),
            Fact(_("Kind"), row.kind),
            Fact(_("Made"), Instant(row.created)),
            Fact(_("Held until"), held),
            Fact(_("Worth delivering until"), Instant(row.expires)),
            Fact(_("Tries"), row.attempts),
        ),
    )


def carried_rows(found: Explanation, request: Request) -> Iterator[Table]:
    """The notices that go along with the message, or that a digest is made of."""
    if found.carried:
        rows = [
            Row(
                str(each.id),
                (Instant(each.created), each.wording.title, each.kind, row_state(each.state)),
                Action("why", _("Open"), (("about", each.notice),)),
            )
            for each in found.carried
        ]
        title = _("What it carries along")
        yield tabulate("carried", title, _CARRIED, rows, request.query, place=Place.WIDE)


def what_happened(found: Explanation, rules: RuleBook) -> Timeline:
    """What happened to the subject, and what each rule makes of that."""
    entries: list[TimelineEntry] = []
    for each in found.events:
        event, watching = each.event, rules.watching(each.event)
        state = State(event.severity, event.severity.word)
        said = [_makes_of(rule, event) for rule in watching]
        if not said:
            said = [_("no rule is about “{kind}”, so nobody is told of it", kind=event.kind)]
        for number, words in enumerate(said):
            text = _("{title}: {what}", title=event.title, what=words)
            entries.append(TimelineEntry(f"{each.number}.{number}", event.at, state, text))
    return Timeline(
        "events", _("What happened, and what the rules make of it"), tuple(entries), place=Place.WIDE
    )


def _makes_of(rule: Rule, event: Event) -> Message:
    """What a rule makes of an event of a kind that it watches."""
    trigger = rule.events
    assert trigger is not None
    about = {"rule": rule.name, "about": rule.about}
    if trigger.begins(event):
        if rule.lasting:
            return _("the rule {rule} ({about}) raises an alert", **about)
        groups = ", ".join(sorted(group.value for group in rule.to))
        to = groups or _("those who subscribed to it")
        return _("the rule {rule} ({about}) tells it as news to {to}", to=to, **about)
    if trigger.ends(event):
        return _("the rule {rule} ({about}) ends its alert, if one is open", **about)
    if trigger.acknowledges(event):
        return _("the rule {rule} ({about}) takes its alert for seen to", **about)
    if trigger.releases(event):
        return _("the rule {rule} ({about}) takes its alert for seen to by nobody", **about)
    return _("the rule {rule} ({about}) watches such events, but not with these facts", **about)
