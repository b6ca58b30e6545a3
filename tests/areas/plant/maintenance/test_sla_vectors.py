"""The tables of promises and the bands of verdicts, as the contract gives them (A2.3 and A2.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.areas.plant.configuration.sla_policy import load_policy, read_policy
from core.areas.plant.model.defects import DefectSeverity, InternalReject, RejectState
from core.areas.plant.model.maintenance import (
    FaultSeverity,
    IssueType,
    MaintenanceState,
    MaintenanceTicket,
    Urgency,
)
from core.areas.plant.model.sops import SopState, SopTicket
from core.areas.plant.rules.maintenance import severity_of
from core.areas.plant.rules.policy import SlaPolicy
from core.areas.plant.rules.promised import of_defect, of_maintenance, of_sop
from core.areas.plant.rules.sla import (
    PriorityNow,
    SlaStanding,
    Verdict,
    alert_band,
    by_risk,
    hours_left,
    stand,
    summary,
    timer_band,
    warns,
)
from core.errors import SettingsError
from core.units import Severity

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
SHIPPED = load_policy(None)


def h(count: float) -> timedelta:
    return timedelta(hours=count)


def table(
    low: tuple[int, int], medium: tuple[int, int], high: tuple[int, int], critical: tuple[int, int]
) -> str:
    """A policy's file: hours to the completion and to the response, by severity."""
    rows = {"low": low, "medium": medium, "high": high, "critical": critical}
    lines = [f'{name} = {{ completion = "{c}h", response = "{r}h" }}' for name, (c, r) in rows.items()]
    defect = "\n".join(lines[:3])
    sop = 'any = { completion = "72h", response = "24h" }'
    return "[maintenance]\n" + "\n".join(lines) + f"\n[defect]\n{defect}\n[sop]\n{sop}\n"


def promises(policy: SlaPolicy) -> dict[str, tuple[float, float]]:
    return {
        severity.value: (each.completion / h(1), each.response / h(1))
        for severity, each in policy.maintenance.items()
    }


def test_vector_the_mounted_api_s_table_is_the_default() -> None:
    assert promises(SHIPPED) == {"low": (48, 8), "medium": (24, 4), "high": (8, 2), "critical": (4, 1)}
    assert (SHIPPED.sop.response, SHIPPED.sop.completion) == (h(24), h(72))


def test_vector_the_older_api_s_table_can_be_configured(tmp_path: Path) -> None:
    path = tmp_path / "older.toml"
    path.write_text(table((72, 24), (24, 8), (8, 4), (4, 1)), encoding="utf-8")
    assert promises(load_policy(path)) == {
        "low": (72, 24),
        "medium": (24, 8),
        "high": (8, 4),
        "critical": (4, 1),
    }


def test_vector_the_chat_s_table_can_be_configured(tmp_path: Path) -> None:
    path = tmp_path / "chat.toml"
    path.write_text(table((72, 72), (48, 48), (24, 24), (24, 24)), encoding="utf-8")
    found = promises(load_policy(path))
    assert [completion for completion, _response in found.values()] == [72, 48, 24, 24]


@pytest.mark.parametrize(
    ("urgency", "down", "severity"),
    [
        (Urgency.LOW, False, FaultSeverity.LOW),
        (Urgency.MEDIUM, False, FaultSeverity.MEDIUM),
        (Urgency.HIGH, False, FaultSeverity.HIGH),
        (Urgency.MEDIUM, True, FaultSeverity.MEDIUM),
        (Urgency.HIGH, True, FaultSeverity.CRITICAL),
    ],
)
def test_vector_urgency_becomes_severity(urgency: Urgency, down: bool, severity: FaultSeverity) -> None:
    assert severity_of(urgency, machine_down=down) is severity


def ticket(state: MaintenanceState = MaintenanceState.OPEN) -> MaintenanceTicket:
    """One of medium severity: 4 hours to the response, 24 to the completion."""
    return MaintenanceTicket(
        number="MNT-2026-0001",
        machine="MACH-001",
        department="CUT",
        issue=IssueType.BEARING,
        severity=FaultSeverity.MEDIUM,
        state=state,
        created_at=NOW,
        since=NOW,
        respond_by=NOW + h(4),
        complete_by=NOW + h(24),
        reporter="vera",
    )


def after(state: MaintenanceState, passed: timedelta) -> SlaStanding:
    return stand(of_maintenance(ticket(state)), NOW + passed)


RESPONDING = [MaintenanceState.OPEN, MaintenanceState.AWAITING_PARTS]
WORKING = [MaintenanceState.ASSIGNED, MaintenanceState.IN_PROGRESS]


@pytest.mark.parametrize("state", RESPONDING)
def test_vector_the_response_time_runs_while_open_or_awaiting_parts(state: MaintenanceState) -> None:
    found = after(state, h(1))
    assert (found.ticket.deadline, found.remaining) == (NOW + h(4), h(3))


