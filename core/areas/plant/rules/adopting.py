"""Taking over what the backend says of a thing: it is the source, and what it doesn't keep stays as known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from core.areas.plant.model.boms import BillOfMaterials
from core.areas.plant.model.defects import CustomerReturn, InternalReject, RejectState, ReturnState
from core.areas.plant.model.machines import Machine
from core.areas.plant.model.maintenance import IssueType, MaintenanceState, MaintenanceTicket
from core.areas.plant.model.orders import Order, OrderSchedule
from core.areas.plant.model.people import Department, Operator
from core.areas.plant.model.sops import SopState, SopTicket
from core.areas.plant.rules.bom_events import bom_added_event
from core.areas.plant.rules.defect_events import defect_moved_event, defect_reported_event
from core.areas.plant.rules.filing import marked_number
from core.areas.plant.rules.holding import Hold
from core.areas.plant.rules.maintenance_events import (
    machine_event,
    ticket_moved_event,
    ticket_opened_event,
)
from core.areas.plant.rules.moves import Move
from core.areas.plant.rules.order_events import added_event, moved_event
from core.areas.plant.rules.sop_events import SopHappening, sop_event
from core.event import Event

__all__ = ["Adopted", "adopted", "news", "only_just_filed", "under_number"]

Adopted: TypeAlias = (
    Department
    | Operator
    | Machine
    | Order
    | MaintenanceTicket
    | InternalReject
    | CustomerReturn
    | SopTicket
    | BillOfMaterials
)
"""What can be read of a backend."""

_KEPT: Mapping[type, tuple[str, ...]] = {
    Operator: ("person",),
    Order: ("currency",),
    InternalReject: ("severity", "type", "held", "decided_by", "note", "reported_by"),
    CustomerReturn: ("severity", "department", "resolved_by", "reported_by"),
    SopTicket: ("failure", "assignee", "rejected_by", "decided_by", "decision_reason", "reported_by"),
    BillOfMaterials: ("made_by", "request"),
}
"""What a backend keeps nothing of, or less than is known."""

_OF_STATE: Mapping[type, tuple[str, ...]] = {
    Order: ("since", "previous", "reason"),
    Machine: ("since", "by", "reason"),
    MaintenanceTicket: ("since", "by", "reason"),
    InternalReject: ("since",),
    CustomerReturn: ("since",),
    SopTicket: ("since", "escalated_at"),
}
"""What stays as known while the state does: a row's last change says nothing of when it came into it."""

_OF_OURS = ("description", "reported_at", "reporter", "machine_down")
"""What is ours of what was filed from here, as the backend was told it in words only."""

_HAPPENED: Mapping[SopState, SopHappening] = {
    SopState.OPEN: SopHappening.REASSIGNED,
    SopState.IN_INVESTIGATION: SopHappening.ACCEPTED,
    SopState.AWAITING_HOD: SopHappening.ESCALATED,
    SopState.ESCALATED: SopHappening.ESCALATED,
    SopState.RESOLVED: SopHappening.CLOSED,
    SopState.CLOSED: SopHappening.CLOSED,
}


_FIRST = (RejectState.PENDING, ReturnState.OPEN, MaintenanceState.OPEN)
"""The states in which the backend puts what is filed with it."""


def adopted(known: Adopted | None, read: Adopted) -> Adopted:
    """What is so from now on, where `read` is what the backend says and `known` what was so here."""
    if known is None:
        return read
    kept = {
        name: getattr(known, name) for name in _KEPT.get(type(read), ()) if getattr(known, name, "") != ""
    }
    if _state(known) == _state(read):
        kept |= {name: getattr(known, name) for name in _OF_STATE.get(type(read), ())}
    elif isinstance(read, Order) and isinstance(known, Order):
        kept["previous"] = known.state
    if marked_number(str(getattr(read, "description", ""))) == getattr(known, "number", None):
        kept |= {name: getattr(known, name) for name in _OF_OURS if hasattr(known, name)}
    if isinstance(known, MaintenanceTicket) and isinstance(read, MaintenanceTicket):
        kept |= {"issue": known.issue} if read.issue is IssueType.OTHER else {}
    if isinstance(known, SopTicket) and isinstance(read, SopTicket):
        began = known.state is not read.state and read.state is SopState.ESCALATED
        kept["escalations"] = known.escalations + 1 if began else known.escalations
    return replace(read, **kept)


def under_number(thing: Adopted, number: str) -> Adopted:
    """What was read, under the number that it has here."""
    if isinstance(thing, InternalReject | CustomerReturn | MaintenanceTicket):
        return replace(thing, number=number)
    return thing


def only_just_filed(fingerprint: str, read: Adopted) -> bool:
    """Whether the backend's first word of something that was filed from here is no news at all."""
    return not fingerprint and _state(read) in _FIRST


def news(
    known: Adopted | None,
    after: Adopted,
    at: datetime,
    schedules: Sequence[OrderSchedule],
    people: Mapping[str, str],
) -> Event | None:
    """What to tell of a thing that is new, or in another state; nothing of any other change.

    `schedules` are those of the order, and `people` the names of operators in opsdeck.
    """
    if known is None:
        return _of_new(after, at)
    if _state(known) == _state(after):
        return None
    match after:
        case Order() if isinstance(known, Order):
            return moved_event(Move(known, replace(after, since=at)), schedules, people)
        case Machine():
            return machine_event(after)
        case MaintenanceTicket():
            return ticket_moved_event(after, at)
        case InternalReject() | CustomerReturn():
            return defect_moved_event(after, at)
        case SopTicket():
            return sop_event(_HAPPENED[after.state], after, at)
        case _:
            return None


def _of_new(thing: Adopted, at: datetime) -> Event | None:
    match thing:
        case Order():
            return added_event(thing, at)
        case MaintenanceTicket():
            return ticket_opened_event(thing)
        case InternalReject() | CustomerReturn():
            return defect_reported_event(thing, Hold.NOT_ASKED)
        case SopTicket():
            return sop_event(SopHappening.REPORTED, thing, at)
        case BillOfMaterials() if thing.version == 1:
            return bom_added_event(thing)
        case _:
            return None


def _state(thing: Adopted) -> object:
    return getattr(thing, "state", None)
