"""How severe an incident is: the table of operations.md 4.6, row by row."""

from __future__ import annotations

import pytest

from core.areas.incidents.model import IncidentSeverity
from core.areas.incidents.rules.alarms import Alarm, alarm_of, is_lasting
from core.areas.incidents.rules.classification import Degree, Report, classify, priority, split_words
from core.areas.incidents.rules.situation import Health, components_of, report_of
from core.areas.incidents.settings import IncidentsSettings
from core.units import Severity
from tests.areas.incidents.world import alert

SETTINGS = IncidentsSettings.model_validate({})
CRITICAL, LOW = split_words(SETTINGS.critical_words), split_words(SETTINGS.low_words)
H, M, L = Degree.HIGH, Degree.MEDIUM, Degree.LOW


def judge(report: Report) -> tuple[str, str]:
    found = classify(report, CRITICAL, LOW)
    return found.severity.value, found.rule


@pytest.mark.parametrize(
    "text",
    [
        "A breach of the customer list",
        "Token LEAK found",
        "unauthorised   access to the vault",
        "Data loss on the archive",
        "index corruption",
    ],
)
def test_4_6_rule_1_certain_words_are_critical(text: str) -> None:
    assert judge(Report(text, other_failing=1)) == ("critical", "words-critical")


def test_4_6_rule_1_matches_whole_words_only() -> None:
    assert judge(Report("The leaky tap was breached by weeds"))[1] == "unclassified"


def test_4_6_rule_2_overall_failure_is_critical() -> None:
    assert judge(Report("x", overall_fail=True)) == ("critical", "health-fail")


def test_4_6_rule_2_two_critical_components_are_critical() -> None:
    assert judge(Report("x", critical_failing=2)) == ("critical", "health-fail")


def test_4_6_rule_2_a_major_outage_of_the_page_is_critical() -> None:
    assert judge(Report("x", major_outage=True)) == ("critical", "health-fail")


def test_4_6_rule_3_one_critical_component_is_high() -> None:
    assert judge(Report("x", critical_failing=1, other_failing=3)) == ("high", "critical-component")


def test_4_6_rule_3_a_payment_component_is_high() -> None:
    assert judge(Report("x", payment_failing=True)) == ("high", "critical-component")


def test_4_6_rule_3_more_than_five_percent_errors_are_high() -> None:
    assert judge(Report("x", many_errors=True)) == ("high", "critical-component")


@pytest.mark.parametrize(
    "report", [Report("x", other_failing=1), Report("x", degraded=1), Report("x", latency_or_capacity=True)]
)
def test_4_6_rule_4_lesser_components_and_performance_are_medium(report: Report) -> None:
    assert judge(report) == ("medium", "component")


@pytest.mark.parametrize("text", ["A cosmetic flaw", "wording of the menu", "Feature request: dark mode"])
def test_4_6_rule_5_cosmetics_are_low(text: str) -> None:
    assert judge(Report(text)) == ("low", "words-low")


@pytest.mark.parametrize(
    ("impact", "urgency", "expected", "severity"),
    [
        (H, H, 1, "critical"),
        (H, M, 2, "high"),
        (M, H, 2, "high"),
        (H, L, 3, "medium"),
        (M, M, 3, "medium"),
        (L, H, 3, "medium"),
        (M, L, 4, "low"),
        (L, M, 4, "low"),
        (L, L, 5, "low"),
    ],
)
def test_4_6_rule_6_impact_by_urgency(impact: Degree, urgency: Degree, expected: int, severity: str) -> None:
    assert priority(impact, urgency) == expected
    assert judge(Report("x", impact=impact, urgency=urgency)) == (severity, "impact-urgency")


def test_4_6_rule_6_with_both_unset_is_medium_and_flagged() -> None:
    assert judge(Report("Something is odd")) == ("medium", "unclassified")


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        (Severity.CRITICAL, IncidentSeverity.CRITICAL),
        (Severity.SERIOUS, IncidentSeverity.HIGH),
        (Severity.WARNING, IncidentSeverity.MEDIUM),
        (Severity.NOTICE, IncidentSeverity.LOW),
    ],
)
def test_an_alert_of_which_no_rule_speaks_is_as_severe_as_it_says(
    severity: Severity, expected: IncidentSeverity
) -> None:
    assert judge(Report("network.outage Harbour", alert=severity)) == (expected.value, "alert-severity")


def alarm(rule: str, subject: str, severity: Severity = Severity.CRITICAL) -> Alarm:
    return Alarm(f"{rule}|{subject}", rule, subject, severity, "Something")


def test_an_alert_about_health_counts_all_components() -> None:
    health = {
        "database": Health("database", "fail", critical=True),
        "web_app": Health("web_app", "fail", critical=True),
        "taara": Health("taara", "warn", critical=False),
    }
    report = report_of(alarm("health.component", "component:web_app"), health, payment=("stripe_api",))
    assert (report.critical_failing, report.other_failing, report.degraded) == (2, 0, 1)
    assert judge(report)[0] == "critical"


def test_an_alert_about_something_else_does_not_count_components() -> None:
    health = {"database": Health("database", "fail", critical=True)}
    report = report_of(alarm("network.outage", "location:L1"), health)
    assert report.critical_failing == 0


def test_a_failing_payment_component_is_found_by_its_name() -> None:
    health = {"stripe_api": Health("stripe_api", "fail", critical=False)}
    report = report_of(alarm("health.component", "component:stripe_api"), health, payment=("stripe_api",))
    assert judge(report) == ("high", "critical-component")


def test_a_critical_error_rate_is_over_five_percent() -> None:
    assert judge(report_of(alarm("operations.error_rate", "operations"), {}))[0] == "high"
    mild = report_of(alarm("operations.error_rate", "operations", Severity.WARNING), {}, lasting=True)
    assert judge(mild)[0] == "medium"


def test_alerts_about_incidents_and_tickets_are_no_incidents() -> None:
    assert alarm_of(alert(rule="incident.open", subject="incident:INC-2026-0001")) is None
    assert alarm_of(alert(rule="ticket.breached", subject="ticket:T-1")) is None
    assert alarm_of(alert(rule="x", subject="incident:INC-2026-0001")) is None
    found = alarm_of(alert())
    assert found is not None
    assert (found.key, found.severity) == ("network.outage|location:L1", Severity.CRITICAL)


def test_performance_alerts_are_known_by_their_rules() -> None:
    patterns = split_words(SETTINGS.lasting_rules)
    assert is_lasting(alarm("operations.cpu", "x"), patterns)
    assert not is_lasting(alarm("network.outage", "x"), patterns)


def test_the_component_of_an_alert() -> None:
    assert components_of(alarm("health.component", "component:web_app")) == ("web_app",)
    assert components_of(alarm("network.outage", "location:L1")) == ()