@pytest.mark.parametrize("state", WORKING)
def test_vector_the_completion_time_runs_otherwise(state: MaintenanceState) -> None:
    found = after(state, h(1))
    assert (found.ticket.deadline, found.remaining) == (NOW + h(24), h(23))


@pytest.mark.parametrize(
    ("passed", "verdict", "priority"),
    [
        (h(1.99), Verdict.ON_TRACK, PriorityNow.NORMAL),
        (h(2), Verdict.ON_TRACK, PriorityNow.HIGH),  # half of the response time is left
        (h(3.5), Verdict.ON_TRACK, PriorityNow.HIGH),
        (h(4), Verdict.BREACHED, PriorityNow.URGENT),  # nothing is left
        (h(5), Verdict.BREACHED, PriorityNow.URGENT),
    ],
)
def test_vector_an_unstarted_ticket(passed: timedelta, verdict: Verdict, priority: PriorityNow) -> None:
    found = after(MaintenanceState.OPEN, passed)
    assert (found.verdict, found.priority) == (verdict, priority)


def test_vector_an_unstarted_ticket_of_a_short_promise_is_high_in_its_last_hour() -> None:
    short = replace(ticket(), respond_by=NOW + h(1.5))
    found = stand(of_maintenance(short), NOW + h(0.5))
    assert (found.remaining, found.priority) == (h(1), PriorityNow.HIGH)
    assert stand(of_maintenance(short), NOW + h(0.49)).priority is PriorityNow.NORMAL


@pytest.mark.parametrize(
    ("passed", "verdict", "priority"),
    [
        (h(21.9), Verdict.ON_TRACK, PriorityNow.NORMAL),
        (h(22), Verdict.ON_TRACK, PriorityNow.HIGH),  # two hours are left
        (h(23), Verdict.ON_TRACK, PriorityNow.HIGH),  # an hour is not less than an hour
        (h(23.01), Verdict.AT_RISK, PriorityNow.HIGH),
        (h(24), Verdict.BREACHED, PriorityNow.URGENT),
    ],
)
def test_vector_a_started_ticket(passed: timedelta, verdict: Verdict, priority: PriorityNow) -> None:
    found = after(MaintenanceState.IN_PROGRESS, passed)
    assert (found.verdict, found.priority) == (verdict, priority)


@pytest.mark.parametrize(
    ("done", "verdict"),
    [(h(23.9), Verdict.COMPLETED), (h(24), Verdict.COMPLETED_LATE), (h(30), Verdict.COMPLETED_LATE)],
)
def test_vector_a_settled_ticket_keeps_how_it_ended(done: timedelta, verdict: Verdict) -> None:
    settled = replace(ticket(MaintenanceState.CLOSED), completed_at=NOW + done, since=NOW + h(100))
    found = stand(of_maintenance(settled), NOW + h(200))
    assert (found.verdict, found.priority, found.remaining) == (verdict, PriorityNow.NORMAL, h(24) - done)
    assert not warns(found)


def sop(state: SopState = SopState.IN_INVESTIGATION, closed: timedelta | None = None) -> SopTicket:
    closed_at = None if closed is None else NOW + closed
    return SopTicket(
        "SOP-2026-0001",
        "SOP-001-2025",
        "Skipped",
        "SEW",
        "CUT",
        "vera",
        NOW,
        NOW,
        state=state,
        closed_at=closed_at,
    )


@pytest.mark.parametrize(
    ("state", "passed", "remaining", "verdict"),
    [
        (SopState.OPEN, h(19.9), h(4.1), Verdict.ON_TRACK),
        (SopState.OPEN, h(20), h(4), Verdict.AT_RISK),
        (SopState.OPEN, h(24), h(0), Verdict.BREACHED),
        (SopState.IN_INVESTIGATION, h(67), h(5), Verdict.ON_TRACK),
        (SopState.ESCALATED, h(68), h(4), Verdict.AT_RISK),
        (SopState.IN_INVESTIGATION, h(72), h(0), Verdict.BREACHED),
    ],
)
def test_vector_the_failure_of_a_procedure(
    state: SopState, passed: timedelta, remaining: timedelta, verdict: Verdict
) -> None:
    found = stand(of_sop(sop(state), SHIPPED), NOW + passed)
    assert (found.remaining, found.verdict) == (remaining, verdict)


def test_vector_a_closed_failure_of_a_procedure_is_completed() -> None:
    found = stand(of_sop(sop(SopState.CLOSED, h(50)), SHIPPED), NOW + h(500))
    assert (found.verdict, found.priority) == (Verdict.COMPLETED, PriorityNow.NORMAL)


