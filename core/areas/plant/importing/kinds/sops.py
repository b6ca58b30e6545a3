"""Failure tickets of procedures as CSV."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.areas.plant.importing.cells import MomentCell, NameCell, NumberCell, TextCell, WordCell
from core.areas.plant.importing.kind import Accepted, ColumnError, Field, Kind, Mode, Values
from core.areas.plant.importing.world import PlantWorld
from core.areas.plant.model.sops import Decision, FailureType, SopPriority, SopState, SopTicket
from core.areas.plant.rules import sops as rules
from core.areas.plant.rules.numbers import department_code, sequence_number
from core.areas.plant.rules.sop_events import SopHappening, sop_event
from core.areas.plant.rules.sop_numbers import PREFIX, procedure_reference
from core.errors import InputError
from core.message import _

__all__ = ["SOPS"]

_LONGEST = 1_000


def _ticket_number(text: str) -> str:
    found = sequence_number(procedure_reference(text), {PREFIX: PREFIX})
    if found is None:
        raise InputError(
            _("“{text}” isn’t a number like {example}.", text=text.strip()[:40], example="SOP-2026-0001")
        )
    return found


def _add(world: PlantWorld, values: Values) -> Accepted:
    world.need_department(values["charged"])
    world.need_department(values["charging"])
    values["reported_at"] = values["reported_at"] or world.now
    values["since"] = values["since"] or values["reported_at"]
    return Accepted((SopTicket(**values),))


def _change(world: PlantWorld, before: Any, changed: Values, following: Values) -> Accepted:
    to: SopState | None = changed.pop("state", None)
    charged: str | None = changed.pop("charged", None)
    world.need_department(charged or "")
    world.need_department(changed.get("charging", ""))
    ticket: SopTicket = replace(before, **changed)
    if charged is not None:
        why = following.get("reassignment", "")
        ticket = rules.reassigned(ticket, charged, world.now, why)
        happened = SopHappening.REASSIGNED
        if to not in (None, ticket.state):
            raise ColumnError("state", _("What is given to another department is open again."))
    elif to is None:
        return Accepted((ticket,))
    else:
        ticket, happened = _moved(world, ticket, to, following)
    return Accepted((ticket,), (sop_event(happened, ticket, world.now),))


def _moved(
    world: PlantWorld, ticket: SopTicket, to: SopState, following: Values
) -> tuple[SopTicket, SopHappening]:
    decision: Decision | None = following.get("decision")
    if decision is not None and ticket.state in rules.LEGAL[rules.SopMove.DECIDE]:
        why = following.get("decision_reason", "")
        ticket, happened = rules.decided(ticket, decision, world.now, world.by, why), SopHappening.DECIDED
    elif to is SopState.ESCALATED:
        why = following.get("rejection", "")
        ticket, happened = rules.rejected(ticket, world.now, world.by, why), SopHappening.ESCALATED
    elif to is SopState.IN_INVESTIGATION:
        ticket, happened = rules.accepted(ticket, world.now, world.by), SopHappening.ACCEPTED
    else:
        raise ColumnError(
            "state",
            _(
                "A report closes {ticket} (“sop ncr”), or the decision in the column {column}.",
                ticket=ticket.number,
                column="decision",
            ),
        )
    if ticket.state is not to:
        raise ColumnError("state", _("By that decision it becomes {state}.", state=ticket.state.value))
    return ticket, happened


SOPS = Kind(
    "sops",
    _("Failed procedures"),
    ("number",),
    (
        Field("number", NameCell(_ticket_number), ("ticket_number", "ticket"), required=True),
        Field("reference", NameCell(procedure_reference), ("sop_reference",), mode=Mode.FIXED, required=True),
        Field("failure", WordCell(FailureType), ("failure_type",), default=FailureType.OTHER),
        Field("description", TextCell(_LONGEST), required=True),
        Field("impact", TextCell(_LONGEST), ("impact_description",)),
        Field(
            "charged",
            NameCell(department_code),
            ("charged_department", "charged_department_id", "department"),
            required=True,
        ),
        Field("charging", NameCell(department_code), ("charging_department", "charging_department_id")),
        Field("priority", WordCell(SopPriority), default=SopPriority.NORMAL),
        Field("state", WordCell(SopState), ("status",), default=SopState.OPEN),
        Field("assignee", TextCell(200), ("assigned_to", "assigned_to_id")),
        Field("rejection", TextCell(_LONGEST), ("rejection_reason",), mode=Mode.FOLLOWS),
        Field("rejected_by", TextCell(200), mode=Mode.FOLLOWS),
        Field("reassignment", TextCell(_LONGEST), ("reassignment_reason",), mode=Mode.FOLLOWS),
        Field("decision", WordCell(Decision, clearable=True), ("hod_decision",), mode=Mode.FOLLOWS),
        Field("decided_by", TextCell(200), mode=Mode.FOLLOWS),
        Field("decision_reason", TextCell(_LONGEST), ("hod_decision_notes",), mode=Mode.FOLLOWS),
        Field("escalations", NumberCell(0, 1_000), mode=Mode.FOLLOWS, default=0),
        Field("reported_by", TextCell(200), ("created_by",), mode=Mode.FIXED),
        Field("reported_at", MomentCell(), ("created_at",), mode=Mode.FIXED),
        Field("since", MomentCell(), ("updated_at",), mode=Mode.FOLLOWS),
        Field("escalated_at", MomentCell(), mode=Mode.FOLLOWS),
        Field("closed_at", MomentCell(), mode=Mode.FOLLOWS),
    ),
    lambda world: world.sops,
    _add,
    _change,
)
