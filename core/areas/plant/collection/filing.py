"""Filing with the plant's backend what was reported here: durably, in order, and nothing twice.

What is to be filed is recorded with the report itself. Each try is on record before it begins, so that
whoever comes next, after whichever end, knows that one was under way and looks over there first. A try whose
end nobody knows is followed by another after a minute at the earliest, when a request that was on its way
then has long arrived or is lost.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Every, Job, Services
from core.areas.plant.client.connections import plant_client
from core.areas.plant.client.fields import text
from core.areas.plant.model.filing import Filing, FilingList, FilingState
from core.areas.plant.rules.filing import check_version, found_in
from core.areas.plant.rules.filing_events import refused_event
from core.areas.plant.settings import PlantSettings
from core.areas.plant.store.backend import ReadRow, id_of, record_rows
from core.areas.plant.store.filing import filing_of, filings_in, record_filings
from core.areas.plant.store.history import note_down
from core.engine.backoff import after_failures
from core.errors import BadAnswerError, NotFoundError, OpsdeckError, RefusedError, StoreError, UpstreamError
from core.json_fields import JsonObject
from core.message import _
from core.notify.delivery.turn import take_turn
from core.store.store import Transaction
from core.store.versions import NEWEST

if TYPE_CHECKING:
    from core.areas.plant.client.plant_client import PlantClient

__all__ = ["Filer", "jobs", "note_filed"]

_log = logging.getLogger("opsdeck.plant")

_INTERVAL = timedelta(seconds=15)
_RETRY = timedelta(minutes=1)
_UNDER_WAY = timedelta(minutes=2)
"""How long a try that began is left alone: longer than it can last."""

_BY = "opsdeck"


def jobs(services: Services) -> Sequence[Job]:
    """Filing what waits; nothing where there is no backend, or nothing is filed with it."""
    if not services.settings.of(PlantSettings).files:
        return ()
    return (Job("plant.filing", Every(_INTERVAL), Filer(services).file_all),)


async def note_filed(transaction: Transaction, filing: Filing, identifier: int, filed_as: str) -> None:
    """Record that the backend has it, under which id and number. Its row says nothing new by that."""
    after = replace(filing, state=FilingState.FILED, filed_as=filed_as, next_try=None, reason=None)
    await record_filings(transaction, [after])
    own = filing.number.partition("/")[0]
    await record_rows(transaction, filing.list.value, {identifier: ReadRow(own, "")})
    said = _("The plant’s backend has it as {number}.", number=filed_as)
    await note_down(transaction, own, _BY, said)


class Filer:
    """Files what waits, one after the other, as long as the backend answers."""

    def __init__(self, services: Services, jitter: random.Random | None = None) -> None:
        self._services = services
        self._store = services.store
        self._jitter = jitter or random.Random()  # noqa: S311  spreads requests, guards nothing

    async def file_all(self) -> None:
        """Try everything that is due.

        Raises:
            SettingsError: the backend's address can't be used.
            StoreError: the database did not do its part.
        """
        client = await plant_client(self._services)
        if client is None:
            return
        while await self._any_due():
            filing = await self._begin()
            if filing is None or not await self._try(client, filing):
                return

    async def _any_due(self) -> bool:
        now = self._store.present()
        async with self._store.reading() as connection:
            waiting = await filings_in(connection, now, FilingState.WAITING)
        return any(each.due(now) for each in waiting)

    async def _begin(self) -> Filing | None:
        """Note that a try of what is due first begins, so that nobody else begins one."""
        async with self._store.writing() as transaction:
            await take_turn(transaction)
            now = transaction.recorded_at
            waiting = await filings_in(transaction.connection, NEWEST, FilingState.WAITING)
            due = next((each for each in waiting if each.due(now)), None)
            if due is None:
                return None
            begun = replace(due, tries=due.tries + 1, next_try=now + _UNDER_WAY, reason=None)
            await record_filings(transaction, [begun])
            return begun

    async def _try(self, client: PlantClient, filing: Filing) -> bool:
        """One try, and what came of it on record; whether it is any use to go on with others."""
        try:
            row = await self._filed(client, filing)
            identifier = row.get("id")
            filed_as = _number(filing, row)
            if not isinstance(identifier, int) or not filed_as:
                raise BadAnswerError(_("The plant’s backend did not say under which number it has it."))
        except StoreError:
            raise
        except (RefusedError, NotFoundError) as error:
            await self._not_filed(filing, error, refused=isinstance(error, RefusedError))
            return True
        except OpsdeckError as error:
            await self._not_filed(filing, error, refused=False)
            return not isinstance(error, UpstreamError)
        async with self._store.writing() as transaction:
            await take_turn(transaction)
            known = await filing_of(transaction.connection, filing.number, NEWEST)
            if known.state is not FilingState.FILED:  # a poll may have found it there meanwhile
                await note_filed(transaction, known, identifier, filed_as)
        return True

    async def _filed(self, client: PlantClient, filing: Filing) -> JsonObject:
        """The backend's row of it, which is there already or is made now."""
        list_ = filing.list.value
        async with self._store.reading() as connection:
            product = await _product(connection, filing)
            fields = await _with_ids(connection, filing, product)
        if filing.tries > 1 or filing.list is FilingList.BOMS:
            rows = await client.rows(list_)
            there = next((each for each in rows if found_in(filing, each, product)), None)
            if there is not None:
                return there
            if product is not None:
                check_version(filing, rows, product)
        return await client.create(list_, fields)

    async def _not_filed(self, filing: Filing, error: OpsdeckError, *, refused: bool) -> None:
        _log.info("filing %s with the plant backend: %s", filing.number, error.message)
        async with self._store.writing() as transaction:
            await take_turn(transaction)
            known = await filing_of(transaction.connection, filing.number, NEWEST)
            if known.state is not FilingState.WAITING:
                return
            if refused:
                after = replace(known, state=FilingState.REFUSED, next_try=None, reason=error.message)
                await transaction.emit(refused_event(after, transaction.recorded_at))
            else:
                wait = after_failures(known.tries, _RETRY, self._jitter)
                at = transaction.recorded_at + max(wait, _RETRY)
                after = replace(known, next_try=at, reason=error.message)
            await record_filings(transaction, [after])


