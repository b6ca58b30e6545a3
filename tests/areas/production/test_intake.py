"""The intake of reports over real HTTP."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.production.model import JobStatus
from core.areas.production.reporting.intake import IngestResult, intake_app
from core.areas.production.reporting.wire_format import (
    LARGEST_BATCH,
    MOST_REPORTS,
    EventReport,
    JobReport,
    LedgerReport,
    Report,
    UploadReport,
    read_report,
)
from core.errors import InputError, SettingsError, StoreBusyError
from core.message import _
from core.secret import Secret
from tests.areas.production.test_parsing import EVENT, JSON
from tests.areas.production.wire import served

TOKEN = "not-a-real-intake-token"
AT = "2026-01-22T11:05:00Z"


class Desk:
    """Takes reports as the store would: each id once."""

    def __init__(self) -> None:
        self.reports: dict[str, Report] = {}
        self.busy = False

    async def take(self, reports: Sequence[Report]) -> IngestResult:
        if self.busy:
            raise StoreBusyError(_("Another process holds the database."))
        new = [report for report in reports if report.id not in self.reports]
        self.reports |= {report.id: report for report in new}
        return IngestResult(len(new), len(reports) - len(new))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def line(desk: Desk) -> Iterator[httpx.Client]:
    with (
        served(intake_app(desk.take, Secret(TOKEN))) as url,
        httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False) as client,
    ):
        yield client


def job(report: str = "r1", **fields: object) -> dict[str, Any]:
    told = {"id": "prod_1", "status": "completed", "credits_charged": 50} | fields
    return {"id": report, "at": AT, "kind": "job", "job": told}


def test_one_report_of_each_kind_is_taken(line: httpx.Client, desk: Desk) -> None:
    reports = [
        job(),
        {
            "id": "r2",
            "at": AT,
            "kind": "upload",
            "upload": {"id": "up_1", "job_id": "prod_1", "platform": "youtube_shorts", "status": "published"},
        },
        {
            "id": "r3",
            "at": AT,
            "kind": "ledger",
            "entry": {"id": "led_1", "kind": "debit", "credits": "50.5"},
        },
        {"id": "r4", "at": AT, "kind": "event", "event": EVENT},
    ]
    answer = line.post("/reports", json={"reports": reports})
    assert (answer.status_code, answer.json()) == (200, {"taken": 4, "new": 4, "known": 0, "refused": []})
    first, upload, entry, event = desk.reports.values()
    moment = datetime(2026, 1, 22, 11, 5, tzinfo=UTC)
    assert isinstance(first, JobReport)
    assert (first.job.status, first.job.completed_at) == (JobStatus.COMPLETED, moment)
    assert isinstance(upload, UploadReport)
    assert (upload.upload.platform, upload.upload.published_at) == ("youtube", moment)
    assert isinstance(entry, LedgerReport)
    assert (entry.entry.credits, entry.entry.at) == (Decimal("50.5"), moment)
    assert isinstance(event, EventReport)
    assert event.event.id == "evt_0001FAKE"


def test_a_report_sent_again_is_known(line: httpx.Client) -> None:
    line.post("/reports", json={"reports": [job()]})
    assert line.post("/reports", json={"reports": [job(), job("r2")]}).json()["known"] == 1


def test_a_bad_report_never_costs_the_others(line: httpx.Client, desk: Desk) -> None:
    bad: list[Any] = [
        7,
        job("r1") | {"id": ""},
        job("r2") | {"at": "soon"},
        job("r3") | {"kind": "moon"},
        job("r4", id=None),
        job("r5", status=None),
    ]
    answer = line.post("/reports", json={"reports": [*bad, job("good")]}).json()
    assert (answer["taken"], set(desk.reports)) == (1, {"good"})
    assert [each["place"] for each in answer["refused"]] == [0, 1, 2, 3, 4, 5]
    assert answer["refused"][4]["reason"] == "A job's report needs the id of the job and its status."


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong-token-wrong-token", f"Basic {TOKEN}", TOKEN])
def test_without_the_token_nothing_is_taken(line: httpx.Client, desk: Desk, header: str) -> None:
    answer = line.post("/reports", json={"reports": [job()]}, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert TOKEN not in answer.text
    assert desk.reports == {}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"reports": 5}', b"[" * 100_000])
def test_a_body_without_reports_is_a_bad_request(line: httpx.Client, body: bytes) -> None:
    answer = line.post("/reports", content=body)
    assert answer.status_code == 400
    assert answer.json()["status"] == 400


def test_too_much_at_once_is_refused_whole(line: httpx.Client, desk: Desk) -> None:
    many = {"reports": [job(str(number)) for number in range(MOST_REPORTS + 1)]}
    assert line.post("/reports", json=many).status_code == 413
    assert line.post("/reports", content=b" " * (LARGEST_BATCH + 1)).status_code == 413
    assert desk.reports == {}


def test_a_store_that_is_busy_asks_to_come_again(line: httpx.Client, desk: Desk) -> None:
    desk.busy = True
    answer = line.post("/reports", json={"reports": [job()]})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["detail"] == "Another process holds the database."


def test_anything_else_is_not_there(line: httpx.Client) -> None:
    assert line.get("/reports").status_code == 405
    answer = line.post("/admin")
    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")


def test_no_reports_are_no_work_for_the_store(line: httpx.Client, desk: Desk) -> None:
    desk.busy = True
    assert line.post("/reports", json={"reports": []}).json()["taken"] == 0


def test_a_short_token_protects_nothing(desk: Desk) -> None:
    with pytest.raises(SettingsError, match="at least 16 characters"):
        intake_app(desk.take, Secret("fifteen-letters"))


@given(JSON)
def test_any_json_at_all_is_a_report_or_refused(document: object) -> None:
    with contextlib.suppress(InputError):
        read_report(document, lambda _line: None)


@given(JSON, st.sampled_from(["job", "upload", "entry", "event"]))
def test_any_content_of_a_report_is_read_or_refused(inner: object, name: str) -> None:
    kind = "ledger" if name == "entry" else name
    with contextlib.suppress(InputError):
        assert read_report({"id": "r", "at": AT, "kind": kind, name: inner}, lambda _line: None).id == "r"
