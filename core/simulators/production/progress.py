"""Jobs, uploads and provider tasks as they stand at a moment, made of their timelines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from core.simulators.production.records import Job, Money, ProviderTask, Upload
from core.simulators.production.scripts import Attempt, CreditTerms
from core.simulators.production.timelines import JobTimeline, Step, UploadTimeline

__all__ = ["job_at", "provider_tasks", "upload_at"]

_TERMINAL = frozenset({"completed", "failed", "cancelled"})


def job_at(timeline: JobTimeline, now: datetime, terms: CreditTerms) -> Job | None:
    """The job at `now`; None before it was planned."""
    steps = timeline.steps_until(now)
    if not steps:
        return None
    script, last = timeline.script, steps[-1]
    ended = last.status in _TERMINAL
    tried = script.attempts[: last.attempt] if last.status != "pending" else ()
    charged = sum(attempt.coins for attempt in tried) if ended and tried else None
    started = next((step.at for step in reversed(steps) if step.status == "processing"), None)
    failure = _last_failure(tried, last)
    return Job(
        id=script.id,
        provider_task_id=tried[-1].task_id if tried and last.status != "cancelled" else None,
        character_id=script.character_id,
        content_type=script.content_type,
        target_platforms=script.target_platforms,
        status=last.status,
        attempt=last.attempt,
        max_attempts=script.max_attempts,
        media_seconds=script.media_seconds if last.status == "completed" else None,
        processing_seconds=(last.at - started).total_seconds() if ended and started else None,
        credits_estimated=script.credits_estimated,
        credits_charged=charged if last.status != "cancelled" else None,
        cost=None if charged is None or last.status == "cancelled" else _money(charged, terms),
        scheduled_for=script.scheduled_for,
        created_at=script.created_at,
        started_at=started,
        completed_at=last.at if ended else None,
        error_code=failure[0],
        error_message=failure[1],
        updated_at=last.at,
    )


def upload_at(timeline: UploadTimeline, now: datetime) -> Upload | None:
    """The upload at `now`; None before its video is finished."""
    steps = timeline.steps_until(now)
    if not steps:
        return None
    script, last = timeline.script, steps[-1]
    published = last.status == "published"
    started = next((step.at for step in steps if step.status == "uploading"), None)
    errors = [attempt.error for attempt in script.attempts[: last.attempt] if attempt.error is not None]
    told = errors and (last.status == "failed" or last.attempt > 1) and not published
    return Upload(
        id=script.id,
        job_id=timeline.job.id,
        platform=script.platform,
        status=last.status,
        attempt=last.attempt,
        scheduled_for=timeline.scheduled_for,
        started_at=started,
        published_at=last.at if published else None,
        failed_at=last.at if last.status == "failed" else None,
        post_id=f"post-{script.id[3:]}" if published else None,
        post_url=f"https://video.example/{script.platform}/{script.id[3:]}" if published else None,
        error_message=errors[-1] if told else None,
        updated_at=last.at,
    )


def provider_tasks(timeline: JobTimeline, now: datetime) -> Iterator[ProviderTask]:
    """The tasks that the job's attempts have begun by `now`, one for each attempt, oldest first."""
    script, steps = timeline.script, timeline.steps
    for number, attempt in enumerate(script.attempts, start=1):
        began = next((step for step in steps if (step.status, step.attempt) == ("processing", number)), None)
        if began is None:
            return
        created = began.at - timedelta(seconds=attempt.waiting)
        if created > now:
            return
        state, progress = _provider_state(attempt, began.at, now)
        yield ProviderTask(
            id=attempt.task_id,
            job_id=script.id,
            character_id=script.character_id,
            content_type=script.content_type,
            state=state,
            progress=progress,
            coins=attempt.coins,
            media_seconds=script.media_seconds,
            work_seconds=attempt.working,
            created_at=created,
            failure=attempt.failure.message if attempt.failure and state == "broken" else "",
        )


def _provider_state(attempt: Attempt, began: datetime, now: datetime) -> tuple[str, int]:
    if now < began:
        return "waiting", 0
    share = (now - began).total_seconds() / attempt.working
    if share < 1:
        return "working", int(share * 100)
    return ("done", 100) if attempt.failure is None else ("broken", 90)


def _last_failure(tried: tuple[Attempt, ...], last: Step) -> tuple[str | None, str | None]:
    """Code and message of the newest attempt that has failed; none where the job is done."""
    if last.status in {"completed", "cancelled"}:
        return None, None
    over = tried if last.status == "failed" else tried[:-1]
    failure = over[-1].failure if over else None
    return (None, None) if failure is None else (failure.code, failure.message)


def _money(amount: int, terms: CreditTerms) -> Money:
    return Money(amount * terms.price, terms.currency)
