"""What the system knows at a moment, in the shapes of production.md 2 and 3, and their JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias, cast

__all__ = [
    "Event",
    "Job",
    "JsonObject",
    "LedgerEntry",
    "Money",
    "ProviderTask",
    "Upload",
    "as_json",
    "json_object",
]

JsonObject: TypeAlias = dict[str, object]
"""One JSON object on its way out."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of money; it travels as a decimal string of two digits."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Job:
    """A video job (production.md 2.2). `updated_at` is when it took its last step."""

    id: str
    provider_task_id: str | None
    character_id: str
    content_type: str
    target_platforms: tuple[str, ...]
    status: str
    attempt: int
    max_attempts: int
    media_seconds: float | None
    processing_seconds: float | None
    credits_estimated: int
    credits_charged: int | None
    cost: Money | None
    scheduled_for: datetime
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    error_code: str | None
    error_message: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload (production.md 2.3), with the moment of its failure."""

    id: str
    job_id: str
    platform: str
    status: str
    attempt: int
    scheduled_for: datetime
    started_at: datetime | None
    published_at: datetime | None
    failed_at: datetime | None
    post_id: str | None
    post_url: str | None
    error_message: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A movement of credits (production.md 2.7). A refund's cost is negative, so that costs add up."""

    id: str
    at: datetime
    job_id: str | None
    kind: str
    bucket: str
    credits: int
    cost: Money | None
    provider_task_id: str | None
    note: str


@dataclass(frozen=True, slots=True)
class ProviderTask:
    """A task as the provider has it: `state` is waiting, working, done or broken."""

    id: str
    job_id: str
    character_id: str
    content_type: str
    state: str
    progress: int
    coins: int
    media_seconds: float
    work_seconds: float
    created_at: datetime
    failure: str


@dataclass(frozen=True, slots=True)
class Event:
    """One event (production.md 3); `subject` is its kind and its id."""

    type: str
    severity: str
    occurred_at: datetime
    subject: tuple[str, str]
    dedup_key: str
    title: str
    message: str
    data: Mapping[str, object]


def as_json(value: object) -> object:
    """`value` as JSON has it: names as keys, moments in RFC 3339 with `Z`, credits as numbers."""
    if isinstance(value, Money):
        amount = value.amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
        return {"amount": str(amount), "currency": value.currency}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in cast("Mapping[object, object]", value).items()}
    if isinstance(value, tuple | list):
        return [as_json(item) for item in cast("tuple[object, ...]", value)]
    return value


def json_object(value: object) -> JsonObject:
    """`value`, a record or a mapping, as one JSON object."""
    return cast("JsonObject", as_json(value))
