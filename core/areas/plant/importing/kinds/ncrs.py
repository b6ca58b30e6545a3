"""Non-conformance reports on failure tickets as CSV."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.areas.plant.importing.cells import MomentCell, TextCell, WordCell
from core.areas.plant.importing.kind import Accepted, ColumnError, Field, Kind, Mode, Values, need_empty
from core.areas.plant.importing.kinds.sops import SOPS
from core.areas.plant.importing.world import PlantWorld
from core.areas.plant.model.sops import NcrState, NonConformanceReport, SopTicket
from core.areas.plant.rules import sops as rules
from core.areas.plant.rules.sop_events import SopHappening, sop_event
from core.message import _

__all__ = ["NCRS"]

_LONGEST = 1_000
_OF_VERIFYING = ("verified_by", "verified_at", "effectiveness", "follow_up")


def _add(world: PlantWorld, values: Values) -> Accepted:
    """A report closes a ticket that is in investigation; on one that is closed already it is history."""
    ticket = _ticket(world, values["ticket"])
    values["submitted_by"] = values["submitted_by"] or world.by
    values["submitted_at"] = values["submitted_at"] or world.now
    report = NonConformanceReport(**values)
    if report.state is NcrState.SUBMITTED:
        need_empty(values, _OF_VERIFYING, report.state)
    if not ticket.unfinished:
        return Accepted((report,))
    refusal = rules.refusal(ticket, rules.SopMove.REPORT)
    if refusal is not None:
        raise ColumnError("ticket", refusal)
    closed, _report = rules.reported(
        ticket, world.now, report.submitted_by, report.root_cause, report.corrective, report.preventive
    )
    events = (sop_event(SopHappening.CLOSED, closed, world.now),)
    if report.state is NcrState.SUBMITTED:
        return Accepted((report, closed), events)
    submitted = replace(report, state=NcrState.SUBMITTED)
    verified = _verified(world, submitted, report.effectiveness, report.follow_up)
    return Accepted((verified, closed), (*events, sop_event(SopHappening.VERIFIED, closed, world.now)))


def _change(world: PlantWorld, before: Any, _changed: Values, following: Values) -> Accepted:
    """Only the state can differ: a report is verified once, and never taken back."""
    effectiveness, follow_up = following.get("effectiveness", ""), following.get("follow_up", "")
    after = _verified(world, before, effectiveness, follow_up)
    ticket = _ticket(world, after.ticket)
    return Accepted((after,), (sop_event(SopHappening.VERIFIED, ticket, world.now),))


def _verified(
    world: PlantWorld, report: NonConformanceReport, effectiveness: str, follow_up: str
) -> NonConformanceReport:
    after = rules.verified(report, world.now, world.by, effectiveness, follow_up)
    if not effectiveness:
        raise ColumnError("effectiveness", _("Has it helped, and how is that seen?"))
    return after


def _ticket(world: PlantWorld, number: str) -> SopTicket:
    found = world.sops.get((number,))
    if found is None:
        raise ColumnError(
            "ticket", _("There is no failure ticket “{number}”; “sops” lists them.", number=number)
        )
    return found


NCRS = Kind(
    "ncrs",
    _("Non-conformance reports"),
    ("ticket",),
    (
        Field(
            "ticket",
            SOPS.by_name["number"].type,
            ("number", "ticket_number", "sop", "sop_ticket"),
            required=True,
        ),
        Field("root_cause", TextCell(_LONGEST), mode=Mode.FIXED, required=True),
        Field("corrective", TextCell(_LONGEST), ("corrective_action",), mode=Mode.FIXED, required=True),
        Field("preventive", TextCell(_LONGEST), ("preventive_action",), mode=Mode.FIXED, required=True),
        Field("state", WordCell(NcrState), ("status",), default=NcrState.SUBMITTED),
        Field("submitted_by", TextCell(200), ("submitted_by_id",), mode=Mode.FIXED),
        Field("submitted_at", MomentCell(), ("created_at",), mode=Mode.FIXED),
        Field("verified_by", TextCell(200), ("verified_by_id",), mode=Mode.FOLLOWS),
        Field("verified_at", MomentCell(), mode=Mode.FOLLOWS),
        Field("effectiveness", TextCell(_LONGEST), mode=Mode.FOLLOWS),
        Field("follow_up", TextCell(_LONGEST), mode=Mode.FOLLOWS),
    ),
    lambda world: world.ncrs,
    _add,
    _change,
)
