"""The intake as the engine runs it: over real HTTP, durable before it answers, gone when the engine stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from core.areas.production.model import JobStatus
from core.areas.production.reporting.intake_server import IntakeServer
from core.areas.production.store import ledger, reading
from core.areas.production.store.retention import forget
from core.errors import SettingsError
from tests.areas.production.stored import Stored, opened
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

TOKEN = "an obviously fake token"
AT = "2026-01-22T02:00:00Z"
REPORTS = [
    {
        "id": "r1",
        "at": AT,
        "kind": "job",
        "job": {"id": "prod_1", "status": "completed", "credits_charged": 50},
    },
    {"id": "r2", "at": AT, "kind": "ledger", "entry": {"id": "led_1", "kind": "debit", "credits": 50.25}},
    {"id": "r3", "at": AT, "kind": "ledger", "entry": {"id": "led_2", "kind": "debit"}},
]


@asynccontextmanager
async def serving(stored: Stored) -> AsyncIterator[httpx.AsyncClient]:
    """The intake, and a client that knows the token."""
    intake = IntakeServer(stored.services)
    task = asyncio.create_task(intake.serve())
    while intake.address is None and not task.done():
        await asyncio.sleep(0.01)
    if task.done():
        await task
    host, port = intake.address or ("", 0)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    try:
        async with httpx.AsyncClient(base_url=f"http://{host}:{port}", headers=headers) as client:
            yield client
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert intake.address is None
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://{host}:{port}/reports")


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with opened(tmp_path, PRODUCTION_INTAKE="127.0.0.1:0", PRODUCTION_INTAKE_TOKEN=TOKEN) as found:
        yield found


async def test_reports_are_durable_before_they_are_answered_and_count_once(stored: Stored) -> None:
    async with serving(stored) as client:
        first = (await client.post("/reports", json={"reports": REPORTS})).json()
        again = (await client.post("/reports", json={"reports": REPORTS})).json()
    assert (first["new"], first["known"], [each["id"] for each in first["refused"]]) == (2, 0, ["r3"])
    assert (again["new"], again["known"]) == (0, 2)
    job = await stored.read(reading.job, "prod_1")
    assert job.status is JobStatus.COMPLETED
    assert [str(entry.credits) for entry in await stored.read(ledger.entries)] == ["50.25"]
    assert await stored.events() == ["video_completed job:prod_1"]


async def test_without_the_token_nothing_is_taken(stored: Stored) -> None:
    async with serving(stored) as client:
        wrong = {"Authorization": "Bearer something else"}
        assert (await client.post("/reports", json={"reports": REPORTS}, headers=wrong)).status_code == 401
    assert await stored.read(ledger.entries) == []


async def test_what_cannot_be_kept_is_not_said_to_be(stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_arguments: object) -> None:
        from core.errors import StoreFullError
        from core.message import _

        raise StoreFullError(_("no room"))

    monkeypatch.setattr("core.areas.production.reporting.intake_server.ingest_reports", full)
    async with serving(stored) as client:
        answer = await client.post("/reports", json={"reports": REPORTS})
    assert answer.status_code == 503


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "some.host.example"])
async def test_other_machines_need_a_token_of_some_length(tmp_path: Path, host: str) -> None:
    async with opened(
        tmp_path, PRODUCTION_INTAKE=f"{host}:8765", PRODUCTION_INTAKE_TOKEN="too short"
    ) as stored:
        with pytest.raises(SettingsError, match="16"):
            await IntakeServer(stored.services).serve()


async def test_an_address_that_is_taken_is_named(stored: Stored, tmp_path: Path) -> None:
    async with serving(stored) as client:
        place = str(client.base_url).removeprefix("http://").rstrip("/")
        settings = {"PRODUCTION_INTAKE": place, "PRODUCTION_INTAKE_TOKEN": TOKEN}
        async with opened(tmp_path / "second", **settings) as other:
            with pytest.raises(SettingsError, match=place):
                await IntakeServer(other.services).serve()


async def test_no_intake_is_served_unless_one_is_set(tmp_path: Path) -> None:
    async with opened(tmp_path) as stored:
        await IntakeServer(stored.services).serve()


async def test_ids_are_forgotten_when_events_are_and_the_ledger_never(stored: Stored) -> None:
    async with serving(stored) as client:
        await client.post("/reports", json={"reports": REPORTS})
    stored.clock.advance(401 * 86_400)
    await forget(stored.services)
    counts = await stored.counts()
    assert (counts["production_report_taken"], counts["production_seen_event"]) == (0, 0)
    assert counts["production_ledger"] == 1


async def test_reports_are_taken_in_on_postgresql_too(tmp_path: Path, postgres_url: str) -> None:
    settings = {"PRODUCTION_INTAKE": "127.0.0.1:0", "PRODUCTION_INTAKE_TOKEN": TOKEN}
    async with opened(tmp_path, DATABASE_URL=postgres_url, **settings) as stored:
        async with serving(stored) as client:
            for _time in range(2):
                await client.post("/reports", json={"reports": REPORTS})
        assert len(await stored.read(ledger.entries)) == 1
        assert (await stored.read(reading.last_used))[""]
        assert await stored.events() == ["video_completed job:prod_1"]
