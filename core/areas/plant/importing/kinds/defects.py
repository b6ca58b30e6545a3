"""Internal rejects and customer returns as CSV."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.areas.plant.importing.cells import (
    AmountCell,
    FlagCell,
    MomentCell,
    NameCell,
    NumberCell,
    TextCell,
    WordCell,
)
from core.areas.plant.importing.kind import Accepted, ColumnError, Field, Kind, Mode, Values
from core.areas.plant.importing.kinds.orders import order_moved_event
from core.areas.plant.importing.world import PlantWorld
from core.areas.plant.model.defects import (
    CustomerReturn,
    Defect,
    DefectSeverity,
    DefectType,
    Flaw,
    InternalReject,
    RejectState,
    ReturnState,
)
from core.areas.plant.model.orders import OrderState
from core.areas.plant.rules.defect_events import defect_moved_event, defect_reported_event
from core.areas.plant.rules.defect_numbers import alias_of, twin_of
from core.areas.plant.rules.defects import hold_of, hold_reason, moved, resolved
from core.areas.plant.rules.holding import Hold
from core.areas.plant.rules.moves import Move, move
from core.areas.plant.rules.numbers import department_code, order_number, sequence_number
from core.errors import InputError
from core.event import Event
from core.message import _

__all__ = ["REJECTS", "RETURNS"]

_MOST_PIECES = 10_000_000
_LONGEST_STAGE = 200


def _reject_number(text: str) -> str:
    return _numbered(text, "RJT")


def _return_number(text: str) -> str:
    return _numbered(text, "RET")


def _numbered(text: str, prefix: str) -> str:
    found = sequence_number(text, {prefix: prefix})
    if found is None:
        raise InputError(
            _(
                "“{text}” isn’t a number like {example}.",
                text=text.strip()[:40],
                example=f"{prefix}-2026-0001",
            )
        )
    return found


def _add_reject(world: PlantWorld, values: Values) -> Accepted:
    _complete(world, values)
    values["product"] = values["product"] or world.order(values["order"]).product
    reject = InternalReject(**values)
    if reject.replacement_quantity > reject.quantity:
        raise ColumnError(
            "replacement_quantity",
            _("{defect} is of {count} pieces only.", defect=reject.number, count=reject.quantity),
        )
    return _arrived(world, reject)


def _add_return(world: PlantWorld, values: Values) -> Accepted:
    _complete(world, values)
    return _arrived(world, CustomerReturn(**values))


def _arrived(world: PlantWorld, defect: Defect) -> Accepted:
    """What a new defect leads to: as if it were reported now, unless somebody has dealt with it before."""
    twin = (twin_of(defect.number),)
    if twin in world.rejects or twin in world.returns:
        raise ColumnError(
            "number",
            _(
                "{alias} is {defect} already, so that chats couldn’t tell them apart; import it under "
                "another number.",
                alias=alias_of(defect.number),
                defect=twin[0],
            ),
        )
    wanted = world.holding.on_arrival(defect)
    defect, hold, done = _held(world, defect, wanted=wanted)
    events: list[Event] = []
    if defect.state in (RejectState.PENDING, ReturnState.OPEN) or done is not None:
        events.append(defect_reported_event(defect, hold, world.now))
    if done is None:
        return Accepted((defect,), tuple(events))
    return Accepted((defect, done.after), (*events, order_moved_event(world, done)))


def _held(world: PlantWorld, defect: Defect, *, wanted: bool) -> tuple[Defect, Hold, Move | None]:
    """The defect, what becomes of its order, and the order’s move where it is put on hold."""
    order = world.orders.get((defect.order,))
    hold = Hold.NOT_ASKED if order is None else hold_of(order, wanted=wanted)
    if order is None or hold is not Hold.PUT or not isinstance(defect, InternalReject):
        return defect, hold, None
    done = move(order, OrderState.ON_HOLD, world.now, hold_reason(defect))
    return replace(defect, held=True), hold, done


def _complete(world: PlantWorld, values: Values) -> None:
    """Fill in when it was reported, and insist that its order and department are there."""
    order = world.order(values["order"])
    world.need_department(values["department"])
    if values["quantity"] > order.quantity:
        raise ColumnError(
            "quantity", _("{order} is of {count} pieces only.", order=order.number, count=order.quantity)
        )
    values["reported_at"] = values["reported_at"] or world.now
    values["since"] = values["since"] or values["reported_at"]


def _change_reject(world: PlantWorld, before: Any, changed: Values, following: Values) -> Accepted:
    """A reject without stock puts its order on hold, by the configured rule."""
    world.need_department(changed.get("department", ""))
    to: RejectState | None = changed.pop("state", None)
    reject: InternalReject = replace(before, **changed)
    if to is None:
        return Accepted((reject,))
    note, pieces = following.get("note", ""), following.get("replacement_quantity")
    replacement = following.get("replacement", "")
    reject = moved(reject, to, world.now, world.by, note, replacement=replacement, pieces=pieces)
    event = defect_moved_event(reject, world.now)
    after, _hold, done = _held(world, reject, wanted=world.holding.on_move(to))
    if done is None:
        return Accepted((after,), (event,))
    return Accepted((after, done.after), (event, order_moved_event(world, done)))


def _change_return(world: PlantWorld, before: Any, changed: Values, following: Values) -> Accepted:
    world.need_department(changed.get("department", ""))
    to: ReturnState | None = changed.pop("state", None)
    returned: CustomerReturn = replace(before, **changed)
    if to is None:
        return Accepted((returned,))
    if to is ReturnState.OPEN:
        raise ColumnError("state", _("{defect} is resolved, and stays so.", defect=returned.number))
    resolution = following.get("resolution", "")
    if not resolution:
        raise ColumnError("resolution", _("Say what was done about it."))
    returned = resolved(
        returned, world.now, world.by, resolution, following.get("cost"), following.get("credit")
    )
    return Accepted((returned,), (defect_moved_event(returned, world.now),))


_ORDER = Field("order", NameCell(order_number), ("order_number", "order_id"), mode=Mode.FIXED, required=True)
_SEVERITY = Field("severity", WordCell(DefectSeverity), default=DefectSeverity.MEDIUM)
_DEPARTMENT = Field("department", NameCell(department_code), ("department_id", "department_code"))
_REPORTED = (
    Field("reported_by", TextCell(200), ("reported_by_id", "created_by"), mode=Mode.FIXED),
    Field("reported_at", MomentCell(), ("created_at",), mode=Mode.FIXED),
    Field("since", MomentCell(), ("updated_at",), mode=Mode.FOLLOWS),
)

REJECTS = Kind(
    "rejects",
    _("Internal rejects"),
    ("number",),
    (
        Field("number", NameCell(_reject_number), ("ticket_number", "defect"), required=True),
        _ORDER,
        Field("type", WordCell(DefectType), mode=Mode.FIXED, default=DefectType.INTERNAL_REJECT),
        _SEVERITY,
        Field(
            "quantity",
            NumberCell(1, _MOST_PIECES),
            ("quantity_rejected",),
            mode=Mode.FIXED,
            required=True,
        ),
        Field("flaw", WordCell(Flaw), ("defect_type",), default=Flaw.OTHER),
        Field("product", TextCell(200), ("product_id", "product_name")),
        Field("stage", TextCell(_LONGEST_STAGE), ("production_stage",)),
        _DEPARTMENT,
        Field("description", TextCell(), ("reason",), required=True),
        Field("state", WordCell(RejectState), ("status",), default=RejectState.PENDING),
        Field("note", TextCell(), mode=Mode.FOLLOWS),
        Field("decided_by", TextCell(200), ("approved_by", "approved_by_id"), mode=Mode.FOLLOWS),
        Field(
            "replacement",
            TextCell(40),
            ("replacement_ticket", "replacement_ticket_number"),
            mode=Mode.FOLLOWS,
        ),
        Field("replacement_quantity", NumberCell(0, _MOST_PIECES), mode=Mode.FOLLOWS, default=0),
        Field("held", FlagCell(), mode=Mode.FOLLOWS, default=False),
        *_REPORTED,
    ),
    lambda world: world.rejects,
    _add_reject,
    _change_reject,
)

RETURNS = Kind(
    "returns",
    _("Customer returns"),
    ("number",),
    (
        Field("number", NameCell(_return_number), ("ticket_number", "defect"), required=True),
        _ORDER,
        _SEVERITY,
        Field(
            "quantity",
            NumberCell(1, _MOST_PIECES),
            ("quantity_returned",),
            mode=Mode.FIXED,
            required=True,
        ),
        _DEPARTMENT,
        Field("description", TextCell(), ("reason",), required=True),
        Field("returned_at", MomentCell(), ("return_date",)),
        Field("state", WordCell(ReturnState), ("status",), default=ReturnState.OPEN),
        Field("resolution", TextCell(), mode=Mode.FOLLOWS),
        Field("resolved_by", TextCell(200), mode=Mode.FOLLOWS),
        Field("cost", AmountCell(), mode=Mode.FOLLOWS),
        Field("credit", AmountCell(), ("credit_amount",), mode=Mode.FOLLOWS),
        *_REPORTED,
    ),
    lambda world: world.returns,
    _add_return,
    _change_return,
)
