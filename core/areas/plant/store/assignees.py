"""Whom a maintenance ticket can be given to: whoever works in the plant, or is told things by opsdeck."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.plant.model.people import Occupation, Operator
from core.areas.plant.store.people import all_operators
from core.errors import NotFoundError
from core.message import _
from core.notify.people.rows import read_people
from core.principal import Group

__all__ = ["all_assignees", "assignee_of"]

_MENDING = (Occupation.MAINTENANCE_TECHNICIAN, Occupation.MAINTENANCE_SUPERVISOR)


async def assignee_of(connection: AsyncConnection, text: str, moment: datetime) -> str:
    """The name that a ticket goes by to whom `text` means: in opsdeck where they have one, else their own.

    They may be called by either, in any letter case, or by their employee number.

    Raises:
        NotFoundError: nobody is known by that; the sentence names the parameter to be given anew.
    """
    wanted = text.strip().casefold()
    for person in await read_people(connection, moment):
        if person.name.casefold() == wanted:
            return person.name
    for operator in await _at_hand(connection, moment):
        if wanted in {each.casefold() for each in (operator.number, operator.person, operator.name) if each}:
            return operator.person or operator.name
    raise NotFoundError(
        _(
            "{parameter}: nobody is known as “{name}”; “operators” and “people” list everybody.",
            parameter="to",
            name=text.strip()[:60],
        )
    )


async def all_assignees(connection: AsyncConnection, moment: datetime) -> Sequence[tuple[str, str]]:
    """The name that a ticket goes by and what they are called, of each; those who mend machines first."""
    operators = sorted(await _at_hand(connection, moment), key=lambda each: each.occupation not in _MENDING)
    found = {each.person or each.name: each.name for each in operators}
    for person in await read_people(connection, moment):
        if Group.TECHNICIANS in person.groups:
            found.setdefault(person.name, person.name)
    return tuple(found.items())


async def _at_hand(connection: AsyncConnection, moment: datetime) -> list[Operator]:
    return [each for each in await all_operators(connection, moment) if each.active]
