"""The watch over tickets: every half minute, from nothing but stored moments (operations.md 5.3, rule 7).

Whatever became due while no engine ran is found at the next look, and nothing is told twice: what was told
is stored with what it was told of, in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.area import Every, Job, Services
from core.areas.tickets.model import ONGOING, Case, SolveReason, Status
from core.areas.tickets.rules import moves
from core.areas.tickets.rules.events import clock_events, ticket_event
from core.areas.tickets.rules.watching import Step, aged, look, told
from core.areas.tickets.settings import TicketsSettings
from core.areas.tickets.store.reading import agent_replies, cases, in_states
from core.areas.tickets.store.recording import claim, save, say_ourselves
from core.areas.tickets.writes.deciding import incident_is_critical
from core.event import Event
from core.message import _
from core.store.store import Transaction
from core.units import Severity

__all__ = ["attend", "jobs", "watch"]

_INTERVAL = timedelta(seconds=30)


def jobs(services: Services) -> Sequence[Job]:
    """The one job of the area."""

    async def run() -> None:
        await watch(services)

    return (Job("tickets.watch", Every(_INTERVAL), run),)


async def watch(services: Services) -> None:
    """Look at every ticket that is not closed, and do what is due.

    It is done in one transaction, so that what one look finds is told in one notice (operations.md 5.3).

    Raises:
        StoreError: the database did not do its part; the next look tries anew.
    """
    settings = services.settings.of(TicketsSettings)
    now = services.store.present()
    async with services.store.reading() as connection:
        found = await cases(connection, now, in_states((*ONGOING, Status.SOLVED)))
        changed = {
            case.ticket.id
            for case in found
            if case.ticket.incident
            and case.ticket.ongoing
            and await incident_is_critical(connection, case.ticket.incident) != case.ticket.incident_critical
        }
    due = sorted(
        case.ticket.id
        for case in found
        if case.ticket.id in changed or look(case, now) != case or aged(case.ticket, now) is not None
    )
    if not due:
        return
    async with services.store.writing() as transaction:
        for name in due:
            await attend(transaction, name, settings, now)


async def attend(transaction: Transaction, name: str, settings: TicketsSettings, now: datetime) -> None:
    """Do what is due for one ticket, decided anew from its newest state."""
    before = await claim(transaction, name)
    happened: list[Event] = []
    case = await _followed(transaction, look(before, now), settings, now, happened)
    step = aged(case.ticket, now)
    if step is not None:
        case = await _stepped(transaction, case, step, now, happened)
    await save(transaction, case, before)
    await transaction.emit(*clock_events(case, told(before, case)), *happened)


async def _followed(
    transaction: Transaction, case: Case, settings: TicketsSettings, now: datetime, happened: list[Event]
) -> Case:
    """The case after its incident has become critical, or is so no longer."""
    ticket = case.ticket
    if not ticket.incident or not ticket.ongoing:
        return case
    critical = await incident_is_critical(transaction.connection, ticket.incident)
    if critical == ticket.incident_critical:
        return case
    changed = replace(ticket, incident_critical=critical)
    title = _("{ticket} follows {incident}", ticket=ticket.id, incident=ticket.incident)
    happened.append(ticket_event("changed", changed, now, title, change="incident severity"))
    return moves.retargeted(replace(case, ticket=changed), settings.policy, now)


async def _stepped(
    transaction: Transaction, case: Case, step: Step, now: datetime, happened: list[Event]
) -> Case:
    ticket = case.ticket
    words = {"ticket": ticket.id}
    match step:
        case Step.REMIND:
            text = _("We still wait for your answer on {ticket}. Without one we take it as solved.", **words)
            await say_ourselves(transaction, ticket.id, now, text)
            title = _("The requester of {ticket} was reminded", **words)
            reminded = replace(ticket, reminded_at=now)
            happened.append(ticket_event("changed", reminded, now, title, Severity.IDLE, change="reminded"))
            return replace(case, ticket=reminded)
        case Step.GIVE_UP:
            replies = await agent_replies(transaction.connection, ticket.id)
            after = moves.solved(case, now, "opsdeck", SolveReason.NO_CUSTOMER_REPLY, replies)
            text = _("We heard nothing more on {ticket} and take it as solved. Reply to go on.", **words)
            await say_ourselves(transaction, ticket.id, now, text)
            title = _("{ticket} counts as solved: its requester did not reply", **words)
            happened.append(ticket_event("solved", after.ticket, now, title, Severity.IDLE))
            return after
        case Step.CLOSE:
            after = moves.closed(case, now)
            title = _("{ticket} was closed, seven days after it was solved", **words)
            happened.append(ticket_event("closed", after.ticket, now, title, Severity.IDLE))
            return after
