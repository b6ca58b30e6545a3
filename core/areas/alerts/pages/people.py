"""Who is told, where, of what, and when they sleep."""

from __future__ import annotations

from core.area import Request
from core.message import Message, _
from core.notify.delivery.recipients import gone_recipients
from core.notify.people.person import Address, Person, Subscription
from core.notify.people.phones import PHONE_CHANNELS
from core.notify.people.rows import read_people
from core.page import Action, Column, Kind, Note, Page, Place, Row
from core.principal import Group
from core.tabulate import tabulate
from core.text import masked_phone
from core.units import Severity, State

__all__ = ["people_page"]

_PEOPLE = (
    Column("person", _("Person"), Kind.TEXT, 0),
    Column("groups", _("Groups"), Kind.TEXT, 0),
    Column("addresses", _("Reached by"), Kind.TEXT, 1),
    Column("quiet", _("Quiet hours"), Kind.TEXT, 1),
    Column("zone", _("Zone"), Kind.TEXT, 2),
)
_SUBSCRIPTIONS = (
    Column("person", _("Person"), Kind.TEXT, 0),
    Column("of", _("Of"), Kind.TEXT, 0),
    Column("from", _("From severity"), Kind.STATE, 1),
    Column("channel", _("By"), Kind.TEXT, 2),
)


async def people_page(request: Request) -> Page:
    """Everybody as known at the moment asked for."""
    async with request.services.store.reading() as connection:
        people = await read_people(connection, request.moment)
        gone = {(each.channel, each.address) for each in await gone_recipients(connection)}
    on_call = [each.name for each in people if Group.ON_CALL in each.groups]
    notes = [] if on_call else [_nobody()]
    verdict = State(Severity.GOOD, _("ON CALL")) if on_call else State(Severity.WARNING, _("NOBODY ON CALL"))
    return Page(
        key="people",
        title=_("People"),
        crumb=", ".join(on_call),
        verdict=verdict,
        blocks=(
            *notes,
            tabulate(
                "people",
                _("Who is told"),
                _PEOPLE,
                [_person_row(each, gone) for each in people],
                request.query,
                empty=_("Nobody was set up; the console alone is told."),
                place=Place.WIDE,
            ),
            tabulate(
                "subscriptions",
                _("Subscriptions"),
                _SUBSCRIPTIONS,
                [_subscription_row(person, each) for person in people for each in person.subscriptions],
                empty=_("Nobody has subscribed to anything; groups are told what concerns them."),
                place=Place.WIDE,
            ),
        ),
        actions=(Action("people add", _("Add somebody")), Action("subscribe", _("Subscribe somebody"))),
        as_of=request.moment,
    )


def _nobody() -> Note:
    text = _("Nobody is in the group “on call”: whatever happens, the console alone is told.")
    return Note("nobody", text, Severity.WARNING)


def _person_row(person: Person, gone: set[tuple[str, str]]) -> Row:
    words = [
        f"{each.channel}: {_shown(each)}" + (" ✕" if (each.channel, each.address) in gone else "")
        for each in person.preferred
    ]
    quiet: Message | str = _("none") if person.quiet is None else str(person.quiet)
    groups = ", ".join(sorted(group.value for group in person.groups))
    return Row(person.name, (person.name, groups, ", ".join(words), quiet, person.zone.key))


def _shown(address: Address) -> str:
    """An address as anybody may see it: of a phone its last digits."""
    return masked_phone(address.address) if address.channel in PHONE_CHANNELS else address.address


def _subscription_row(person: Person, each: Subscription) -> Row:
    of: Message | str = each.kind or each.area or _("everything")
    state = State(Severity.IDLE, _("nothing at all"))
    if each.severity is not None:
        state = State(each.severity, each.severity.word)
    by: Message | str = each.channel or _("the preferred one")
    return Row(f"{person.name}|{each.area}|{each.kind}", (person.name, of, state, by))