async def _product(connection: AsyncConnection, filing: Filing) -> int | None:
    """The id of the product that a bill is of; nothing of what is no bill."""
    if filing.list is not FilingList.BOMS:
        return None
    bom = str(filing.fields["bom"])
    kept = bom.removeprefix("BOM-")
    if not kept.isdecimal() or await id_of(connection, "boms", bom) is None:
        raise RefusedError(
            _("The plant’s backend keeps no bill {bom}; it has bills of its own products only.", bom=bom)
        )
    return int(kept)


async def _with_ids(connection: AsyncConnection, filing: Filing, product: int | None) -> dict[str, object]:
    """The fields as the backend takes them.

    Raises:
        NotFoundError: it doesn't know something that is named, or wasn't asked for it yet.
        RefusedError: something that it needs was never said.
    """
    fields = dict(filing.fields)
    if product is not None:
        return {"product_id": product, "components": fields["components"]}
    for name, list_ in (("order", "orders"), ("machine", "machines"), ("department", "departments")):
        if name not in fields:
            continue
        named = str(fields.pop(name))
        if not named:
            raise RefusedError(_("The plant’s backend needs a department, and there is none named."))
        identifier = await id_of(connection, list_, named)
        if identifier is None:
            raise NotFoundError(
                _("The plant’s backend does not know {name}, or was not read yet.", name=named)
            )
        fields[f"{name}_id"] = identifier
    return fields


def _number(filing: Filing, row: JsonObject) -> str:
    """What the backend calls it."""
    if filing.list is FilingList.BOMS:
        return f"{filing.fields['bom']}/{row.get('version')}"
    return text(row, "ticket_number", 60)
