"""The support menu and what hangs on it: my tickets, what to read before writing one, other contacts."""

from __future__ import annotations

from core.area import Request
from core.areas.tickets.caller import settings_of
from core.areas.tickets.model import LONGEST_SUBJECT, Case
from core.areas.tickets.pages.common import status_state
from core.areas.tickets.pages.faq import entry_table
from core.areas.tickets.rules.access import identity
from core.areas.tickets.rules.faq import suggest
from core.areas.tickets.rules.tiers import tier_label, tier_of
from core.areas.tickets.store.faq import faq_entries
from core.areas.tickets.store.reading import cases
from core.areas.tickets.store.tables import tickets
from core.errors import RefusedError
from core.message import Message, _
from core.page import Action, Column, Fact, Facts, Kind, Page, Place, Row, Table
from core.tabulate import tabulate
from core.text import clean
from core.units import Absent, Instant, Severity, Span, State, Value

__all__ = ["ask_page", "contact_page", "my_tickets_page", "support_page"]


async def support_page(request: Request) -> Page:
    """The menu: write a ticket, my tickets, FAQ, contact; and what was promised to this person."""
    mine = await _my_cases(request)
    open_ones = sum(case.ticket.ongoing for case in mine)
    facts = (
        Fact(_("Your tier"), tier_label(tier_of(request.principal.tier))),
        Fact(_("You hear from us within"), _promise(request)),
        Fact(_("Your open tickets"), open_ones),
    )
    menu = (
        Action("support ask", _("Ask for help")),
        Action("support list", _("My tickets")),
        Action("faq", _("Frequent questions")),
        Action("support contact", _("Other ways to reach us")),
    )
    rows = tuple(Row(each.command, (each.label,), each) for each in menu)
    columns = (Column("choice", _("Choice"), Kind.TEXT, 1),)
    table = Table("menu", _("What would you like?"), columns, rows, len(rows), len(rows))
    return Page(
        key="support",
        title=_("Support"),
        verdict=State(Severity.GOOD, _("WITH YOU")),
        blocks=(table, Facts("promise", _("What you can count on"), facts)),
        actions=menu,
        as_of=request.moment,
    )


async def ask_page(request: Request) -> Page:
    """What may answer it already, before a ticket is written."""
    about = clean(request.text("about") or "", LONGEST_SUBJECT)
    async with request.services.store.reading() as connection:
        known = await faq_entries(connection, request.moment)
    found = suggest(known, about)
    write = Action("support open", _("None of these: open a ticket"), (("subject", about),))
    table = entry_table(
        "suggested",
        _("This may answer it"),
        found,
        searched=about,
        empty=_("Nothing in the FAQ is about this."),
    )
    return Page(
        key="support.ask",
        title=_("Support"),
        verdict=State(Severity.NOTICE if found else Severity.IDLE, _("ANSWERS") if found else _("NO ANSWER")),
        blocks=(table,),
        actions=(write, Action("support", _("The menu"))),
        as_of=request.moment,
        crumb=about,
    )


async def my_tickets_page(request: Request) -> Page:
    """The tickets of whoever asks, newest first, and nobody else's."""
    identity(request.principal)
    mine = await _my_cases(request)
    columns = (
        Column("ticket", _("Ticket"), Kind.TEXT, 1),
        Column("subject", _("Subject"), Kind.TEXT, 1),
        Column("state", _("State"), Kind.STATE, 1),
        Column("opened", _("Opened"), Kind.MOMENT, 2),
        Column("rating", _("Your rating"), Kind.TEXT, 3),
    )
    rows = [_my_row(case) for case in reversed(mine)]
    table = tabulate(
        "tickets",
        _("My tickets"),
        columns,
        rows,
        request.query,
        empty=_("You have no tickets."),
        place=Place.WIDE,
    )
    waiting = any(case.ticket.ongoing for case in mine)
    return Page(
        key="support.list",
        title=_("My tickets"),
        verdict=State(Severity.NOTICE, _("OPEN")) if waiting else State(Severity.GOOD, _("NONE OPEN")),
        blocks=(table,),
        actions=(Action("support ask", _("Ask for help")), Action("support", _("The menu"))),
        as_of=request.moment,
    )


async def contact_page(request: Request) -> Page:
    """Other ways to reach support, as they were set, and nothing that wasn't."""
    settings = settings_of(request)
    facts = [Fact(clean(name, 80), clean(value, 200)) for name, value in settings.contacts.items()]
    if not facts:
        facts = [Fact(_("Contact"), Absent(_("no other way is set; write us a ticket")))]
    hours = settings.policy.hours.get(tier_of(request.principal.tier))
    when: Message | str = _("around the clock")
    if hours is not None:
        when = settings.business_hours[tier_of(request.principal.tier)]
    promise = (
        Fact(_("Your tier"), tier_label(tier_of(request.principal.tier))),
        Fact(_("You hear from us within"), _promise(request)),
        Fact(_("Hours that count"), when),
    )
    return Page(
        key="support.contact",
        title=_("Contact"),
        verdict=State(Severity.GOOD, _("WITH YOU")),
        blocks=(
            Facts("contacts", _("Ways to reach us"), tuple(facts), Place.MAIN),
            Facts("promise", _("What you can count on"), promise),
        ),
        actions=(Action("support ask", _("Ask for help")), Action("support", _("The menu"))),
        as_of=request.moment,
    )


async def _my_cases(request: Request) -> list[Case]:
    try:
        mine = identity(request.principal)
    except RefusedError:
        return []  # whoever can't be told apart has no tickets, but may read the menu
    async with request.services.store.reading() as connection:
        return await cases(connection, request.moment, tickets.c.requester == mine)


def _promise(request: Request) -> Value:
    """The first-response target of the person's tier."""
    target = settings_of(request).policy.response.get(tier_of(request.principal.tier))
    return Span(target) if target else Absent(_("as soon as we can, without a promise"))


def _my_row(case: Case) -> Row:
    ticket = case.ticket
    stars = case.solves[-1].stars if case.solves else None
    rating: Value = Absent(_("not rated")) if stars is None else _("{stars} of 5", stars=stars)
    cells: tuple[Value, ...] = (
        ticket.id,
        ticket.subject,
        status_state(ticket.status),
        Instant(ticket.created_at),
        rating,
    )
    return Row(ticket.id, cells, Action("support show", _("Open"), (("ticket", ticket.id),)))
