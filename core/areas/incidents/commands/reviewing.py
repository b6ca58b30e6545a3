"""Writing post-mortems, having them reviewed, and closing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Request, Verb, Write
from core.areas.incidents.commands.parameters import INCIDENT, optional, required, words
from core.command import Command, Effect, NumberType, Parameter
from core.message import _
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["REVIEWS"]

_SECTIONS = words(
    ("summary", _("Summary")),
    ("impact", _("Impact")),
    ("root-causes", _("Root causes")),
    ("trigger", _("Trigger")),
    ("factors", _("Contributing factors")),
    ("detection", _("Detection")),
    ("resolution", _("Resolution")),
    ("went-well", _("What went well")),
    ("went-wrong", _("What went wrong")),
    ("got-lucky", _("Where we got lucky")),
    ("external-message", _("Message to those affected")),
    ("supporting-data", _("Supporting data")),
)
_KINDS = words(
    ("prevent", _("so that it doesn’t happen again")),
    ("detect", _("so that it is noticed sooner")),
    ("mitigate", _("so that it hurts less")),
    ("process", _("so that we work better")),
)
_STATUSES = words(
    ("draft", _("back to its authors")), ("in_review", _("to be reviewed")), ("reviewed", _("reviewed"))
)


async def _write(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.postmortem import apply_write

    return await apply_write(request, transaction)


async def _owner(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.postmortem import apply_owner

    return await apply_owner(request, transaction)


async def _action(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.postmortem import apply_action

    return await apply_action(request, transaction)


async def _done(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.postmortem import apply_done

    return await apply_done(request, transaction)


async def _status(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.postmortem import apply_status

    return await apply_status(request, transaction)


async def _close(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.postmortem import apply_close

    return await apply_close(request, transaction)


REVIEWS = (
    Verb(
        Command(
            "incident postmortem write",
            _("Write a section of a post-mortem"),
            (
                INCIDENT,
                Parameter("section", _("Which section?"), _SECTIONS, required=True),
                required("text", _("What does it say? A blank line begins a new paragraph."), 20_000),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_write),
    ),
    Verb(
        Command(
            "incident postmortem owner",
            _("Say who answers for a post-mortem"),
            (INCIDENT, required("person", _("Who?"), 200)),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_owner),
    ),
    Verb(
        Command(
            "incident postmortem action",
            _("Add something to be done to a post-mortem"),
            (
                INCIDENT,
                required("text", _("What is to be done?")),
                Parameter("kind", _("What for?"), _KINDS, default="prevent"),
                optional("owner", _("Who does it?"), 200),
                optional("due", _("By when?"), 40),
                optional("ticket", _("Under which ticket?"), 40),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_action),
    ),
    Verb(
        Command(
            "incident postmortem done",
            _("An action of a post-mortem is done"),
            (INCIDENT, Parameter("number", _("Which action?"), NumberType(1, 999), required=True)),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_done),
    ),
    Verb(
        Command(
            "incident postmortem status",
            _("Hand a post-mortem on to review, or back to its authors"),
            (INCIDENT, Parameter("status", _("What is it now?"), _STATUSES, required=True)),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_status),
    ),
    Verb(
        Command(
            "incident postmortem close",
            _("A post-mortem is finished"),
            (INCIDENT,),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_close),
    ),
)
