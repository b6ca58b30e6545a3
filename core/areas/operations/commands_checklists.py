"""What can be asked about a team's routine. Declarations only; what they do is loaded when asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.command import Choice, ChoiceType, Command, Effect, Parameter
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["CHOICES", "VERBS"]

_ITEM = Parameter(
    "item", _("Which item? Its name, or checklist/name."), required=True, source="checklist_item"
)
_PERIOD = Parameter("period", _("Of which period, such as 2026-01-22/am? Without it, the present one."))
_SEVERITIES = (
    Choice("critical", _("critical")),
    Choice("high", _("high")),
    Choice("medium", _("medium")),
    Choice("low", _("low")),
)
_SKIPPED = (Choice("skipped", _("skipped this time")), Choice("not_applicable", _("not applicable")))


async def _checklist(request: Request) -> Page:
    from core.areas.operations.pages.checklists import checklist_page

    return await checklist_page(request)


async def _procedures(request: Request) -> Page:
    from core.areas.operations.pages.procedures import procedures_page

    return await procedures_page(request)


async def _contact(request: Request) -> Page:
    from core.areas.operations.pages.contact import contact_page

    return await contact_page(request)


async def _tick(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.operations.writes.checklists import apply_tick

    return await apply_tick(request, transaction)


async def _skip(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.operations.writes.checklists import apply_skip

    return await apply_skip(request, transaction)


async def _untick(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.operations.writes.checklists import apply_untick

    return await apply_untick(request, transaction)


async def _checklist_choices(request: Request) -> Sequence[Choice]:
    from core.areas.operations.pages.checklists import checklist_choices

    return await checklist_choices(request)


async def _item_choices(request: Request) -> Sequence[Choice]:
    from core.areas.operations.pages.checklists import item_choices

    return await item_choices(request)


VERBS: tuple[Verb, ...] = (
    Verb(
        Command(
            "ops checklist",
            _("What is to be done, what was done, and by whom"),
            (
                Parameter("checklist", _("Only one checklist? Its name."), source="checklist"),
                Parameter("item", _("Only one item? Its name, or checklist/name."), source="checklist_item"),
            ),
            role=Role.OPERATOR,
        ),
        Read(_checklist),
    ),
    Verb(
        Command(
            "ops tick",
            _("Say that an item of a checklist is done"),
            (
                _ITEM,
                Parameter("note", _("Anything worth remembering?")),
                Parameter("evidence", _("Where can one see it? A link, a ticket, a file.")),
                _PERIOD,
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_tick),
    ),
    Verb(
        Command(
            "ops skip",
            _("Say that an item won’t be done this time"),
            (
                _ITEM,
                Parameter("reason", _("Why not?"), required=True),
                Parameter("as", _("Skipped, or not applicable?"), ChoiceType(_SKIPPED), default="skipped"),
                _PERIOD,
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_skip),
    ),
    Verb(
        Command(
            "ops untick",
            _("Open an item again, within its period"),
            (_ITEM, _PERIOD),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_untick),
    ),
    Verb(
        Command(
            "ops procedures",
            _("What to do when something happens, by severity"),
            (Parameter("severity", _("For which severity?"), ChoiceType(_SEVERITIES)),),
            role=Role.OPERATOR,
        ),
        Read(_procedures),
    ),
    Verb(
        Command(
            "ops contact",
            _("How to reach the team, by tier"),
            (Parameter("tier", _("Of which tier?")),),
            role=Role.PUBLIC,
        ),
        Read(_contact),
    ),
)

CHOICES: Mapping[str, Callable[[Request], Awaitable[Sequence[Choice]]]] = {
    "checklist": _checklist_choices,
    "checklist_item": _item_choices,
}
