"""Jobs, uploads, ledger entries and events out of JSON that promises nothing (production.md 2 and 3)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.production.client.parsing import (
    parse_entry,
    parse_event,
    parse_job,
    parse_upload,
    platform_id,
)
from core.areas.production.model import Bucket, EntryKind, EventKind, JobStatus, UploadStatus
from core.units import Money, Severity

JOB: dict[str, Any] = {
    "id": "prod_000000000001",
    "provider_task_id": "task_fake",
    "character_id": "yuki-chan",
    "content_type": "karaoke",
    "target_platforms": ["tiktok", "youtube_shorts", "youtube"],
    "status": "completed",
    "attempt": 2,
    "max_attempts": 3,
    "media_seconds": 45,
    "processing_seconds": 612.5,
    "credits_charged": 12.5,
    "cost": {"amount": "0.50", "currency": "USD"},
    "completed_at": "2026-01-22T20:05:00+09:00",
}
EVENT: dict[str, Any] = {
    "seq": 1042,
    "id": "evt_0001FAKE",
    "type": "video_completed",
    "severity": "info",
    "occurred_at": "2026-01-22T11:05:00Z",
    "subject": {"kind": "job", "id": "prod_000000000001"},
    "dedup_key": "job:prod_000000000001:completed",
    "title": "Video completed",
    "message": "karaoke, yuki-chan, 45 s",
    "data": {"credits_charged": 50, "cost": {"amount": "0.50", "currency": "USD"}},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def notices() -> list[str]:
    return []


def test_a_job_keeps_its_figures_exactly(notices: list[str]) -> None:
    job = parse_job(JOB, notices.append)
    assert job is not None
    assert job.status is JobStatus.COMPLETED
    assert job.credits_charged == Decimal("12.5")
    assert job.cost == Money(Decimal("0.50"), "USD")
    assert job.completed_at == datetime(2026, 1, 22, 11, 5, tzinfo=UTC)
    assert (job.attempt, job.media_seconds, job.processing_seconds) == (2, 45.0, 612.5)
    assert notices == []


def test_youtube_shorts_is_youtube_and_counts_once(notices: list[str]) -> None:
    job = parse_job(JOB, notices.append)
    assert job is not None
    assert job.platforms == ("tiktok", "youtube")
    assert platform_id(" YouTube_Shorts ") == "youtube"


def test_upstreams_single_platform_is_a_list_of_one(notices: list[str]) -> None:
    job = parse_job({"id": "a", "status": "queued", "platform": "youtube_shorts"}, notices.append)
    assert job is not None
    assert job.platforms == ("youtube",)


def test_an_unknown_status_is_shown_as_it_came_and_counts_as_processing(notices: list[str]) -> None:
    job = parse_job(JOB | {"status": "Simmering"}, notices.append)
    assert job is not None
    assert (job.status, job.status_word) == (JobStatus.PROCESSING, "Simmering")
    assert len(notices) == 1
    assert "Simmering" in notices[0]


def test_an_unknown_content_type_is_shown(notices: list[str]) -> None:
    job = parse_job(JOB | {"content_type": "opera"}, notices.append)
    assert job is not None
    assert job.content_type == "opera"


@pytest.mark.parametrize("charged", [None, "", "many", -1, True, float("nan"), "1e400", [5], {"n": 5}])
def test_credits_that_cannot_be_read_are_unknown_and_not_0(notices: list[str], charged: object) -> None:
    job = parse_job(JOB | {"credits_charged": charged}, notices.append)
    assert job is not None
    assert job.credits_charged is None


@pytest.mark.parametrize("cost", ["0.50", {"amount": "0.50"}, {"amount": "x", "currency": "USD"}, 0.5])
def test_an_amount_without_its_currency_is_no_money(notices: list[str], cost: object) -> None:
    job = parse_job(JOB | {"cost": cost}, notices.append)
    assert job is not None
    assert job.cost is None


def test_a_job_without_an_id_is_left_out_with_a_word_about_it(notices: list[str]) -> None:
    assert parse_job(JOB | {"id": None}, notices.append) is None
    assert notices == ["a job without an id was left out"]


def test_foreign_text_is_made_safe(notices: list[str]) -> None:
    job = parse_job(JOB | {"error_message": "boom\x1b[2J\u202eliah"}, notices.append)
    assert job is not None
    assert "\x1b" not in job.error_message
    assert "\u202e" not in job.error_message


def test_an_upload_by_its_platforms_one_name(notices: list[str]) -> None:
    told = {"id": "up_1", "job_id": "prod_1", "platform": "youtube_shorts", "status": "failed"}
    upload = parse_upload(told, notices.append)
    assert upload is not None
    assert (upload.platform, upload.status, upload.job) == ("youtube", UploadStatus.FAILED, "prod_1")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "https://x y", 7])
def test_only_a_plain_web_address_becomes_a_link(notices: list[str], address: object) -> None:
    told = {"id": "up_1", "platform": "tiktok", "status": "published", "post_url": address}
    upload = parse_upload(told, notices.append)
    assert upload is not None
    assert upload.post_url == ""


ENTRY = {"id": "led_1", "at": "2026-01-22T11:05:00Z", "kind": "debit", "credits": 50, "bucket": "daily"}


def test_a_ledger_entry(notices: list[str]) -> None:
    entry = parse_entry(ENTRY, notices.append)
    assert entry is not None
    assert (entry.kind, entry.bucket, entry.credits) == (EntryKind.DEBIT, Bucket.DAILY, Decimal(50))


@pytest.mark.parametrize("wrong", [{"id": ""}, {"at": "soon"}, {"kind": "gift"}, {"credits": None}])
def test_an_entry_that_cannot_be_booked_is_left_out_with_a_word(
    notices: list[str], wrong: dict[str, object]
) -> None:
    assert parse_entry(ENTRY | wrong, notices.append) is None
    assert len(notices) == 1


def test_only_an_adjustment_may_be_negative(notices: list[str]) -> None:
    assert parse_entry(ENTRY | {"credits": -5}, notices.append) is None
    adjustment = parse_entry(ENTRY | {"kind": "adjust", "credits": -5}, notices.append)
    assert adjustment is not None
    assert adjustment.credits == Decimal(-5)


def test_the_envelope_of_section_3(notices: list[str]) -> None:
    event = parse_event(EVENT, notices.append)
    assert event is not None
    assert event.kind is EventKind.VIDEO_COMPLETED
    assert event.severity is Severity.NOTICE
    assert (event.subject, event.sequence) == ("job:prod_000000000001", 1042)
    assert event.key == "job:prod_000000000001:completed"
    assert event.data == {"credits_charged": 50, "cost": "0.50", "cost_currency": "USD"}
    assert not event.recovered


def test_a_recovery_says_so(notices: list[str]) -> None:
    told = EVENT | {"type": "credits_low", "severity": "warning", "data": {"recovered": True}}
    event = parse_event(told, notices.append)
    assert event is not None
    assert event.recovered


def test_an_event_of_another_type_is_left_out_with_a_word(notices: list[str]) -> None:
    assert parse_event(EVENT | {"type": "moon_landing"}, notices.append) is None
    assert "moon_landing" in notices[0]


@given(JSON, st.sampled_from([parse_job, parse_upload, parse_entry, parse_event]))
def test_any_json_at_all_is_read_or_left_out(value: object, parse: Any) -> None:
    parse(value, lambda _line: None)


@given(st.dictionaries(st.sampled_from(sorted(JOB)), JSON, max_size=6))
def test_a_job_with_odd_fields_stays_the_job_it_is(fields: dict[str, object]) -> None:
    job = parse_job(JOB | fields | {"id": "prod_1"}, lambda _line: None)
    assert job is not None
    assert job.id == "prod_1"
    assert job.attempt >= 1
    assert job.credits_charged is None or job.credits_charged >= 0


@given(st.dictionaries(st.sampled_from(sorted(EVENT)), JSON, max_size=6))
def test_an_event_with_odd_fields_has_only_scalars(fields: dict[str, object]) -> None:
    event = parse_event(EVENT | fields, lambda _line: None)
    if event is not None:
        assert event.key
        assert all(isinstance(value, str | int | float | None) for value in event.data.values())
