"""What whoever needs help can ask: `support` and what stands under it, all about their own tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.tickets.commands.parameters import CATEGORY, IMPACT, TEXT, TICKET_OF_ONES_OWN, URGENCY
from core.areas.tickets.model import LONGEST_SUBJECT, LONGEST_TEXT
from core.command import Choice, Command, Effect, NumberType, Parameter, TextType
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["REQUESTER_VERBS"]

_STARS = NumberType(1, 5, tuple(Choice(str(stars), str(stars)) for stars in range(1, 6)))


async def _menu(request: Request) -> Page:
    from core.areas.tickets.pages.support import support_page

    return await support_page(request)


async def _ask(request: Request) -> Page:
    from core.areas.tickets.pages.support import ask_page

    return await ask_page(request)


async def _list(request: Request) -> Page:
    from core.areas.tickets.pages.support import my_tickets_page

    return await my_tickets_page(request)


async def _show(request: Request) -> Page:
    from core.areas.tickets.pages.ticket import own_ticket_page

    return await own_ticket_page(request)


async def _contact(request: Request) -> Page:
    from core.areas.tickets.pages.support import contact_page

    return await contact_page(request)


async def _open(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.opening import apply_open

    return await apply_open(request, transaction)


async def _reply(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.replying import apply_requester_reply

    return await apply_requester_reply(request, transaction)


async def _close(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.ending import apply_close

    return await apply_close(request, transaction)


async def _rate(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.ending import apply_rate

    return await apply_rate(request, transaction)


REQUESTER_VERBS = (
    Verb(Command("support", _("Get help: the menu"), role=Role.PUBLIC), Read(_menu)),
    Verb(
        Command(
            "support ask",
            _("What may answer a question already, before a ticket is written"),
            (Parameter("about", _("What is it about?"), TextType(LONGEST_SUBJECT), required=True),),
            role=Role.PUBLIC,
        ),
        Read(_ask),
    ),
    Verb(
        Command(
            "support open",
            _("Open a ticket"),
            (
                Parameter(
                    "subject",
                    _("What is it about, in a few words?"),
                    TextType(LONGEST_SUBJECT),
                    required=True,
                ),
                Parameter("text", _("What happens, and since when?"), TextType(LONGEST_TEXT), required=True),
                CATEGORY,
                IMPACT,
                URGENCY,
            ),
            role=Role.PUBLIC,
            effect=Effect.WRITE,
        ),
        Write(_open),
    ),
    Verb(Command("support list", _("My tickets"), role=Role.PUBLIC), Read(_list)),
    Verb(
        Command("support show", _("One of my tickets"), (TICKET_OF_ONES_OWN,), role=Role.PUBLIC), Read(_show)
    ),
    Verb(
        Command(
            "support reply",
            _("Write on one of my tickets; a solved one is open again"),
            (TICKET_OF_ONES_OWN, TEXT),
            role=Role.PUBLIC,
            effect=Effect.WRITE,
        ),
        Write(_reply),
    ),
    Verb(
        Command(
            "support close",
            _("Close one of my tickets for good"),
            (TICKET_OF_ONES_OWN,),
            role=Role.PUBLIC,
            effect=Effect.WRITE,
        ),
        Write(_close),
    ),
    Verb(
        Command(
            "support rate",
            _("Rate the help I got, from 1 to 5"),
            (
                TICKET_OF_ONES_OWN,
                Parameter("stars", _("How was it, from 1 to 5?"), _STARS, required=True),
                Parameter("comment", _("Anything to add?"), TextType(LONGEST_TEXT)),
            ),
            role=Role.PUBLIC,
            effect=Effect.WRITE,
        ),
        Write(_rate),
    ),
    Verb(Command("support contact", _("Other ways to reach support"), role=Role.PUBLIC), Read(_contact)),
)
