"""What the network area's writes do: credentials in two steps, the selected location, a speed test."""

from __future__ import annotations

from dataclasses import dataclass

from core.area import Outcome, Request
from core.areas.network.client import read_authorization
from core.areas.network.collection import connections
from core.areas.network.collection.collect import Collector
from core.areas.network.collection.location_list import LocationList, read_location_list, record_location_list
from core.areas.network.model import Location, PlumeAccess
from core.areas.network.pages.common import location_actions, named
from core.areas.network.store import credentials
from core.areas.network.store.selection import select_location
from core.areas.network.store.views import chosen_location, own_location
from core.errors import InputError, NotFoundError
from core.event import Event
from core.message import Message, _, plural
from core.page import Action, Fact, Facts, Note, Page, Place
from core.secret import Secret
from core.store.store import Transaction
from core.text import clean, redact
from core.units import Severity, State
from core.vault import VaultError

__all__ = [
    "apply_select",
    "apply_setup",
    "apply_speed_test",
    "prepare_setup",
    "prepare_speed_test",
    "refresh",
]


@dataclass(frozen=True, slots=True)
class _Tested:
    """Credentials that worked, and the locations they showed."""

    access: PlumeAccess
    listing: LocationList


async def prepare_setup(request: Request) -> _Tested:
    """Try the credentials for real: sign in, and list the locations they let us see.

    Raises:
        InputError: the header isn't one, before anything is sent; or a customer that was named isn't known.
        UpstreamError: the cloud did not accept them. The good ones in use are untouched either way.
    """
    customers = [part.strip() for part in (request.text("customer") or "").split(",")]
    access = PlumeAccess(
        authorization=Secret(read_authorization(request.text("authorization") or "")),
        partner=(request.text("partner") or "").strip(),
        customers=tuple(dict.fromkeys(filter(None, customers))),
        token_url=(request.text("token") or "").strip(),
    )
    client = connections.new_client(request.services, access)
    try:
        await client.sign_in()
        listing = await read_location_list(client, access)
    finally:
        await client.close()
    if not listing.customers:
        raise InputError(_("These credentials work but show no customer. Name the customer id to watch."))
    if access.customers and listing.refused:
        customer, error = listing.refused[0]
        raise InputError(_("Customer {customer}: {reason}", customer=clean(customer), reason=error.message))
    return _Tested(access, listing)


async def apply_setup(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    """Replace the credentials by those that were tested."""
    assert isinstance(prepared, _Tested)
    access = prepared.access
    before = await _replaced(request, transaction)
    await credentials.save(transaction, request.services.vault, access)
    await record_location_list(transaction, prepared.listing, request.now)
    title = _("Plume credentials were set up by {person}", person=request.principal.name)
    await transaction.emit(
        Event("network.credentials.set", "network", "source:plume", Severity.GOOD, title, request.now)
    )
    count = len(prepared.listing.locations)
    note = plural("They work: {count} location found.", "They work: {count} locations found.", count)
    page = Page(
        key="network.setup",
        title=_("Plume is set up"),
        verdict=State(Severity.GOOD, _("WORKING")),
        blocks=(
            Note("done", note, Severity.GOOD),
            Facts(
                "access",
                _("Kept, encrypted"),
                (Fact(_("Partner"), clean(access.partner)), Fact(_("Locations"), count)),
                Place.WIDE,
            ),
        ),
        actions=(
            Action("fleet", _("All locations, worst first")),
            Action("locations", _("Choose your location")),
        ),
        as_of=request.now,
    )
    return Outcome(page, "source:plume", before, _audited(access))


async def _replaced(request: Request, transaction: Transaction) -> dict[str, object]:
    """The credentials in use, for the audit log; those of a lost key are replaced unread."""
    try:
        known = await credentials.load(transaction.connection, request.services.vault, request.now)
    except VaultError:
        return {"unreadable": True}
    return {} if known is None else _audited(known)


def _audited(access: PlumeAccess) -> dict[str, object]:
    """What the audit log keeps of credentials: nothing secret."""
    return {
        "partner": clean(access.partner),
        "customers": [clean(customer) for customer in access.customers],
        "token": clean(redact(access.token_url)),
    }


async def apply_select(request: Request, transaction: Transaction) -> Outcome:
    """Make a location the person's own."""
    location = await chosen_location(transaction.connection, request)
    assert location is not None
    before = await own_location(transaction.connection, request)
    await select_location(transaction, request.principal.name, location.id)
    note = _("Your views are now of {location}.", location=named(location))
    return Outcome(
        _done("network.select", note, location),
        f"location:{location.id}",
        {"location": before},
        {"location": location.id},
    )


async def prepare_speed_test(request: Request) -> Location:
    """Ask the cloud to start a test."""
    async with request.services.store.reading() as connection:
        location = await chosen_location(connection, request)
    if location is None:
        raise InputError(_("Say which location, or select one first."))
    found = await connections.shared_client(request.services)
    if found is None:
        raise NotFoundError(_("Plume isn't set up yet. Run “setup” first."))
    client, _access = found
    await client.start_speed_test(location.customer, location.id)
    return location


async def apply_speed_test(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    """Tell that it was started."""
    assert isinstance(prepared, Location)
    title = _(
        "{person} started a speed test at {location}", person=request.principal.name, location=named(prepared)
    )
    subject = f"location:{prepared.id}"
    await transaction.emit(
        Event("network.speed_test.started", "network", subject, Severity.NOTICE, title, request.now)
    )
    note = _(
        "A speed test runs at {location}; its result comes with one of the next polls.",
        location=named(prepared),
    )
    return Outcome(_done("network.speedtest.start", note, prepared), subject)


async def refresh(request: Request) -> None:
    """Look at the person's location right now, or at all of them where none is chosen.

    Before credentials were set up there is nothing to ask.

    Raises:
        OpsdeckError: the cloud can't be used; the last good data stays.
    """
    async with request.services.store.reading() as connection:
        location = await chosen_location(connection, request)
    await Collector(request.services).collect(everything=True, only=None if location is None else location.id)


def _done(key: str, note: Message, location: Location) -> Page:
    return Page(
        key=key,
        title=_("Done"),
        crumb=named(location),
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=(Note("done", note, Severity.GOOD),),
        actions=location_actions(location),
    )
