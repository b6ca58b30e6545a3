"""Bills of materials: looking at them, asking for a change, and deciding about it (whatsapp.md A2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.plant.commands.parameters import optional, required
from core.areas.plant.commands.quality_parameters import (
    BOM,
    COMPONENT,
    REQUEST,
    AmountType,
    ComponentsType,
)
from core.areas.plant.rules.amounts import read_amount
from core.command import Command, Effect, NumberType, Parameter
from core.errors import InputError
from core.message import Message, _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["BOM_VERBS"]


async def _list(request: Request) -> Page:
    from core.areas.plant.pages.boms import boms_page

    return await boms_page(request)


async def _show(request: Request) -> Page:
    from core.areas.plant.pages.bom import bom_page

    return await bom_page(request)


async def _ask(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.boms import apply_request

    return await apply_request(request, transaction)


async def _added(request: Request) -> Message | None:
    from core.areas.plant.commands.checks import bill_given
    from core.areas.plant.pages.bom_written import addition

    bill, component = await bill_given(request), request.text("component")
    return addition(bill, component) if bill is not None and component else None


def _takes_out(given: Mapping[str, str]) -> bool:
    """Whether nothing of the component is wanted any more, so that its cost doesn't matter."""
    try:
        return read_amount(given.get("quantity", "")) == 0
    except InputError:
        return False


async def _approve(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.boms import apply_approve

    return await apply_approve(request, transaction)


async def _refuse(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.boms import apply_refuse

    return await apply_refuse(request, transaction)


async def _add(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.boms import apply_add

    return await apply_add(request, transaction)


BOM_VERBS = (
    Verb(Command("boms", _("Bills of materials, and the requests that wait for approval")), Read(_list)),
    Verb(
        Command(
            "bom",
            _("Ask for a change in a bill of materials, which somebody else approves"),
            (
                BOM,
                COMPONENT,
                Parameter(
                    "quantity",
                    _("How much of it for one piece? 0 takes it out."),
                    AmountType(),
                    required=True,
                    source="plant bom quantity",
                ),
                Parameter(
                    "unit_cost",
                    _("What does one unit of it cost?"),
                    AmountType(),
                    required=True,
                    spared=_takes_out,
                ),
                optional("name", _("What is the component called?"), 200),
                optional("reason", _("Why is it to be changed?")),
            ),
            effect=Effect.WRITE,
        ),
        Write(_ask, touches=_added),
    ),
    Verb(
        Command(
            "bom show",
            _("One bill of materials: its components, versions and requests"),
            (BOM, Parameter("version", _("Which version? None said: the active one."), NumberType(1, 9_999))),
        ),
        Read(_show),
    ),
    Verb(
        Command(
            "bom approve",
            _("Approve somebody else’s request, which makes the bill’s next version"),
            (REQUEST, optional("reason", _("Anything to say about it?"))),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_approve),
    ),
    Verb(
        Command(
            "bom refuse",
            _("Refuse a request; the bill stays as it is"),
            (REQUEST, required("reason", _("Why is it refused?"))),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_refuse),
    ),
    Verb(
        Command(
            "bom add",
            _("Add a bill of materials"),
            (
                required("product", _("Of which product?"), 200),
                Parameter(
                    "components",
                    _(
                        "Of what is it made? Code, quantity and unit cost of each, like "
                        "“FAB-01 2.5 4.20; THR-02 1 0.80”."
                    ),
                    ComponentsType(),
                    required=True,
                ),
                Parameter("bom", _("Which number does it get? None said: the next one."), BOM.type),
            ),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_add),
    ),
)
