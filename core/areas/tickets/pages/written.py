"""What is shown after something was written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.areas.tickets.model import Case, ClockKind, FaqEntry
from core.areas.tickets.pages.faq import entry_table
from core.areas.tickets.rules.queue import arithmetic
from core.message import Message, _
from core.page import Action, Block, Note, Page
from core.units import Instant, Severity, State

__all__ = ["kept_page", "opened_page", "said_page", "solved_page"]


def opened_page(case: Case, suggested: Sequence[FaqEntry], now: datetime) -> Page:
    """The receipt of a new ticket, with what may answer it meanwhile."""
    ticket = case.ticket
    blocks: list[Block] = [Note("done", _receipt(case, now), Severity.GOOD)]
    if suggested:
        title = _("This may answer it meanwhile")
        blocks.append(
            entry_table("suggested", title, suggested, searched=ticket.subject, empty=_("Nothing to show."))
        )
    return _page(ticket.id, blocks, own=True)


def said_page(ticket: str, said: Message, *, own: bool) -> Page:
    """One sentence about a ticket; `own` for its requester, otherwise for agents."""
    return _page(ticket, [Note("done", said, Severity.GOOD)], own=own)


def solved_page(case: Case) -> Page:
    """After a requester closed their ticket: how was it?"""
    ticket = case.ticket.id
    page = said_page(ticket, _("{ticket} is closed. How was our help, from 1 to 5?", ticket=ticket), own=True)
    rate = Action("support rate", _("Rate our help"), (("ticket", ticket),))
    return Page(page.key, page.title, page.verdict, page.blocks, (rate, *page.actions), crumb=page.crumb)


def kept_page(said: Message, further: Action) -> Page:
    """One sentence about an answer that was kept, and where to go on."""
    return Page(
        key="tickets.kept",
        title=_("Support"),
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=(Note("done", said, Severity.GOOD),),
        actions=(further,),
    )


def _receipt(case: Case, now: datetime) -> Message:
    first = case.running(ClockKind.FIRST_RESPONSE)
    due = None if first is None else arithmetic(first, now).standing.due
    if due is None:
        return _("Your ticket {ticket} is with us. We answer as soon as we can.", ticket=case.ticket.id)
    return _(
        "Your ticket {ticket} is with us. You hear from us by {due}.", ticket=case.ticket.id, due=Instant(due)
    )


def _page(ticket: str, blocks: Sequence[Block], *, own: bool) -> Page:
    here = (("ticket", ticket),)
    actions = (
        (Action("support show", _("Open the ticket"), here), Action("support list", _("My tickets")))
        if own
        else (Action("ticket", _("Open the ticket"), here), Action("tickets", _("The queue")))
    )
    return Page(
        key=f"tickets.written.{ticket}",
        title=_("Support") if own else _("Tickets"),
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=tuple(blocks),
        actions=actions,
        crumb=ticket,
    )
