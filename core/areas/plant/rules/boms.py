"""What a change in a bill of materials comes to, and who may decide about it (whatsapp.md A2.6).

Nothing is changed by asking: an approved request makes the next version, and the earlier one is no longer
active. Whoever asked can't approve it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from core.areas.plant.model.boms import BillOfMaterials, ChangeRequest, Component, RequestState
from core.errors import InputError, RefusedError
from core.message import _

__all__ = [
    "Approval",
    "approved",
    "changed_components",
    "check_taking_out",
    "cost_change",
    "refused",
    "stale",
]


@dataclass(frozen=True, slots=True)
class Approval:
    """What an approval leads to: the request as decided, the version that was active, and the one that is."""

    request: ChangeRequest
    before: BillOfMaterials
    after: BillOfMaterials


def changed_components(bill: BillOfMaterials, request: ChangeRequest) -> tuple[Component, ...]:
    """The bill's components with the change in them: changed in its place, added at the end, or taken out.

    Raises:
        InputError: it changes nothing, takes out what isn't there, or would leave nothing.
    """
    if request.quantity == 0:
        taken_out = check_taking_out(bill, request.component)
        return tuple(each for each in bill.components if each is not taken_out)
    known = bill.component(request.component)
    if known is None:
        added = Component(
            request.component, request.name or request.component, request.quantity, request.unit_cost
        )
        return (*bill.components, added)
    wanted = replace(
        known, quantity=request.quantity, unit_cost=request.unit_cost, name=request.name or known.name
    )
    if wanted == known:
        raise InputError(
            _(
                "{parameter}: {component} is like that in {bom} already.",
                parameter="quantity",
                component=known.code,
                bom=bill.number,
            )
        )
    return tuple(wanted if each is known else each for each in bill.components)


def check_taking_out(bill: BillOfMaterials, code: str) -> Component:
    """The component that is to be taken out of a bill.

    Raises:
        InputError: it isn't there, or nothing would be left.
    """
    known = bill.component(code)
    if known is None:
        raise InputError(
            _(
                "{parameter}: {bom} has no {component} to take out.",
                parameter="component",
                bom=bill.number,
                component=code,
            )
        )
    if len(bill.components) == 1:
        raise InputError(
            _(
                "{parameter}: {component} is all that {bom} is made of, and can’t be taken out.",
                parameter="quantity",
                component=known.code,
                bom=bill.number,
            )
        )
    return known


def cost_change(before: Decimal, after: Decimal) -> Decimal | None:
    """By how many percent the cost changes; nothing where there was none before to measure it by."""
    if before == 0:
        return None
    return (after - before) * 100 / before


def stale(request: ChangeRequest, base: BillOfMaterials, active: BillOfMaterials) -> bool:
    """Whether what the request is about has been changed since it was asked for."""
    return base.component(request.component) != active.component(request.component)


def approved(
    request: ChangeRequest,
    base: BillOfMaterials,
    active: BillOfMaterials,
    at: datetime,
    by: str,
    reason: str = "",
) -> Approval:
    """The request as approved, the next version with the change in it, and the earlier one as it was left.

    Raises:
        RefusedError: it was decided already, or is one's own, or the bill has become another one meanwhile.
    """
    _insist_open(request)
    if by == request.asked_by:
        raise RefusedError(
            _("You asked for {request} yourself; somebody else has to approve it.", request=request.number)
        )
    if stale(request, base, active):
        raise RefusedError(
            _(
                "{component} was changed since {request} was asked for; refuse it and ask anew.",
                component=request.component,
                request=request.number,
            )
        )
    version = active.version + 1
    after = replace(
        active,
        version=version,
        components=changed_components(active, request),
        made_by=by,
        made_at=at,
        request=request.number,
    )
    decided = _decided(request, RequestState.APPROVED, at, by, reason)
    return Approval(replace(decided, made_version=version), replace(active, active=False), after)


def refused(request: ChangeRequest, at: datetime, by: str, reason: str) -> ChangeRequest:
    """The request as refused, or taken back by whoever asked."""
    _insist_open(request)
    return _decided(request, RequestState.REFUSED, at, by, reason)


def _decided(
    request: ChangeRequest, state: RequestState, at: datetime, by: str, reason: str
) -> ChangeRequest:
    return replace(request, state=state, decided_at=at, decided_by=by, decision_reason=reason)


def _insist_open(request: ChangeRequest) -> None:
    if request.state is RequestState.PENDING:
        return
    told = {"request": request.number, "person": request.decided_by}
    if request.state is RequestState.APPROVED:
        raise RefusedError(_("{request} was approved by {person} already.", **told))
    raise RefusedError(_("{request} was refused by {person} already.", **told))
