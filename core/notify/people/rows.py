"""The people who are told things, as the store keeps them: versioned, so that `why` can look back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import InputError, NotFoundError
from core.message import _
from core.notify.people.person import CONSOLE, Address, Person, Subscription
from core.notify.people.quiet_hours import QuietHours, read_quiet
from core.notify.people.tables import PERSON, PERSON_ADDRESS, SUBSCRIPTION
from core.principal import Group
from core.store.store import Transaction
from core.store.versions import as_of, record
from core.units import Severity

__all__ = [
    "everybody",
    "find_person",
    "forget_person",
    "quiet_hours",
    "read_groups",
    "read_people",
    "save_person",
    "subscribe",
]

_GROUPS = {group.value: group for group in Group}


async def read_people(connection: AsyncConnection, moment: datetime) -> list[Person]:
    """Everybody who was set up by then, by name."""
    addresses: dict[str, list[Address]] = defaultdict(list)
    for row in await as_of(connection, PERSON_ADDRESS, moment):
        addresses[row["person"]].append(Address(row["channel"], row["address"], row["rank"]))
    subscriptions: dict[str, list[Subscription]] = defaultdict(list)
    for row in await as_of(connection, SUBSCRIPTION, moment):
        severity = None if row["severity"] is None else Severity(row["severity"])
        subscriptions[row["person"]].append(Subscription(row["area"], row["kind"], severity, row["channel"]))
    return [
        _person(row, addresses[row["name"]], subscriptions[row["name"]])
        for row in await as_of(connection, PERSON, moment)
    ]


async def everybody(connection: AsyncConnection, moment: datetime) -> list[Person]:
    """The console, which is always told, and everybody who was set up by then."""
    return [CONSOLE, *await read_people(connection, moment)]


async def quiet_hours(connection: AsyncConnection, moment: datetime) -> dict[str, QuietHours]:
    """The quiet hours of everybody who had some by then, by name."""
    found: dict[str, QuietHours] = {}
    for row in await as_of(connection, PERSON, moment):
        quiet = read_quiet(row["quiet"], ZoneInfo(row["zone"]))
        if quiet is not None:
            found[row["name"]] = quiet
    return found


async def find_person(connection: AsyncConnection, name: str, moment: datetime) -> Person:
    """The person of that name, in any letter case.

    Raises:
        NotFoundError: nobody is called so.
    """
    wanted = name.strip().casefold()
    for person in await read_people(connection, moment):
        if person.name.casefold() == wanted:
            return person
    raise NotFoundError(
        _("Nobody is called “{name}”; “people” lists everybody, “people add” adds one.", name=name[:60])
    )


async def save_person(transaction: Transaction, person: Person) -> None:
    """Set the person up, or replace what was known of them."""
    row = {
        "name": person.name,
        "groups": ",".join(sorted(group.value for group in person.groups)),
        "language": person.language,
        "zone": person.zone.key,
        "quiet": "" if person.quiet is None else str(person.quiet),
    }
    await record(transaction, PERSON, [row])
    of_person = {"person": person.name}
    addresses = [
        {**of_person, "channel": each.channel, "address": each.address, "rank": each.rank}
        for each in person.addresses
    ]
    await record(transaction, PERSON_ADDRESS, addresses, scope=of_person)
    subscriptions = [_subscription_row(person.name, each) for each in person.subscriptions]
    await record(transaction, SUBSCRIPTION, subscriptions, scope=of_person)


async def forget_person(transaction: Transaction, name: str) -> None:
    """Take the person out, with their addresses and subscriptions."""
    await record(transaction, PERSON, [], scope={"name": name})
    await record(transaction, PERSON_ADDRESS, [], scope={"person": name})
    await record(transaction, SUBSCRIPTION, [], scope={"person": name})


async def subscribe(transaction: Transaction, name: str, subscription: Subscription) -> None:
    """Add what the person wants to hear of, or doesn't, in place of what they said of the same before."""
    await record(transaction, SUBSCRIPTION, [_subscription_row(name, subscription)])


def read_groups(text: str) -> frozenset[Group]:
    """What a person wrote: groups by their names, with commas.

    Raises:
        InputError: a word is no group.
    """
    found: set[Group] = set()
    for word in filter(None, (part.strip().lower().replace("-", " ") for part in text.split(","))):
        if word not in _GROUPS:
            known = ", ".join(_GROUPS)
            raise InputError(_("“{word}” isn’t one of: {known}.", word=word[:60], known=known))
        found.add(_GROUPS[word])
    return frozenset(found)


def _person(row: RowMapping, addresses: Iterable[Address], subscriptions: Iterable[Subscription]) -> Person:
    zone = ZoneInfo(row["zone"])
    return Person(
        name=row["name"],
        groups=read_groups(row["groups"]),
        addresses=tuple(addresses),
        subscriptions=tuple(subscriptions),
        language=row["language"],
        zone=zone,
        quiet=read_quiet(row["quiet"], zone),
    )


def _subscription_row(name: str, each: Subscription) -> dict[str, object]:
    return {
        "person": name,
        "area": each.area,
        "kind": each.kind,
        "severity": None if each.severity is None else int(each.severity),
        "channel": each.channel,
    }
