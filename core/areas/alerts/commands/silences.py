"""The commands about silences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.alerts.commands.parameters import REASON, DurationType
from core.command import Command, Effect, Parameter, TextType
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["VERBS"]


async def _silences(request: Request) -> Page:
    from core.areas.alerts.pages.silences import silences_page

    return await silences_page(request)


async def _add(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.alerts.writes.silences import apply_add

    return await apply_add(request, transaction)


async def _end(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.alerts.writes.silences import apply_end

    return await apply_end(request, transaction)


VERBS = (
    Verb(
        Command("silence", _("What is kept quiet, until when, and why"), role=Role.OPERATOR), Read(_silences)
    ),
    Verb(
        Command(
            "silence add",
            _("Keep alerts quiet for a while"),
            (
                Parameter(
                    "what",
                    _("What? Such as rule=network.pod or subject=location:*."),
                    TextType(longest=500),
                    required=True,
                ),
                Parameter("for", _("For how long?"), DurationType(), default="4h"),
                REASON,
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_add),
    ),
    Verb(
        Command(
            "silence end",
            _("End a silence before its time"),
            (
                Parameter(
                    "silence",
                    _("Which? Its number."),
                    TextType(longest=20),
                    required=True,
                    source="silence",
                ),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_end),
    ),
)
