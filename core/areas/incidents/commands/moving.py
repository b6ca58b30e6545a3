"""Opening incidents and moving them from state to state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Request, Verb, Write
from core.areas.incidents.commands.parameters import INCIDENT, components, optional, required, words
from core.command import Command, Effect, MomentType, Parameter, TextType
from core.message import _
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["MOVES"]

_DEGREES = words(("high", _("high")), ("medium", _("medium")), ("low", _("low")))


async def _open(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.opening import apply_open

    return await apply_open(request, transaction)


async def _ack(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.moves import apply_ack

    return await apply_ack(request, transaction)


async def _unack(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.moves import apply_unack

    return await apply_unack(request, transaction)


async def _mitigate(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.moves import apply_mitigate

    return await apply_mitigate(request, transaction)


async def _resolve(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.moves import apply_resolve

    return await apply_resolve(request, transaction)


async def _reopen(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.moves import apply_reopen

    return await apply_reopen(request, transaction)


async def _close(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.moves import apply_close

    return await apply_close(request, transaction)


async def _cancel(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.moves import apply_cancel

    return await apply_cancel(request, transaction)


async def _merge(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.moves import apply_merge

    return await apply_merge(request, transaction)


_INTO = Parameter(
    "into",
    _("Into which open incident? Its id or number."),
    TextType(longest=20),
    required=True,
    source="incident",
)
_OPEN = (
    required("title", _("What is wrong, in one line?"), 200),
    optional("description", _("What else is known?")),
    components(),
    Parameter("impact", _("How many users does it touch, how badly?"), _DEGREES),
    Parameter("urgency", _("How soon does it get worse?"), _DEGREES),
    Parameter("detected", _("When did it begin, if not now?"), MomentType()),
    optional("ticket", _("Which ticket is it from? Its id."), 40),
)

MOVES = (
    Verb(
        Command(
            "incident open",
            _("Open an incident"),
            _OPEN,
            role=Role.VIEWER,
            effect=Effect.WRITE,
            agents=True,
        ),
        Write(_open),
    ),
    Verb(
        Command(
            "incident ack",
            _("Take an incident in hand"),
            (INCIDENT,),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_ack),
    ),
    Verb(
        Command(
            "incident unack",
            _("Take your acknowledgement back; escalation begins anew"),
            (INCIDENT,),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_unack),
    ),
    Verb(
        Command(
            "incident mitigate",
            _("Users feel nothing of it any more, but the cause isn’t fixed"),
            (INCIDENT, required("note", _("What was done about it?"))),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_mitigate),
    ),
    Verb(
        Command(
            "incident resolve",
            _("An incident is over"),
            (INCIDENT, required("note", _("How was it resolved?"))),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_resolve),
    ),
    Verb(
        Command(
            "incident reopen",
            _("It goes on after all; within 24 hours of its resolution"),
            (INCIDENT, required("reason", _("What shows that it isn’t over?"))),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_reopen),
    ),
    Verb(
        Command(
            "incident close",
            _("Nothing is left to be done about it"),
            (INCIDENT,),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_close),
    ),
    Verb(
        Command(
            "incident cancel",
            _("It was a false alarm"),
            (INCIDENT, required("reason", _("Why was it a false alarm?"))),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_cancel),
    ),
    Verb(
        Command(
            "incident merge",
            _("Make an incident part of another one"),
            (INCIDENT, _INTO),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_merge),
    ),
)
