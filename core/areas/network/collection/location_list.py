"""Which locations there are: the lists of every customer, read, and written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from core.areas.network.collection.cloud_state import MOST_SILENCES
from core.areas.network.model import Location, PlumeAccess
from core.areas.network.store import rows, tables
from core.areas.network.store.polling import (
    LOCATION_LIST,
    LOCATION_LIST_INTERVAL,
    SOURCE,
    WHOLE,
    customer_subject,
    failing_customers,
)
from core.errors import BadAnswerError, UnknownSubjectError, UnreachableError, UpstreamError
from core.store.polls import Poll, record_poll, sources
from core.store.store import Transaction
from core.store.versions import as_of, record

if TYPE_CHECKING:
    from core.areas.network.client import PlumeClient

__all__ = ["LocationList", "read_location_list", "record_location_list"]


@dataclass(frozen=True, slots=True)
class LocationList:
    """What the cloud said about which locations there are.

    `refused` are the customers whose list could not be had, each with the reason; what is known of their
    locations stays.
    """

    locations: tuple[Location, ...]
    customers: tuple[str, ...]
    refused: tuple[tuple[str, UpstreamError], ...] = ()


async def read_location_list(client: PlumeClient, access: PlumeAccess) -> LocationList:
    """Every customer's locations. A customer that the cloud does not know never hides the others.

    Raises:
        UpstreamError: no list at all could be had, or the cloud can't be used.
    """
    customers = access.customers or tuple(customer.id for customer in await client.customers())
    found: dict[str, Location] = {}
    refused: list[tuple[str, UpstreamError]] = []
    for customer in customers:
        try:
            found |= {location.id: location for location in await client.locations(customer)}
        except (UnknownSubjectError, BadAnswerError, UnreachableError) as error:
            refused.append((customer, error))
            silences = sum(isinstance(each, UnreachableError) for _customer, each in refused)
            if silences >= MOST_SILENCES:
                raise
    if refused and len(refused) == len(customers):
        raise refused[0][1]
    return LocationList(tuple(found.values()), customers, tuple(refused))


async def record_location_list(transaction: Transaction, listing: LocationList, started: datetime) -> None:
    """Write down new locations and those that are gone, and that the cloud answered.

    What is known already stays as it is, because the list says less of a location than a poll of it.
    """
    due = started + LOCATION_LIST_INTERVAL
    await _record_locations(transaction, listing)
    refused = {customer_subject(customer): error for customer, error in listing.refused}
    for name, error in refused.items():
        await record_poll(transaction, Poll(SOURCE, name, started, False, error.message, due))
    for name in failing_customers(await sources(transaction.connection, transaction.recorded_at)):
        if name not in refused:
            await record_poll(transaction, Poll(SOURCE, name, started, True))
    for name in (LOCATION_LIST, WHOLE):
        await record_poll(transaction, Poll(SOURCE, name, started, True, None, due))


async def _record_locations(transaction: Transaction, listing: LocationList) -> None:
    new = {location.id: location for location in listing.locations}
    silent = {customer for customer, _error in listing.refused}
    for row in await as_of(transaction.connection, tables.locations, transaction.recorded_at):
        if new.pop(row["id"], None) is None and row["customer"] not in silent:
            await record(transaction, tables.locations, [], scope={"id": row["id"]})
    await record(transaction, tables.locations, [rows.location_row(each) for each in new.values()])
