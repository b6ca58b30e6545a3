"""From JSON to jobs, uploads, ledger entries and events, one at a time (production.md 2.2, 2.3, 2.7 and 3).

Pure, and shared by all the ways in: the production system's API and the reports that are pushed. Every
parser takes any JSON object and answers a value, or `None` for one that can't be used; what is odd is
told to the notice. A word of a status that isn't known stays readable and counts as processing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from core.areas.production.client.fields import (
    JsonObject,
    OnAnomaly,
    as_list,
    as_object,
    count,
    decimal,
    flag,
    identifier,
    moment,
    money,
    seconds,
    text,
    word,
)
from core.areas.production.model import (
    Bucket,
    EntryKind,
    EventKind,
    Job,
    JobStatus,
    LedgerEntry,
    ProductionEvent,
    Upload,
    UploadStatus,
)
from core.text import cell
from core.units import Severity

__all__ = ["parse_entry", "parse_event", "parse_job", "parse_upload", "platform_id"]

_PLATFORM_ALIASES = {"youtube_shorts": "youtube"}
_LONGEST_ERROR = 500
_MOST_PLATFORMS = 20
_MOST_FACTS = 40
_SEVERITIES = {
    "info": Severity.NOTICE,
    "notice": Severity.NOTICE,
    "warning": Severity.WARNING,
    "error": Severity.SERIOUS,
    "serious": Severity.SERIOUS,
    "critical": Severity.CRITICAL,
}
_JOB_STATUSES = {status.value: status for status in JobStatus}
_UPLOAD_STATUSES = {status.value: status for status in UploadStatus}
_ENTRY_KINDS = {kind.value: kind for kind in EntryKind}
_BUCKETS = {bucket.value: bucket for bucket in Bucket}
_EVENT_KINDS = {kind.value: kind for kind in EventKind}


def platform_id(name: str) -> str:
    """The platform's one name: `youtube_shorts` is `youtube` (2.4)."""
    known = name.strip().lower()
    return _PLATFORM_ALIASES.get(known, known)


def parse_job(value: object, report_anomaly: OnAnomaly) -> Job | None:
    """A video job (2.2); one without an id is none."""
    row = as_object(value)
    job_id = identifier(row, "id", "job_id")
    if not job_id:
        report_anomaly("a job without an id was left out")
        return None
    shown = text(row, "status", limit=60)
    status = _JOB_STATUSES.get(shown.lower())
    if status is None:
        report_anomaly(f"the job status “{shown}” isn't known and counts as processing")
    return Job(
        id=job_id,
        status=status or JobStatus.PROCESSING,
        character=text(row, "character_id", "character"),
        content_type=text(row, "content_type", limit=60),
        platforms=_platforms(row),
        attempt=count(row.get("attempt")) or 1,
        max_attempts=count(row.get("max_attempts")) or 3,
        media_seconds=seconds(row.get("media_seconds")),
        processing_seconds=seconds(row.get("processing_seconds")),
        credits_estimated=decimal(row.get("credits_estimated"), Decimal(0)),
        credits_charged=decimal(row.get("credits_charged"), Decimal(0)),
        cost=money(row.get("cost")),
        scheduled_for=moment(row.get("scheduled_for")),
        created_at=moment(row.get("created_at")),
        started_at=moment(row.get("started_at")),
        completed_at=moment(row.get("completed_at")),
        updated_at=moment(row.get("updated_at")),
        provider_task=identifier(row, "provider_task_id", "provider_task"),
        error_code=text(row, "error_code"),
        error_message=text(row, "error_message", limit=_LONGEST_ERROR),
        status_word=shown,
    )


def parse_upload(value: object, report_anomaly: OnAnomaly) -> Upload | None:
    """An upload (2.3); one without an id or a platform is none."""
    row = as_object(value)
    upload_id = identifier(row, "id", "upload_id")
    platform = platform_id(text(row, "platform", "platform_id", limit=60))
    if not upload_id or not platform:
        report_anomaly("an upload without an id or a platform was left out")
        return None
    shown = text(row, "status", limit=60)
    status = _UPLOAD_STATUSES.get(shown.lower())
    if status is None:
        report_anomaly(f"the upload status “{shown}” isn't known and counts as processing")
    return Upload(
        id=upload_id,
        job=identifier(row, "job_id", "job"),
        platform=platform,
        status=status or UploadStatus.PROCESSING,
        attempt=count(row.get("attempt")) or 1,
        scheduled_for=moment(row.get("scheduled_for")),
        started_at=moment(row.get("started_at")),
        published_at=moment(row.get("published_at")),
        failed_at=moment(row.get("failed_at")),
        updated_at=moment(row.get("updated_at")),
        post_id=text(row, "post_id"),
        post_url=_web_address(row.get("post_url")),
        error_message=text(row, "error_message", limit=_LONGEST_ERROR),
    )


