"""Opening a ticket: its number, its clocks, the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from core.area import Outcome, Request
from core.areas.tickets.caller import settings_of
from core.areas.tickets.model import (
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    Case,
    Category,
    ClockKind,
    Level,
    Priority,
    Side,
    Status,
    Ticket,
)
from core.areas.tickets.pages.written import opened_page
from core.areas.tickets.rules import moves
from core.areas.tickets.rules.access import identity
from core.areas.tickets.rules.events import ticket_event
from core.areas.tickets.rules.faq import suggest
from core.areas.tickets.rules.priority import matrix
from core.areas.tickets.rules.tiers import tier_of
from core.areas.tickets.store.faq import faq_entries
from core.areas.tickets.store.reading import opened_since
from core.areas.tickets.store.recording import add_entry, next_ticket_id, save, say_ourselves
from core.errors import RefusedError
from core.message import Message, _
from core.principal import Role
from core.store.store import Transaction
from core.store.versions import NEWEST
from core.text import clean, paragraph
from core.units import Severity

__all__ = ["Draft", "apply_open", "open_ticket"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a requester writes."""

    subject: str
    text: str
    category: Category = Category.OTHER
    priority: Priority = Priority.NORMAL
    follows: str = ""


async def apply_open(request: Request, transaction: Transaction) -> Outcome:
    """Open a ticket for whoever asks.

    Raises:
        RefusedError: it can't be told who they are, or they opened too many within a day.
    """
    subject = clean(request.text("subject") or "", LONGEST_SUBJECT)
    draft = Draft(
        subject=subject,
        text=paragraph(request.text("text") or "", LONGEST_TEXT),
        category=Category(request.text("category") or Category.OTHER.value),
        priority=matrix(
            Level(request.text("impact") or Level.MEDIUM.value),
            Level(request.text("urgency") or Level.MEDIUM.value),
        ),
    )
    case = await open_ticket(request, transaction, draft)
    known = await faq_entries(transaction.connection, NEWEST)
    after = {"priority": case.ticket.priority.name.lower(), "tier": case.ticket.tier}
    return Outcome(
        opened_page(case, suggest(known, subject), request.now), f"ticket:{case.ticket.id}", {}, after
    )


async def open_ticket(request: Request, transaction: Transaction, draft: Draft) -> Case:
    """A new ticket of whoever asks, with what they wrote and the receipt, which is no response."""
    principal, at = request.principal, request.now
    settings = settings_of(request)
    requester = identity(principal)
    if principal.role < Role.VIEWER:
        recent = await opened_since(transaction.connection, requester, at - timedelta(days=1))
        if recent >= settings.tickets_per_day:
            raise RefusedError(
                _("You opened {count} tickets within a day. Add to one of them instead.", count=recent)
            )
    ticket = Ticket(
        id=await next_ticket_id(transaction, at),
        requester=requester,
        name=clean(principal.name or principal.address, 80),
        channel=principal.channel,
        address=clean(principal.address, 200),
        tier=tier_of(principal.tier),
        subject=draft.subject,
        category=draft.category,
        priority=draft.priority,
        status=Status.NEW,
        created_at=at,
        since=at,
        follows=draft.follows,
        language=principal.language,
    )
    case = moves.begun(ticket, settings.policy)
    await save(transaction, case)
    await add_entry(transaction, ticket.id, at, principal, Side.REQUESTER, draft.text)
    await say_ourselves(transaction, ticket.id, at, _receipt(case))
    title = _("{ticket} was opened by {name}", ticket=ticket.id, name=ticket.name)
    await transaction.emit(ticket_event("opened", ticket, at, title, Severity.NOTICE))
    return case


def _receipt(case: Case) -> Message:
    """What the requester reads at once."""
    first = case.running(ClockKind.FIRST_RESPONSE)
    target = None if first is None else first.clock.target
    if not target:
        return _("Your ticket {ticket} is with us. We answer as soon as we can.", ticket=case.ticket.id)
    return _(
        "Your ticket {ticket} is with us. You hear from us within {target}.",
        ticket=case.ticket.id,
        target=target,
    )
