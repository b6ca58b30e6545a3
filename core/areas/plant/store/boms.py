"""Reading bills of materials and requests as they were known at a moment, and recording them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.plant.model.boms import BillOfMaterials, ChangeRequest, Component, RequestState
from core.areas.plant.store.bom_tables import boms, requests
from core.areas.plant.store.stamps import maybe_moment, maybe_stamp
from core.errors import NotFoundError
from core.message import _
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Transaction
from core.store.versions import as_of, record

__all__ = [
    "active_bom",
    "active_boms",
    "all_requests",
    "all_versions",
    "record_boms",
    "record_request",
    "request_of",
    "requests_about",
    "version_of",
    "versions_of",
]

_OF_REQUESTS = (
    *("number", "bom", "base_version", "component", "asked_by", "name", "reason", "decided_by"),
    *("decision_reason", "made_version"),
)


async def versions_of(connection: AsyncConnection, number: str, moment: datetime) -> list[BillOfMaterials]:
    """Every version of a bill there was by then, the newest first.

    Raises:
        NotFoundError: there is no such bill.
    """
    found = [_bom(row) for row in await as_of(connection, boms, moment, number=number)]
    if not found:
        raise NotFoundError(
            _("There is no bill of materials {number}; “boms” lists them.", number=number[:40])
        )
    return sorted(found, key=lambda each: each.version, reverse=True)


async def active_bom(connection: AsyncConnection, number: str, moment: datetime) -> BillOfMaterials:
    """The version of a bill that is worked by; its newest where none is.

    Raises:
        NotFoundError: there is no such bill.
    """
    versions = await versions_of(connection, number, moment)
    return next((each for each in versions if each.active), versions[0])


async def version_of(
    connection: AsyncConnection, number: str, version: int, moment: datetime
) -> BillOfMaterials:
    """One version of a bill.

    Raises:
        NotFoundError: there is none.
    """
    for each in await versions_of(connection, number, moment):
        if each.version == version:
            return each
    raise NotFoundError(_("{number} has no version {version}.", number=number, version=version))


async def active_boms(connection: AsyncConnection, moment: datetime) -> list[BillOfMaterials]:
    """The version of each bill that is worked by, by number."""
    return [_bom(row) for row in await as_of(connection, boms, moment, active=True)]


async def all_versions(connection: AsyncConnection, moment: datetime) -> list[BillOfMaterials]:
    """Every version of every bill, by number and version."""
    return [_bom(row) for row in await as_of(connection, boms, moment)]


async def all_requests(connection: AsyncConnection, moment: datetime) -> list[ChangeRequest]:
    """Every request, the newest first."""
    return _newest_first([_request(row) for row in await as_of(connection, requests, moment)])


async def requests_about(connection: AsyncConnection, number: str, moment: datetime) -> list[ChangeRequest]:
    """The requests about a bill, the newest first."""
    return _newest_first([_request(row) for row in await as_of(connection, requests, moment, bom=number)])


async def request_of(connection: AsyncConnection, number: str, moment: datetime) -> ChangeRequest:
    """The request of that number.

    Raises:
        NotFoundError: there is none.
    """
    rows = await as_of(connection, requests, moment, number=number)
    if not rows:
        raise NotFoundError(_("There is no request {number}; “boms” lists them.", number=number[:40]))
    return _request(rows[0])


async def record_boms(transaction: Transaction, changed: Sequence[BillOfMaterials]) -> None:
    """Record what versions of bills are like now."""
    await record(transaction, boms, [_bom_row(each) for each in changed])


async def record_request(transaction: Transaction, request: ChangeRequest) -> None:
    """Record what a request is like now."""
    row: dict[str, object] = {
        **{name: getattr(request, name) for name in _OF_REQUESTS},
        "quantity": str(request.quantity),
        "unit_cost": str(request.unit_cost),
        "state": request.state.value,
        "asked_at": to_microseconds(request.asked_at),
        "decided_at": maybe_stamp(request.decided_at),
    }
    await record(transaction, requests, [row])


def _newest_first(found: list[ChangeRequest]) -> list[ChangeRequest]:
    return sorted(found, key=lambda each: (each.asked_at, each.number), reverse=True)


def _bom_row(bill: BillOfMaterials) -> dict[str, object]:
    components = [
        {
            "code": each.code,
            "name": each.name,
            "quantity": str(each.quantity),
            "unit_cost": str(each.unit_cost),
            "specifications": each.specifications,
        }
        for each in bill.components
    ]
    return {
        "number": bill.number,
        "version": bill.version,
        "product": bill.product,
        "components": json.dumps(components, ensure_ascii=False),
        "made_by": bill.made_by,
        "made_at": to_microseconds(bill.made_at),
        "active": bill.active,
        "request": bill.request,
    }


def _bom(row: RowMapping) -> BillOfMaterials:
    components = tuple(
        Component(
            code=each["code"],
            name=each["name"],
            quantity=Decimal(each["quantity"]),
            unit_cost=Decimal(each["unit_cost"]),
            specifications=each["specifications"],
        )
        for each in json.loads(row["components"])
    )
    return BillOfMaterials(
        number=row["number"],
        version=row["version"],
        product=row["product"],
        components=components,
        made_by=row["made_by"],
        made_at=from_microseconds(row["made_at"]),
        active=row["active"],
        request=row["request"],
    )


def _request(row: RowMapping) -> ChangeRequest:
    return ChangeRequest(
        **{name: row[name] for name in _OF_REQUESTS},
        quantity=Decimal(row["quantity"]),
        unit_cost=Decimal(row["unit_cost"]),
        state=RequestState(row["state"]),
        asked_at=from_microseconds(row["asked_at"]),
        decided_at=maybe_moment(row["decided_at"]),
    )
