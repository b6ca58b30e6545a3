"""The backend's rows as tickets: rejects, returns, repairs and failures of procedures (whatsapp.md A3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.areas.plant.client.fields import LONGEST, amount, count, identifier, moment, number, text, word
from core.areas.plant.client.parsing import Names, Parsed, parse_each
from core.areas.plant.model.defects import (
    CustomerReturn,
    DefectSeverity,
    Flaw,
    InternalReject,
    RejectState,
    ReturnState,
)
from core.areas.plant.model.maintenance import (
    LONGEST_DESCRIPTION,
    FaultSeverity,
    IssueType,
    MaintenanceState,
    MaintenanceTicket,
)
from core.areas.plant.model.sops import Decision, SopPriority, SopState, SopTicket
from core.areas.plant.rules.numbers import sequence_number
from core.areas.plant.rules.sop_numbers import procedure_reference
from core.areas.plant.rules.ticket_numbers import maintenance_number
from core.json_fields import JsonObject, flag

__all__ = ["parse_maintenance", "parse_rejects", "parse_returns", "parse_sops"]


def parse_rejects(rows: Iterable[JsonObject], names: Names, now: datetime) -> Parsed[InternalReject]:
    """Internal rejects, of medium severity, as the backend has none."""

    def read(row: JsonObject) -> InternalReject | None:
        own = number(row, "ticket_number", lambda each: sequence_number(each, {"RJT": "RJT"}))
        state, order = word(row, "status", RejectState), names.orders.get(identifier(row, "order_id") or 0)
        if own is None or state is None or order is None:
            return None
        reported = moment(row, "created_at") or now
        return InternalReject(
            number=own,
            order=order,
            severity=DefectSeverity.MEDIUM,
            quantity=count(row, "quantity_rejected"),
            description=text(row, "reason", LONGEST),
            reported_by=names.person(row, "reported_by_id"),
            reported_at=reported,
            since=moment(row, "updated_at") or reported,
            state=state,
            flaw=word(row, "defect_type", Flaw) or Flaw.OTHER,
            product=names.product(row),
            stage=text(row, "production_stage"),
            department=names.department(row),
            replacement=text(row, "replacement_ticket_number", 40),
            replacement_quantity=count(row, "replacement_quantity"),
        )

    return parse_each(rows, read)


def parse_returns(rows: Iterable[JsonObject], names: Names, now: datetime) -> Parsed[CustomerReturn]:
    """What customers sent back, of medium severity."""

    def read(row: JsonObject) -> CustomerReturn | None:
        own = number(row, "ticket_number", lambda each: sequence_number(each, {"RET": "RET"}))
        order = names.orders.get(identifier(row, "order_id") or 0)
        if own is None or order is None:
            return None
        reported = moment(row, "created_at") or now
        return CustomerReturn(
            number=own,
            order=order,
            severity=DefectSeverity.MEDIUM,
            quantity=count(row, "quantity_returned"),
            description=text(row, "reason", LONGEST),
            reported_by=names.person(row, "reported_by_id"),
            reported_at=reported,
            since=moment(row, "updated_at") or reported,
            state=ReturnState.RESOLVED if flag(row.get("resolved")) else ReturnState.OPEN,
            returned_at=moment(row, "return_date"),
            resolution=text(row, "resolution", LONGEST),
            cost=amount(row, "cost"),
            credit=amount(row, "credit_amount"),
        )

    return parse_each(rows, read)


def parse_maintenance(rows: Iterable[JsonObject], names: Names, now: datetime) -> Parsed[MaintenanceTicket]:
    """Maintenance tickets; what is promised is what the backend promised."""

    def read(row: JsonObject) -> MaintenanceTicket | None:
        own = number(row, "ticket_number", maintenance_number)
        state, severity = word(row, "status", MaintenanceState), word(row, "severity", FaultSeverity)
        machine = names.machines.get(identifier(row, "machine_id") or 0)
        respond, complete = moment(row, "expected_response_time"), moment(row, "expected_completion_time")
        if own is None or state is None or machine is None or severity is None or complete is None:
            return None
        created = moment(row, "created_at") or now
        description = text(row, "issue_description", LONGEST_DESCRIPTION)
        return MaintenanceTicket(
            number=own,
            machine=machine,
            department=names.department(row),
            issue=_issue(description),
            severity=severity,
            state=state,
            created_at=created,
            since=moment(row, "updated_at") or created,
            respond_by=respond or complete,
            complete_by=complete,
            reporter=names.person(row, "reported_by_id"),
            description=description,
            assignee=names.person(row, "assigned_to_id"),
            machine_down=flag(row.get("machine_down")) is True,
            started_at=moment(row, "started_at"),
            completed_at=moment(row, "completed_at"),
            root_cause=text(row, "root_cause", LONGEST),
            parts=text(row, "parts_used", LONGEST),
            cost=amount(row, "actual_cost"),
        )

    return parse_each(rows, read)


def parse_sops(rows: Iterable[JsonObject], names: Names, now: datetime) -> Parsed[SopTicket]:
    """Failure tickets of procedures."""

    def read(row: JsonObject) -> SopTicket | None:
        own = number(row, "ticket_number", lambda each: sequence_number(each, {"SOP": "SOP"}))
        state, reference = word(row, "status", SopState), number(row, "sop_reference", procedure_reference)
        if own is None or state is None or reference is None:
            return None
        reported = moment(row, "created_at") or now
        since = moment(row, "updated_at") or reported
        return SopTicket(
            number=own,
            reference=reference,
            description=text(row, "description", LONGEST),
            charged=names.department(row, "charged_department_id"),
            charging=names.department(row, "charging_department_id"),
            reported_by=names.person(row, "reported_by_id"),
            reported_at=reported,
            since=since,
            impact=text(row, "impact_description", LONGEST),
            priority=word(row, "priority", SopPriority) or SopPriority.NORMAL,
            state=state,
            rejection=text(row, "rejection_reason", LONGEST),
            reassignment=text(row, "reassignment_reason", LONGEST),
            decision=word(row, "hod_decision", Decision),
            escalations=1 if state is SopState.ESCALATED else 0,
            escalated_at=since if state is SopState.ESCALATED else None,
            closed_at=(moment(row, "closed_at") or since) if state is SopState.CLOSED else None,
        )

    return parse_each(rows, read)


def _issue(description: str) -> IssueType:
    """The issue that a description begins with; the backend keeps none of its own."""
    first = description.partition(" ")[0].strip(":,.").casefold()
    return next((each for each in IssueType if each.value == first), IssueType.OTHER)
