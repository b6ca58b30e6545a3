"""Videos on their way: jobs, uploads, characters and platforms (production.md 2.2 to 2.5)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.units import Money

__all__ = ["Character", "Job", "JobStatus", "Platform", "Upload", "UploadStatus"]


class JobStatus(enum.Enum):
    """Where a video job stands (production.md 2.2)."""

    PENDING = "pending"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def terminal(self) -> bool:
        """Whether the job has ended for good."""
        return self in {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED}


@dataclass(frozen=True, slots=True)
class Job:
    """One video being made. `status_word` is the word as it came, also where `status` had to guess.

    `updated_at` is when it last changed by its reporter's account: of two accounts the newer one holds.
    """

    id: str
    status: JobStatus
    character: str = ""
    content_type: str = ""
    platforms: tuple[str, ...] = ()
    attempt: int = 1
    max_attempts: int = 3
    media_seconds: float | None = None
    processing_seconds: float | None = None
    credits_estimated: Decimal | None = None
    credits_charged: Decimal | None = None
    cost: Money | None = None
    scheduled_for: datetime | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    updated_at: datetime | None = None
    provider_task: str = ""
    error_code: str = ""
    error_message: str = ""
    status_word: str = ""


class UploadStatus(enum.Enum):
    """Where an upload stands (production.md 2.3)."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    UPLOADING = "uploading"
    PROCESSING = "processing"
    PUBLISHED = "published"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Upload:
    """A video on its way to one platform."""

    id: str
    job: str
    platform: str
    status: UploadStatus
    attempt: int = 1
    scheduled_for: datetime | None = None
    started_at: datetime | None = None
    published_at: datetime | None = None
    failed_at: datetime | None = None
    updated_at: datetime | None = None
    post_id: str = ""
    post_url: str = ""
    error_message: str = ""


@dataclass(frozen=True, slots=True)
class Platform:
    """A place that videos are published on; what it did today is counted from the uploads."""

    id: str
    enabled: bool = True
    daily_cap: int | None = None


@dataclass(frozen=True, slots=True)
class Character:
    """Who appears in the videos; `position` is the place in the configuration, which breaks ties."""

    id: str
    name: str = ""
    enabled: bool = True
    paused: bool = False
    weight: float = 1.0
    weekly_cap: int | None = None
    position: int = 0
