"""What the commands about people change."""

from __future__ import annotations

from dataclasses import replace
from typing import cast
from zoneinfo import ZoneInfo

from core.area import Outcome, Request
from core.areas.alerts.pages.words import done_page
from core.errors import InputError, NotFoundError
from core.message import Message, _
from core.moment import zone_names
from core.notify.delivery.recipients import enable
from core.notify.people.person import Address, Person
from core.notify.people.phones import PHONE_CHANNELS, Phones, phone_of, save_phones
from core.notify.people.quiet_hours import read_quiet
from core.notify.people.rows import find_person, forget_person, read_groups, save_person
from core.settings import CoreSettings
from core.store.store import Transaction
from core.text import clean

__all__ = ["apply_add", "apply_address", "apply_quiet", "apply_remove"]


async def apply_add(request: Request, transaction: Transaction) -> Outcome:
    """Somebody new, or other groups and another zone for somebody known."""
    name = clean(request.text("person") or "", 200)
    try:
        known = await find_person(transaction.connection, name, request.now)
    except NotFoundError:
        known = None
    person = known or Person(name, zone=request.services.settings.of(CoreSettings).zone)
    groups = request.text("groups")
    if groups is not None:
        person = replace(person, groups=read_groups(groups))
    zone = request.text("zone")
    if zone is not None:
        if zone not in zone_names():
            raise InputError(
                _("“{zone}” isn’t a time zone; write it such as Africa/Nairobi.", zone=zone[:60])
            )
        key = ZoneInfo(zone)
        quiet = None if person.quiet is None else replace(person.quiet, zone=key)
        person = replace(person, zone=key, quiet=quiet)
    await save_person(transaction, person)
    note = _("{person} is told what concerns {groups}.", person=person.name, groups=_groups(person))
    if not person.addresses:
        note = _("{note} They have no address yet: “people address” sets one.", note=note)
    return _done("people.add", note, known, person)


async def apply_remove(request: Request, transaction: Transaction) -> Outcome:
    """The person is told nothing any more."""
    known = await _known(request, transaction)
    await forget_person(transaction, known.name)
    return _done("people.remove", _("{person} is told nothing any more.", person=known.name), known, None)


async def apply_address(request: Request, transaction: Transaction) -> Outcome:
    """Another address on a channel, or none; one that nothing reached before is tried again."""
    known = await _known(request, transaction)
    channel = clean(request.text("channel") or "", 40)
    address = request.text("address")
    others = tuple(each for each in known.addresses if each.channel != channel)
    person = replace(known, addresses=others)
    note = _("{person} is no longer reached by {channel}.", person=known.name, channel=channel)
    if address is not None:
        rank = cast("int", request.arguments["rank"])
        own = Address(channel, await _address(request, transaction, channel, address), rank)
        person = replace(known, addresses=(*others, own))
        await enable(transaction, own.channel, own.address)
        note = _(
            "{person} is reached by {channel}; “notify test” tries it.", person=known.name, channel=channel
        )
    await save_person(transaction, person)
    return _done("people.address", note, known, person)


async def apply_quiet(request: Request, transaction: Transaction) -> Outcome:
    """Other quiet hours, or none."""
    known = await _known(request, transaction)
    person = replace(known, quiet=read_quiet(request.text("hours") or "", known.zone))
    await save_person(transaction, person)
    note = _("{person} has no quiet hours.", person=person.name)
    if person.quiet is not None:
        note = _(
            "From {hours} ({zone}) notices to {person} wait, but for critical ones.",
            hours=str(person.quiet),
            zone=person.zone.key,
            person=person.name,
        )
    return _done("people.quiet", note, known, person)


async def _address(request: Request, transaction: Transaction, channel: str, typed: str) -> str:
    """The address as it is kept: of a phone what it is called, its number where phones are kept (S20).

    Raises:
        InputError: the channel writes to phones, and this is none.
    """
    if channel not in PHONE_CHANNELS:
        return clean(typed, 300)
    phone = phone_of(typed)
    if not phone:
        raise InputError(_("That isn’t a phone number; write it with its country, such as +254700000000."))
    kept = Phones(request.services.vault).kept(phone)
    await save_phones(transaction, [kept])
    return kept.user


async def _known(request: Request, transaction: Transaction) -> Person:
    return await find_person(transaction.connection, request.text("person") or "", request.now)


def _groups(person: Person) -> Message | str:
    return ", ".join(sorted(group.value for group in person.groups)) or _("their subscriptions alone")


def _done(key: str, note: Message, before: Person | None, after: Person | None) -> Outcome:
    name = (after or before or Person("")).name
    return Outcome(done_page(key, note), f"person:{name}", _audited(before), _audited(after))


def _audited(person: Person | None) -> dict[str, object]:
    """What the audit log keeps of somebody: by which channels they are reached, and not where."""
    if person is None:
        return {}
    return {
        "groups": sorted(group.value for group in person.groups),
        "channels": [each.channel for each in person.preferred],
        "quiet": "" if person.quiet is None else str(person.quiet),
        "zone": person.zone.key,
    }
