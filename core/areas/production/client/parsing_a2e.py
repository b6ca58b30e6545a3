"""From A2E's JSON to a balance and tasks (production.md 7.2 and 2.2).

Pure, and given the `data` of an answer whose envelope has been judged already. What the vendor's pages
leave open is read in every form that was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from core.areas.production.client.fields import (
    JsonObject,
    OnAnomaly,
    as_object,
    decimal,
    identifier,
    moment,
    text,
)
from core.areas.production.model import Balance, JobStatus, ProviderTask

__all__ = ["AVATAR_VIDEOS", "FAMILIES", "IMAGE_VIDEOS", "Family", "parse_balance", "parse_tasks"]

_LIST_NAMES = ("data", "rows", "list", "records")


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of task with its own list and its own words: `statuses` are those that aren't processing."""

    name: str
    path: str
    page: str
    size: str
    status_field: str
    statuses: dict[str, JobStatus]
    working: frozenset[str]


AVATAR_VIDEOS = Family(
    name="avatar video",
    path="video/awsList",
    page="current",
    size="pageSize",
    status_field="status",
    statuses={
        "init": JobStatus.QUEUED,
        "start": JobStatus.QUEUED,
        "pending": JobStatus.QUEUED,
        "success": JobStatus.COMPLETED,
        "fail": JobStatus.FAILED,
    },
    working=frozenset({"process", "copy"}),
)
IMAGE_VIDEOS = Family(
    name="image to video",
    path="userImage2Video/allRecords",
    page="pageNum",
    size="pageSize",
    status_field="current_status",
    statuses={
        "initialized": JobStatus.QUEUED,
        "completed": JobStatus.COMPLETED,
        "failed": JobStatus.FAILED,
        "error": JobStatus.FAILED,
    },
    working=frozenset({"processing"}),
)
FAMILIES = (AVATAR_VIDEOS, IMAGE_VIDEOS)
"""The tasks opsdeck looks at."""


def parse_balance(data: object, read_at: datetime) -> Balance | None:
    """The balance: `{"coins", "diamonds"}` or a bare number, as number or text; else `None`, never 0."""
    row = as_object(data)
    coins = decimal(row.get("coins") if row else data, Decimal(0))
    if coins is None:
        return None
    return Balance(coins, read_at, diamonds=decimal(row.get("diamonds"), Decimal(0)))


def parse_tasks(data: object, family: Family, report_anomaly: OnAnomaly) -> tuple[ProviderTask, ...] | None:
    """The tasks of a list answer, newest first as they came; `None` when there is no list in it."""
    rows = _list(data)
    if rows is None:
        return None
    kept: dict[str, ProviderTask] = {}
    for row in rows:
        task = _task(as_object(row), family, report_anomaly)
        if task is not None:
            kept.setdefault(task.id, task)
    return tuple(kept.values())


def _task(row: JsonObject, family: Family, report_anomaly: OnAnomaly) -> ProviderTask | None:
    task = identifier(row, "_id", "id")
    if not task:
        report_anomaly(f"a task ({family.name}) without an id was left out")
        return None
    shown = text(row, family.status_field, limit=60)
    status = family.statuses.get(shown.lower(), JobStatus.PROCESSING)
    if shown.lower() not in family.statuses and shown.lower() not in family.working:
        report_anomaly(f"the status “{shown}” ({family.name}) isn't known and counts as processing")
    failed = status is JobStatus.FAILED
    return ProviderTask(
        id=task,
        status=status,
        status_word=shown,
        coins=decimal(row.get("coins"), Decimal(0)),
        created_at=moment(row.get("createdAt")),
        name=text(row, "name"),
        failure=text(row, "failed_message", "msg", "failed_code", limit=300) if failed else "",
    )


def _list(data: object) -> list[object] | None:
    """The list itself, or the one in the paging around it."""
    row = as_object(data)
    for found in (data, *(row.get(name) for name in _LIST_NAMES)):
        if isinstance(found, list):
            return cast("list[object]", found)
    return None
