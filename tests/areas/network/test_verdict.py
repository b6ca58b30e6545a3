"""The health verdict and its findings (plume.md 7)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.network.model import Alert, Connection, Health, Location, Node, ServiceLevel, SpeedTest
from core.areas.network.rules.findings import Finding
from core.areas.network.rules.labels import security_label
from core.areas.network.rules.speed_test import choose_speed_test
from core.areas.network.rules.verdict import (
    Assessment,
    Verdict,
    assess,
    backhaul_label,
    node_state,
    severity_rank,
)
from core.page import Freshness
from core.units import Severity

SITE = Location(id="site", customer="customer", name="Harbour Office", service_level=ServiceLevel.FULL)
GATEWAY = Node(
    id="gw",
    name="Reception",
    connection=Connection.CONNECTED,
    gateway=True,
    health=Health.EXCELLENT,
    connected_devices=9,
)
POD = Node(
    id="pod", name="Workshop", connection=Connection.CONNECTED, health=Health.GOOD, connected_devices=6
)
DOWN = Node(id="yard", name="Yard", connection=Connection.DISCONNECTED, word="disconnected")
ODD = Node(id="odd", name="Attic", connection=Connection.UNKNOWN, word="rebooting")
FAIR = replace(POD, health=Health.FAIR)
POOR_HEALTH = Alert("poorHealth")


def judge(*nodes: Node, level: ServiceLevel = ServiceLevel.FULL) -> Assessment:
    return assess(replace(SITE, service_level=level), nodes, Freshness.LIVE)


def texts(assessment: Assessment, *, counted: bool) -> list[str]:
    return [str(finding.text) for finding in assessment.findings if finding.counted is counted]


def test_green_when_every_pod_is_connected_and_nothing_is_found() -> None:
    result = judge(GATEWAY, POD)
    assert result.verdict is Verdict.GREEN
    assert (result.pods, result.pods_online, result.pods_affected, result.findings) == (2, 2, 0, ())
    assert str(result.headline) == "All operational: 2 pods online"
    assert str(result.state.word) == "OPERATIONAL"


def test_a_fair_pod_with_one_alert_is_two_findings_on_one_pod() -> None:
    result = judge(GATEWAY, replace(FAIR, alerts=(POOR_HEALTH,)))
    assert result.verdict is Verdict.YELLOW
    assert (result.open_findings, result.pods_affected) == (2, 1)
    assert texts(result, counted=True) == ["Workshop: fair health", "Workshop: alert: poor health"]
    assert str(result.headline) == "Online, 2 findings, pods affected: 1"


def test_orange_counts_the_disconnected_pods() -> None:
    result = judge(GATEWAY, FAIR, DOWN)
    assert result.verdict is Verdict.ORANGE
    assert str(result.headline) == "Online, 1 of 3 pods disconnected"
    assert not result.contradictory
    assert result.findings[0] == Finding(Severity.SERIOUS, "yard", result.findings[0].text)
    assert result.pods_affected == 2


def test_red_when_no_pod_is_connected() -> None:
    result = judge(DOWN, replace(DOWN, id="b"))
    assert result.verdict is Verdict.RED
    assert str(result.headline) == "Offline: all 2 pods disconnected"
    assert result.devices is None


def test_red_when_a_well_formed_answer_lists_no_pods() -> None:
    result = judge()
    assert result.verdict is Verdict.RED
    assert str(result.headline) == "No pods at this location"
    assert result.pods_known


def test_red_when_nothing_is_connected_and_only_some_states_are_unknown() -> None:
    result = judge(DOWN, ODD)
    assert result.verdict is Verdict.RED
    assert str(result.headline) == "Offline: pods disconnected: 1, unknown: 1"


def test_a_list_of_pods_that_could_not_be_read_is_unknown_not_red() -> None:
    result = assess(SITE, None, Freshness.LIVE)
    assert result.verdict is Verdict.UNKNOWN
    assert not result.pods_known
    assert str(result.headline) == "The list of pods could not be read"


@pytest.mark.parametrize("freshness", [Freshness.UNKNOWN, Freshness.NEVER])
def test_an_old_green_is_never_shown_as_green(freshness: Freshness) -> None:
    assert assess(SITE, [GATEWAY, POD], freshness).verdict is Verdict.UNKNOWN


def test_an_old_red_is_unknown_too() -> None:
    result = assess(SITE, [DOWN], Freshness.UNKNOWN)
    assert result.verdict is Verdict.UNKNOWN
    assert "missed" in str(result.headline)


def test_stale_data_still_gives_a_verdict() -> None:
    assert assess(SITE, [GATEWAY], Freshness.STALE).verdict is Verdict.GREEN


def test_all_pods_of_unknown_state_are_unknown() -> None:
    result = judge(ODD, replace(ODD, id="b", word=""))
    assert result.verdict is Verdict.UNKNOWN
    assert str(result.headline) == "The states of all 2 pods are unknown"


def test_one_pod_of_unknown_state_is_a_yellow_finding_with_its_word() -> None:
    result = judge(GATEWAY, ODD)
    assert result.verdict is Verdict.YELLOW
    assert texts(result, counted=True) == ["Attic: connection state “rebooting” is not known"]
    assert (result.pods_online, result.pods_affected) == (1, 1)


@pytest.mark.parametrize(("nodes", "verdict"), [((GATEWAY, POD), Verdict.ORANGE), ((DOWN,), Verdict.RED)])
def test_no_service_is_suspended_and_at_least_orange(nodes: tuple[Node, ...], verdict: Verdict) -> None:
    result = judge(*nodes, level=ServiceLevel.NONE)
    assert result.verdict is verdict
    assert result.suspended
    assert [str(badge.word) for badge in result.badges] == ["SUSPENDED"]


def test_a_suspension_alone_is_not_called_pods_down() -> None:
    result = judge(GATEWAY, FAIR, level=ServiceLevel.NONE)
    assert str(result.state.word) == "SUSPENDED"
    assert str(result.headline) == "Service suspended"
    both = judge(GATEWAY, DOWN, level=ServiceLevel.NONE)
    assert str(both.state.word) == "PODS DOWN"
    assert any("suspended" in text for text in texts(both, counted=True))


def test_basic_service_is_yellow_by_itself() -> None:
    result = judge(GATEWAY, level=ServiceLevel.BASIC)
    assert result.verdict is Verdict.YELLOW
    assert str(result.headline) == "Online with basic service only"
    assert (result.open_findings, result.pods_affected) == (1, 0)


@pytest.mark.parametrize("nodes", [(GATEWAY, FAIR), (GATEWAY, DOWN), (DOWN,), ()])
def test_basic_service_is_listed_beside_anything_else(nodes: tuple[Node, ...]) -> None:
    result = judge(*nodes, level=ServiceLevel.BASIC)
    assert any(text.startswith("Basic service") for text in texts(result, counted=True))


@pytest.mark.parametrize("location", [None, replace(SITE, service_level=ServiceLevel.UNKNOWN)])
def test_an_unknown_service_level_does_not_lower_the_verdict(location: Location | None) -> None:
    assert assess(location, [GATEWAY], Freshness.LIVE).verdict is Verdict.GREEN


def test_a_gateway_down_behind_a_connected_pod_is_named_and_contradictory() -> None:
    result = judge(replace(GATEWAY, connection=Connection.DISCONNECTED), POD)
    assert result.verdict is Verdict.ORANGE
    assert result.contradictory
    assert str(result.headline) == "Gateway Reception is disconnected, yet 1 pod says it is connected"
    assert [str(badge.word) for badge in result.badges] == ["CONTRADICTORY DATA"]


def test_a_gateway_down_with_everything_else_down_is_no_contradiction() -> None:
    result = judge(replace(GATEWAY, connection=Connection.DISCONNECTED), DOWN)
    assert result.verdict is Verdict.RED
    assert not result.contradictory


def test_a_second_gateway_that_is_connected_explains_connected_pods() -> None:
    result = judge(replace(GATEWAY, connection=Connection.DISCONNECTED), replace(GATEWAY, id="gw2"), POD)
    assert result.verdict is Verdict.ORANGE
    assert not result.contradictory


def test_a_muted_alert_is_dim_and_uncounted() -> None:
    result = judge(replace(GATEWAY, alerts=(Alert("poorHealth", muted=True),)))
    assert result.verdict is Verdict.GREEN
    assert [finding.severity for finding in result.findings] == [Severity.IDLE]
    assert (result.open_findings, result.pods_affected) == (0, 0)


def test_an_alert_on_a_disconnected_pod_is_shown_uncounted() -> None:
    result = judge(GATEWAY, replace(DOWN, alerts=(POOR_HEALTH,)))
    assert result.open_findings == 1
    assert texts(result, counted=False) == ["Yard: alert: poor health"]


def test_an_unknown_alert_type_is_shown_as_text_and_counts() -> None:
    result = judge(replace(GATEWAY, alerts=(Alert("solarFlare"), Alert(""))))
    assert texts(result, counted=True) == ["Reception: alert: solarFlare", "Reception: alert: without a name"]


def test_an_unknown_health_word_is_neutral() -> None:
    odd = replace(POD, health=Health.UNKNOWN, health_word="splendid")
    result = judge(GATEWAY, odd)
    assert result.verdict is Verdict.GREEN
    assert texts(result, counted=False) == ["Workshop: health “splendid” is not known"]
    assert (node_state(odd).severity, node_state(odd).word) == (Severity.UNKNOWN, "splendid")


def test_a_braced_name_is_shown_as_it_is() -> None:
    result = judge(GATEWAY, replace(DOWN, name="{count} *yard*"))
    assert texts(result, counted=True) == ["{count} *yard*: disconnected"]


def test_findings_come_worst_first_and_uncounted_last() -> None:
    muted = replace(GATEWAY, alerts=(Alert("poorHealth", muted=True),))
    result = judge(muted, FAIR, DOWN)
    assert [finding.severity for finding in result.findings] == [
        Severity.SERIOUS,
        Severity.WARNING,
        Severity.IDLE,
    ]


def test_devices_are_the_clouds_total_even_when_it_is_zero() -> None:
    assert assess(replace(SITE, connected_devices=0), [GATEWAY], Freshness.LIVE).devices == 0


def test_devices_are_summed_over_connected_pods_that_report() -> None:
    silent = replace(POD, id="silent", connected_devices=None)
    gone = replace(DOWN, connected_devices=4)
    assert judge(GATEWAY, POD, silent, gone).devices == 15
    assert judge(silent).devices is None


@pytest.mark.parametrize(
    ("node", "severity", "word"),
    [
        (DOWN, Severity.CRITICAL, "offline"),
        (ODD, Severity.UNKNOWN, "rebooting"),
        (replace(ODD, word=""), Severity.UNKNOWN, "unknown"),
        (FAIR, Severity.WARNING, "fair health"),
        (replace(POD, health=Health.POOR), Severity.WARNING, "poor health"),
        (replace(POD, health=None), Severity.GOOD, "online"),
        (replace(POD, alerts=(POOR_HEALTH,)), Severity.GOOD, "online"),
    ],
)
def test_the_mark_of_a_pods_line(node: Node, severity: Severity, word: str) -> None:
    state = node_state(node)
    assert (state.severity, str(state.word)) == (severity, word)


@pytest.mark.parametrize(
    ("backhaul", "label"), [("wifi", "Mesh"), ("WiFi", "Mesh"), ("ethernet", "Ethernet"), ("moca", "Moca")]
)
def test_the_backhaul_in_words(backhaul: str, label: str) -> None:
    assert str(backhaul_label(replace(POD, backhaul=backhaul))) == label


def test_a_backhaul_that_is_not_reported_is_absent() -> None:
    assert backhaul_label(POD) is None


def test_a_fleet_is_ordered_worst_first() -> None:
    green = judge(GATEWAY)
    unknown = assess(SITE, None, Freshness.LIVE)
    yellow = judge(GATEWAY, FAIR)
    worse_yellow = judge(FAIR, replace(FAIR, id="b"))
    suspended = judge(GATEWAY, level=ServiceLevel.NONE)
    orange = judge(GATEWAY, DOWN)
    red = judge(DOWN)
    expected = [red, orange, suspended, worse_yellow, yellow, unknown, green]
    assert (
        sorted([green, unknown, red, suspended, yellow, worse_yellow, orange], key=severity_rank) == expected
    )


def public_verdict(nodes: list[Node], level: ServiceLevel) -> Verdict:
    """The public rule, word for word (plume.md 7.1)."""
    connected = [node for node in nodes if node.connection is Connection.CONNECTED]
    warnings = sum((node.health in (Health.FAIR, Health.POOR)) + len(node.alerts) for node in connected)
    if not connected:
        return Verdict.RED
    if len(connected) < len(nodes):
        return Verdict.ORANGE
    if warnings or level is not ServiceLevel.FULL:
        return Verdict.YELLOW
    return Verdict.GREEN


plain_nodes = st.lists(
    st.builds(
        Node,
        id=st.uuids().map(str),
        name=st.just("pod"),
        connection=st.sampled_from([Connection.CONNECTED, Connection.DISCONNECTED]),
        health=st.sampled_from([Health.EXCELLENT, Health.GOOD, Health.FAIR, Health.POOR]),
        alerts=st.lists(st.just(POOR_HEALTH), max_size=2).map(tuple),
    ),
    max_size=5,
)


@given(plain_nodes, st.sampled_from([ServiceLevel.FULL, ServiceLevel.BASIC]))
def test_complete_plain_data_gives_the_public_verdict(nodes: list[Node], level: ServiceLevel) -> None:
    assert judge(*nodes, level=level).verdict is public_verdict(nodes, level)


@pytest.mark.parametrize(
    ("word", "label"),
    [
        ("psk2", "WPA2 only"),
        ("wpa2-psk", "WPA2 only"),
        ("psk-mixed", "WPA + WPA2"),
        ("sae-mixed", "WPA2 + WPA3"),
        ("sae", "WPA3 only"),
        ("WPA3-SAE", "WPA3 only"),
        ("OPEN", "open"),
        ("wpa9-{x}", "wpa9-{x}"),
        ("", "not reported"),
    ],
)
def test_wifi_security_in_words(word: str, label: str) -> None:
    assert str(security_label(word)) == label


def test_the_gateways_speed_test_stands_in_for_a_missing_or_failed_one() -> None:
    good, failed = SpeedTest(succeeded=True, download=231.4), SpeedTest(succeeded=False, status="failed")
    tested = replace(GATEWAY, speed_test=good)
    elsewhere = replace(POD, speed_test=good)
    assert choose_speed_test(SITE, [POD, tested]) is good
    assert choose_speed_test(replace(SITE, speed_test=failed), [tested]) is good
    assert choose_speed_test(replace(SITE, speed_test=failed), [elsewhere]) is failed
    assert choose_speed_test(None, None) is None
