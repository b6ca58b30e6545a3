"""Machines: looking at them, adding one, and saying how one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.plant.commands.parameters import DEPARTMENT, LONGEST, MACHINE, optional, required, words
from core.command import Command, Effect, Parameter
from core.message import _, sense
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["MACHINE_VERBS"]

_STATES = words(
    ("operational", sense("machine", "operational")),
    ("maintenance", sense("machine", "in maintenance")),
    ("broken", sense("machine", "broken")),
    ("inactive", sense("machine", "out of use")),
)


async def _machines(request: Request) -> Page:
    from core.areas.plant.pages.machines import machines_page

    return await machines_page(request)


async def _machine(request: Request) -> Page:
    from core.areas.plant.pages.machine import machine_page

    return await machine_page(request)


async def _add(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.machines import apply_add

    return await apply_add(request, transaction)


async def _move(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.machines import apply_move

    return await apply_move(request, transaction)


MACHINE_VERBS = (
    Verb(
        Command(
            "machines",
            _("Machines, broken ones first, with what is open about each"),
            (
                Parameter(
                    "department", _("Only of which department?"), DEPARTMENT.type, source=DEPARTMENT.source
                ),
            ),
            role=Role.VIEWER,
        ),
        Read(_machines),
    ),
    Verb(
        Command("machine", _("One machine: how it is, and its tickets"), (MACHINE,), role=Role.VIEWER),
        Read(_machine),
    ),
    Verb(
        Command(
            "machine add",
            _("Add a machine"),
            (
                Parameter("machine", _("What is its number? Like MACH-001."), MACHINE.type, required=True),
                required("name", _("What is it called?"), 200),
                DEPARTMENT,
                optional("specifications", _("What is to be known about it?"), LONGEST),
            ),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_add),
    ),
    Verb(
        Command(
            "machine move",
            _("Say how a machine is"),
            (
                MACHINE,
                Parameter("state", _("How is it?"), _STATES, required=True),
                optional("reason", _("Why?")),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_move),
    ),
)
