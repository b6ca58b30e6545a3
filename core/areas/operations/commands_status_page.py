"""What can be asked about the status page and maintenance. What they do is loaded when asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.operations.model_components import ComponentState
from core.command import Choice, ChoiceType, Command, Effect, MomentType, Parameter, TextType
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["CHOICES", "VERBS"]

_COMPONENT = Parameter("component", _("Which component? Its name."), required=True, source="component")
_WINDOW = Parameter(
    "id", _("Which maintenance? Its id, such as M-2026-0007."), required=True, source="window"
)
_STATES = tuple(Choice(each.value, each.state.word) for each in ComponentState)
_BY = (Choice("clock", _("by the clock")), Choice("hand", _("by hand")))
_ENDS = (Choice("completed", _("completed")), Choice("verifying", _("being verified")))


async def _status_page(request: Request) -> Page:
    from core.areas.operations.pages.status_page import status_page

    return await status_page(request)


async def _component(request: Request) -> Page:
    from core.areas.operations.pages.components import components_page

    return await components_page(request)


async def _component_set(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.operations.writes.components import apply_set

    return await apply_set(request, transaction)


async def _component_clear(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.operations.writes.components import apply_clear

    return await apply_clear(request, transaction)


async def _windows(request: Request) -> Page:
    from core.areas.operations.pages.maintenance import maintenance_page

    return await maintenance_page(request)


async def _add(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.operations.writes.maintenance import apply_add

    return await apply_add(request, transaction)


async def _start(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.operations.writes.maintenance import apply_start

    return await apply_start(request, transaction)


async def _extend(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.operations.writes.maintenance import apply_extend

    return await apply_extend(request, transaction)


async def _end(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.operations.writes.maintenance import apply_end

    return await apply_end(request, transaction)


async def _cancel(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.operations.writes.maintenance import apply_cancel

    return await apply_cancel(request, transaction)


async def _component_choices(request: Request) -> Sequence[Choice]:
    from core.areas.operations.pages.components import component_choices

    return component_choices(request)


async def _window_choices(request: Request) -> Sequence[Choice]:
    from core.areas.operations.pages.maintenance import maintenance_choices

    return await maintenance_choices(request)


VERBS: tuple[Verb, ...] = (
    Verb(
        Command("status-page", _("How the service is, for everybody"), role=Role.PUBLIC),
        Read(_status_page),
    ),
    Verb(
        Command(
            "component",
            _("The status page’s components and where their states come from"),
            (Parameter("component", _("Only one component? Its name."), source="component"),),
            role=Role.OPERATOR,
        ),
        Read(_component),
    ),
    Verb(
        Command(
            "component set",
            _("Say by hand how a component is; the worse of that and its health shows"),
            (
                _COMPONENT,
                Parameter("state", _("How is it?"), ChoiceType(_STATES), required=True),
                Parameter("reason", _("Why? Only the team reads it.")),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_component_set),
    ),
    Verb(
        Command(
            "component clear",
            _("Let a component follow its health again"),
            (_COMPONENT,),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_component_clear),
    ),
    Verb(
        Command(
            "window",
            _("Planned, present and past maintenance"),
            (Parameter("id", _("Only one? Its id, such as M-2026-0007."), source="window"),),
            role=Role.OPERATOR,
        ),
        Read(_windows),
    ),
    Verb(
        Command(
            "window add",
            _("Plan maintenance and announce it"),
            (
                Parameter(
                    "title", _("What is done? Everybody reads it."), TextType(longest=120), required=True
                ),
                Parameter(
                    "components",
                    _("On which components or groups? Their names with commas."),
                    required=True,
                    source="component",
                ),
                Parameter("starts", _("From when?"), MomentType(), required=True),
                Parameter("ends", _("Until when?"), MomentType(), required=True),
                Parameter("text", _("What will users notice? Everybody reads it.")),
                Parameter(
                    "transition",
                    _("Does it start and end by the clock, or by hand?"),
                    ChoiceType(_BY),
                    default="clock",
                ),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_add),
    ),
    Verb(
        Command("window start", _("Begin it now"), (_WINDOW,), role=Role.OPERATOR, effect=Effect.WRITE),
        Write(_start),
    ),
    Verb(
        Command(
            "window extend",
            _("Give it another end"),
            (_WINDOW, Parameter("ends", _("Until when?"), MomentType(), required=True)),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_extend),
    ),
    Verb(
        Command(
            "window end",
            _("The work is done"),
            (
                _WINDOW,
                Parameter("as", _("Completed, or being verified?"), ChoiceType(_ENDS), default="completed"),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_end),
    ),
    Verb(
        Command(
            "window cancel",
            _("Call it off"),
            (_WINDOW, Parameter("reason", _("Why? Only the team reads it."), required=True)),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_cancel),
    ),
)

CHOICES: Mapping[str, Callable[[Request], Awaitable[Sequence[Choice]]]] = {
    "component": _component_choices,
    "window": _window_choices,
}
