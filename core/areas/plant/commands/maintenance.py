"""Maintenance tickets: reporting what is wrong with a machine, and seeing to it (whatsapp.md A2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.plant.commands.attachment_parameters import ATTACHMENTS
from core.areas.plant.commands.maintenance_parameters import TICKET
from core.areas.plant.commands.parameters import LONGEST, MACHINE, optional, words
from core.areas.plant.model.maintenance import LONGEST_DESCRIPTION
from core.command import Command, Effect, Parameter, TextType
from core.message import Message, _, sense
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from core.store.store import Transaction

__all__ = ["MAINTENANCE_VERBS"]

_ISSUES = words(
    ("bearing", _("bearing")),
    ("hydraulic", _("hydraulic")),
    ("electrical", _("electrical")),
    ("other", _("something else")),
)
_URGENCIES = words(("low", _("low")), ("medium", _("medium")), ("high", _("high")))
_SEVERITIES = words(
    ("low", _("low")), ("medium", _("medium")), ("high", _("high")), ("critical", _("critical"))
)
_YES_NO = words(("no", _("no")), ("yes", _("yes")))
_MOVES = words(
    ("open", sense("maintenance ticket", "open")),
    ("in_progress", sense("maintenance ticket", "in progress")),
    ("awaiting_parts", sense("maintenance ticket", "awaiting parts")),
    ("completed", sense("maintenance ticket", "completed")),
    ("closed", sense("maintenance ticket", "closed")),
    ("cancelled", sense("maintenance ticket", "cancelled")),
    also={
        "start": "in_progress",
        "into work": "in_progress",
        "waiting for parts": "awaiting_parts",
        "complete": "completed",
        "close": "closed",
        "cancel": "cancelled",
    },
)
_SHOWN = words(
    ("open", _("what is open")),
    ("mine", _("what is mine")),
    ("settled", _("what is settled")),
    ("all", _("all")),
)
_COST = TextType(
    20, r"\d{1,12}([.,]\d{1,2})?", _("Write the cost as a number with at most two decimals, like 120.50.")
)


async def _open(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.maintenance import apply_open

    return await apply_open(request, transaction)


async def _list(request: Request) -> Page:
    from core.areas.plant.pages.maintenance import maintenance_page

    return await maintenance_page(request)


async def _show(request: Request) -> Page:
    from core.areas.plant.pages.maintenance_ticket import ticket_page

    return await ticket_page(request)


async def _take(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.maintenance import apply_take

    return await apply_take(request, transaction)


async def _assign(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.maintenance import apply_assign

    return await apply_assign(request, transaction)


async def _move(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.maintenance import apply_move

    return await apply_move(request, transaction)


async def _complete(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.maintenance import apply_complete

    return await apply_complete(request, transaction)


async def _severity(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.maintenance import apply_severity

    return await apply_severity(request, transaction)


def _deciding(
    name: str,
    summary: Message,
    does: Callable[[Request, object, Transaction], Awaitable[Outcome]],
    *parameters: Parameter,
) -> Verb:
    """A command that changes one ticket."""
    command = Command(name, summary, (TICKET, *parameters), role=Role.OPERATOR, effect=Effect.WRITE)
    return Verb(command, Write(does))


MAINTENANCE_VERBS = (
    Verb(
        Command(
            "maintenance",
            _("Report what is wrong with a machine"),
            (
                MACHINE,
                Parameter("issue", _("What is wrong with it?"), _ISSUES, required=True),
                Parameter("urgency", _("How urgent is it?"), _URGENCIES, required=True),
                Parameter("down", _("Does the machine stand still?"), _YES_NO),
                optional("description", _("What happened, in a few words?"), LONGEST_DESCRIPTION),
                ATTACHMENTS,
            ),
            role=Role.VIEWER,
            effect=Effect.WRITE,
        ),
        Write(_open),
    ),
    Verb(
        Command(
            "maintenance list",
            _("Maintenance tickets, what breaks its promise first at the top"),
            (Parameter("show", _("Which ones?"), _SHOWN, default="open"),),
            role=Role.VIEWER,
        ),
        Read(_list),
    ),
    Verb(
        Command(
            "maintenance show",
            _("One maintenance ticket: what is promised, who has it, and its history"),
            (TICKET,),
            role=Role.VIEWER,
        ),
        Read(_show),
    ),
    _deciding("maintenance take", _("Take a ticket: you see to it"), _take),
    _deciding(
        "maintenance assign",
        _("Give a ticket to somebody"),
        _assign,
        Parameter("to", _("To whom? A name."), TextType(80), required=True, source="plant assignee"),
    ),
    _deciding(
        "maintenance move",
        _("Move a ticket on: into work, waiting for parts, completed, closed, cancelled"),
        _move,
        Parameter("state", _("What is it now?"), _MOVES, required=True),
        optional("reason", _("Why?"), LONGEST),
    ),
    _deciding(
        "maintenance complete",
        _("Complete a ticket, saying what was behind it and what it took"),
        _complete,
        optional("cause", _("What was behind it?"), LONGEST),
        optional("parts", _("Which parts did it take?"), LONGEST),
        Parameter("cost", _("What did it cost?"), _COST),
    ),
    _deciding(
        "maintenance severity",
        _("Change how severe a ticket is, and with it what is promised"),
        _severity,
        Parameter("severity", _("How severe is it?"), _SEVERITIES, required=True),
    ),
)
