"""Reading the plant's backend, where one is set up: each part by itself, in a transaction of its own.

The backend is the source: whenever it says something new of a thing, that holds. What it says nothing new
of stays as it is here, so that what people do here in between isn't undone by the next poll. What is there
for the first time when the backend is first read is nobody's news, and tells nothing.
"""

from __future__ import annotations

import hashlib
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from core.area import Every, Job, Services
from core.areas.plant.client import parsing, parsing_tickets
from core.areas.plant.client.connections import plant_client
from core.areas.plant.client.parsing import Names, Parsed
from core.areas.plant.collection.filing import note_filed
from core.areas.plant.configuration.sla_policy import load_policy
from core.areas.plant.importing.world import PlantWorld
from core.areas.plant.model.filing import FilingState
from core.areas.plant.rules.adopting import Adopted, adopted, news, only_just_filed, under_number
from core.areas.plant.rules.filing import marked_number
from core.areas.plant.settings import PlantSettings
from core.areas.plant.sources import INTERVAL, PARTS, SOURCE
from core.areas.plant.store.backend import ReadRow, read_rows, record_rows
from core.areas.plant.store.filing import filings_in
from core.areas.plant.store.importing import fill, record_all
from core.engine.containment import faults_contained
from core.engine.polling import Poller
from core.errors import OpsdeckError, SignInError, StoreError, UnknownSubjectError
from core.json_fields import JsonObject
from core.notify.delivery.turn import take_turn
from core.settings import CoreSettings
from core.store.polls import Poll, record_poll
from core.store.store import Transaction
from core.store.versions import NEWEST

if TYPE_CHECKING:
    from core.areas.plant.client.plant_client import PlantClient

__all__ = ["BackendCollector", "jobs", "refresh"]

_log = logging.getLogger("opsdeck.plant")

_FILED = frozenset({"rejects", "returns", "maintenance"})
"""The lists in which something filed from here has a number of the backend's own."""

Found = Mapping[str, Parsed[Adopted]]
"""What was read, by the names of the lists."""


def jobs(services: Services) -> Sequence[Job]:
    """The poll of the backend; none where none is set up."""
    if services.settings.of(PlantSettings).base_url is None:
        return ()
    return (Job("plant.backend", Every(INTERVAL), BackendCollector(services).collect),)


async def refresh(services: Services) -> None:
    """Ask the backend right now, because a person wants to know.

    Raises:
        OpsdeckError: why not one part could be read; the last good data stays.
    """
    failures = await BackendCollector(services).collect_now()
    if failures and len(failures) == len(PARTS):
        raise failures[0]


