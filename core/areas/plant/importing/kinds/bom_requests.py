"""Requests to change bills of materials as CSV: what was asked for, and what was decided about it."""

from __future__ import annotations

from typing import Any

from core.areas.plant.importing.cells import AmountCell, MomentCell, NameCell, NumberCell, TextCell, WordCell
from core.areas.plant.importing.kind import Accepted, ColumnError, Field, Kind, Mode, Values, need_empty
from core.areas.plant.importing.kinds.boms import MOST_VERSIONS, bom_request_number
from core.areas.plant.importing.world import PlantWorld
from core.areas.plant.model.boms import BillOfMaterials, ChangeRequest, RequestState
from core.areas.plant.rules import boms as rules
from core.areas.plant.rules.bom_events import bom_decided_event
from core.areas.plant.rules.bom_numbers import bom_number, component_code
from core.message import _

__all__ = ["BOM_REQUESTS"]

_OF_DECIDING = ("decided_by", "decided_at", "decision_reason")


def _add(world: PlantWorld, values: Values) -> Accepted:
    """A request that waits has to change something; one that was decided is history."""
    base = _base(world, values)
    values["asked_by"] = values["asked_by"] or world.by
    values["asked_at"] = values["asked_at"] or world.now
    request = ChangeRequest(**values)
    if request.state is RequestState.APPROVED:
        _check_made(world, request)
        return Accepted((request,))
    need_empty(values, ("made_version",), request.state)
    if request.state is RequestState.PENDING:
        need_empty(values, _OF_DECIDING, request.state)
        rules.changed_components(base, request)
    return Accepted((request,))


def _base(world: PlantWorld, values: Values) -> BillOfMaterials:
    number, version = values["bom"], values["base_version"]
    base = world.boms.get((number, version))
    if base is not None:
        return base
    if not world.versions_of(number):
        unknown = _("There is no bill of materials {number}; “boms” lists them.", number=number)
        raise ColumnError("bom", unknown)
    raise ColumnError("base_version", _("{number} has no version {version}.", number=number, version=version))


def _check_made(world: PlantWorld, request: ChangeRequest) -> None:
    """Insist that what an approval made is there, as no row about a new request makes it."""
    made = None if request.made_version is None else world.boms.get((request.bom, request.made_version))
    if made is None or made.request not in ("", request.number):
        raise ColumnError(
            "made_version",
            _(
                "Say which version of {bom} was made by {request}, and import that version first.",
                bom=request.bom,
                request=request.number,
            ),
        )


def _change(world: PlantWorld, before: Any, changed: Values, following: Values) -> Accepted:
    """Only the state can differ: a request is decided once, and never waits again."""
    request: ChangeRequest = before
    reason = following.get("decision_reason", "")
    if changed["state"] is RequestState.APPROVED:
        versions = world.versions_of(request.bom)
        active = next((each for each in versions if each.active), versions[0])
        base = world.boms[request.bom, request.base_version]
        done = rules.approved(request, base, active, world.now, world.by, reason)
        cost = rules.cost_change(done.before.cost, done.after.cost)
        event = bom_decided_event(done.request, world.now, cost)
        return Accepted((done.request, done.before, done.after), (event,))
    after = rules.refused(request, world.now, world.by, reason)
    if not reason:
        raise ColumnError("decision_reason", _("Why is it refused?"))
    return Accepted((after,), (bom_decided_event(after, world.now, None),))


BOM_REQUESTS = Kind(
    "bom-requests",
    _("Requests to change bills of materials"),
    ("number",),
    (
        Field("number", NameCell(bom_request_number), ("request", "request_number"), required=True),
        Field("bom", NameCell(bom_number), ("bom_number",), mode=Mode.FIXED, required=True),
        Field("base_version", NumberCell(1, MOST_VERSIONS), ("version",), mode=Mode.FIXED, required=True),
        Field(
            "component",
            NameCell(component_code),
            ("code", "component_code"),
            mode=Mode.FIXED,
            required=True,
        ),
        Field("name", TextCell(200), ("component_name",), mode=Mode.FIXED),
        Field("quantity", AmountCell(), mode=Mode.FIXED, required=True),
        Field("unit_cost", AmountCell(), mode=Mode.FIXED, required=True),
        Field("reason", TextCell(), mode=Mode.FIXED),
        Field("state", WordCell(RequestState), ("status",), default=RequestState.PENDING),
        Field("asked_by", TextCell(200), ("requested_by",), mode=Mode.FIXED),
        Field("asked_at", MomentCell(), ("created_at",), mode=Mode.FIXED),
        Field("decided_by", TextCell(200), ("approved_by",), mode=Mode.FOLLOWS),
        Field("decided_at", MomentCell(), ("approved_at",), mode=Mode.FOLLOWS),
        Field("decision_reason", TextCell(), mode=Mode.FOLLOWS),
        Field("made_version", NumberCell(1, MOST_VERSIONS), mode=Mode.FOLLOWS),
    ),
    lambda world: world.bom_requests,
    _add,
    _change,
)
