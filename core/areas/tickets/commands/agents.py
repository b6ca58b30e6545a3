"""What agents can ask: the queue, a ticket, and everything that is done with one.

The role each command declares is the lowest that may come so far; whether a person is an agent is decided
by `rules.access`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.tickets.commands.parameters import IMPACT, PRIORITY, TEXT, THEN, TICKET, URGENCY
from core.areas.tickets.model import LONGEST_TEXT
from core.command import Choice, ChoiceType, Command, Effect, Parameter, TextType
from core.message import Message, _
from core.page import Page

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from core.store.store import Transaction

__all__ = ["AGENT_VERBS"]

_SHOWN = ChoiceType(
    (
        Choice("open", _("what is open")),
        Choice("mine", _("what is mine")),
        Choice("unassigned", _("what nobody has")),
        Choice("solved", _("what is solved or closed")),
        Choice("all", _("all")),
    )
)
_SPANS = ChoiceType((Choice("7d", _("7 days")), Choice("30d", _("30 days")), Choice("90d", _("90 days"))))
_INCIDENT = TextType(
    40, r"(?i)none|INC-\d{4}-\d{4,}", _("An incident's number is like INC-2026-0001; “none” takes it away.")
)
_TIER = TextType(40, r"[\w -]+", _("A tier's name is letters, like elite."))


async def _queue(request: Request) -> Page:
    from core.areas.tickets.pages.queue import queue_page

    return await queue_page(request)


async def _figures(request: Request) -> Page:
    from core.areas.tickets.pages.figures import figures_page

    return await figures_page(request)


async def _ticket(request: Request) -> Page:
    from core.areas.tickets.pages.ticket import ticket_page

    return await ticket_page(request)


async def _reply(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.replying import apply_reply

    return await apply_reply(request, transaction)


async def _note(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.replying import apply_note

    return await apply_note(request, transaction)


async def _assign(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.deciding import apply_assign

    return await apply_assign(request, transaction)


async def _priority(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.deciding import apply_priority

    return await apply_priority(request, transaction)


async def _tier(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.deciding import apply_tier

    return await apply_tier(request, transaction)


async def _link(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.deciding import apply_link

    return await apply_link(request, transaction)


async def _hold(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.deciding import apply_hold

    return await apply_hold(request, transaction)


async def _resume(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.deciding import apply_resume

    return await apply_resume(request, transaction)


async def _solve(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.ending import apply_solve

    return await apply_solve(request, transaction)


async def _reopen(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.tickets.writes.ending import apply_reopen

    return await apply_reopen(request, transaction)


def _writing(
    name: str,
    summary: Message,
    does: Callable[[Request, object, Transaction], Awaitable[Outcome]],
    *parameters: Parameter,
) -> Verb:
    """A command that changes one ticket."""
    return Verb(Command(name, summary, (TICKET, *parameters), effect=Effect.WRITE, agents=True), Write(does))


def _words(name: str, prompt: Message) -> Parameter:
    return Parameter(name, prompt, TextType(LONGEST_TEXT), required=True)


AGENT_VERBS = (
    Verb(
        Command(
            "tickets",
            _("The tickets, by the time to breach"),
            (Parameter("show", _("Which ones?"), _SHOWN, default="open"),),
            agents=True,
        ),
        Read(_queue),
    ),
    Verb(
        Command(
            "tickets figures",
            _("How support is doing, in figures"),
            (Parameter("span", _("Over which time?"), _SPANS, default="30d"),),
            agents=True,
        ),
        Read(_figures),
    ),
    Verb(
        Command(
            "ticket",
            _("A ticket: facts, clocks and conversation"),
            (
                Parameter(
                    "ticket", _("Which ticket? Its number; none lists all."), TextType(20), source="ticket"
                ),
            ),
            agents=True,
        ),
        Read(_ticket),
    ),
    _writing("ticket reply", _("Answer the requester"), _reply, TEXT, THEN),
    _writing("ticket note", _("Leave a note that only agents see"), _note, TEXT),
    _writing(
        "ticket assign",
        _("Give a ticket to an agent or a team"),
        _assign,
        Parameter("agent", _("To whom? A name, or “none”."), TextType(80)),
        Parameter("team", _("To which team? A name, or “none”."), TextType(80)),
    ),
    _writing(
        "ticket priority",
        _("Decide a ticket's priority, by its word or by impact and urgency"),
        _priority,
        PRIORITY,
        IMPACT,
        URGENCY,
    ),
    _writing(
        "ticket tier",
        _("Put a ticket in another tier"),
        _tier,
        Parameter("tier", _("Which tier?"), _TIER, required=True),
    ),
    _writing(
        "ticket link",
        _("Say which incident is behind a ticket"),
        _link,
        Parameter("incident", _("Which incident? Its number, or “none”."), _INCIDENT, required=True),
    ),
    _writing(
        "ticket hold",
        _("Wait for a third party"),
        _hold,
        _words("text", _("For whom do we wait, and for what?")),
    ),
    _writing("ticket resume", _("Take a waiting ticket up again"), _resume),
    _writing(
        "ticket solve",
        _("Solve a ticket with a last answer"),
        _solve,
        _words("text", _("What does the requester read?")),
    ),
    _writing("ticket reopen", _("Open a solved ticket again"), _reopen, _words("text", _("Why?"))),
)
