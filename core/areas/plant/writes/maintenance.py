"""What people do with maintenance tickets, and what that does to the machine (whatsapp.md A2.3 and A3)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from core.area import Outcome, Request
from core.areas.plant.configuration.sla_policy import load_policy
from core.areas.plant.model.maintenance import (
    LONGEST_DESCRIPTION,
    FaultSeverity,
    IssueType,
    MaintenanceState,
    MaintenanceTicket,
    Urgency,
)
from core.areas.plant.pages.maintenance_written import ticket_done_page, ticket_opened_page
from core.areas.plant.rules import maintenance as rules
from core.areas.plant.rules.filing import ticket_filing
from core.areas.plant.rules.maintenance_events import (
    machine_event,
    ticket_event,
    ticket_moved_event,
    ticket_opened_event,
)
from core.areas.plant.rules.policy import SlaPolicy
from core.areas.plant.settings import PlantSettings
from core.areas.plant.store.assignees import assignee_of
from core.areas.plant.store.machines import machine_of, record_machines
from core.areas.plant.store.maintenance import record_tickets, ticket_of, tickets_of_machine
from core.areas.plant.store.sequences import next_number
from core.areas.plant.writes.attachments import attach_given
from core.areas.plant.writes.filing import ask_filing
from core.event import Event
from core.message import Message, _
from core.notify.delivery.turn import take_turn
from core.store.store import Transaction
from core.store.versions import NEWEST
from core.text import clean, paragraph

__all__ = [
    "apply_assign",
    "apply_complete",
    "apply_move",
    "apply_open",
    "apply_severity",
    "apply_take",
]

_PREFIX = "MNT"


async def apply_open(request: Request, transaction: Transaction) -> Outcome:
    """Open a ticket about a machine; one that stands still is broken from now on.

    Raises:
        NotFoundError: there is no such machine.
        SettingsError: what is promised can't be read.
    """
    await take_turn(transaction)
    machine = await machine_of(transaction.connection, str(request.arguments["machine"]), NEWEST)
    down = request.text("down") == "yes"
    severity = rules.severity_of(Urgency(str(request.arguments["urgency"])), machine_down=down)
    promise = _policy(request).maintenance[severity]
    ticket = MaintenanceTicket(
        number=await next_number(transaction, _PREFIX, request.now),
        machine=machine.number,
        department=machine.department,
        issue=IssueType(str(request.arguments["issue"])),
        severity=severity,
        state=MaintenanceState.OPEN,
        created_at=request.now,
        since=request.now,
        respond_by=request.now + promise.response,
        complete_by=request.now + promise.completion,
        reporter=request.principal.name or request.principal.address,
        description=paragraph(request.text("description") or "", LONGEST_DESCRIPTION),
        machine_down=down,
        by=request.principal.name,
    )
    await _keep(request, transaction, None, ticket, ticket_opened_event(ticket))
    await attach_given(request, transaction, ticket.number)
    video = request.services.settings.of(PlantSettings).video(ticket.machine, ticket.issue.value)
    page = ticket_opened_page(ticket, machine, video)
    page = await ask_filing(request, transaction, ticket_filing(ticket, request.now), page)
    return Outcome(page, f"maintenance:{ticket.number}", {}, _audited(ticket))


async def apply_take(request: Request, transaction: Transaction) -> Outcome:
    """Give a ticket to whoever asks."""
    return await _give(request, transaction, request.principal.name)


async def apply_assign(request: Request, transaction: Transaction) -> Outcome:
    """Give a ticket to somebody who is known.

    Raises:
        NotFoundError: nobody is known by that name or number.
    """
    whom = await assignee_of(transaction.connection, clean(request.text("to") or "", 80), NEWEST)
    return await _give(request, transaction, whom)


async def apply_move(request: Request, transaction: Transaction) -> Outcome:
    """Bring a ticket into another state.

    Raises:
        NotFoundError: there is no such ticket.
        RefusedError: it can't go there from where it is.
        InputError: why is missing, and this move needs it.
    """
    before = await _claim(request, transaction)
    to = MaintenanceState(str(request.arguments["state"]))
    reason = clean(request.text("reason") or "")
    after = rules.moved(before, to, request.now, request.principal.name, reason)
    return await _moved(request, transaction, before, after)


async def apply_complete(request: Request, transaction: Transaction) -> Outcome:
    """Complete a ticket, keeping what was behind it and what it took; its machine runs again."""
    before = await _claim(request, transaction)
    after = rules.moved(before, MaintenanceState.COMPLETED, request.now, request.principal.name)
    cost = request.text("cost")
    after = replace(
        after,
        root_cause=clean(request.text("cause") or ""),
        parts=clean(request.text("parts") or ""),
        cost=None if cost is None else Decimal(cost.replace(",", ".")),
    )
    return await _moved(request, transaction, before, after)


async def apply_severity(request: Request, transaction: Transaction) -> Outcome:
    """Change how severe a ticket is; what that promises counts from when it was opened."""
    before = await _claim(request, transaction)
    severity = FaultSeverity(str(request.arguments["severity"]))
    after = rules.graded(before, severity, _policy(request).maintenance[severity])
    word = rules.severity_word(severity)
    title = _("{ticket} has another severity: {severity}", ticket=after.number, severity=word)
    await _keep(request, transaction, before, after, ticket_event("graded", after, request.now, title))
    said = _("{ticket} is of severity {severity}.", ticket=after.number, severity=word)
    return _outcome(before, after, said)


async def _give(request: Request, transaction: Transaction, whom: str) -> Outcome:
    before = await _claim(request, transaction)
    after = rules.taken(before, whom, request.now, request.principal.name)
    title = _("{ticket} was given to {person}", ticket=after.number, person=whom)
    await _keep(request, transaction, before, after, ticket_event("assigned", after, request.now, title))
    return _outcome(before, after, _("{ticket} is with {person}.", ticket=after.number, person=whom))


async def _moved(
    request: Request, transaction: Transaction, before: MaintenanceTicket, after: MaintenanceTicket
) -> Outcome:
    await _keep(request, transaction, before, after, ticket_moved_event(after, request.now))
    said = _("{ticket} is {state}.", ticket=after.number, state=rules.state_word(after.state))
    return _outcome(before, after, said)


async def _claim(request: Request, transaction: Transaction) -> MaintenanceTicket:
    """The newest state of the ticket, which nobody else changes until this transaction ends."""
    await take_turn(transaction)
    return await ticket_of(transaction.connection, str(request.arguments["ticket"]), NEWEST)


async def _keep(
    request: Request,
    transaction: Transaction,
    before: MaintenanceTicket | None,
    after: MaintenanceTicket,
    event: Event,
) -> None:
    """Record a ticket and tell of it, and the same of its machine where that changes with it."""
    connection = transaction.connection
    await record_tickets(transaction, [after])
    await transaction.emit(event)
    machine = await machine_of(connection, after.machine, NEWEST)
    tickets = await tickets_of_machine(connection, after.machine, NEWEST)
    others = [each for each in tickets if each.number != after.number]
    changed = rules.machine_after(machine, before, after, others, request.now)
    if changed is not None:
        await record_machines(transaction, [changed])
        await transaction.emit(machine_event(changed))


def _policy(request: Request) -> SlaPolicy:
    return load_policy(request.services.settings.of(PlantSettings).sla_policy)


def _outcome(before: MaintenanceTicket, after: MaintenanceTicket, said: Message) -> Outcome:
    page = ticket_done_page(after.number, said)
    return Outcome(page, f"maintenance:{after.number}", _audited(before), _audited(after))


def _audited(ticket: MaintenanceTicket) -> dict[str, object]:
    return {
        "state": ticket.state.value,
        "severity": ticket.severity.value,
        "machine": ticket.machine,
        "assignee": ticket.assignee,
        "reason": ticket.reason,
    }
