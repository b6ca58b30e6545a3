"""Bills of materials: adding one, asking for a change, and deciding about it."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Outcome, Request
from core.areas.plant.model.boms import BillOfMaterials, ChangeRequest, Component, RequestState
from core.areas.plant.pages.bom_written import added_page, approved_page, refused_page, requested_page
from core.areas.plant.pages.quality_blocks import amount
from core.areas.plant.rules import boms as rules
from core.areas.plant.rules.bom_events import bom_added_event, bom_decided_event, bom_requested_event
from core.areas.plant.rules.bom_numbers import BOM_PREFIX, REQUEST_PREFIX, bom_number, request_number
from core.areas.plant.rules.filing import bill_of
from core.areas.plant.settings import PlantSettings
from core.areas.plant.store.boms import (
    active_bom,
    record_boms,
    record_request,
    request_of,
    requests_about,
    version_of,
    versions_of,
)
from core.areas.plant.store.history import note_down
from core.areas.plant.store.sequences import next_number
from core.areas.plant.writes.filing import ask_filing
from core.areas.plant.writes.quality_turn import author, given
from core.areas.plant.writes.turn import words
from core.errors import InputError, NotFoundError, RefusedError
from core.message import _
from core.notify.delivery.turn import take_turn
from core.store.store import Transaction
from core.store.versions import NEWEST
from core.units import Money

__all__ = ["apply_add", "apply_approve", "apply_refuse", "apply_request"]

_LONGEST_NAME = 200


async def apply_add(request: Request, transaction: Transaction) -> Outcome:
    """Add a bill, whose first version is active at once.

    Raises:
        RefusedError: there is one of that number.
    """
    await take_turn(transaction)
    now = transaction.recorded_at
    number = request.text("bom") or await _free_number(transaction)
    if await _is_known(transaction.connection, number):
        raise RefusedError(_("There is a bill {bom} already; “bom” asks for a change in it.", bom=number))
    bill = BillOfMaterials(
        number=number,
        version=1,
        product=words(request, "product", _LONGEST_NAME),
        components=cast("tuple[Component, ...]", request.arguments["components"]),
        made_by=author(request),
        made_at=now,
    )
    await record_boms(transaction, [bill])
    await note_down(transaction, number, bill.made_by, _("Version {version} was added.", version=1))
    await transaction.emit(bom_added_event(bill))
    return Outcome(added_page(request, bill), f"bom:{number}", {}, _audited(bill))


async def apply_request(request: Request, transaction: Transaction) -> Outcome:
    """Ask for a change, which is not made before somebody else approves it.

    Raises:
        NotFoundError: there is no such bill.
        InputError: it would change nothing, or leave nothing.
    """
    await take_turn(transaction)
    number, now = request.text("bom") or "", transaction.recorded_at
    bill = await given("bom", active_bom(transaction.connection, number, NEWEST))
    component, quantity = request.text("component") or "", cast("Decimal", request.arguments["quantity"])
    known, unit_cost = bill.component(component), cast("Decimal | None", request.arguments.get("unit_cost"))
    if unit_cost is None:  # what is taken out is spared of it
        unit_cost = Decimal(0) if known is None else known.unit_cost
    asked = ChangeRequest(
        number=await next_number(transaction, REQUEST_PREFIX, now),
        bom=bill.number,
        base_version=bill.version,
        component=component,
        quantity=quantity,
        unit_cost=unit_cost,
        asked_by=author(request),
        asked_at=now,
        name=words(request, "name", _LONGEST_NAME),
        reason=words(request, "reason"),
    )
    cost = sum((each.cost for each in rules.changed_components(bill, asked)), Decimal(0))
    change = rules.cost_change(bill.cost, cost)
    await record_request(transaction, asked)
    said = _(
        "{request} asks for {quantity} of {component} at {unit_cost} each.",
        request=asked.number,
        quantity=amount(asked.quantity),
        component=asked.component,
        unit_cost=Money(asked.unit_cost, request.services.settings.of(PlantSettings).currency),
    )
    await note_down(transaction, bill.number, asked.asked_by, said, asked.reason)
    await transaction.emit(bom_requested_event(asked, change))
    page = requested_page(request, bill, asked, change)
    return Outcome(page, f"bom:{bill.number}", {}, _audited_request(asked))


async def apply_approve(request: Request, transaction: Transaction) -> Outcome:
    """Make the next version, by which the earlier one is no longer active.

    Raises:
        RefusedError: it is one's own request, was decided already, or has been overtaken.
    """
    await take_turn(transaction)
    connection = transaction.connection
    asked = await given("request", _meant(connection, request.text("request") or ""))
    active = await active_bom(connection, asked.bom, NEWEST)
    base = await version_of(connection, asked.bom, asked.base_version, NEWEST)
    done = rules.approved(
        asked, base, active, transaction.recorded_at, author(request), words(request, "reason")
    )
    change = rules.cost_change(done.before.cost, done.after.cost)
    await record_boms(transaction, [done.before, done.after])
    await record_request(transaction, done.request)
    said = _(
        "{request} was approved; version {version} is active.",
        request=asked.number,
        version=done.after.version,
    )
    await note_down(transaction, asked.bom, done.request.decided_by, said, done.request.decision_reason)
    await transaction.emit(bom_decided_event(done.request, transaction.recorded_at, change))
    page = approved_page(request, done, change)
    filing = bill_of(done.after, transaction.recorded_at)
    page = await ask_filing(request, transaction, filing, page)
    return Outcome(page, f"bom:{asked.bom}", _audited(active), _audited(done.after))


async def apply_refuse(request: Request, transaction: Transaction) -> Outcome:
    """Refuse a request, or take one's own back; the bill stays as it is.

    Raises:
        RefusedError: it was decided already.
    """
    await take_turn(transaction)
    connection = transaction.connection
    asked = await given("request", _meant(connection, request.text("request") or ""))
    after = rules.refused(asked, transaction.recorded_at, author(request), words(request, "reason"))
    await record_request(transaction, after)
    said = _("{request} was refused.", request=asked.number)
    await note_down(transaction, asked.bom, after.decided_by, said, after.decision_reason)
    await transaction.emit(bom_decided_event(after, transaction.recorded_at, None))
    active = await active_bom(connection, asked.bom, NEWEST)
    page = refused_page(request, active, after)
    return Outcome(page, f"bom:{asked.bom}", _audited_request(asked), _audited_request(after))


async def _meant(connection: AsyncConnection, text: str) -> ChangeRequest:
    """The request of that number, or the one that waits for approval about a bill of that number.

    Raises:
        NotFoundError: there is none.
        InputError: several wait.
    """
    number = request_number(text)
    if number is not None:
        return await request_of(connection, number, NEWEST)
    bom = bom_number(text)
    waiting = [
        each for each in await requests_about(connection, bom, NEWEST) if each.state is RequestState.PENDING
    ]
    if not waiting:
        raise NotFoundError(_("No request about {bom} waits for approval.", bom=bom))
    if len(waiting) > 1:
        known = ", ".join(each.number for each in waiting)
        raise InputError(_("Several requests wait; say which: {known}.", known=known))
    return waiting[0]


async def _free_number(transaction: Transaction) -> str:
    """The next number that nobody has given to a bill by hand."""
    number = await next_number(transaction, BOM_PREFIX, transaction.recorded_at)
    while await _is_known(transaction.connection, number):
        number = await next_number(transaction, BOM_PREFIX, transaction.recorded_at)
    return number


async def _is_known(connection: AsyncConnection, number: str) -> bool:
    try:
        await versions_of(connection, number, NEWEST)
    except NotFoundError:
        return False
    return True


def _audited(bill: BillOfMaterials) -> dict[str, object]:
    return {"version": bill.version, "cost": str(bill.cost), "components": len(bill.components)}


def _audited_request(request: ChangeRequest) -> dict[str, object]:
    return {
        "request": request.number,
        "component": request.component,
        "quantity": str(request.quantity),
        "unit_cost": str(request.unit_cost),
        "state": request.state.value,
    }