def parse_entry(value: object, report_anomaly: OnAnomaly) -> LedgerEntry | None:
    """A ledger entry (2.7); without an id, a moment, a known kind or its credits it can't be booked.

    Credits below 0 are only an adjustment's: everywhere else the kind gives the sign, so that a negative
    one may mean either direction and is left out.
    """
    row = as_object(value)
    entry_id = identifier(row, "id", "entry_id")
    at = moment(row.get("at"))
    kind = _ENTRY_KINDS.get(word(row, "kind"))
    amount = decimal(row.get("credits"), None if kind is EntryKind.ADJUST else Decimal(0))
    if not entry_id or at is None or kind is None or amount is None:
        report_anomaly(
            f"the ledger entry “{entry_id}” lacks its id, moment, kind or credits and was left out"
        )
        return None
    bucket = word(row, "bucket")
    if bucket and bucket not in _BUCKETS:
        report_anomaly(f"the bucket “{bucket}” isn't known; the split is estimated")
    return LedgerEntry(
        id=entry_id,
        at=at,
        kind=kind,
        credits=amount,
        bucket=_BUCKETS.get(bucket),
        cost=money(row.get("cost")),
        job=identifier(row, "job_id", "job"),
        provider_task=identifier(row, "provider_task_id", "provider_task"),
        note=text(row, "note", limit=200),
    )


def parse_event(value: object, report_anomaly: OnAnomaly) -> ProductionEvent | None:
    """An event in the envelope of section 3; one of another type, or without its moment, is none.

    An event without a `dedup_key` is told once by its id.
    """
    row = as_object(value)
    kind = _EVENT_KINDS.get(word(row, "type", "kind"))
    at = moment(row.get("occurred_at"))
    event_id = identifier(row, "id")
    key = text(row, "dedup_key", limit=200) or (f"event:{event_id}" if event_id else "")
    if kind is None or at is None or not key:
        report_anomaly(f"an event of type “{text(row, 'type', limit=60)}” can't be read and was left out")
        return None
    data = as_object(row.get("data"))
    return ProductionEvent(
        kind=kind,
        severity=_SEVERITIES.get(word(row, "severity"), Severity.UNKNOWN),
        at=at,
        subject=_subject(row.get("subject")),
        key=key,
        title=text(row, "title", limit=200),
        text=text(row, "message", limit=_LONGEST_ERROR),
        data=_facts(data),
        id=event_id,
        sequence=count(row.get("seq")),
        recovered=flag(data.get("recovered")) or False,
    )


def _platforms(row: JsonObject) -> tuple[str, ...]:
    """The target platforms by their one name, each once, in order; upstream has a single one."""
    told = row.get("target_platforms", row.get("platforms"))
    names: Iterable[object] = as_list(told) or [told, row.get("platform")]
    shown = (cell(name, 60) for name in names if isinstance(name, str))
    return tuple(dict.fromkeys(platform_id(name) for name in shown if name))[:_MOST_PLATFORMS]


def _web_address(value: object) -> str:
    """A link a person may follow; anything that is no plain web address is none."""
    if not isinstance(value, str) or len(value) > 500:
        return ""
    address = value.strip()
    plain = address.isprintable() and " " not in address and cell(address) == address
    return address if plain and address.lower().startswith(("https://", "http://")) else ""


def _subject(value: object) -> str:
    """`{"kind": "job", "id": "prod_1"}` as `job:prod_1`."""
    row = as_object(value)
    kind, subject = text(row, "kind", limit=40), text(row, "id")
    if kind and subject:
        return f"{kind}:{subject}"
    return cell(value, 200) if isinstance(value, str) else kind or subject


def _facts(data: JsonObject) -> Mapping[str, str | int | float | bool | None]:
    """The scalars an event carries: lists joined, money as its amount with the currency beside it."""
    facts: dict[str, str | int | float | bool | None] = {}
    for name, value in data.items():
        key = cell(name, 60)
        amount = money(value)
        if amount is not None:
            facts |= {key: str(amount.amount), f"{key}_currency": amount.currency}
        elif items := as_list(value):
            facts[key] = cell(", ".join(cell(each, 100) for each in items[:20]), _LONGEST_ERROR)
        elif value is None or isinstance(value, bool):
            facts[key] = value
        elif isinstance(value, str):
            facts[key] = cell(value, _LONGEST_ERROR)
        elif isinstance(value, int | float) and decimal(value) is not None:
            facts[key] = value
    return dict(list(facts.items())[:_MOST_FACTS])
