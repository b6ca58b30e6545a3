"""The life of a defect: where a reject may go from each state, and how a return ends (whatsapp.md A3).

Every move takes a defect and gives the defect after it. One that isn't legal raises `RefusedError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from core.areas.plant.model.defects import (
    CustomerReturn,
    Defect,
    DefectType,
    InternalReject,
    RejectState,
    ReturnState,
)
from core.areas.plant.model.orders import Order, OrderState
from core.areas.plant.rules.holding import Hold
from core.areas.plant.rules.moves import can_hold
from core.areas.plant.rules.quality_states import defect_state, reject_word, severity_state
from core.areas.plant.rules.state_words import order_word
from core.errors import InputError, RefusedError
from core.message import Message, _, listed

__all__ = [
    "LEGAL",
    "check_order",
    "check_pieces",
    "check_type",
    "hold_of",
    "hold_reason",
    "moved",
    "refusal",
    "resolved",
]

_S = RejectState

LEGAL: Mapping[RejectState, frozenset[RejectState]] = MappingProxyType(
    {
        _S.PENDING: frozenset({_S.APPROVED, _S.REJECTED}),
        _S.APPROVED: frozenset({_S.REPLACEMENT_PROCESSED, _S.NO_STOCK, _S.REJECTED, _S.ARCHIVED}),
        _S.NO_STOCK: frozenset({_S.REPLACEMENT_PROCESSED, _S.ARCHIVED}),
        _S.REPLACEMENT_PROCESSED: frozenset({_S.ARCHIVED}),
        _S.REJECTED: frozenset({_S.ARCHIVED}),
        _S.ARCHIVED: frozenset(),
    }
)
"""Where a reject may go from each state. What had no stock can be replaced once there is some."""

_NEEDS_NOTE = frozenset({_S.REJECTED})
"""The states that nobody puts a reject into without saying why."""

_ADVICE: Mapping[RejectState, Message] = MappingProxyType(
    {
        _S.PENDING: _("it can’t be pending again"),
        _S.APPROVED: _("only a pending one can be approved"),
        _S.REPLACEMENT_PROCESSED: _("only one that was approved or had no stock can be replaced"),
        _S.NO_STOCK: _("only an approved one can lack stock"),
        _S.REJECTED: _("only one that is pending or approved can be rejected"),
        _S.ARCHIVED: _("it must be decided before it can be archived"),
    }
)


def check_order(order: Order, type_: DefectType | None) -> None:
    """Insist that such a defect can be of that order; of a type that nobody knows yet, that any can.

    A reject is found while an order is worked on. A customer sends back what was delivered, so that a return
    may be of a completed or archived order, too.

    Raises:
        InputError: it can't; the sentence names the parameter to be given anew.
    """
    returnable = type_ in (None, DefectType.RETURN) and order.state is not OrderState.CANCELLED
    if not order.active and not returnable:
        raise InputError(
            _(
                "{parameter}: {order} is {state}; a defect needs an order that is worked on.",
                parameter="order",
                order=order.number,
                state=order_word(order.state),
            )
        )


def check_type(order: Order, type_: DefectType | None) -> None:
    """Insist that a defect of that type can be of the order, of which others may.

    Raises:
        InputError: only a return can; the sentence names the parameter to be given anew.
    """
    if order.active or order.state is OrderState.CANCELLED or type_ is DefectType.RETURN:
        check_order(order, type_)
        return
    raise InputError(
        _(
            "{parameter}: {order} is {state}; only a return can be reported of it.",
            parameter="type",
            order=order.number,
            state=order_word(order.state),
        )
    )


def check_pieces(order: Order, quantity: int) -> None:
    """Insist that an order is of as many pieces as are said to be wrong.

    Raises:
        InputError: it is of fewer.
    """
    if quantity > order.quantity:
        raise InputError(
            _(
                "{parameter}: {order} is of {count} pieces only.",
                parameter="quantity",
                order=order.number,
                count=order.quantity,
            )
        )


def hold_of(order: Order, *, wanted: bool) -> Hold:
    """What becomes of the order of a defect, which is put on hold where that is `wanted` and it can be."""
    if order.state is OrderState.ON_HOLD:
        return Hold.ALREADY
    if not wanted:
        return Hold.NOT_ASKED
    return Hold.PUT if can_hold(order) else Hold.IMPOSSIBLE


def hold_reason(defect: Defect) -> Message:
    """Why a defect puts its order on hold."""
    if defect.state is _S.NO_STOCK:
        return _("{defect}: {state}", defect=defect.number, state=defect_state(defect).word)
    severity = severity_state(defect.severity).word
    return _("{defect}: severity {severity}", defect=defect.number, severity=severity)


def refusal(reject: InternalReject, to: RejectState) -> Message | None:
    """Why the reject can't come into that state now, or nothing when it can."""
    if to in LEGAL[reject.state]:
        return None
    state = reject_word(reject.state)
    if to is reject.state:
        return _("{defect} is {state} already.", defect=reject.number, state=state)
    if not LEGAL[reject.state]:
        return _("{defect} is {state}, which is final.", defect=reject.number, state=state)
    legal = listed([reject_word(each) for each in _S if each in LEGAL[reject.state]])
    return _(
        "{defect} is {state}: {advice}. It can become: {legal}.",
        defect=reject.number,
        state=state,
        advice=_ADVICE[to],
        legal=legal,
    )


def moved(
    reject: InternalReject,
    to: RejectState,
    at: datetime,
    by: str,
    note: str = "",
    *,
    replacement: str = "",
    pieces: int | None = None,
) -> InternalReject:
    """The reject in another state.

    `replacement` names what `pieces` are made again under, all of them where nobody says how many.

    Raises:
        RefusedError: it can't go there from where it is.
        InputError: why is missing where it is needed, or more is replaced than was rejected.
    """
    refused = refusal(reject, to)
    if refused is not None:
        raise RefusedError(refused)
    if to in _NEEDS_NOTE and not note:
        raise InputError(
            _("{parameter}: say why {defect} is rejected.", parameter="note", defect=reject.number)
        )
    after = replace(reject, state=to, since=at, note=note)
    if to in (_S.APPROVED, _S.REJECTED):
        after = replace(after, decided_by=by)
    if to is _S.REPLACEMENT_PROCESSED:
        made = reject.quantity if pieces is None else pieces
        if made > reject.quantity:
            raise InputError(
                _(
                    "{parameter}: {defect} is of {count} pieces only.",
                    parameter="pieces",
                    defect=reject.number,
                    count=reject.quantity,
                )
            )
        after = replace(after, replacement=replacement, replacement_quantity=made)
    return after


def resolved(
    returned: CustomerReturn,
    at: datetime,
    by: str,
    resolution: str,
    cost: Decimal | None = None,
    credit: Decimal | None = None,
) -> CustomerReturn:
    """The return as dealt with: what was done about it, and what that came to.

    Raises:
        RefusedError: it was dealt with already.
    """
    if returned.state is ReturnState.RESOLVED:
        raise RefusedError(
            _(
                "{defect} was resolved by {person} already.",
                defect=returned.number,
                person=returned.resolved_by,
            )
        )
    return replace(
        returned,
        state=ReturnState.RESOLVED,
        since=at,
        resolved_by=by,
        resolution=resolution,
        cost=cost,
        credit=credit,
    )
