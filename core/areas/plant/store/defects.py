"""Reading defects as they were known at a moment, and recording what became of them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.plant.model.defects import (
    UNFINISHED,
    CustomerReturn,
    Defect,
    DefectSeverity,
    DefectType,
    Flaw,
    InternalReject,
    RejectState,
    ReturnState,
)
from core.areas.plant.rules.defect_numbers import candidates
from core.areas.plant.store.defect_tables import rejects, returns
from core.areas.plant.store.filing import own_number
from core.areas.plant.store.stamps import maybe_moment, maybe_stamp
from core.errors import InputError, NotFoundError
from core.message import _
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Transaction
from core.store.versions import as_of, record

__all__ = ["all_defects", "defect_of", "defects_of_order", "record_defect", "unfinished_defects"]

_SAME = ("number", "order", "quantity", "description", "reported_by", "department")
_OF_REJECTS = ("product", "stage", "held", "decided_by", "note", "replacement", "replacement_quantity")


async def defect_of(connection: AsyncConnection, text: str, moment: datetime) -> Defect:
    """The defect that somebody means by a number, the chat's DEF-… and the backend's own included.

    Raises:
        InputError: it is no defect's number, or means two of them.
        NotFoundError: there is none.
    """
    found: list[Defect] = []
    for number in candidates(text):
        found += await _defects(connection, moment, number=number)
        if not found and (own := await own_number(connection, number, moment)) is not None:
            found += await _defects(connection, moment, number=own)
    if not found:
        raise NotFoundError(
            _("There is no defect “{number}”; “defects” lists them.", number=text.strip().upper()[:40])
        )
    if len(found) > 1:
        known = ", ".join(each.number for each in found)
        raise InputError(_("That may mean {known}; say which.", known=known))
    return found[0]


async def all_defects(connection: AsyncConnection, moment: datetime) -> list[Defect]:
    """Every reject and every return, the newest first."""
    return await _defects(connection, moment)


async def unfinished_defects(connection: AsyncConnection, moment: datetime) -> list[Defect]:
    """The rejects and returns that somebody still has to do something about, the newest first."""
    states = frozenset({*(each.value for each in UNFINISHED), ReturnState.OPEN.value})
    return await _defects(connection, moment, state=states)


async def defects_of_order(connection: AsyncConnection, order: str, moment: datetime) -> list[Defect]:
    """What went wrong with an order, the newest first."""
    return await _defects(connection, moment, order=order)


async def record_defect(transaction: Transaction, defect: Defect) -> None:
    """Record what a defect is like now."""
    if isinstance(defect, CustomerReturn):
        await record(transaction, returns, [_return_row(defect)])
    else:
        await record(transaction, rejects, [_reject_row(defect)])


async def _defects(connection: AsyncConnection, moment: datetime, **scope: object) -> list[Defect]:
    found: list[Defect] = [_reject(row) for row in await as_of(connection, rejects, moment, **scope)]
    found += [_return(row) for row in await as_of(connection, returns, moment, **scope)]
    return sorted(found, key=lambda each: (each.reported_at, each.number), reverse=True)


def _common_row(defect: Defect) -> dict[str, object]:
    return {
        **{name: getattr(defect, name) for name in _SAME},
        "severity": defect.severity.value,
        "state": defect.state.value,
        "reported_at": to_microseconds(defect.reported_at),
        "since": to_microseconds(defect.since),
    }


def _reject_row(reject: InternalReject) -> dict[str, object]:
    return {
        **_common_row(reject),
        **{name: getattr(reject, name) for name in _OF_REJECTS},
        "type": reject.type.value,
        "flaw": reject.flaw.value,
    }


def _reject(row: RowMapping) -> InternalReject:
    return InternalReject(
        **{name: row[name] for name in (*_SAME, *_OF_REJECTS)},
        severity=DefectSeverity(row["severity"]),
        state=RejectState(row["state"]),
        type=DefectType(row["type"]),
        flaw=Flaw(row["flaw"]),
        reported_at=from_microseconds(row["reported_at"]),
        since=from_microseconds(row["since"]),
    )


def _return_row(returned: CustomerReturn) -> dict[str, object]:
    return {
        **_common_row(returned),
        "returned_at": maybe_stamp(returned.returned_at),
        "resolution": returned.resolution,
        "resolved_by": returned.resolved_by,
        "cost": None if returned.cost is None else str(returned.cost),
        "credit": None if returned.credit is None else str(returned.credit),
    }


def _return(row: RowMapping) -> CustomerReturn:
    return CustomerReturn(
        **{name: row[name] for name in (*_SAME, "resolution", "resolved_by")},
        severity=DefectSeverity(row["severity"]),
        state=ReturnState(row["state"]),
        reported_at=from_microseconds(row["reported_at"]),
        since=from_microseconds(row["since"]),
        returned_at=maybe_moment(row["returned_at"]),
        cost=None if row["cost"] is None else Decimal(row["cost"]),
        credit=None if row["credit"] is None else Decimal(row["credit"]),
    )