def reject(state: RejectState) -> InternalReject:
    return InternalReject(
        "RJT-2026-0001", "ORD-1", DefectSeverity.HIGH, 3, "Torn", "vera", NOW, NOW, state=state
    )


def test_vector_a_defect_is_decided_within_its_response_and_settled_within_its_completion() -> None:
    pending = stand(of_defect(reject(RejectState.PENDING), SHIPPED), NOW + h(1))
    approved = stand(of_defect(reject(RejectState.APPROVED), SHIPPED), NOW + h(1))
    assert (pending.remaining, approved.remaining) == (h(1), h(7))


def test_a_reject_that_is_archived_later_was_not_settled_later() -> None:
    archived = replace(reject(RejectState.ARCHIVED), since=NOW + h(100))
    assert stand(of_defect(archived, SHIPPED), NOW + h(200)).verdict is Verdict.COMPLETED_LATE
    assert stand(of_defect(archived, SHIPPED, NOW + h(3)), NOW + h(200)).verdict is Verdict.COMPLETED


@pytest.mark.parametrize(
    ("share", "severity"),
    [
        (0.26, Severity.GOOD),
        (0.25, Severity.WARNING),
        (0.11, Severity.WARNING),
        (0.10, Severity.SERIOUS),
        (-1.0, Severity.SERIOUS),
    ],
)
def test_vector_the_timer_warns_at_a_quarter_and_is_critical_at_a_tenth(
    share: float, severity: Severity
) -> None:
    assert timer_band(share) is severity


@pytest.mark.parametrize(
    ("left", "severity"),
    [
        (h(0.99), Severity.SERIOUS),
        (h(1), Severity.WARNING),
        (h(3.99), Severity.WARNING),
        (h(4), Severity.GOOD),
    ],
)
def test_vector_the_bands_of_an_alert(left: timedelta, severity: Severity) -> None:
    assert alert_band(left) is severity


def test_vector_a_warning_is_due_under_a_quarter_and_not_at_it() -> None:
    assert not warns(after(MaintenanceState.IN_PROGRESS, h(18)))
    assert warns(after(MaintenanceState.IN_PROGRESS, h(18) + timedelta(seconds=1)))


def test_vector_hours_left_have_one_decimal() -> None:
    assert hours_left(timedelta(hours=5, minutes=57)) == 6.0
    assert hours_left(timedelta(hours=5, minutes=50)) == 5.8


def test_the_aggregate_counts_what_is_at_risk_and_the_share_that_was_broken() -> None:
    found = [
        after(MaintenanceState.IN_PROGRESS, h(23.5)),
        after(MaintenanceState.IN_PROGRESS, h(25)),
        after(MaintenanceState.OPEN, h(1)),
        stand(
            of_maintenance(replace(ticket(MaintenanceState.COMPLETED), completed_at=NOW + h(30))), NOW + h(40)
        ),
        stand(of_maintenance(ticket(MaintenanceState.CANCELLED)), NOW + h(40)),
    ]
    figures = summary(found)
    assert (figures.open, figures.at_risk, figures.breached, figures.settled, figures.late) == (3, 1, 1, 1, 1)
    assert figures.breach_rate == 0.5
    assert summary([]).breach_rate is None
    verdicts = [each.verdict for each in by_risk(found)]
    assert verdicts == [
        *(Verdict.BREACHED, Verdict.AT_RISK, Verdict.ON_TRACK),
        *(Verdict.COMPLETED_LATE, Verdict.CANCELLED),
    ]


GOOD = table((48, 8), (24, 4), (8, 2), (4, 1))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[maintenance", "policy.toml is not valid TOML"),
        (GOOD.replace('completion = "4h"', 'completion = "soon"'), "write a time like 30min, 8h or 3d"),
        (GOOD.replace('completion = "4h"', "completion = 4"), "“completion” can’t be “4”"),
        (GOOD.replace('completion = "4h"', 'completion = "0h"'), "“completion” can’t be “0h”"),
        (GOOD.replace('completion = "4h", ', ""), "“completion” is missing"),
        (
            GOOD.replace('response = "1h"', 'response = "5h"'),
            "the response can’t be later than the completion",
        ),
        (GOOD.replace("critical =", "catastrophic ="), "there is no “catastrophic”; there is low, medium"),
        (GOOD.replace("[sop]", "[sops]"), "there is no “sops”; there is maintenance, defect, sop"),
        (GOOD.partition("[sop]")[0], "“sop” is missing"),
    ],
)
def test_a_wrong_policy_says_where_and_what_to_do(text: str, says: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read_policy(text, "policy.toml")
    assert "policy.toml" in str(raised.value)
    assert says in str(raised.value)


def test_a_policy_that_is_not_there_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"PLANT_SLA_POLICY names .*gone\.toml"):
        load_policy(tmp_path / "gone.toml")
