"""Notes, people, severity, schedule, words, and what the public is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Request, Verb, Write
from core.areas.incidents.commands.parameters import INCIDENT, components, optional, required, words
from core.command import Command, Effect, MomentType, Parameter
from core.message import _
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["CHANGES"]

_SEVERITIES = words(
    ("critical", _("critical")), ("high", _("high")), ("medium", _("medium")), ("low", _("low"))
)
_PUBLIC = words(
    ("investigating", _("investigating")),
    ("identified", _("identified")),
    ("monitoring", _("monitoring")),
    ("resolved", _("resolved")),
    ("postmortem", _("post-mortem")),
)
_IMPACTS = words(
    ("none", _("none")), ("minor", _("minor")), ("major", _("major")), ("critical", _("critical"))
)


async def _note(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.changes import apply_note

    return await apply_note(request, transaction)


async def _assign(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.changes import apply_assign

    return await apply_assign(request, transaction)


async def _escalate(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.changes import apply_escalate

    return await apply_escalate(request, transaction)


async def _severity(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.changes import apply_severity

    return await apply_severity(request, transaction)


async def _schedule(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.changes import apply_schedule

    return await apply_schedule(request, transaction)


async def _edit(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.changes import apply_edit

    return await apply_edit(request, transaction)


async def _publish(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.incidents.writes.changes import apply_publish

    return await apply_publish(request, transaction)


CHANGES = (
    Verb(
        Command(
            "incident note",
            _("Write something into an incident’s timeline"),
            (INCIDENT, required("text", _("What is to be noted?"))),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_note),
    ),
    Verb(
        Command(
            "incident assign",
            _("Say who leads an incident and who helps"),
            (
                INCIDENT,
                optional("commander", _("Who leads?"), 200),
                optional("responders", _("Who helps? Names, separated by commas."), 500),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_assign),
    ),
    Verb(
        Command(
            "incident escalate",
            _("Call in the level above: L1, L2, engineering, top"),
            (INCIDENT, required("reason", _("Why is more help needed?"))),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_escalate),
    ),
    Verb(
        Command(
            "incident severity",
            _("Set another severity than the rules did; its clocks change with it"),
            (
                INCIDENT,
                Parameter("severity", _("How severe is it?"), _SEVERITIES, required=True),
                required("reason", _("Why?")),
            ),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_severity),
    ),
    Verb(
        Command(
            "incident schedule",
            _("Set the moment by which a low incident is dealt with"),
            (INCIDENT, Parameter("moment", _("By when?"), MomentType(), required=True)),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_schedule),
    ),
    Verb(
        Command(
            "incident edit",
            _("Change an incident’s title, description, workaround or components"),
            (
                INCIDENT,
                optional("title", _("What is wrong, in one line?"), 200),
                optional("description", _("What else is known?")),
                optional("workaround", _("What helps meanwhile?")),
                components(),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_edit),
    ),
    Verb(
        Command(
            "incident publish",
            _("Tell the public: title and text of their own, with nothing internal in them"),
            (
                INCIDENT,
                required("text", _("What is the public to read?")),
                optional("title", _("Under which title? None keeps the one it has."), 200),
                Parameter("status", _("Where does it stand? None follows the incident."), _PUBLIC),
                Parameter(
                    "impact", _("What do users see of it? None keeps what the components say."), _IMPACTS
                ),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_publish),
    ),
)
