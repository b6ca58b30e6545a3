"""What the production side reports to us: as values, and as the JSON that travels.

    {"reports": [{"id": "…", "at": "2026-01-22T11:05:00Z", "kind": "job", "job": {"id": "prod_1", …}}]}

The inner objects have the fields of production.md 2.2, 2.3, 2.7 and 3. The id of a report makes it count
once, however often it arrives. Used by both ends, so it needs the standard library alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias, TypeVar

from core.areas.production.client.fields import OnAnomaly, as_object, identifier, moment, word
from core.areas.production.client.parsing import parse_entry, parse_event, parse_job, parse_upload
from core.areas.production.client.timestamps import rfc3339
from core.areas.production.model import Job, LedgerEntry, ProductionEvent, Upload, UploadStatus
from core.errors import InputError
from core.message import _

__all__ = [
    "LARGEST_BATCH",
    "MOST_REPORTS",
    "EventReport",
    "IngestResult",
    "JobReport",
    "LedgerReport",
    "Report",
    "UploadReport",
    "make_report",
    "read_report",
    "report_document",
]

MOST_REPORTS = 200
"""Reports that may travel together."""

LARGEST_BATCH = 1024 * 1024
"""Bytes that reports travelling together may have."""

_INNER_NAMES = {"job": "job", "upload": "upload", "ledger": "entry", "event": "event"}
"""The kinds of report, each with the name of its inner object."""

_NEEDS = {
    "job": _("A job's report needs the id of the job and its status."),
    "upload": _("An upload's report needs the id of the upload, its platform and its status."),
    "ledger": _("A ledger report needs the entry's id, its kind and its credits, which are not below 0."),
    "event": _("An event's report needs one of the fourteen types of event."),
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class JobReport:
    """How a job stands; `at` is when it was so by the reporter's clock. A field left empty says nothing."""

    id: str
    at: datetime
    job: Job


@dataclass(frozen=True, slots=True)
class UploadReport:
    """How an upload stands."""

    id: str
    at: datetime
    upload: Upload


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """A movement of credits."""

    id: str
    at: datetime
    entry: LedgerEntry


@dataclass(frozen=True, slots=True)
class EventReport:
    """Something that happened."""

    id: str
    at: datetime
    event: ProductionEvent


Report: TypeAlias = JobReport | UploadReport | LedgerReport | EventReport
"""Anything that is reported."""


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What became of reports that were taken in: how many were new, and how many were known already."""

    new: int
    known: int = 0


def make_report(
    kind: str, fields: Mapping[str, object], *, report_id: str, at: datetime, report_anomaly: OnAnomaly
) -> Report:
    """The report of `kind` (job, upload, ledger, event) with these fields of production.md.

    The moment at which something ended is `at` unless the fields say another.

    Raises:
        InputError: the kind is unknown, or what is needed for it is missing or can't be read.
    """
    told = {name: value for name, value in fields.items() if value is not None}
    if kind == "job":
        job = parse_job(told, report_anomaly) if "status" in told else None
        return JobReport(report_id, at, _ended_job(_needed(job, kind), at))
    if kind == "upload":
        upload = parse_upload(told, report_anomaly) if "status" in told else None
        return UploadReport(report_id, at, _ended_upload(_needed(upload, kind), at))
    if kind == "ledger":
        entry = parse_entry({"at": at.isoformat(), **told}, report_anomaly)
        return LedgerReport(report_id, at, _needed(entry, kind))
    if kind == "event":
        event = parse_event({"occurred_at": at.isoformat(), "id": report_id, **told}, report_anomaly)
        return EventReport(report_id, at, _needed(event, kind))
    raise InputError(_("There is no report of this kind: write job, upload, ledger or event."))


def report_document(
    kind: str, fields: Mapping[str, object], *, report_id: str, at: datetime
) -> dict[str, object]:
    """The report as JSON values, ready to travel; the fields are sent as they are."""
    told = {name: value for name, value in fields.items() if value is not None}
    return {"id": report_id, "at": rfc3339(at), "kind": kind, _INNER_NAMES[kind]: told}


def read_report(document: object, report_anomaly: OnAnomaly) -> Report:
    """A report as it arrived.

    Raises:
        InputError: it can't be used; the message says what is missing.
    """
    row = as_object(document)
    report_id, at, kind = identifier(row, "id"), moment(row.get("at")), word(row, "kind")
    if not report_id:
        raise InputError(_("A report needs an id of at most 128 characters."))
    if at is None:
        raise InputError(_("A report needs its moment as “at”, like 2026-01-22T11:05:00Z."))
    fields = as_object(row.get(_INNER_NAMES.get(kind, "")))
    return make_report(kind, fields, report_id=report_id, at=at, report_anomaly=report_anomaly)


def _ended_job(job: Job, at: datetime) -> Job:
    ended = at if job.status.terminal and job.completed_at is None else job.completed_at
    return replace(job, completed_at=ended, updated_at=job.updated_at or at)


def _ended_upload(upload: Upload, at: datetime) -> Upload:
    published, failed = upload.published_at, upload.failed_at
    if upload.status is UploadStatus.PUBLISHED:
        published = published or at
    if upload.status is UploadStatus.FAILED:
        failed = failed or at
    return replace(upload, published_at=published, failed_at=failed, updated_at=upload.updated_at or at)


def _needed(value: T | None, kind: str) -> T:
    if value is None:
        raise InputError(_NEEDS[kind])
    return value
