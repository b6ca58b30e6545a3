"""What the event log says of tickets. Its titles never quote what somebody wrote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.areas.tickets.model import Case, ClockKind, Ticket
from core.areas.tickets.rules.watching import Told
from core.event import Event
from core.message import Message, _
from core.units import Severity

__all__ = ["clock_events", "clock_name", "ticket_event"]


def ticket_event(
    happened: str,
    ticket: Ticket,
    at: datetime,
    title: Message,
    severity: Severity = Severity.NOTICE,
    **more: str | int | bool,
) -> Event:
    """The event `ticket.{happened}`, with the facts that rules and other areas count on."""
    facts: dict[str, str | int | float | bool | None] = {
        "id": ticket.id,
        "tier": ticket.tier,
        "priority": ticket.priority.name.lower(),
        "status": ticket.status.value,
        "incident": ticket.incident,
        "clock": "",
        "requester": ticket.requester,
        "channel": ticket.channel,
        "assignee": ticket.assignee,
        "team": ticket.team,
    }
    return Event(f"ticket.{happened}", "tickets", f"ticket:{ticket.id}", severity, title, at, facts | more)


def clock_events(case: Case, told: Sequence[Told]) -> list[Event]:
    """The warnings and breaches of clocks; each cycle's happens once, whoever looks again."""
    found: list[Event] = []
    for each in told:
        kind = "breached" if each.breached else "warned"
        words = {"ticket": case.ticket.id, "clock": clock_name(each.cycle.kind)}
        title = (
            _("{ticket} broke its promise: {clock}", **words)
            if each.breached
            else _("{ticket} has little time left: {clock}", **words)
        )
        severity = Severity.SERIOUS if each.breached else Severity.WARNING
        event = ticket_event(
            kind, case.ticket, each.at, title, severity, clock=each.cycle.kind.value, cycle=each.cycle.number
        )
        key = f"{event.kind}:{case.ticket.id}:{each.cycle.kind.value}:{each.cycle.number}"
        found.append(Event(event.kind, event.area, event.subject, severity, title, each.at, event.facts, key))
    return found


def clock_name(kind: ClockKind) -> Message:
    """What a clock is called."""
    match kind:
        case ClockKind.FIRST_RESPONSE:
            return _("first response")
        case ClockKind.NEXT_REPLY:
            return _("next reply")
        case ClockKind.RESOLUTION:
            return _("resolution")
