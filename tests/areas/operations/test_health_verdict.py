"""The overall verdict and the age of results (operations.md 2.3, rules 3 and 4), and its JSON (2.1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.areas.operations.model import (
    Check,
    CheckKind,
    CheckResult,
    Finding,
    HealthReport,
    Reason,
)
from core.areas.operations.model import HealthStatus as H
from core.areas.operations.rules.health_json import health_document
from core.areas.operations.rules.latency import judged_by_latency
from core.areas.operations.rules.verdict import current, overall
from core.message import _

NOW = datetime(2026, 1, 14, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def result(status: H, *, critical: bool = False, name: str = "thing") -> CheckResult:
    return CheckResult(Check(name, name, CheckKind.HTTP, critical=critical), status, status, NOW)


@pytest.mark.parametrize(
    ("ordinary", "critical", "verdict"),
    [
        ([H.PASS], [H.PASS], H.PASS),
        ([H.FAIL], [H.PASS], H.WARN),
        ([H.WARN], [H.PASS], H.WARN),
        ([H.PASS], [H.FAIL], H.FAIL),
        ([H.PASS], [H.WARN], H.WARN),
        ([H.PASS], [H.UNKNOWN], H.WARN),
        ([H.UNKNOWN], [H.PASS], H.PASS),
        ([H.UNKNOWN], [H.UNKNOWN], H.UNKNOWN),
        ([H.SKIPPED], [H.PASS], H.PASS),
        ([H.SKIPPED], [H.SKIPPED], H.UNKNOWN),
        ([H.SKIPPED], [H.UNKNOWN], H.UNKNOWN),
    ],
)
def test_overall_verdict(ordinary: list[H], critical: list[H], verdict: H) -> None:
    results = [result(each) for each in ordinary] + [result(each, critical=True) for each in critical]

    assert overall(results) is verdict


def test_a_result_older_than_three_intervals_is_unknown() -> None:
    assert current(H.PASS, NOW - 3 * MINUTE, NOW, MINUTE) is H.PASS
    assert current(H.PASS, NOW - 3 * MINUTE - timedelta(seconds=1), NOW, MINUTE) is H.UNKNOWN
    assert current(H.FAIL, None, NOW, MINUTE) is H.UNKNOWN
    assert current(H.SKIPPED, None, NOW, MINUTE) is H.SKIPPED


def test_only_a_pass_can_be_too_slow() -> None:
    limit = timedelta(milliseconds=250)

    assert judged_by_latency(Finding(H.PASS), 250, limit).status is H.PASS
    assert judged_by_latency(Finding(H.PASS), 251, limit).reason is Reason.SLOW
    assert judged_by_latency(Finding(H.FAIL, Reason.TIMEOUT), 900, limit).reason is Reason.TIMEOUT


def report(*results: CheckResult) -> HealthReport:
    return HealthReport(overall(results), results, NOW, NOW)


def test_the_document_of_a_pass_has_no_output() -> None:
    status, document = health_document(report(result(H.PASS, name="database")))

    check = document["checks"]["database:responseTime"][0]  # type: ignore[index]
    assert (status, document["status"]) == (200, "pass")
    assert check["status"] == "pass"
    assert check["time"] == "2026-01-14T17:00:00Z"
    assert "output" not in check
    assert "reason_code" not in check


@pytest.mark.parametrize(
    ("critical", "status", "code"),
    [(True, H.FAIL, 503), (False, H.FAIL, 200), (True, H.WARN, 200), (True, H.UNKNOWN, 503)],
)
def test_fail_and_unknown_answer_503(critical: bool, status: H, code: int) -> None:
    assert health_document(report(result(status, critical=critical)))[0] == code


def test_the_document_says_why_without_secrets() -> None:
    said = _("No answer from https://user:hunter22@db.example/ in time.")
    failed = CheckResult(
        check=Check("database", _("Database"), CheckKind.DATABASE, critical=True),
        status=H.FAIL,
        settled=H.FAIL,
        at=NOW,
        reason=Reason.TIMEOUT,
        output=said,
        consecutive_failures=4,
        last_pass_at=NOW - 4 * MINUTE,
    )

    check = health_document(report(failed))[1]["checks"]["database:responseTime"][0]  # type: ignore[index]

    assert check["reason_code"] == "timeout"
    assert check["consecutive_failures"] == 4
    assert check["last_pass_at"] == "2026-01-14T16:56:00Z"
    assert check["critical"] is True
    assert "hunter22" not in check["output"]


def test_a_skipped_component_is_listed_with_its_reason() -> None:
    check = Check(
        "stripe_api", _("Stripe API"), CheckKind.STRIPE, skipped=_("STRIPE_RESTRICTED_KEY isn’t set.")
    )
    skipped = CheckResult(check, H.SKIPPED, H.SKIPPED)

    shown = health_document(report(result(H.PASS), skipped))[1]["checks"]["stripe_api:responseTime"][0]  # type: ignore[index]

    assert (shown["status"], shown["output"]) == ("skipped", "STRIPE_RESTRICTED_KEY isn’t set.")