class BackendCollector:
    """Asks for every part in its order, each once a round; ids are known from the parts before."""

    def __init__(self, services: Services, jitter: random.Random | None = None) -> None:
        self._services = services
        self._store = services.store
        jitter = jitter or random.Random()  # noqa: S311  spreads requests, guards nothing
        self._poller = Poller(services.store, services.clock, jitter=jitter)
        self._names = Names()

    async def collect(self) -> None:
        """One round.

        Raises:
            StoreError: the database did not do its part.
        """
        await self.collect_now()

    async def collect_now(self) -> list[OpsdeckError]:
        """One round, and why parts of it couldn't be read."""
        client = await plant_client(self._services)
        failures: list[OpsdeckError] = []
        for part in PARTS if client is not None else ():
            assert client is not None
            if failures and isinstance(failures[-1], SignInError):
                await self._not_asked(part, failures[-1])
                failures.append(failures[-1])
            else:
                await self._poller.poll(SOURCE, part, INTERVAL, self._asking(part, client, failures))
        return failures

    def _asking(
        self, part: str, client: PlantClient, failures: list[OpsdeckError]
    ) -> Callable[[], Awaitable[bool]]:
        async def ask() -> bool:
            started = self._store.present()
            try:
                with faults_contained(part):
                    found = await self._read(part, client, started)
                    await self._write(part, found, started)
            except StoreError:
                raise
            except OpsdeckError as error:
                failures.append(error)
                raise
            return True

        return ask

    async def _not_asked(self, part: str, error: OpsdeckError) -> None:
        """The token isn't accepted, so that asking for more would be no use."""
        async with self._store.writing() as transaction:
            poll = Poll(SOURCE, part, self._store.present(), good=False, reason=error.message)
            await record_poll(transaction, poll)

    async def _read(self, part: str, client: PlantClient, now: datetime) -> Found:
        names = self._names
        match part:
            case "people":
                return await self._read_people(client)
            case "machines":
                machines = parsing.parse_machines(await client.rows("machines"), names, now)
                names.machines = {each: machine.number for each, machine in machines.things.items()}
                return {"machines": machines}
            case "orders":
                zone = self._services.settings.of(CoreSettings).zone
                orders = parsing.parse_orders(await client.rows("orders"), names, now, zone)
                names.orders = {each: order.number for each, order in orders.things.items()}
                return {"orders": orders}
            case "defects":
                return {
                    "rejects": parsing_tickets.parse_rejects(await client.rows("rejects"), names, now),
                    "returns": parsing_tickets.parse_returns(await client.rows("returns"), names, now),
                }
            case "maintenance":
                return {part: parsing_tickets.parse_maintenance(await client.rows(part), names, now)}
            case "sops":
                return {part: parsing_tickets.parse_sops(await client.rows(part), names, now)}
            case _:
                return {"boms": parsing.parse_boms(await client.rows("boms"), names, now)}

    async def _read_people(self, client: PlantClient) -> Found:
        """Departments, and people and products where the backend has lists of them."""
        names = self._names
        departments = parsing.parse_departments(await client.rows("departments"))
        names.departments = {each: found.code for each, found in departments.things.items()}
        operators = parsing.parse_operators(await _offered(client, "users"), names)
        names.people = {each: found.name for each, found in operators.things.items()}
        names.products = parsing.product_names(await _offered(client, "products"))
        return {"departments": departments, "users": operators}

    async def _write(self, part: str, found: Found, started: datetime) -> None:
        """What is new, its events and the poll, together."""
        async with self._store.writing() as transaction:
            await take_turn(transaction)
            for name, parsed in found.items():
                if parsed.left_out:
                    _log.warning("plant backend: %d of %s can't be read", parsed.left_out, name)
                await self._adopt(transaction, name, parsed.things)
            planned = started + INTERVAL
            await record_poll(transaction, Poll(SOURCE, part, started, good=True, next_try=planned))

    async def _adopt(self, transaction: Transaction, name: str, things: Mapping[int, Adopted]) -> None:
        before = await read_rows(transaction.connection, name)
        things = await _named_here(transaction, name, things, before)
        marks = {each: ReadRow(_number(thing), _fingerprint(thing)) for each, thing in things.items()}
        fresh = {each: mark for each, mark in marks.items() if before.get(each) != mark}
        if not fresh:
            return
        world = await self._known(transaction)
        people = world.people()
        changed: list[Adopted] = []
        for each in fresh:
            known = world.like(things[each])
            if (
                known is not None
                and each in before
                and only_just_filed(before[each].fingerprint, things[each])
            ):
                continue
            after = adopted(known, things[each])
            changed.append(after)
            schedules = world.schedules_of(_number(after))
            event = news(known, after, transaction.recorded_at, schedules, people)
            if event is not None and before:
                await transaction.emit(event)
        await record_all(transaction, changed)
        await record_rows(transaction, name, fresh)

    async def _known(self, transaction: Transaction) -> PlantWorld:
        settings = self._services.settings.of(PlantSettings)
        policy = load_policy(settings.sla_policy)
        world = PlantWorld(SOURCE, transaction.recorded_at, policy, settings.holding)
        await fill(world, transaction.connection, NEWEST)
        return world


async def _named_here(
    transaction: Transaction, name: str, things: Mapping[int, Adopted], before: dict[int, ReadRow]
) -> Mapping[int, Adopted]:
    """The things under our numbers, where they were filed from here; also one whose filing nobody noted."""
    if name not in _FILED:
        return things
    connection = transaction.connection
    waiting = {
        each.number: each
        for state in (FilingState.WAITING, FilingState.REFUSED)
        for each in await filings_in(connection, NEWEST, state)
    }
    named = dict(things)
    for each, thing in things.items():
        filing = waiting.get(marked_number(str(getattr(thing, "description", ""))))
        if each not in before and filing is not None:
            await note_filed(transaction, filing, each, _number(thing))
            before[each] = ReadRow(filing.number, "")
        if each in before:
            named[each] = under_number(thing, before[each].number)
    return named


async def _offered(client: PlantClient, name: str) -> list[JsonObject]:
    """The rows of a list, none where the backend has no such list."""
    try:
        return await client.rows(name)
    except UnknownSubjectError:
        return []


def _number(thing: Adopted) -> str:
    return str(getattr(thing, "number", "") or getattr(thing, "code", ""))


def _fingerprint(thing: Adopted) -> str:
    return hashlib.sha256(repr(thing).encode()).hexdigest()[:16]
