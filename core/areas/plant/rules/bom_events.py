"""What the event log says of bills of materials. Its titles never quote what somebody wrote."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from core.areas.plant.model.boms import BillOfMaterials, ChangeRequest
from core.areas.plant.rules.quality_states import request_state
from core.event import Event
from core.message import Message, _
from core.units import Severity

__all__ = ["bom_added_event", "bom_decided_event", "bom_requested_event"]


def bom_added_event(bill: BillOfMaterials) -> Event:
    """There is a new bill."""
    title = _("{bom} was added", bom=bill.number)
    facts: dict[str, str | int | float | bool | None] = {"bom": bill.number, "version": bill.version}
    kind = "plant.bom.added"
    key = f"{kind}:{bill.number}"
    return Event(kind, "plant", f"bom:{bill.number}", Severity.NOTICE, title, bill.made_at, facts, key)


def bom_requested_event(request: ChangeRequest, change: Decimal | None) -> Event:
    """Somebody asks for a change, which somebody else has to decide about; it happens once."""
    title = _(
        "{request}: {component} of {bom} is to be changed, which waits for approval",
        request=request.number,
        component=request.component,
        bom=request.bom,
    )
    return _event("requested", request, request.asked_at, title, Severity.NOTICE, change)


def bom_decided_event(request: ChangeRequest, at: datetime, change: Decimal | None) -> Event:
    """Somebody decided; whoever asked is told. It happens once."""
    state = request_state(request.state)
    title = _(
        "{request} about {bom} was decided: {state}",
        request=request.number,
        bom=request.bom,
        state=state.word,
    )
    return _event(request.state.value, request, at, title, state.severity, change)


def _event(
    happened: str,
    request: ChangeRequest,
    at: datetime,
    title: Message,
    severity: Severity,
    change: Decimal | None,
) -> Event:
    kind = f"plant.bom.{happened}"
    facts: dict[str, str | int | float | bool | None] = {
        "request": request.number,
        "bom": request.bom,
        "component": request.component,
        "asker": request.asked_by,
        "decided_by": request.decided_by,
        "version": request.made_version,
        "cost_change_percent": None if change is None else round(float(change), 2),
    }
    key = f"{kind}:{request.number}"
    return Event(kind, "plant", f"bom:{request.bom}", severity, title, at, facts, key)
