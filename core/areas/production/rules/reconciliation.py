"""One job or upload out of many reports of it, in whatever order and however often they come.

A report tells how far the job had come: its progress. Of each field the report with the highest progress
that says anything about it holds; of several with the same one, the report that came last, because it may
correct the others. How a job ended is final (production.md 2.2): of two reports that end it differently the
one holds that ended it earlier. So the same reports come to the same job in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from core.areas.production.model import Job, JobStatus, Upload, UploadStatus

__all__ = ["Merged", "Progress", "merge", "progress_of"]

T = TypeVar("T", Job, Upload)

_JOB_PLACES = {JobStatus.PENDING: 0, JobStatus.QUEUED: 1, JobStatus.PROCESSING: 2}
_UPLOAD_PLACES = {
    UploadStatus.DRAFT: 0,
    UploadStatus.SCHEDULED: 1,
    UploadStatus.UPLOADING: 2,
    UploadStatus.PROCESSING: 3,
    UploadStatus.FAILED: 4,
}
_LONGEST_AGO = 0.0
_OWN_RULE = frozenset({"id", "status", "attempt", "max_attempts", "updated_at"})
_OF_THE_STATUS = frozenset({"status_word", "error_code", "error_message"})
"""Fields that belong to the status they came with, so that empty ones mean something."""

_OF_THE_END = _OF_THE_STATUS | {"completed_at", "processing_seconds"}
"""Fields that tell how a job ended: they are not taken from a report by which it ended otherwise."""


class Progress(NamedTuple):
    """How far something had come by a report: ended, else in which attempt, as of when, where in it."""

    ended: int
    attempt: int
    moment: float
    place: int


@dataclass(frozen=True, slots=True)
class Merged(Generic[T]):
    """What all reports so far come to, and from which progress each field is."""

    value: T
    progress_by_field: Mapping[str, Progress] = field(default_factory=dict[str, Progress])


def progress_of(value: Job | Upload) -> Progress:
    """The progress of a report.

    The moment is its own, or the latest that it tells of. A failed upload may be tried again, so only a
    published one has ended.
    """
    if isinstance(value, Job):
        told = value.updated_at or value.completed_at or value.started_at or value.created_at
        if value.status.terminal:
            return Progress(1, 0, _seconds(told), 0)
        return Progress(0, value.attempt, _seconds(told), _JOB_PLACES[value.status])
    told = value.updated_at or value.published_at or value.failed_at or value.started_at
    if value.status is UploadStatus.PUBLISHED:
        return Progress(1, 0, _seconds(told), 0)
    return Progress(0, value.attempt, _seconds(told), _UPLOAD_PLACES[value.status])


def merge(known: Merged[T] | None, said: T) -> Merged[T]:
    """What is known with one report more."""
    progress = progress_of(said)
    if known is None:
        told = [each.name for each in fields(said) if not _empty(getattr(said, each.name))]
        return Merged(said, {name: progress for name in told if name not in _OWN_RULE})
    before, progress_by_field = known.value, dict(known.progress_by_field)
    holds = _holds(before, said)
    another_end = progress.ended and progress_of(before).ended and before.status is not said.status
    changed: dict[str, Any] = {}
    for name in (each.name for each in fields(said) if each.name not in _OWN_RULE):
        told, empty = getattr(said, name), _empty(getattr(said, name))
        if another_end and name in _OF_THE_END:
            taken = holds
        elif name in _OF_THE_STATUS:
            taken = holds and not (empty and said.status is before.status and said.attempt <= before.attempt)
        else:
            taken = not empty and progress >= progress_by_field.get(name, progress)
        if taken:
            changed[name], progress_by_field[name] = told, progress
    if isinstance(said, Job) and isinstance(before, Job):
        changed["max_attempts"] = max(said.max_attempts, before.max_attempts)
    value = replace(
        before,
        status=said.status if holds else before.status,
        attempt=max(said.attempt, before.attempt),
        updated_at=_later(before.updated_at, said.updated_at),
        **changed,
    )
    return Merged(value, progress_by_field)


def _holds(before: Job | Upload, said: Job | Upload) -> bool:
    """Whether the report's status holds over the known one."""
    known, progress = progress_of(before), progress_of(said)
    if known.ended and progress.ended and before.status is not said.status:
        return _end(said) < _end(before)
    return progress >= known


def _end(value: Job | Upload) -> tuple[bool, float, str]:
    """Which of two ends comes first: the earlier, one of unknown time last."""
    at = value.completed_at if isinstance(value, Job) else value.published_at
    return (at is None, _seconds(at), value.status.value)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)


def _seconds(moment: datetime | None) -> float:
    return _LONGEST_AGO if moment is None else moment.timestamp()


def _empty(value: object) -> bool:
    """Whether a field says nothing."""
    return value is None or value == "" or value == ()
