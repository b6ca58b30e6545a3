"""One bill of materials: its components, its versions with what each changed in the cost, its requests."""

from __future__ import annotations

from typing import cast

from core.area import Request
from core.areas.plant.model.boms import BillOfMaterials, RequestState
from core.areas.plant.pages.bom_blocks import (
    active_state,
    component_table,
    open_bom,
    request_actions,
    request_table,
    version_table,
)
from core.areas.plant.pages.filing import filing_notes
from core.areas.plant.pages.quality_blocks import history_timeline, text_or
from core.areas.plant.rules.filing import bill_number
from core.areas.plant.settings import PlantSettings
from core.areas.plant.store.boms import requests_about, versions_of
from core.areas.plant.store.history import history_of
from core.errors import NotFoundError
from core.message import _, plural
from core.page import Action, Fact, Facts, Note, Page, Place, SourceState
from core.staleness import past_notes
from core.units import Instant, Money, Severity, State

__all__ = ["bom_page"]


async def bom_page(request: Request) -> Page:
    """The version that was asked for, or the one that is worked by.

    Raises:
        NotFoundError: there is no such bill, or no such version of it.
    """
    moment, number = request.moment, request.text("bom") or ""
    async with request.services.store.reading() as connection:
        versions = await versions_of(connection, number, moment)
        asked = await requests_about(connection, number, moment)
        history = await history_of(connection, number, moment)
        bill = _chosen(versions, cast("int | None", request.arguments.get("version")))
        filed = await filing_notes(connection, bill_number(bill), moment)
    currency = request.services.settings.of(PlantSettings).currency
    waiting = [each for each in asked if each.state is RequestState.PENDING]
    notes: list[Note] = []
    if waiting:
        text = plural(
            "{count} request waits for approval.", "{count} requests wait for approval.", len(waiting)
        )
        notes.append(Note("waiting", text, Severity.WARNING))
    verdict = active_state(bill)
    if waiting and bill.active:
        verdict = State(Severity.WARNING, _("APPROVAL PENDING"))
    decisions = [action for each in waiting for action in request_actions(each, request.principal.name)]
    return Page(
        key=f"plant.bom.{number}",
        title=_("Bill of materials"),
        verdict=verdict,
        blocks=(
            *past_notes(request, SourceState()),
            *notes,
            *filed,
            component_table(bill, currency, request.query),
            _facts(bill, currency),
            request_table(asked, currency, request.query),
            version_table(versions, currency, request.query),
            history_timeline(history),
        ),
        actions=(
            Action("bom", _("Ask for a change"), (("bom", number),)),
            *decisions,
            *(() if bill.active else (open_bom(number),)),
            Action("boms", _("All bills")),
        ),
        as_of=moment,
        crumb=_("{bom} · version {version}", bom=number, version=bill.version),
    )


def _chosen(versions: list[BillOfMaterials], version: int | None) -> BillOfMaterials:
    if version is None:
        return next((each for each in versions if each.active), versions[0])
    for each in versions:
        if each.version == version:
            return each
    newest = versions[0]
    raise NotFoundError(
        _(
            "{bom} has no version {version}; its newest is {newest}.",
            bom=newest.number,
            version=version,
            newest=newest.version,
        )
    )


def _facts(bill: BillOfMaterials, currency: str) -> Facts:
    facts = (
        Fact(_("Bill"), bill.number),
        Fact(_("Product"), bill.product),
        Fact(_("Version"), bill.version, None if bill.active else _("it is no longer worked by")),
        Fact(_("State"), active_state(bill)),
        Fact(_("Cost"), Money(bill.cost, currency)),
        Fact(_("Updated"), Instant(bill.made_at), _("by {person}", person=bill.made_by)),
        Fact(_("Request"), text_or(bill.request, _("none"))),
    )
    return Facts("bill", _("The bill"), facts, Place.SIDE)
