"""How customers reach the team, by tier, as people write it: `contacts.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from core.areas.operations.configuration.document import Entry, own_or_shipped, read_toml
from core.areas.operations.rules.tiers import tier_id
from core.message import _

__all__ = ["CONTACTS_FILE", "EVERYONE", "Contact", "Way", "load_contacts", "of_tier", "read_contacts"]

CONTACTS_FILE = "contacts.toml"
EVERYONE = "everyone"
"""The tier of those who have none."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to the team."""

    name: str
    address: str
    note: str


@dataclass(frozen=True, slots=True)
class Contact:
    """How one tier reaches the team, when, and how soon somebody answers, if that is promised."""

    tier: str
    name: str
    hours: str
    first_response: timedelta | None
    ways: tuple[Way, ...]


def load_contacts(folder: Path | None) -> tuple[Contact, ...]:
    """The contacts in force: the person's own in the config folder, else the shipped ones.

    Raises:
        SettingsError: they are wrong; the sentence names the file, the tier and the key.
    """
    text, place = own_or_shipped(folder, CONTACTS_FILE)
    return read_contacts(text, place)


def read_contacts(text: str, place: str) -> tuple[Contact, ...]:
    """The contacts of a file's text, one of them for everyone."""
    document = Entry(read_toml(text, place), place, keys=("contact",))
    found = tuple(
        _contact(table, f"{place}, contact {number}")
        for number, table in enumerate(document.entries("contact"), 1)
    )
    tiers = [each.tier for each in found]
    twice = next((tier for tier in tiers if tiers.count(tier) > 1), None)
    if twice is not None:
        raise document.wrong(_("the tier “{tier}” stands in it twice", tier=twice))
    if EVERYONE not in tiers:
        raise document.wrong(_("there is none for the tier “everyone”"))
    return found


def of_tier(contacts: tuple[Contact, ...], tier: str) -> Contact:
    """The contact of a tier; that of everyone where the tier has none of its own."""
    named = {tier_id(each.tier): each for each in contacts}
    return named.get(tier_id(tier), named[EVERYONE])


def _contact(table: object, place: str) -> Contact:
    entry = Entry(table, place, keys=("tier", "name", "hours", "first_response", "way"))
    minutes = entry.value("first_response")
    if minutes is not None and (type(minutes) is not int or minutes <= 0):
        raise entry.wrong(_("“first_response” must be a number of minutes"))
    ways = tuple(_way(each, f"{place}, a way") for each in entry.entries("way"))
    if not ways:
        raise entry.wrong(_("it names no way"))
    return Contact(
        tier=entry.text("tier"),
        name=entry.text("name"),
        hours=entry.text("hours"),
        first_response=timedelta(minutes=minutes) if isinstance(minutes, int) else None,
        ways=ways,
    )


def _way(table: object, place: str) -> Way:
    entry = Entry(table, place, keys=("name", "address", "note"))
    return Way(entry.text("name"), entry.text("address"), entry.text("note", ""))
