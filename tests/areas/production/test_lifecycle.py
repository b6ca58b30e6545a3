"""The events of jobs and uploads, and moves that can't have happened (production.md 2.2, 2.3 and 3)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.production.model import EventKind, Job, JobStatus, ProductionEvent, Upload, UploadStatus
from core.areas.production.rules.event_types import dedup_key, is_published, kinds_named, log_event, title
from core.areas.production.rules.lifecycle import (
    job_events,
    job_reachable,
    refused_move,
    upload_events,
    upload_reachable,
)
from core.units import Severity

NOW = datetime(2026, 1, 22, 3, tzinfo=UTC)
JOB = Job(
    "prod_1", JobStatus.PENDING, "yuki-chan", "karaoke", ("tiktok", "youtube"), credits_estimated=Decimal(50)
)
UPLOAD = Upload("up_1", "prod_1", "tiktok", UploadStatus.SCHEDULED)


def job(status: JobStatus, **fields: object) -> Job:
    return replace(JOB, status=status, **fields)  # type: ignore[arg-type]


def kinds(events: list[ProductionEvent]) -> list[str]:
    return [event.kind.value for event in events]


def test_a_job_tells_its_start_and_its_end() -> None:
    course = [JOB, job(JobStatus.QUEUED), job(JobStatus.PROCESSING), job(JobStatus.COMPLETED)]
    told = [kinds(job_events(before, after, NOW)) for before, after in itertools.pairwise(course)]
    assert told == [[], ["video_started"], ["video_completed"]]


def test_only_the_first_attempt_tells_a_start() -> None:
    queued, again = job(JobStatus.QUEUED, attempt=2), job(JobStatus.PROCESSING, attempt=2)
    assert job_events(queued, again, NOW) == []
    assert job_events(job(JobStatus.PROCESSING), again, NOW) == []


def test_a_failure_carries_what_is_needed() -> None:
    failed = job(JobStatus.FAILED, attempt=3, error_code="timeout", credits_charged=Decimal("12.5"))
    (event,) = job_events(job(JobStatus.PROCESSING), failed, NOW)
    assert (event.kind, event.severity) == (EventKind.VIDEO_FAILED, Severity.SERIOUS)
    assert event.data["error_code"] == "timeout"
    assert (event.data["attempts"], event.data["credits_charged"]) == (3, 12.5)


def test_steps_between_two_looks_may_be_missed() -> None:
    assert kinds(job_events(JOB, job(JobStatus.COMPLETED), NOW)) == ["video_completed"]
    assert refused_move(JOB, job(JobStatus.COMPLETED), NOW) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (JobStatus.COMPLETED, JobStatus.PROCESSING),
        (JobStatus.COMPLETED, JobStatus.FAILED),
        (JobStatus.CANCELLED, JobStatus.QUEUED),
        (JobStatus.PROCESSING, JobStatus.PENDING),
    ],
)
def test_a_move_that_cannot_be_is_a_data_error_and_tells_nothing_else(
    before: JobStatus, after: JobStatus
) -> None:
    assert job_events(job(before), job(after), NOW) == []
    refused = refused_move(job(before), job(after), NOW)
    assert refused is not None
    assert refused.kind == "production.data_error"
    assert refused.facts == {"before": before.value, "after": after.value}


@given(st.sampled_from(list(JobStatus)), st.sampled_from(list(JobStatus)), st.sampled_from(list(JobStatus)))
def test_reachable_is_transitive_and_ends_are_final(
    first: JobStatus, then: JobStatus, last: JobStatus
) -> None:
    if job_reachable(first, then) and job_reachable(then, last):
        assert job_reachable(first, last)
    if first.terminal and then is not first:
        assert not job_reachable(first, then)


def test_history_is_no_news_and_what_ended_lately_is() -> None:
    old = job(JobStatus.COMPLETED, completed_at=NOW - timedelta(days=2))
    assert job_events(None, old, NOW) == []
    new = job(JobStatus.COMPLETED, completed_at=NOW - timedelta(hours=2))
    assert [event.at for event in job_events(None, new, NOW)] == [NOW - timedelta(hours=2)]


def test_an_upload_tells_its_start_and_its_end() -> None:
    uploading = replace(UPLOAD, status=UploadStatus.UPLOADING)
    failed = replace(UPLOAD, status=UploadStatus.FAILED, error_message="refused")
    again = replace(UPLOAD, status=UploadStatus.UPLOADING, attempt=2)
    published = replace(UPLOAD, status=UploadStatus.PUBLISHED, post_url="https://example.test/1", attempt=2)
    course = [UPLOAD, uploading, failed, again, published]
    told = [kinds(upload_events(before, after, NOW)) for before, after in itertools.pairwise(course)]
    assert told == [["upload_started"], ["upload_failed"], [], ["upload_completed"]]
    assert not upload_reachable(UploadStatus.PUBLISHED, UploadStatus.UPLOADING)


def pushed(kind: EventKind, subject: str, key: str = "theirs", **fields: object) -> ProductionEvent:
    event = ProductionEvent(kind, Severity.NOTICE, NOW, subject, key)
    return replace(event, **fields)  # type: ignore[arg-type]


def test_the_same_happening_has_one_key_whoever_tells_of_it() -> None:
    (ours,) = job_events(job(JobStatus.PROCESSING), job(JobStatus.COMPLETED), NOW)
    theirs = pushed(EventKind.VIDEO_COMPLETED, "job:prod_1", "job:prod_1:completed")
    assert dedup_key(ours) == dedup_key(theirs) == ours.key == "job:prod_1:completed"
    assert log_event(ours).key == log_event(theirs).key


def test_a_condition_and_its_end_have_two_keys() -> None:
    raised = pushed(EventKind.SYSTEM_ERROR, "system:disk", "disk")
    over = replace(raised, recovered=True)
    assert dedup_key(raised) != dedup_key(over)
    assert log_event(over).facts["recovered"] is True


def test_started_events_are_off_by_default_and_what_is_critical_is_always_told() -> None:
    off = kinds_named("video_started,upload_started,budget_warning,system_error")
    assert not is_published(pushed(EventKind.VIDEO_STARTED, "job:1"), off)
    assert not is_published(pushed(EventKind.BUDGET_WARNING, "budget:daily"), off)
    assert is_published(pushed(EventKind.BUDGET_WARNING, "budget:daily", severity=Severity.CRITICAL), off)
    assert is_published(pushed(EventKind.SYSTEM_ERROR, "system:disk"), off)
    assert is_published(pushed(EventKind.VIDEO_COMPLETED, "job:1"), off)


def test_the_systems_own_switches_name_kinds_too() -> None:
    both = frozenset({EventKind.CREDITS_LOW, EventKind.CREDITS_CRITICAL})
    assert kinds_named(" notify_on_credit_warning ,") == both
    assert len(kinds_named(",".join(kind.value for kind in EventKind))) == 14
    with pytest.raises(ValueError, match="nonsense"):
        kinds_named("nonsense")


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_has_a_title_in_which_foreign_text_is_harmless(kind: EventKind) -> None:
    event = pushed(kind, "job:prod\x1b[31m", text="<b>{x}\u202e")
    said = str(title(event))
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert log_event(event).kind == f"production.{kind.value}"
