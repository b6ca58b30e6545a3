"""What raises system_error, scheduler_status and proxy_status (production.md 3, the table)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from core.areas.production.model import (
    Balance,
    CreditPlan,
    EventKind,
    Health,
    Job,
    JobStatus,
    ProductionEvent,
    ScheduleEntry,
    Scheduler,
)
from core.areas.production.rules.checks import CheckInput, check, failure_rate, failure_streak
from core.areas.production.rules.conditions import Conditions
from core.areas.production.rules.credits import credits_at
from core.areas.production.rules.ledger_sums import LedgerSums
from core.areas.production.rules.schedule_checks import Proxy
from core.units import Severity

NOW = datetime(2026, 1, 22, 3, tzinfo=UTC)
NOTHING = CheckInput(now=NOW, today=date(2026, 1, 22))
HOUR = timedelta(hours=1)


def jobs(word: str) -> list[Job]:
    """Ended jobs, the newest first, a letter each: completed, failed or x for cancelled."""
    known = {"c": JobStatus.COMPLETED, "f": JobStatus.FAILED, "x": JobStatus.CANCELLED}
    return [Job(str(index), known[letter]) for index, letter in enumerate(word)]


def course(*looks: CheckInput) -> list[list[ProductionEvent]]:
    """What each of several looks tells."""
    conditions, told = Conditions(), []
    for facts in looks:
        conditions, events = check(conditions, facts)
        told.append(events)
    return told


def test_nothing_known_tells_nothing() -> None:
    assert course(NOTHING) == [[]]


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        (replace(NOTHING, missed_polls=3, last_error="refused"), replace(NOTHING, missed_polls=0)),
        (replace(NOTHING, health=Health("fail", {"disk": "fail"})), replace(NOTHING, health=Health("warn"))),
        (replace(NOTHING, rejected=True), replace(NOTHING, rejected=False)),
        (replace(NOTHING, ended=jobs("fff")), replace(NOTHING, ended=jobs("cfff"))),
    ],
    ids=["unreachable", "health", "token refused", "failures in a row"],
)
def test_each_fault_is_one_error_and_one_recovery(bad: CheckInput, good: CheckInput) -> None:
    first, second, third, fourth = course(bad, bad, good, good)
    assert [(each.kind, each.severity, each.recovered) for each in first] == [
        (EventKind.SYSTEM_ERROR, Severity.SERIOUS, False)
    ]
    assert second == []
    assert [(each.kind, each.severity, each.recovered) for each in third] == [
        (EventKind.SYSTEM_ERROR, Severity.GOOD, True)
    ]
    assert fourth == []


def test_two_missed_polls_are_no_fault_yet() -> None:
    assert course(replace(NOTHING, missed_polls=2)) == [[]]


def test_drift_is_a_fault() -> None:
    zone = ZoneInfo("Asia/Tokyo")
    plan = CreditPlan("pro", Decimal(1000))
    credit = credits_at(plan, LedgerSums(), Balance(Decimal(900), NOW), None, now=NOW, zone=zone)
    (told,) = course(replace(NOTHING, credits=credit))
    assert [(each.kind, each.subject) for each in told] == [(EventKind.SYSTEM_ERROR, "system:drift")]


def test_3_failures_in_a_row_are_an_error_and_5_critical() -> None:
    looks = [replace(NOTHING, ended=jobs("f" * count)) for count in (2, 3, 4, 5)]
    severities = [[each.severity for each in told] for told in course(*looks)]
    assert severities == [[], [Severity.SERIOUS], [], [Severity.CRITICAL]]


def test_cancelled_jobs_do_not_end_a_row_of_failures() -> None:
    assert failure_streak(jobs("fxffcf")) == 3


def test_the_failure_rate_is_of_the_last_20_that_completed_or_failed() -> None:
    assert failure_rate(jobs("cccc" * 4 + "ffff" + "f" * 30)) == 20
    assert failure_rate(jobs("x" * 9 + "cccf" * 5)) == 25
    assert failure_rate(jobs("f" * 19)) is None


def test_20_percent_failed_is_an_error_and_40_critical() -> None:
    looks = [replace(NOTHING, ended=jobs(word)) for word in ("cccc" * 4 + "cfff", "cccf" * 5, "ccfcf" * 4)]
    severities = [[each.severity for each in told] for told in course(*looks)]
    assert severities == [[], [Severity.SERIOUS], [Severity.CRITICAL]]


def scheduler(state: str = "running", *entries: ScheduleEntry) -> CheckInput:
    return replace(NOTHING, scheduler=Scheduler(state, entries))


def test_each_change_of_the_schedulers_state_is_told() -> None:
    told = course(scheduler(), scheduler("paused"), scheduler("stopped"), scheduler("paused"), scheduler())
    words = [[(each.data["state"], each.severity, each.recovered) for each in events] for events in told]
    assert words == [
        [],
        [("paused", Severity.NOTICE, False)],
        [("stopped", Severity.WARNING, False)],
        [("paused", Severity.NOTICE, False)],
        [("running", Severity.GOOD, True)],
    ]


def test_each_missed_run_is_told_once() -> None:
    missed = ScheduleEntry("posts", last_run=NOW, last_result="missed", missed_count=1)
    again = replace(missed, missed_count=2)
    fine = replace(missed, last_result="ok", missed_count=2)
    told = course(*(scheduler("running", entry) for entry in (missed, missed, again, fine)))
    assert [[event.recovered for event in events] for events in told] == [[False], [], [False], [True]]


def test_a_job_that_failed_twice_running_is_told_and_one_failure_seen_twice_is_not() -> None:
    first = ScheduleEntry("posts", last_run=NOW, last_result="error")
    second = replace(first, last_run=NOW + HOUR)
    fine = replace(first, last_run=NOW + 2 * HOUR, last_result="ok")
    told = course(*(scheduler("running", entry) for entry in (first, first, second, second, fine)))
    assert [[event.recovered for event in events] for events in told] == [[], [], [False], [], [True]]


def test_an_entry_that_is_taken_away_is_over() -> None:
    missed = ScheduleEntry("posts", last_result="missed", missed_count=1)
    told = course(scheduler("running", missed), scheduler())
    assert [[event.recovered for event in events] for events in told] == [[False], [True]]


def test_the_proxys_link_and_plan() -> None:
    def proxy(up: bool, used: str) -> CheckInput:
        return replace(NOTHING, proxy=Proxy(up, Decimal(used), Decimal(10)))

    told = course(proxy(True, "7.9"), proxy(True, "8"), proxy(False, "9.5"), proxy(True, "1"))
    kinds = [[(each.subject, each.severity, each.recovered) for each in events] for events in told]
    assert kinds == [
        [],
        [("proxy:plan", Severity.WARNING, False)],
        [("proxy:link", Severity.CRITICAL, False), ("proxy:plan", Severity.CRITICAL, False)],
        [("proxy:link", Severity.GOOD, True), ("proxy:plan", Severity.GOOD, True)],
    ]
