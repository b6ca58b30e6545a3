"""What agents decide about a ticket: who has it, how urgent it is, what it hangs on, what it waits for."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Outcome, Request
from core.areas.tickets.caller import settings_of
from core.areas.tickets.model import LONGEST_TEXT, Case, Level, Priority, Side
from core.areas.tickets.pages.common import priority_state
from core.areas.tickets.pages.written import said_page
from core.areas.tickets.rules import moves
from core.areas.tickets.rules.events import ticket_event
from core.areas.tickets.rules.priority import matrix, read_priority
from core.areas.tickets.rules.tiers import tier_label, tier_of
from core.areas.tickets.store.recording import add_entry
from core.areas.tickets.writes.turn import Turn, take
from core.errors import InputError
from core.message import Message, _
from core.store import events
from core.store.store import Transaction
from core.store.versions import NEWEST
from core.text import clean, paragraph
from core.units import Severity

__all__ = [
    "apply_assign",
    "apply_hold",
    "apply_link",
    "apply_priority",
    "apply_resume",
    "apply_tier",
    "incident_is_critical",
]

_NOTHING = "none"
"""What to write to take an assignee or an incident away."""


async def apply_assign(request: Request, transaction: Transaction) -> Outcome:
    """Give the ticket to an agent and, where one is named, a team.

    Raises:
        InputError: neither is named, or the settings know agents and this is none of them.
    """
    turn = await take(request, transaction)
    agent, team = request.text("agent"), request.text("team")
    if agent is None and team is None:
        raise InputError(_("Name an agent or a team; “none” takes them away."))
    known = settings_of(request).agents
    ticket = turn.case.ticket
    if agent is not None:
        agent = "" if agent.casefold() == _NOTHING else clean(agent, 80)
        if agent and known and agent not in known and agent != request.principal.name:
            listed = ", ".join(known)
            raise InputError(_("“{agent}” is none of the agents: {known}.", agent=agent, known=listed))
        ticket = replace(ticket, assignee=agent)
    if team is not None:
        ticket = replace(ticket, team="" if team.casefold() == _NOTHING else clean(team, 80))
    after = replace(turn.case, ticket=ticket)
    whom = ticket.assignee or ticket.team or _("nobody")
    said = _("{ticket} is with {whom}.", ticket=ticket.id, whom=whom)
    title = _("{ticket} was given to {whom}", ticket=ticket.id, whom=whom)
    await turn.keep(after, ticket_event("assigned", ticket, request.now, title))
    return turn.outcome(said_page(ticket.id, said, own=False), after)


async def apply_priority(request: Request, transaction: Transaction) -> Outcome:
    """Decide the priority, by its word or by impact and urgency; the clocks follow at once.

    Raises:
        InputError: neither is given.
    """
    turn = await take(request, transaction)
    decided = _decided(request)
    ticket = replace(turn.case.ticket, priority=decided, priority_by=request.principal.name)
    word = priority_state(ticket).word
    return await _retarget(turn, replace(turn.case, ticket=ticket), _("priority {word}", word=word))


async def apply_tier(request: Request, transaction: Transaction) -> Outcome:
    """Put the ticket in another tier; the clocks follow at once."""
    turn = await take(request, transaction)
    ticket = replace(turn.case.ticket, tier=tier_of(request.text("tier") or ""))
    return await _retarget(
        turn, replace(turn.case, ticket=ticket), _("tier {tier}", tier=tier_label(ticket.tier))
    )


async def apply_link(request: Request, transaction: Transaction) -> Outcome:
    """Say which incident is behind the ticket; a critical one makes its answer urgent."""
    turn = await take(request, transaction)
    incident = clean(request.text("incident") or "", 40).upper()
    incident = "" if incident == _NOTHING.upper() else incident
    critical = bool(incident) and await incident_is_critical(transaction.connection, incident)
    ticket = replace(turn.case.ticket, incident=incident, incident_critical=critical)
    change = _("incident {incident}", incident=incident) if incident else _("no incident")
    return await _retarget(turn, replace(turn.case, ticket=ticket), change)


async def apply_hold(request: Request, transaction: Transaction) -> Outcome:
    """Wait for a third party, saying for whom; the clocks go on, for the requester waits too."""
    turn = await take(request, transaction)
    after = moves.held(turn.case, request.now)
    text = paragraph(request.text("text") or "", LONGEST_TEXT)
    await add_entry(
        transaction, after.ticket.id, request.now, request.principal, Side.AGENT, text, internal=True
    )
    return await _changed(turn, after, _("on hold"))


async def apply_resume(request: Request, transaction: Transaction) -> Outcome:
    """Take the ticket up again."""
    turn = await take(request, transaction)
    return await _changed(turn, moves.resumed(turn.case, request.now), _("in work again"))


async def incident_is_critical(connection: AsyncConnection, incident: str) -> bool:
    """Whether the event log last called the incident critical."""
    for each in await events.recent(connection, at=NEWEST, subject=f"incident:{incident}", limit=50):
        if "severity" in each.event.facts:
            return each.event.facts["severity"] == "critical"
    return False


def _decided(request: Request) -> Priority:
    word = request.text("priority")
    impact, urgency = request.text("impact"), request.text("urgency")
    if word is not None:
        found = read_priority(word)
        if found is not None:
            return found
    if impact is not None and urgency is not None:
        return matrix(Level(impact), Level(urgency))
    raise InputError(_("Give a priority, or both impact and urgency."))


async def _retarget(turn: Turn, case: Case, change: Message) -> Outcome:
    policy = settings_of(turn.request).policy
    return await _changed(turn, moves.retargeted(case, policy, turn.request.now), change)


async def _changed(turn: Turn, after: Case, change: Message) -> Outcome:
    ticket = after.ticket
    title = _("{ticket} was changed: {change}", ticket=ticket.id, change=change)
    event = ticket_event("changed", ticket, turn.request.now, title, Severity.NOTICE, change=str(change))
    await turn.keep(after, event)
    said = _("{ticket}: {change}.", ticket=ticket.id, change=change)
    return turn.outcome(said_page(ticket.id, said, own=False), after)
