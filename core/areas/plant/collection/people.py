"""Which operators are people whom opsdeck tells things: found by their phones (whatsapp.md A5).

An operator comes with a phone from a file or the backend, before or after somebody is known to be reached at
it. So this is looked at every minute, and not only where either of them is written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Every, Job, Services
from core.areas.plant.model.people import Operator
from core.areas.plant.store.people import all_operators, record_operators
from core.notify.delivery.turn import take_turn
from core.notify.people.phones import PHONE_CHANNELS, Phones, phone_of
from core.notify.people.rows import read_people
from core.store.versions import NEWEST

__all__ = ["jobs", "link_people"]

_INTERVAL = timedelta(minutes=1)
_BETWEEN_DIGITS = re.compile(r"[\s().-]+")


def jobs(services: Services) -> Sequence[Job]:
    """The one job of finding people."""

    async def run() -> None:
        await link_people(services)

    return (Job("plant.people", Every(_INTERVAL), run),)


async def link_people(services: Services) -> None:
    """Name the person whom things are told for each operator who has their phone, where nobody is named.

    Raises:
        StoreError: the database did not do its part; the next look tries anew.
    """
    store = services.store
    async with store.reading() as connection:
        if not await _found(connection, services, store.present()):
            return
    async with store.writing() as transaction:
        await take_turn(transaction)
        await record_operators(transaction, await _found(transaction.connection, services, NEWEST))


async def _found(connection: AsyncConnection, services: Services, moment: datetime) -> list[Operator]:
    """The operators who are somebody that nobody has named, as that person."""
    operators = await all_operators(connection, moment)
    unknown = [each for each in operators if each.active and each.phone and not each.person]
    if not unknown:
        return []
    reached = await _reached(connection, moment)
    phones = Phones(services.vault)
    named = (replace(each, person=reached.get(_user(phones, each.phone), "")) for each in unknown)
    return [each for each in named if each.person]


async def _reached(connection: AsyncConnection, moment: datetime) -> Mapping[str, str]:
    """Who is reached at a phone, by what it is called; a phone of several people is nobody's."""
    pairs = {
        (address.address, person.name)
        for person in await read_people(connection, moment)
        for address in person.addresses
        if address.channel in PHONE_CHANNELS
    }
    sharing = Counter(address for address, _person in pairs)
    return {address: person for address, person in pairs if sharing[address] == 1}


def _user(phones: Phones, written: str) -> str:
    """What a phone is called that somebody wrote down, maybe with spaces in it."""
    return phones.user_of(phone_of(_BETWEEN_DIGITS.sub("", written)))
