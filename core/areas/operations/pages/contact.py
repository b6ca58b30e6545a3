"""How to reach the team, by tier: the one set that everything takes its contacts from."""

from __future__ import annotations

from core.area import Request
from core.areas.operations.configuration.contacts import EVERYONE, Contact, load_contacts, of_tier
from core.areas.operations.rules.tiers import tier_id
from core.errors import NotFoundError
from core.message import _
from core.page import Column, Fact, Facts, Page, Place, Row, Table
from core.units import Absent, Severity, Span, State, Value

__all__ = ["contact_page"]


async def contact_page(request: Request) -> Page:
    """The contact of the tier asked for.

    Without one, customers see that of their own tier; the team sees every tier's.

    Raises:
        NotFoundError: there is no such tier.
        SettingsError: the person's own contacts can't be read.
    """
    contacts = load_contacts(request.services.settings.folders.config)
    wanted = request.text("tier")
    if wanted is not None:
        shown = tuple(
            each for each in contacts if tier_id(wanted) in (tier_id(each.tier), tier_id(each.name))
        )
        if not shown:
            known = ", ".join(each.tier for each in contacts)
            raise NotFoundError(
                _("There is no tier “{tier}”; there is {known}.", tier=wanted[:60], known=known)
            )
    elif request.may("ops"):
        shown = contacts
    else:
        shown = (of_tier(contacts, request.principal.tier or EVERYONE),)
    return Page(
        key="operations.contact",
        title=_("Contact"),
        crumb=shown[0].name if len(shown) == 1 else "",
        verdict=State(Severity.IDLE, _("CONTACT")),
        blocks=tuple(block for each in shown for block in (_promise(each), _ways(each))),
        as_of=request.moment,
        at=request.at,
    )


def _promise(contact: Contact) -> Facts:
    first: Value = Absent(_("as soon as we can; no time is promised"))
    if contact.first_response is not None:
        first = Span(contact.first_response)
    return Facts(
        f"{contact.tier}.promise",
        _("{tier}", tier=contact.name),
        (Fact(_("Hours"), contact.hours), Fact(_("First answer within"), first)),
        Place.WIDE,
    )


def _ways(contact: Contact) -> Table:
    noted = any(way.note for way in contact.ways)
    columns = [Column("name", _("Way"), priority=1), Column("address", _("Where"), priority=1)]
    if noted:
        columns.append(Column("note", _("Note"), priority=2))
    rows = tuple(
        Row(f"{contact.tier}.{number}", (way.name, way.address, *((way.note,) if noted else ())))
        for number, way in enumerate(contact.ways, 1)
    )
    title = _("{tier}: ways to us", tier=contact.name)
    return Table(f"{contact.tier}.ways", title, tuple(columns), rows, len(rows), len(rows), place=Place.WIDE)
