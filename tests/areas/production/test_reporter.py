"""A pipeline's reporter: three lines, and nothing lost or counted twice whatever happens in between."""

from __future__ import annotations

import itertools
import json
import logging
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from core.areas.production.reporter import Reporter
from core.areas.production.reporting.intake import intake_app
from core.areas.production.reporting.wire_format import JobReport, LedgerReport
from core.errors import InputError, SettingsError, StoreError, StoreFullError
from core.moment import FrozenClock
from core.secret import Secret
from core.simulators.server import CUT_EXTENSION
from core.units import Money
from tests.areas.production.test_intake import TOKEN, Desk
from tests.areas.production.wire import Script, served

TREE = Path(__file__).parents[3]
AWAY = "http://127.0.0.1:9"  # The discard port: nobody listens.


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 1, 22, 11, tzinfo=UTC))


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "pipeline" / "reports.db"


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with served(intake_app(desk.take, Secret(TOKEN))) as url:
        yield url


def taken(count: int) -> tuple[int, Any]:
    return 200, {"taken": count, "new": count, "known": 0, "refused": []}


def test_three_lines_report_a_job_and_what_it_cost(address: str, desk: Desk, spool: Path) -> None:
    report = Reporter(address, TOKEN, spool=spool)
    assert report.job("prod_1", status="completed", character="yuki-chan", credits_charged=50)
    assert report.ledger("led_1", kind="debit", credits=Decimal("50.5"), job="prod_1", cost="0.50")
    report.close()
    job, entry = desk.reports.values()
    assert isinstance(job, JobReport)
    assert (job.job.id, job.job.character, job.job.credits_charged) == ("prod_1", "yuki-chan", Decimal(50))
    assert isinstance(entry, LedgerReport)
    assert (entry.entry.credits, entry.entry.cost) == (Decimal("50.5"), Money(Decimal("0.50"), "USD"))


def test_uploads_and_events_too(address: str, desk: Desk, spool: Path) -> None:
    with Reporter(address, TOKEN, spool=spool) as report:
        assert report.upload("up_1", job="prod_1", platform="tiktok", status="failed", error_message="no")
        assert report.event("proxy_status", severity="warning", subject="proxy:main", key="proxy:warning")
    assert len(desk.reports) == 2


def test_while_opsdeck_is_away_reports_wait_and_then_go_in_order(
    desk: Desk, spool: Path, clock: FrozenClock
) -> None:
    with Reporter(AWAY, TOKEN, spool=spool, clock=clock) as report:
        for number in range(5):
            assert not report.job(f"prod_{number}", status="queued")
        assert str(report.trouble) == "opsdeck can't be reached; the reports wait."
        assert report.waiting == 5
    with (
        served(intake_app(desk.take, Secret(TOKEN))) as url,
        Reporter(url, TOKEN, spool=spool) as report,
    ):
        assert report.job("prod_5", status="queued")
        assert (report.waiting, report.trouble) == (0, None)
    found = [each.job.id for each in desk.reports.values() if isinstance(each, JobReport)]
    assert found == [f"prod_{number}" for number in range(6)]


def test_after_a_failure_calls_cost_no_time_until_it_is_due(spool: Path, clock: FrozenClock) -> None:
    script = Script()
    script.answers("/reports", (503, {}), (503, {}), taken(4))
    with served(script) as url, Reporter(url, TOKEN, spool=spool, clock=clock) as report:
        assert not report.job("prod_1", status="queued")
        assert not report.job("prod_2", status="queued")
        assert script.count("/reports") == 1
        clock.advance(1.1)
        assert not report.job("prod_3", status="queued")
        clock.advance(1.1)
        assert not report.job("prod_4", status="queued")
        assert script.count("/reports") == 2
        assert report.flush()
        assert report.waiting == 0


