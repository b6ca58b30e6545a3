"""What happens to jobs and uploads: which moves are allowed, and which events they give (production.md 2, 3).

We poll from time to time, so steps between two polls are missed: what is judged is whether the later
status can be reached from the earlier one by allowed moves.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from core.areas.production.model import EventKind, Job, JobStatus, ProductionEvent, Upload, UploadStatus
from core.areas.production.rules.event_types import dedup_key
from core.event import Event
from core.message import _
from core.text import clean
from core.units import Severity

__all__ = [
    "JOB_MOVES",
    "UPLOAD_MOVES",
    "job_events",
    "job_reachable",
    "refused_move",
    "upload_events",
    "upload_reachable",
]

JOB_MOVES: Mapping[JobStatus, frozenset[JobStatus]] = {
    JobStatus.PENDING: frozenset({JobStatus.QUEUED, JobStatus.CANCELLED}),
    JobStatus.QUEUED: frozenset({JobStatus.PROCESSING, JobStatus.FAILED, JobStatus.CANCELLED}),
    JobStatus.PROCESSING: frozenset(
        {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.QUEUED}
    ),
    JobStatus.COMPLETED: frozenset(),
    JobStatus.FAILED: frozenset(),
    JobStatus.CANCELLED: frozenset(),
}
"""The moves of production.md 2.2; back to the queue is another attempt."""

UPLOAD_MOVES: Mapping[UploadStatus, frozenset[UploadStatus]] = {
    UploadStatus.DRAFT: frozenset({UploadStatus.SCHEDULED}),
    UploadStatus.SCHEDULED: frozenset({UploadStatus.UPLOADING, UploadStatus.FAILED}),
    UploadStatus.UPLOADING: frozenset(
        {UploadStatus.PROCESSING, UploadStatus.PUBLISHED, UploadStatus.FAILED, UploadStatus.SCHEDULED}
    ),
    UploadStatus.PROCESSING: frozenset({UploadStatus.PUBLISHED, UploadStatus.FAILED}),
    UploadStatus.PUBLISHED: frozenset(),
    UploadStatus.FAILED: frozenset({UploadStatus.SCHEDULED, UploadStatus.UPLOADING}),
}
"""The moves of production.md 2.3; from failed another attempt may be made."""

_HISTORY = timedelta(days=1)
"""What had ended longer ago when it was first heard of is history, not news."""

S = TypeVar("S", bound=Hashable)


def job_reachable(before: JobStatus, after: JobStatus) -> bool:
    """Whether a job can have come from one status to the other; staying where it is can always be."""
    return before is after or after in _reachable(JOB_MOVES, before)


def upload_reachable(before: UploadStatus, after: UploadStatus) -> bool:
    """Whether an upload can have come from one status to the other."""
    return before is after or after in _reachable(UPLOAD_MOVES, before)


def refused_move(before: Job | Upload, after: Job | Upload, now: datetime) -> Event | None:
    """The data error to put in the log where a move can't have happened, or nothing.

    For reports in their order only: one that merely came late is no error.
    """
    if isinstance(before, Job) and isinstance(after, Job):
        fine, subject = job_reachable(before.status, after.status), f"job:{after.id}"
    elif isinstance(before, Upload) and isinstance(after, Upload):
        fine, subject = upload_reachable(before.status, after.status), f"upload:{after.id}"
    else:
        raise TypeError("a job does not become an upload")
    if fine:
        return None
    said = _(
        "{subject} is reported to have gone from {before} to {after}, which can't be",
        subject=clean(subject),
        before=before.status.value,
        after=after.status.value,
    )
    return Event(
        kind="production.data_error",
        area="production",
        subject=clean(subject),
        severity=Severity.WARNING,
        title=said,
        at=now,
        facts={"before": before.status.value, "after": after.status.value},
        key=f"production:{clean(subject)}:{before.status.value}>{after.status.value}",
    )


def job_events(before: Job | None, after: Job, now: datetime) -> list[ProductionEvent]:
    """What to tell when a job that was `before` (`None`: not heard of) is found to be `after`.

    `video_started` belongs to the first attempt only; a job that comes to its end between two polls tells
    only its end. Impossible moves tell nothing (`refused_move` does).
    """
    if before is not None and (
        before.status is after.status or not job_reachable(before.status, after.status)
    ):
        return []
    ended = after.completed_at or after.updated_at or now
    if before is None and after.status.terminal and ended < now - _HISTORY:
        return []
    match after.status:
        case JobStatus.PROCESSING if after.attempt <= 1:
            started = after.started_at or now
            return [_job_event(EventKind.VIDEO_STARTED, Severity.NOTICE, after, started)]
        case JobStatus.COMPLETED:
            return [_job_event(EventKind.VIDEO_COMPLETED, Severity.GOOD, after, ended)]
        case JobStatus.FAILED:
            return [_job_event(EventKind.VIDEO_FAILED, Severity.SERIOUS, after, ended)]
        case _:
            return []


def upload_events(before: Upload | None, after: Upload, now: datetime) -> list[ProductionEvent]:
    """What to tell when an upload that was `before` (`None`: not heard of) is found to be `after`."""
    if before is not None and (
        before.status is after.status or not upload_reachable(before.status, after.status)
    ):
        return []
    ended = after.published_at or after.failed_at or after.updated_at or now
    over = after.status in {UploadStatus.PUBLISHED, UploadStatus.FAILED}
    if before is None and over and ended < now - _HISTORY:
        return []
    match after.status:
        case UploadStatus.UPLOADING if after.attempt <= 1:
            started = after.started_at or now
            return [_upload_event(EventKind.UPLOAD_STARTED, Severity.NOTICE, after, started)]
        case UploadStatus.PUBLISHED:
            return [_upload_event(EventKind.UPLOAD_COMPLETED, Severity.GOOD, after, ended)]
        case UploadStatus.FAILED:
            return [_upload_event(EventKind.UPLOAD_FAILED, Severity.WARNING, after, ended)]
        case _:
            return []


def _job_event(kind: EventKind, severity: Severity, job: Job, at: datetime) -> ProductionEvent:
    words = ", ".join(filter(None, (job.content_type, job.character)))
    if kind is EventKind.VIDEO_FAILED:
        words = job.error_message or job.error_code or words
    told = ProductionEvent(
        kind=kind,
        severity=severity,
        at=at,
        subject=f"job:{job.id}",
        key="",
        text=clean(words),
        data={
            "job": job.id,
            "character": job.character,
            "content_type": job.content_type,
            "platforms": ", ".join(job.platforms),
            "attempts": job.attempt,
            "credits_estimated": _number(job.credits_estimated),
            "credits_charged": _number(job.credits_charged),
            "cost": None if job.cost is None else str(job.cost.amount),
            "currency": None if job.cost is None else job.cost.currency,
            "media_seconds": job.media_seconds,
            "processing_seconds": job.processing_seconds,
            "error_code": job.error_code or None,
            "error_message": job.error_message or None,
        },
    )
    return _keyed(told)


def _upload_event(kind: EventKind, severity: Severity, upload: Upload, at: datetime) -> ProductionEvent:
    words = upload.error_message if kind is EventKind.UPLOAD_FAILED else ""
    told = ProductionEvent(
        kind=kind,
        severity=severity,
        at=at,
        subject=f"upload:{upload.id}",
        key="",
        text=clean(f"{upload.platform}: {words}" if words else upload.platform),
        data={
            "upload": upload.id,
            "job": upload.job,
            "platform": upload.platform,
            "attempts": upload.attempt,
            "post_url": upload.post_url or None,
            "error_message": upload.error_message or None,
        },
    )
    return _keyed(told)


def _keyed(event: ProductionEvent) -> ProductionEvent:
    return replace(event, key=dedup_key(event))


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _reachable(moves: Mapping[S, frozenset[S]], start: S) -> frozenset[S]:
    """Every status that one or more allowed moves lead to."""
    found: set[S] = set()
    ahead = [start]
    while ahead:
        for following in moves[ahead.pop()] - found:
            found.add(following)
            ahead.append(following)
    return frozenset(found)
