"""What is shown after something was written about a bill of materials."""

from __future__ import annotations

from decimal import Decimal

from core.area import Request
from core.areas.plant.model.boms import BillOfMaterials, ChangeRequest
from core.areas.plant.pages.bom_blocks import open_bom, request_actions
from core.areas.plant.pages.quality_blocks import amount, change_value
from core.areas.plant.rules.boms import Approval
from core.areas.plant.rules.quality_states import request_state
from core.areas.plant.settings import PlantSettings
from core.message import Message, _
from core.page import Action, Fact, Facts, Note, Page, Place
from core.units import Instant, Money, Severity, State

__all__ = ["added_page", "addition", "approved_page", "refused_page", "requested_page"]

_MOST_CODES = 20


def addition(bill: BillOfMaterials, code: str) -> Message | None:
    """That a change adds a component, and what the bill has instead if that is a slip; nothing otherwise."""
    if bill.component(code) is not None:
        return None
    codes = [each.code for each in bill.components]
    known = ", ".join(codes[:_MOST_CODES]) + (" …" if len(codes) > _MOST_CODES else "")
    return _(
        "{component} isn’t in {bom}: this ADDS it as a new component. {bom} is made of {known}.",
        component=code,
        bom=bill.number,
        known=known,
    )


def added_page(request: Request, bill: BillOfMaterials) -> Page:
    """There is a new bill."""
    return _page(bill, _("{bom} was added.", bom=bill.number), _bill_facts(request, bill))


def requested_page(
    request: Request, bill: BillOfMaterials, asked: ChangeRequest, change: Decimal | None
) -> Page:
    """What was asked for, what it would change in the cost, and that it waits for approval (A2.6)."""
    said = _("{request} waits for somebody else’s approval; nothing has changed yet.", request=asked.number)
    currency = _currency(request)
    facts = (
        Fact(_("Bill"), bill.number),
        Fact(_("Version"), bill.version),
        Fact(_("Asked"), Instant(asked.asked_at)),
        Fact(_("Cost change"), change_value(change)),
        Fact(_("State"), request_state(asked.state)),
        Fact(_("Request"), asked.number),
        Fact(_("Component"), asked.component),
        Fact(_("Quantity"), amount(asked.quantity)),
        Fact(_("Unit cost"), Money(asked.unit_cost, currency)),
    )
    actions = request_actions(asked, request.principal.name)
    return _page(bill, said, facts, actions, remark=addition(bill, asked.component))


def approved_page(request: Request, done: Approval, change: Decimal | None) -> Page:
    """The version that is active from now on."""
    said = _(
        "{request} is approved: version {version} of {bom} is active.",
        request=done.request.number,
        version=done.after.version,
        bom=done.after.number,
    )
    facts = (
        *_bill_facts(request, done.after),
        Fact(_("Cost before"), Money(done.before.cost, _currency(request))),
        Fact(_("Cost change"), change_value(change)),
    )
    return _page(done.after, said, facts)


def refused_page(request: Request, bill: BillOfMaterials, asked: ChangeRequest) -> Page:
    """The bill stays as it is."""
    said = _(
        "{request} is refused; version {version} of {bom} stays active.",
        request=asked.number,
        version=bill.version,
        bom=bill.number,
    )
    return _page(bill, said, _bill_facts(request, bill))


def _bill_facts(request: Request, bill: BillOfMaterials) -> tuple[Fact, ...]:
    return (
        Fact(_("Bill"), bill.number),
        Fact(_("Product"), bill.product),
        Fact(_("Version"), bill.version),
        Fact(_("Updated"), Instant(bill.made_at)),
        Fact(_("Cost"), Money(bill.cost, _currency(request))),
    )


def _currency(request: Request) -> str:
    return request.services.settings.of(PlantSettings).currency


def _page(
    bill: BillOfMaterials,
    said: Message,
    facts: tuple[Fact, ...],
    actions: tuple[Action, ...] = (),
    *,
    remark: Message | None = None,
) -> Page:
    done = Note("done", said, Severity.GOOD)
    remarks = () if remark is None else (Note("adds", remark, Severity.WARNING),)
    return Page(
        key=f"plant.written.{bill.number}",
        title=_("Bill of materials"),
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=(done, *remarks, Facts("bom", _("Where it stands"), facts, Place.WIDE)),
        actions=(open_bom(bill.number), *actions, Action("boms", _("All bills"))),
        crumb=bill.number,
    )