def test_the_server_says_how_long_to_stay_away(spool: Path, clock: FrozenClock) -> None:
    script = Script()
    script.answers("/reports", (503, {}, {"Retry-After": "30"}), taken(3))
    with served(script) as url, Reporter(url, TOKEN, spool=spool, clock=clock) as report:
        report.job("prod_1", status="queued")
        clock.advance(29)
        assert not report.job("prod_2", status="queued")
        clock.advance(2)
        assert report.job("prod_3", status="queued")


def test_a_report_whose_answer_was_lost_goes_again_under_the_same_id(spool: Path) -> None:
    script = Script()
    script.answers("/reports", "cut", taken(1))
    with served(script) as url, Reporter(url, TOKEN, spool=spool) as report:
        assert not report.job("prod_1", status="queued")
        assert report.flush()
    first, second = (json.loads(each.body)["reports"][0]["id"] for each in script.asked)
    assert first == second


class Unreliable:
    """The intake behind a bad line: requests that never arrive, and answers that get lost."""

    def __init__(self, app: ASGIApp, chance: random.Random) -> None:
        self._app = app
        self._chance = chance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._chance.random() < 0.3:
            scope["extensions"][CUT_EXTENSION]()
            return
        if self._chance.random() < 0.4:
            await self._app(scope, receive, _nowhere)
            scope["extensions"][CUT_EXTENSION]()
            return
        await self._app(scope, receive, send)


async def _nowhere(_message: object) -> None:
    return None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_over_a_bad_line_each_report_counts_once_and_in_order(
    desk: Desk, spool: Path, clock: FrozenClock, seed: int
) -> None:
    app = Unreliable(intake_app(desk.take, Secret(TOKEN)), random.Random(seed))
    with served(app) as url, Reporter(url, TOKEN, spool=spool, clock=clock) as report:
        for number in range(15):
            report.job(f"prod_{number}", status="queued")
            clock.advance(5)
        while not report.flush():
            assert report.trouble is not None
    found = [each.job.id for each in desk.reports.values() if isinstance(each, JobReport)]
    assert found == [f"prod_{number}" for number in range(15)]


