"""Jobs, uploads and the ledger as rows of their tables, and back.

Enums lie as their words, moments as microseconds since 1970, credits and money as whole millionths.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import RowMapping

from core.areas.production.model import (
    Bucket,
    EntryKind,
    Job,
    JobStatus,
    LedgerEntry,
    Upload,
    UploadStatus,
)
from core.areas.production.rules.reconciliation import Merged, Progress
from core.areas.production.store.tables import AMOUNT
from core.errors import BadAnswerError
from core.message import _
from core.store.metadata import from_microseconds, to_microseconds
from core.units import Money

__all__ = [
    "amount",
    "entry_from_row",
    "entry_row",
    "from_amount",
    "from_stored",
    "is_credible",
    "job_from_row",
    "job_row",
    "merged_job",
    "merged_upload",
    "millionths",
    "to_amount",
    "to_stored",
    "upload_from_row",
    "upload_row",
]

_LARGEST = Decimal(9) * 10**12


def millionths(value: Decimal) -> int:
    """The stored form of an amount, half a millionth rounded away from zero.

    Raises:
        BadAnswerError: it is too large to be an amount of anything.
    """
    if not is_credible(value):
        raise BadAnswerError(_("{amount} is no credible amount.", amount=str(value)[:40]))
    return int((value * AMOUNT).to_integral_value(ROUND_HALF_UP))


def is_credible(value: Decimal | None) -> bool:
    """Whether an amount can be stored, as that of anything real can."""
    return value is None or (value.is_finite() and abs(value) <= _LARGEST)


def amount(stored: int) -> Decimal:
    """The amount of a stored form, without needless zeros."""
    value = Decimal(stored) / AMOUNT
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()


def job_row(merged: Merged[Job], ended_at: datetime | None) -> dict[str, object]:
    """The row of a job that came to its end then, or not yet."""
    job = merged.value
    return {
        "id": job.id,
        "status": job.status.value,
        "status_word": job.status_word,
        "character": job.character,
        "content_type": job.content_type,
        "platforms": json.dumps(job.platforms, ensure_ascii=False),
        "attempt": job.attempt,
        "max_attempts": job.max_attempts,
        "media_seconds": job.media_seconds,
        "processing_seconds": job.processing_seconds,
        "credits_estimated": to_amount(job.credits_estimated),
        "credits_charged": to_amount(job.credits_charged),
        **_money(job.cost),
        "scheduled_for": to_stored(job.scheduled_for),
        "created_at": to_stored(job.created_at),
        "started_at": to_stored(job.started_at),
        "completed_at": to_stored(job.completed_at),
        "updated_at": to_stored(job.updated_at),
        "ended_at": to_stored(ended_at),
        "provider_task": job.provider_task,
        "error_code": job.error_code,
        "error_message": job.error_message,
        "standings": _standings(merged.progress_by_field),
    }


def job_from_row(row: RowMapping) -> Job:
    """The job of a row."""
    return Job(
        id=row["id"],
        status=JobStatus(row["status"]),
        character=row["character"],
        content_type=row["content_type"],
        platforms=tuple(json.loads(row["platforms"])),
        attempt=row["attempt"],
        max_attempts=row["max_attempts"],
        media_seconds=row["media_seconds"],
        processing_seconds=row["processing_seconds"],
        credits_estimated=from_amount(row["credits_estimated"]),
        credits_charged=from_amount(row["credits_charged"]),
        cost=_from_money(row),
        scheduled_for=from_stored(row["scheduled_for"]),
        created_at=from_stored(row["created_at"]),
        started_at=from_stored(row["started_at"]),
        completed_at=from_stored(row["completed_at"]),
        updated_at=from_stored(row["updated_at"]),
        provider_task=row["provider_task"],
        error_code=row["error_code"],
        error_message=row["error_message"],
        status_word=row["status_word"],
    )


def merged_job(row: RowMapping) -> Merged[Job]:
    """The job of a row, to go on merging reports into."""
    return Merged(job_from_row(row), _read_standings(row["standings"]))


def upload_row(merged: Merged[Upload], ended_at: datetime | None) -> dict[str, object]:
    """The row of an upload that was published or failed then, or neither."""
    upload = merged.value
    return {
        "id": upload.id,
        "job": upload.job,
        "platform": upload.platform,
        "status": upload.status.value,
        "attempt": upload.attempt,
        "scheduled_for": to_stored(upload.scheduled_for),
        "started_at": to_stored(upload.started_at),
        "published_at": to_stored(upload.published_at),
        "failed_at": to_stored(upload.failed_at),
        "updated_at": to_stored(upload.updated_at),
        "ended_at": to_stored(ended_at),
        "post_id": upload.post_id,
        "post_url": upload.post_url,
        "error_message": upload.error_message,
        "standings": _standings(merged.progress_by_field),
    }


def upload_from_row(row: RowMapping) -> Upload:
    """The upload of a row."""
    return Upload(
        id=row["id"],
        job=row["job"],
        platform=row["platform"],
        status=UploadStatus(row["status"]),
        attempt=row["attempt"],
        scheduled_for=from_stored(row["scheduled_for"]),
        started_at=from_stored(row["started_at"]),
        published_at=from_stored(row["published_at"]),
        failed_at=from_stored(row["failed_at"]),
        updated_at=from_stored(row["updated_at"]),
        post_id=row["post_id"],
        post_url=row["post_url"],
        error_message=row["error_message"],
    )


def merged_upload(row: RowMapping) -> Merged[Upload]:
    """The upload of a row, to go on merging reports into."""
    return Merged(upload_from_row(row), _read_standings(row["standings"]))


def entry_row(entry: LedgerEntry, rank: int, recorded_at: datetime) -> dict[str, object]:
    """The row of a ledger entry; `rank` says who told of it (`tables.ledger`)."""
    return {
        "id": entry.id,
        "recorded_at": to_microseconds(recorded_at),
        "at": to_microseconds(entry.at),
        "kind": entry.kind.value,
        "credits": millionths(entry.credits),
        "bucket": None if entry.bucket is None else entry.bucket.value,
        **_money(entry.cost),
        "job": entry.job,
        "provider_task": entry.provider_task,
        "note": entry.note,
        "rank": rank,
    }


def entry_from_row(row: RowMapping) -> LedgerEntry:
    """The ledger entry of a row."""
    return LedgerEntry(
        id=row["id"],
        at=from_microseconds(row["at"]),
        kind=EntryKind(row["kind"]),
        credits=amount(row["credits"]),
        bucket=None if row["bucket"] is None else Bucket(row["bucket"]),
        cost=_from_money(row),
        job=row["job"],
        provider_task=row["provider_task"],
        note=row["note"],
    )


def _standings(progress_by_field: Mapping[str, Progress]) -> str:
    """Standings as text, the fields that share one together: mostly there are only one or two."""
    shared: dict[Progress, list[str]] = {}
    for name, progress in sorted(progress_by_field.items()):
        shared.setdefault(progress, []).append(name)
    return json.dumps([[*progress, names] for progress, names in sorted(shared.items())])


def _read_standings(text: str) -> dict[str, Progress]:
    return {name: Progress(*progress) for *progress, names in json.loads(text) for name in names}


def _money(value: Money | None) -> dict[str, object]:
    if value is None:
        return {"cost": None, "currency": None}
    return {"cost": millionths(value.amount), "currency": value.currency}


def _from_money(row: RowMapping) -> Money | None:
    return None if row["cost"] is None else Money(amount(row["cost"]), row["currency"])


def to_amount(value: Decimal | None) -> int | None:
    """The stored form of an amount that may be unknown."""
    return None if value is None else millionths(value)


def from_amount(stored: int | None) -> Decimal | None:
    """The amount of a stored form, if there is one."""
    return None if stored is None else amount(stored)


def to_stored(moment: datetime | None) -> int | None:
    """The stored form of a moment that may be unknown."""
    return None if moment is None else to_microseconds(moment)


def from_stored(stored: int | None) -> datetime | None:
    """The moment of a stored form, if there is one."""
    return None if stored is None else from_microseconds(stored)
