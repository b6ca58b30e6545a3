"""Writing scripts: ids that look like the real ones, and jobs laid out from the moment they end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.simulators.noise import hexadecimal
from core.simulators.production.scripts import Attempt, Failure, JobScript, UploadAttempt, UploadScript
from core.simulators.production.timelines import RETRY_PAUSE

__all__ = ["FACE_NOT_FOUND", "PROVIDER_TIMEOUT", "attempt", "job", "span", "upload"]

PROVIDER_TIMEOUT = Failure("provider_timeout", "The provider did not finish in time.")
FACE_NOT_FOUND = Failure("face_not_found", "No face was found in the picture.")

_PLANNED_BEFORE = timedelta(minutes=30)
_BETWEEN_UPLOADS = timedelta(minutes=5)


def attempt(
    *key: object,
    coins: int,
    bucket: str = "monthly",
    waiting: float = 20.0,
    working: float = 400.0,
    failure: Failure | None = None,
    refunded: bool = False,
) -> Attempt:
    """One task at the provider; its id belongs to `key`."""
    return Attempt(hexadecimal(24, "task", *key), waiting, working, coins, bucket, failure, refunded)


def upload(
    *key: object,
    platform: str,
    place: int = 0,
    errors: Sequence[str] = (),
    published: bool = True,
    delay: timedelta | None = None,
) -> UploadScript:
    """An upload that fails once for each of `errors` and is then `published`, or given up.

    The one at `place` 0 begins five minutes after the video is done, the next ones five minutes apart.
    """
    attempts = tuple(UploadAttempt(45.0, 0.0, error) for error in errors)
    if published:
        attempts += (UploadAttempt(60.0, 75.0),)
    begins = _BETWEEN_UPLOADS * (place + 1) if delay is None else delay
    return UploadScript(f"up_{hexadecimal(12, 'upload', *key, platform)}", platform, begins, attempts)


def span(attempts: Sequence[Attempt]) -> timedelta:
    """From being submitted to the end of the last attempt, when nothing holds the job back."""
    seconds = sum(each.waiting + each.working for each in attempts)
    return timedelta(seconds=seconds) + RETRY_PAUSE * (len(attempts) - 1)


def job(
    job_id: str,
    *,
    attempts: Sequence[Attempt],
    character: str,
    content_type: str,
    uploads: Sequence[UploadScript],
    media_seconds: float = 30.0,
    ends: datetime | None = None,
    begins: datetime | None = None,
    planned: datetime | None = None,
    estimate: int | None = None,
    cancelled: bool = False,
) -> JobScript:
    """A job, laid out from the moment it ends or from the one it is submitted at.

    Raises:
        ValueError: neither moment is given.
    """
    if begins is None:
        if ends is None:
            raise ValueError("A job needs a moment to begin or to end.")
        begins = ends - span(attempts)
    return JobScript(
        id=job_id,
        character_id=character,
        content_type=content_type,
        target_platforms=tuple(each.platform for each in uploads),
        created_at=planned or begins - _PLANNED_BEFORE,
        scheduled_for=begins,
        media_seconds=media_seconds,
        credits_estimated=max(each.coins for each in attempts) if estimate is None else estimate,
        attempts=tuple(attempts),
        uploads=tuple(uploads),
        cancelled=cancelled,
    )
