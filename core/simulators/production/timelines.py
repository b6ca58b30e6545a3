"""When each job and each upload takes which step, given the times in which work was held back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from core.simulators.production.scripts import JobScript, UploadScript

__all__ = ["RETRY_PAUSE", "Hold", "JobTimeline", "Step", "UploadTimeline", "job_timeline", "released"]

RETRY_PAUSE = timedelta(minutes=5)
"""How long a job stays queued before it is tried again (production.md 2.2)."""

_CATCH_UP = 0.05
"""Held work follows in its order, in this share of the time it was meant to take: never in one burst."""

_SETTLING = timedelta(seconds=1)
_at = attrgetter("at")


@dataclass(frozen=True, slots=True)
class Hold:
    """A time in which nothing new is begun; `end` is None while nobody knows it."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` on, the status is this one, in this attempt."""

    at: datetime
    status: str
    attempt: int


@dataclass(frozen=True, slots=True)
class UploadTimeline:
    """An upload and its steps, oldest first; never empty."""

    script: UploadScript
    job: JobScript
    scheduled_for: datetime
    steps: tuple[Step, ...]

    def steps_until(self, moment: datetime) -> Sequence[Step]:
        """The steps taken by `moment`."""
        return self.steps[: bisect_right(self.steps, moment, key=_at)]

    @property
    def published_at(self) -> datetime | None:
        """When the platform shows the upload; None when it never will."""
        last = self.steps[-1]
        return last.at if last.status == "published" else None


@dataclass(frozen=True, slots=True)
class JobTimeline:
    """A job, its steps oldest first, and what becomes of its uploads."""

    script: JobScript
    steps: tuple[Step, ...]
    uploads: tuple[UploadTimeline, ...] = ()

    def steps_until(self, moment: datetime) -> Sequence[Step]:
        """The steps taken by `moment`: none before the job was planned."""
        return self.steps[: bisect_right(self.steps, moment, key=_at)]

    @property
    def ended_at(self) -> datetime | None:
        """When the job reaches a terminal state; None while it is held back."""
        last = self.steps[-1]
        return last.at if last.status in {"completed", "failed", "cancelled"} else None

    def in_flight(self, moment: datetime) -> bool:
        """Whether the job was submitted and has not ended. A retry needs no new submission."""
        steps = self.steps_until(moment)
        return bool(steps) and steps[-1].status in {"queued", "processing"}


def released(moment: datetime, holds: Sequence[Hold]) -> datetime | None:
    """When what was meant for `moment` really begins; None: not before somebody ends a hold.

    `holds` are oldest first. What falls on the very start of a hold has already begun.
    """
    for hold in holds:
        if hold.end is None:
            if hold.start < moment:
                return None
        elif hold.start < moment < hold.end:
            moment = hold.end + _SETTLING + (moment - hold.start) * _CATCH_UP
    return moment


def job_timeline(script: JobScript, holds: Sequence[Hold]) -> JobTimeline:
    """The steps of a job. Once submitted it runs to its end, whatever is held (production.md 6)."""
    steps = [Step(script.created_at, "pending", 1)]
    submitted = released(script.scheduled_for, holds)
    if submitted is None:
        return JobTimeline(script, tuple(steps))
    if script.cancelled:
        return JobTimeline(script, (*steps, Step(submitted, "cancelled", 1)))
    moment = submitted
    for number, attempt in enumerate(script.attempts, start=1):
        steps.append(Step(moment, "queued", number))
        moment += timedelta(seconds=attempt.waiting) + (RETRY_PAUSE if number > 1 else timedelta(0))
        steps.append(Step(moment, "processing", number))
        moment += timedelta(seconds=attempt.working)
    if script.attempts[-1].failure is not None:
        return JobTimeline(script, (*steps, Step(moment, "failed", len(script.attempts))))
    steps.append(Step(moment, "completed", len(script.attempts)))
    uploads = tuple(_upload_timeline(script, upload, moment, holds) for upload in script.uploads)
    return JobTimeline(script, tuple(steps), uploads)


def _upload_timeline(
    job: JobScript, script: UploadScript, done: datetime, holds: Sequence[Hold]
) -> UploadTimeline:
    steps = [Step(done, "scheduled", 1)]
    scheduled_for = done + script.delay
    moment = released(scheduled_for, holds)
    if moment is None:
        return UploadTimeline(script, job, scheduled_for, tuple(steps))
    for number, attempt in enumerate(script.attempts, start=1):
        steps.append(Step(moment, "uploading", number))
        moment += timedelta(seconds=attempt.sending)
        if attempt.error is None:
            steps.append(Step(moment, "processing", number))
            moment += timedelta(seconds=attempt.working)
    last = script.attempts[-1]
    ending = "failed" if last.error is not None else "published"
    steps.append(Step(moment, ending, len(script.attempts)))
    return UploadTimeline(script, job, scheduled_for, tuple(steps))
