"""The events that tell of production (production.md 3)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.units import Severity

__all__ = ["EventKind", "ProductionEvent"]


class EventKind(enum.Enum):
    """The fourteen types of section 3; our event kinds are `production.` and these words."""

    VIDEO_STARTED = "video_started"
    VIDEO_COMPLETED = "video_completed"
    VIDEO_FAILED = "video_failed"
    UPLOAD_STARTED = "upload_started"
    UPLOAD_COMPLETED = "upload_completed"
    UPLOAD_FAILED = "upload_failed"
    CREDITS_LOW = "credits_low"
    CREDITS_CRITICAL = "credits_critical"
    BUDGET_WARNING = "budget_warning"
    SYSTEM_ERROR = "system_error"
    DAILY_SUMMARY = "daily_summary"
    WEEKLY_REPORT = "weekly_report"
    SCHEDULER_STATUS = "scheduler_status"
    PROXY_STATUS = "proxy_status"


@dataclass(frozen=True, slots=True)
class ProductionEvent:
    """One event of the production system's log, or of ours (section 3's envelope).

    `key` is its `dedup_key`: the same happening is told once, whoever reports it, in whatever order.
    """

    kind: EventKind
    severity: Severity
    at: datetime
    subject: str
    key: str
    title: str = ""
    text: str = ""
    data: Mapping[str, str | int | float | bool | None] = field(
        default_factory=dict[str, str | int | float | bool | None]
    )
    id: str = ""
    sequence: int | None = None
    recovered: bool = False
