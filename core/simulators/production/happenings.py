"""The events that a production system sends of itself (production.md 3), found in its timelines and books."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from core.simulators.production.calendar import (
    billing_period,
    day_bounds,
    instant,
    local_date,
    period_bounds,
)
from core.simulators.production.ledger import Ledger
from core.simulators.production.progress import job_at, upload_at
from core.simulators.production.records import Event, JsonObject, as_json
from core.simulators.production.scripts import Company
from core.simulators.production.timelines import JobTimeline, Step, UploadTimeline

__all__ = ["control_events", "job_events", "money_events", "upload_events"]

_JOB_EVENTS = {
    "processing": ("video_started", "info", "started", "Video started"),
    "completed": ("video_completed", "info", "completed", "Video completed"),
    "failed": ("video_failed", "error", "failed", "Video failed"),
}
_UPLOAD_EVENTS = {
    "uploading": ("upload_started", "info", "started", "Upload started"),
    "published": ("upload_completed", "info", "completed", "Upload completed"),
    "failed": ("upload_failed", "warning", "failed", "Upload failed"),
}
_INSTANT_BEFORE = timedelta(microseconds=1)


def job_events(company: Company, timeline: JobTimeline, start: datetime, end: datetime) -> Iterator[Event]:
    """What is told of a job for its steps in (start, end]: a start once, and how it ended."""
    for step in _told(timeline.steps, _JOB_EVENTS, "processing", start, end):
        job = job_at(timeline, step.at, company.terms)
        assert job is not None
        kind, severity, word, title = _JOB_EVENTS[step.status]
        data: JsonObject = {
            "job_id": job.id,
            "character_id": job.character_id,
            "content_type": job.content_type,
            "target_platforms": job.target_platforms,
            "credits_estimated": job.credits_estimated,
        }
        text = f"{job.content_type}, {job.character_id}, {timeline.script.media_seconds:g} s"
        if step.status != "processing":
            data |= {"processing_seconds": job.processing_seconds, "credits_charged": job.credits_charged}
            data |= {"media_seconds": job.media_seconds, "cost": as_json(job.cost), "attempts": job.attempt}
        if step.status == "failed":
            data |= {"error_code": job.error_code, "error_message": job.error_message}
            text = job.error_message or ""
        key = f"job:{job.id}:{word}"
        yield Event(kind, severity, step.at, ("job", job.id), key, title, text, data)


def upload_events(timeline: UploadTimeline, start: datetime, end: datetime) -> Iterator[Event]:
    """The same for an upload."""
    for step in _told(timeline.steps, _UPLOAD_EVENTS, "uploading", start, end):
        upload = upload_at(timeline, step.at)
        assert upload is not None
        kind, severity, word, title = _UPLOAD_EVENTS[step.status]
        data: JsonObject = {"job_id": upload.job_id, "platform": upload.platform, "attempts": upload.attempt}
        text = upload.platform
        if step.status == "published":
            data["post_url"] = upload.post_url
        if step.status == "failed":
            data["error_message"] = text = upload.error_message or ""
        key = f"upload:{upload.id}:{word}"
        yield Event(kind, severity, step.at, ("upload", upload.id), key, title, text, data)


def money_events(company: Company, ledger: Ledger, start: datetime, end: datetime) -> Iterator[Event]:
    """What is told when a debit in (start, end] lifts the use of credits or of a budget over a line."""
    for entry in ledger.between(start + _INSTANT_BEFORE, end + _INSTANT_BEFORE):
        if entry.kind == "debit":
            if entry.bucket == "monthly":
                yield from _monthly_credits(company, ledger, entry.at)
            elif entry.bucket == "daily":
                yield from _daily_credits(company, ledger, entry.at)
            yield from _budgets(company, ledger, entry.at)


def control_events(at: datetime, state: str, reason: str) -> Iterator[Event]:
    """What is told when the scheduler takes up or stops its work."""
    data: JsonObject = {"state": state, "reason": reason}
    key = f"scheduler:{state}:{at.isoformat()}"
    severity = "info" if state == "running" else "warning"
    yield Event(
        "scheduler_status", severity, at, ("scheduler", "main"), key, "Scheduler", f"{state}: {reason}", data
    )


def _monthly_credits(company: Company, ledger: Ledger, at: datetime) -> Iterator[Event]:
    terms = company.terms
    if not terms.monthly_allowance:
        return
    first, _ = billing_period(local_date(at, company.zone), terms.billing_day)
    start = instant(first, 0, company.zone)
    before, after = (
        ledger.used(start, moment, "monthly") / terms.monthly_allowance * 100
        for moment in (at - _INSTANT_BEFORE, at)
    )
    remaining = ledger.credits(at).total_available
    for line, kind, severity in ((95, "credits_critical", "critical"), (80, "credits_low", "warning")):
        if before < line <= after:
            data: JsonObject = {"usage_percent": round(after, 1), "remaining": remaining}
            key = f"credits:{first.isoformat()}:{severity}"
            text = f"{after:.1f} % of the monthly credits are used"
            yield Event(kind, severity, at, ("credits", "monthly"), key, "Credits", text, data)
            return


def _daily_credits(company: Company, ledger: Ledger, at: datetime) -> Iterator[Event]:
    today = local_date(at, company.zone)
    start, _ = day_bounds(today, company.zone)
    bonus = company.terms.daily_bonus
    before, after = (bonus - ledger.used(start, moment, "daily") for moment in (at - _INSTANT_BEFORE, at))
    for line, kind, severity in ((5, "credits_critical", "critical"), (10, "credits_low", "warning")):
        if after <= line < before:
            data: JsonObject = {"daily_remaining": max(0, after)}
            key = f"credits:{today.isoformat()}:{severity}"
            text = f"{max(0, after)} credits of the daily bonus are left"
            yield Event(kind, severity, at, ("credits", "daily"), key, "Daily bonus", text, data)
            return


def _budgets(company: Company, ledger: Ledger, at: datetime) -> Iterator[Event]:
    for budget in company.budgets:
        if not budget.limit:
            continue
        start, _ = period_bounds(budget.period, at, company.zone)
        before, after = (
            ledger.cost(start, moment) / budget.limit * 100 for moment in (at - _INSTANT_BEFORE, at)
        )
        word = _risen(float(before), float(after))
        if word is not None:
            severity = "warning" if word == "warning" else "critical"
            data: JsonObject = {"period": budget.period, "used_percent": round(float(after), 1)}
            data["exceeded"] = word == "exceeded"
            first = local_date(start, company.zone).isoformat()
            key = f"budget:{budget.period}:{first}:{word}"
            text = f"{after:.1f} % of the {budget.period} budget is spent"
            yield Event("budget_warning", severity, at, ("budget", budget.period), key, "Budget", text, data)


def _risen(before: float, after: float) -> str | None:
    """The highest line that was crossed on the way up."""
    if before <= 100 < after:
        return "exceeded"
    if before < 95 <= after:
        return "critical"
    return "warning" if before < 80 <= after else None


def _told(
    steps: Sequence[Step],
    words: dict[str, tuple[str, str, str, str]],
    first: str,
    start: datetime,
    end: datetime,
) -> Iterator[Step]:
    """The steps in (start, end] that an event tells of; `first` is told of the first attempt alone."""
    for step in steps:
        if start < step.at <= end and step.status in words and (step.status != first or step.attempt == 1):
            yield step
