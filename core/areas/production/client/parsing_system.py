"""From the JSON of the production system's API to its state, its credits and its answers to verbs.

Pure (production.md 8). What is odd is told to the notice; only another shape raises `BadAnswerError`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from core.areas.production.client.answers import ControlAnswer, ReportedToday, Status
from core.areas.production.client.envelopes import single
from core.areas.production.client.fields import (
    JsonObject,
    OnAnomaly,
    as_object,
    count,
    decimal,
    flag,
    identifier,
    moment,
    money,
    text,
    word,
)
from core.areas.production.model import Health, Operation, ReportedCredits, System, SystemState
from core.errors import BadAnswerError
from core.message import _
from core.text import cell

__all__ = ["parse_control", "parse_credits", "parse_health", "parse_operation", "parse_status"]

_SYSTEM_STATES = {state.value: state for state in SystemState}
_MOST_CHECKS = 30


def parse_health(body: object) -> Health:
    """The system's word for itself, and each check's, which may be a word or an object with a status."""
    row = single(body, _("its health"))
    checks = {
        cell(name, 60): word(as_object(check) or {"status": check}, "status")
        for name, check in as_object(row.get("checks")).items()
    }
    return Health(word(row, "status"), dict(list(checks.items())[:_MOST_CHECKS]))


def parse_status(
    body: object, report_anomaly: OnAnomaly, *, read_at: datetime, skew: timedelta | None
) -> Status:
    """The snapshot; a system that doesn't say as of when it speaks speaks as of `read_at`."""
    row = single(body, _("its status"))
    as_of = moment(row.get("as_of")) or read_at
    told, today = as_object(row.get("credits")), as_object(row.get("today"))
    return Status(
        system=_system(as_object(row.get("system")) or row, as_of, report_anomaly),
        credits=_credits(told, as_of) if told else None,
        today=_today(today) if today else None,
        as_of=as_of,
        skew=skew,
    )


def parse_credits(body: object) -> ReportedCredits:
    """The credits (2.6), alone or under `credits`."""
    row = single(body, _("its credits"))
    return _credits(as_object(row.get("credits")) or row, moment(row.get("as_of")))


def parse_operation(body: object) -> Operation:
    """An operation, alone or under `operation`.

    Raises:
        BadAnswerError: it has no id, so that nobody could ask about it.
    """
    row = single(body, _("an operation"))
    row = as_object(row.get("operation")) or row
    operation = identifier(row, "id", "operation_id") or identifier({"id": row.get("operation")}, "id")
    if not operation:
        raise BadAnswerError(_("Production's answer can't be read: its operation has no id."))
    return Operation(operation, word(row, "verb"), word(row, "state"), text(row, "error", limit=300))


def parse_control(body: object, *, underway: bool) -> ControlAnswer:
    """The answer to a control verb: done or no-op, or (202) an operation that is `underway`."""
    row = single(body, _("what it did"))
    return ControlAnswer(
        changed=flag(row.get("changed")),
        state=_state(row, "state"),
        desired_state=_state(row, "desired_state"),
        in_flight=count(row.get("in_flight")),
        operation=parse_operation(body) if underway else None,
    )


def _system(row: JsonObject, as_of: datetime, report_anomaly: OnAnomaly) -> System:
    state = _state(row, "state")
    if state is SystemState.UNKNOWN:
        report_anomaly(f"the system state “{text(row, 'state', limit=60)}” isn't known")
    return System(
        state,
        as_of,
        desired_state=_state(row, "desired_state"),
        activity=text(row, "activity", limit=60),
        in_flight=count(row.get("in_flight")),
        version=text(row, "version", limit=60),
        started_at=moment(row.get("started_at")),
        paused_by=text(row, "paused_by"),
        paused_at=moment(row.get("paused_at")),
        pause_reason=text(row, "pause_reason", limit=200),
        pause_until=moment(row.get("pause_until")),
    )


def _state(row: JsonObject, name: str) -> SystemState:
    return _SYSTEM_STATES.get(word(row, name), SystemState.UNKNOWN)


def _credits(row: JsonObject, as_of: datetime | None) -> ReportedCredits:
    return ReportedCredits(
        as_of=moment(row.get("as_of")) or as_of,
        plan=text(row, "plan", limit=60),
        monthly_allowance=decimal(row.get("monthly_allowance")),
        monthly_used=decimal(row.get("monthly_used")),
        monthly_remaining=decimal(row.get("monthly_remaining")),
        daily_bonus=decimal(row.get("daily_bonus")),
        daily_used=decimal(row.get("daily_used")),
        daily_remaining=decimal(row.get("daily_remaining")),
        purchased=decimal(row.get("purchased")),
        total_available=decimal(row.get("total_available")),
        balance_live=decimal(row.get("balance_live")),
        usage_percent=decimal(row.get("usage_percent")),
        status=word(row, "status"),
    )


def _today(row: JsonObject) -> ReportedToday:
    return ReportedToday(
        date=text(row, "date", limit=10),
        total=count(row.get("total")),
        successful=count(row.get("successful")),
        failed=count(row.get("failed")),
        target=count(row.get("target")),
        credits_used=decimal(row.get("credits_used")),
        cost=money(row.get("cost")),
    )