def test_a_killed_pipeline_loses_nothing(address: str, desk: Desk, spool: Path) -> None:
    program = (
        "import os, sys\n"
        "from core.areas.production.reporter import Reporter\n"
        f"report = Reporter({AWAY!r}, 'x', spool=sys.argv[1])\n"
        "report.job('prod_1', status='processing')\n"
        "report.ledger('led_1', kind='debit', credits=50)\n"
        "os._exit(9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(spool)], cwd=TREE, check=False, timeout=60)
    assert ended.returncode == 9
    with Reporter(address, TOKEN, spool=spool) as report:
        assert report.waiting == 2
        assert report.flush()
    assert [type(each) for each in desk.reports.values()] == [JobReport, LedgerReport]


def test_a_report_that_will_never_be_taken_does_not_hold_up_the_others(
    address: str, desk: Desk, spool: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ids = iter(["good-1", "no good\x1b[2J", "good-2"])
    with Reporter(address, TOKEN, spool=spool, new_id=lambda: next(ids)) as report:
        results = [report.job(f"prod_{number}", status="queued") for number in range(3)]
        assert (results, report.refused, report.waiting) == ([True, True, True], 1, 0)
    assert list(desk.reports) == ["good-1", "good-2"]
    assert "A report needs an id" in caplog.text


def test_a_wrong_token_keeps_the_reports_and_says_so(address: str, spool: Path) -> None:
    with Reporter(address, "wrong-token-wrong-token", spool=spool) as report:
        assert not report.job("prod_1", status="queued")
        assert "PRODUCTION_INTAKE_TOKEN" in str(report.trouble)
        assert report.waiting == 1


@pytest.mark.parametrize("body", [b"<html>Hello</html>", b"[]", b'{"ok": true}'])
def test_what_is_no_intake_gets_no_report_taken_off_the_spool(spool: Path, body: bytes) -> None:
    script = Script()
    script.answers("/reports", (200, body))
    with served(script) as url, Reporter(url, TOKEN, spool=spool) as report:
        assert not report.job("prod_1", status="queued")
        assert report.waiting == 1
        assert str(report.trouble) == "What answers at this address is not opsdeck's intake."


def test_a_full_spool_is_said_clearly_and_keeps_what_it_has(spool: Path, clock: FrozenClock) -> None:
    with Reporter(AWAY, TOKEN, spool=spool, most=2, clock=clock) as report:
        report.job("prod_1", status="queued")
        report.job("prod_2", status="queued")
        with pytest.raises(StoreFullError, match="2 reports wait for opsdeck"):
            report.job("prod_3", status="queued")
        assert report.waiting == 2


def test_a_large_backlog_goes_in_batches(address: str, desk: Desk, spool: Path, clock: FrozenClock) -> None:
    with Reporter(AWAY, TOKEN, spool=spool, clock=clock) as report:
        for number in range(230):
            report.job(f"prod_{number}", status="queued")
    with Reporter(address, TOKEN, spool=spool) as report:
        assert report.flush()
    found = [each.job.id for each in desk.reports.values() if isinstance(each, JobReport)]
    assert found == [f"prod_{number}" for number in range(230)]


def test_many_threads_report_each_report_once(address: str, desk: Desk, spool: Path) -> None:
    numbers = itertools.count()
    with Reporter(address, TOKEN, spool=spool) as report:

        def work() -> None:
            for _ in range(5):
                report.job(f"prod_{next(numbers)}", status="queued")

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert report.flush()
    assert len(desk.reports) == 20


@pytest.mark.parametrize(
    "wrong",
    [
        lambda report: report.ledger("led_1", kind="gift", credits=5),
        lambda report: report.ledger("led_1", kind="debit", credits=-5),
        lambda report: report.job("", status="queued"),
        lambda report: report.upload("up_1", job="prod_1", platform="", status="failed"),
        lambda report: report.event("moon_landing"),
        lambda report: report.event("system_error", data={"what": object()}),
        lambda report: report.job("prod_1", status="queued", error_message="x" * 70_000),
        lambda report: report.job("prod_1", status="queued", at=datetime(2026, 1, 22)),  # noqa: DTZ001
    ],
)
def test_a_report_that_is_wrong_is_told_at_once_and_not_kept(
    spool: Path, clock: FrozenClock, wrong: Any
) -> None:
    with Reporter(AWAY, TOKEN, spool=spool, clock=clock) as report:
        with pytest.raises(InputError):
            wrong(report)
        assert report.waiting == 0


def test_the_token_goes_nowhere_in_the_clear_and_into_no_log(
    address: str, spool: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(SettingsError, match="https"):
        Reporter("http://opsdeck.test", TOKEN, spool=spool)
    caplog.set_level(logging.DEBUG)
    with Reporter(address, TOKEN, spool=spool) as report:
        report.job("prod_1", status="queued")
        assert TOKEN not in repr(vars(report)) + caplog.text
    assert TOKEN.encode() not in spool.read_bytes()


def test_the_spool_is_its_owners_alone_and_a_broken_one_is_said(spool: Path, tmp_path: Path) -> None:
    with Reporter(AWAY, TOKEN, spool=spool):
        assert spool.stat().st_mode & 0o077 == 0
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"not a database, by any means at all" * 100)
    with pytest.raises(StoreError, match=r"broken\.db"):
        Reporter(AWAY, TOKEN, spool=broken)


def test_the_reporter_needs_the_standard_library_and_httpx_alone() -> None:
    program = (
        "import sys\n"
        "import core.areas.production.reporter\n"
        "print(' '.join(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=TREE, check=True, timeout=60, capture_output=True, text=True
    )
    loaded = set(ended.stdout.split())
    heavy = {"sqlalchemy", "alembic", "pydantic", "pydantic_settings", "starlette", "uvicorn", "apscheduler"}
    assert loaded & (heavy | {"tenacity", "textual", "cryptography", "console"}) == set()
    assert "httpx" in loaded
