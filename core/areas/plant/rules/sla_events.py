"""What the event log says of promises that are about to be broken, or are, and of shifts to come (A5).

Each is told once: the key of an event names its subject and the threshold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from core.areas.plant.model.people import Operator, Shift
from core.areas.plant.rules.sla import SlaStanding, TicketKind, Verdict, alert_band, hours_left, warns
from core.areas.plant.rules.sla_words import running_word
from core.event import Event
from core.message import _
from core.units import Instant, Quantity, Severity, Unit

__all__ = ["shift_soon_events", "sla_event"]

_SUBJECTS = {
    TicketKind.MAINTENANCE: "maintenance",
    TicketKind.DEFECT: "defect",
    TicketKind.SOP: "sop",
}


def sla_event(found: SlaStanding, now: datetime) -> Event | None:
    """The warning that less than a quarter is left of a promise, or that it was broken; nothing before that.

    A promise that ran out before anybody looked is told as broken only.
    """
    if not warns(found):
        return None
    ticket, broken = found.ticket, found.verdict is Verdict.BREACHED
    kind = "plant.sla.breached" if broken else "plant.sla.warned"
    words = {"ticket": ticket.number, "about": ticket.about, "running": running_word(ticket.running)}
    title = (
        _("{ticket} about {about} broke its promise: {running}", **words)
        if broken
        else _(
            "{ticket} about {about} has {hours} h left: {running}",
            hours=Quantity(hours_left(found.remaining), Unit.COUNT, 1),
            **words,
        )
    )
    return Event(
        kind=kind,
        area="plant",
        subject=f"{_SUBJECTS[ticket.kind]}:{ticket.number}",
        severity=Severity.SERIOUS if broken else max(Severity.WARNING, alert_band(found.remaining)),
        title=title,
        at=now,
        facts={
            "ticket": ticket.number,
            "kind": ticket.kind.value,
            "machine": ticket.about if ticket.kind is TicketKind.MAINTENANCE else "",
            "about": ticket.about,
            "promise": ticket.running.value,
            "deadline": ticket.deadline.isoformat(),
            "hours_left": hours_left(found.remaining),
            "assignee": ticket.assignee,
        },
        key=f"{kind}:{ticket.number}:{ticket.running.value}",
    )


def shift_soon_events(shift: Shift, operators: Mapping[str, Operator], now: datetime) -> Iterable[Event]:
    """That a shift begins soon, for each of those on it; once for each of them and that beginning."""
    for number in shift.operators:
        operator = operators.get(number)
        name = operator.name if operator is not None else number
        words = {"shift": shift.name, "operator": name, "start": Instant(shift.start)}
        title = (
            _("{operator}: {shift} begins at {start}, at {machine}", machine=shift.machine, **words)
            if shift.machine
            else _("{operator}: {shift} begins at {start}", **words)
        )
        yield Event(
            kind="plant.shift.soon",
            area="plant",
            subject=f"shift:{shift.number}",
            severity=Severity.NOTICE,
            title=title,
            at=now,
            facts={
                "shift": shift.number,
                "name": shift.name,
                "start": shift.start.isoformat(),
                "machine": shift.machine,
                "operator": number,
                "operator_name": name,
                "person": operator.person if operator is not None else "",
            },
            key=f"plant.shift.soon:{shift.number}:{number}:{shift.start.isoformat()}",
        )
