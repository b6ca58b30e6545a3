"""What the lighthouse area can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.command import Choice, ChoiceType, Command, Effect, Parameter
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["VERBS"]

_COLOURS = ChoiceType((Choice("white", _("white")), Choice("red", _("red"))))


async def _lamps(request: Request) -> Page:
    from core.areas.lighthouse.pages import lamps_page

    return await lamps_page(request)


async def _kindle(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.lighthouse.pages import kindle

    return await kindle(request, transaction)


VERBS = (
    Verb(
        Command(
            "lighthouse",
            _("The lamps and their colours"),
            (Parameter("colour", _("Only lamps of this colour?"), _COLOURS),),
        ),
        Read(_lamps),
    ),
    Verb(
        Command(
            "lighthouse kindle",
            _("Kindle a lamp"),
            (
                Parameter("lamp", _("Which lamp?"), required=True),
                Parameter("colour", _("In which colour?"), _COLOURS, default="white"),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_kindle),
    ),
)
