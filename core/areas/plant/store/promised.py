"""Tickets of every kind, as far as promises go, as they were known at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.plant.model.defects import UNFINISHED
from core.areas.plant.rules.numbers import sequence_number
from core.areas.plant.rules.policy import SlaPolicy
from core.areas.plant.rules.promised import of_defect, of_maintenance, of_sop
from core.areas.plant.rules.sla import PromisedTicket
from core.areas.plant.rules.ticket_numbers import MAINTENANCE_PREFIXES, is_sop
from core.areas.plant.store.defect_tables import rejects
from core.areas.plant.store.defects import all_defects, defect_of, unfinished_defects
from core.areas.plant.store.maintenance import all_tickets, ongoing_tickets, ticket_of
from core.areas.plant.store.sops import all_sops, sop_of, unfinished_sops
from core.store.metadata import from_microseconds, to_microseconds

__all__ = ["all_promised", "open_promised", "promised_of"]


async def all_promised(
    connection: AsyncConnection, policy: SlaPolicy, moment: datetime
) -> list[PromisedTicket]:
    """Every ticket of every kind."""
    settled = await _settled(connection, moment)
    found = [of_maintenance(each) for each in await all_tickets(connection, moment)]
    found += [
        of_defect(each, policy, settled.get(each.number)) for each in await all_defects(connection, moment)
    ]
    return found + [of_sop(each, policy) for each in await all_sops(connection, moment)]


async def open_promised(
    connection: AsyncConnection, policy: SlaPolicy, moment: datetime
) -> list[PromisedTicket]:
    """Every ticket of every kind that isn't settled."""
    found = [of_maintenance(each) for each in await ongoing_tickets(connection, moment)]
    found += [of_defect(each, policy) for each in await unfinished_defects(connection, moment)]
    return found + [of_sop(each, policy) for each in await unfinished_sops(connection, moment)]


async def promised_of(
    connection: AsyncConnection, policy: SlaPolicy, text: str, moment: datetime
) -> PromisedTicket:
    """The ticket that somebody means by a number of any kind, the chat's DEF-… and MAINT-… included.

    Raises:
        NotFoundError: there is none.
        InputError: it means several.
    """
    maintenance = sequence_number(text, MAINTENANCE_PREFIXES)
    if maintenance is not None:
        return of_maintenance(await ticket_of(connection, maintenance, moment))
    if is_sop(text):
        return of_sop(await sop_of(connection, text, moment), policy)
    defect = await defect_of(connection, text, moment)
    settled = await _settled(connection, moment, defect.number)
    return of_defect(defect, policy, settled.get(defect.number))


async def _settled(connection: AsyncConnection, moment: datetime, number: str = "") -> Mapping[str, datetime]:
    """When rejects were settled first: one that is archived later was not settled later."""
    table = rejects
    statement = (
        select(table.c.number, func.min(table.c.since))
        .where(
            table.c.state.not_in([each.value for each in UNFINISHED]),
            table.c.recorded_at <= to_microseconds(moment),
        )
        .group_by(table.c.number)
    )
    if number:
        statement = statement.where(table.c.number == number)
    rows = (await connection.execute(statement)).all()
    return {name: from_microseconds(since) for name, since in rows}
