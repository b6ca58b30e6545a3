"""The first poll of a long history: as many statements for a thousand jobs as for ten, nearly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from core.areas.production.model import Job, JobStatus, Upload, UploadStatus
from core.areas.production.store import reading
from tests.areas.production.stored import START, Stored, opened


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with opened(tmp_path, PRODUCTION_URL="http://127.0.0.1:9") as opened_store:
        yield opened_store


def history(count: int) -> list[Job]:
    return [
        Job(
            f"prod_{number:04}",
            JobStatus.COMPLETED,
            character="yuki-chan",
            started_at=START - timedelta(minutes=number + 5),
            completed_at=START - timedelta(minutes=number),
        )
        for number in range(count)
    ]


async def test_a_long_history_is_written_in_few_statements(stored: Stored) -> None:
    statements: list[str] = []

    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(Engine, "before_cursor_execute", count)
    try:
        async with stored.services.store.writing() as transaction:
            await stored.recorder(transaction).jobs(history(1_000))
            written = len(statements)
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert written < 60
    assert (await stored.counts())["production_job"] == 1_000


async def test_one_page_that_tells_of_a_job_twice_writes_what_two_pages_would(stored: Stored) -> None:
    first = Job(
        "prod_1", JobStatus.PROCESSING, started_at=START - timedelta(minutes=9), character="yuki-chan"
    )
    second = replace(
        first, status=JobStatus.COMPLETED, completed_at=START - timedelta(minutes=2), character=""
    )
    async with stored.services.store.writing() as transaction:
        ended = await stored.recorder(transaction).jobs([first, second])
    assert [job.id for job in ended] == ["prod_1"]
    found = await stored.read(reading.job, "prod_1")
    assert (found.status, found.character) == (JobStatus.COMPLETED, "yuki-chan")
    assert await stored.events() == ["video_started job:prod_1", "video_completed job:prod_1"]


async def test_an_upload_that_fails_and_is_published_on_one_page_ends_published(stored: Stored) -> None:
    failed = Upload("up_1", "prod_1", "tiktok", UploadStatus.FAILED, failed_at=START - timedelta(minutes=9))
    published = replace(
        failed, status=UploadStatus.PUBLISHED, attempt=2, published_at=START - timedelta(minutes=2)
    )
    async with stored.services.store.writing() as transaction:
        await stored.recorder(transaction).uploads([failed, published])
    (found,) = await stored.read(reading.uploads_of_job, "prod_1")
    assert found.status is UploadStatus.PUBLISHED
