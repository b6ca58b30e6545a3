"""What is news between two looks at a location."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.areas.network.model import (
    Connection,
    Location,
    Node,
    OnlineRow,
    OnlineWord,
    ServiceLevel,
    SpeedTest,
)
from core.areas.network.rules import changes
from core.areas.network.rules.online import analyse
from core.areas.network.rules.verdict import Assessment, Verdict, assess
from core.event import Event
from core.moment import Window, to_epoch
from core.page import Freshness
from core.units import Severity

NOW = datetime(2026, 1, 14, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(minutes=5)
HERE = Location("10ca71", "c0ffee", "Harbour [Office]")
POD = Node("SIM1", "Yard", Connection.CONNECTED)
GATEWAY = replace(POD, id="SIM0", name="Reception", gateway=True)


def told(events: list[Event]) -> list[tuple[str, Severity, str]]:
    return [(each.kind, each.severity, str(each.title)) for each in events]


def pods(before: list[Node], after: list[Node]) -> list[Event]:
    return changes.pod_events(HERE, before, after, since=BEFORE, at=NOW)


@pytest.mark.parametrize(
    ("node", "was", "became", "kind", "severity"),
    [
        (POD, "connected", "disconnected", "network.pod.offline", Severity.SERIOUS),
        (POD, "disconnected", "connected", "network.pod.online", Severity.GOOD),
        (POD, "connected", "unknown", "network.pod.unknown", Severity.NOTICE),
        (GATEWAY, "connected", "disconnected", "network.gateway.offline", Severity.CRITICAL),
        (GATEWAY, "disconnected", "connected", "network.gateway.online", Severity.GOOD),
    ],
)
def test_a_pod_that_goes_or_returns(node: Node, was: str, became: str, kind: str, severity: Severity) -> None:
    (event,) = pods(
        [replace(node, connection=Connection(was))], [replace(node, connection=Connection(became))]
    )
    assert (event.kind, event.severity) == (kind, severity)
    assert node.name in str(event.title)
    assert "Harbour [Office]" in str(event.title)
    assert event.subject == "location:10ca71"
    assert event.facts == {"location": "10ca71", "pod": node.id}


def test_a_pod_that_is_new_or_the_same_is_no_news() -> None:
    assert pods([POD], [POD, replace(POD, id="SIM2", connection=Connection.DISCONNECTED)]) == []
    assert pods([POD], [replace(POD, name="Quay", connected_devices=9)]) == []


@pytest.mark.parametrize(
    ("dated", "at"),
    [
        (NOW - timedelta(minutes=2), NOW - timedelta(minutes=2)),
        (NOW - timedelta(days=9), NOW),
        (NOW + timedelta(minutes=2), NOW),
        (None, NOW),
    ],
)
def test_a_change_is_dated_by_the_cloud_only_where_that_can_be(dated: datetime | None, at: datetime) -> None:
    (event,) = pods([POD], [replace(POD, connection=Connection.DISCONNECTED, changed_at=dated)])
    assert event.at == at


def assessed(*nodes: Node, level: ServiceLevel = ServiceLevel.FULL) -> Assessment:
    return assess(replace(HERE, service_level=level), nodes, Freshness.LIVE)


def test_another_verdict_is_news_an_unknown_one_is_none() -> None:
    down = assessed(replace(POD, connection=Connection.DISCONNECTED))
    unknown = assessed(replace(POD, connection=Connection.UNKNOWN))
    assert told(changes.verdict_events(HERE, Verdict.GREEN, down, NOW)) == [
        (
            "network.verdict.changed",
            Severity.CRITICAL,
            "Harbour [Office]: Offline: the only pod is disconnected",
        )
    ]
    assert changes.verdict_events(HERE, Verdict.RED, down, NOW) == []
    assert changes.verdict_events(HERE, Verdict.RED, unknown, NOW) == []
    (event,) = changes.verdict_events(HERE, None, down, NOW)
    assert event.facts == {"location": "10ca71", "before": "UNKNOWN", "after": "RED"}
    assert changes.verdict_events(HERE, None, assessed(POD), NOW) == []


def test_another_service_level_is_told_in_words() -> None:
    full, none = (
        replace(HERE, service_level=ServiceLevel.FULL),
        replace(HERE, service_level=ServiceLevel.NONE),
    )
    basic = replace(HERE, service_level=ServiceLevel.BASIC)
    assert told(changes.service_events(full, none, NOW)) == [
        ("network.service.changed", Severity.SERIOUS, "Service at Harbour [Office] is now: suspended")
    ]
    assert told(changes.service_events(none, basic, NOW))[0][1:] == (
        Severity.WARNING,
        "Service at Harbour [Office] is now: basic service",
    )
    assert told(changes.service_events(basic, full, NOW))[0][1] is Severity.GOOD
    assert changes.service_events(None, none, NOW) == []
    assert changes.service_events(full, HERE, NOW) == []


@pytest.mark.parametrize(
    ("percent", "last", "kind"),
    [
        (90.0, None, "network.wan.saturated"),
        (89.9, None, None),
        (99.0, "network.wan.saturated", None),
        (75.1, "network.wan.saturated", None),
        (75.0, "network.wan.saturated", "network.wan.recovered"),
        (75.0, "network.wan.recovered", None),
        (75.0, None, None),
        (95.0, "network.wan.recovered", "network.wan.saturated"),
    ],
)
def test_saturation_has_hysteresis(percent: float, last: str | None, kind: str | None) -> None:
    events = changes.saturation_events(HERE, percent, 90.0, last, NOW)
    assert [each.kind for each in events] == ([] if kind is None else [kind])


def test_a_speed_test_that_failed_is_told_as_that() -> None:
    ended = NOW - timedelta(minutes=1)
    good = SpeedTest(True, "succeeded", 231.4, 24.8, 11.2, ended)
    (event,) = changes.speed_test_events(HERE, good, NOW)
    assert (event.at, event.severity) == (ended, Severity.GOOD)
    assert event.facts["download"] == 231.4
    for bad in (SpeedTest(False, "failed", ended_at=ended), replace(good, upload=None)):
        (failed,) = changes.speed_test_events(HERE, bad, NOW)
        assert failed.severity is Severity.NOTICE
        assert str(failed.title) == "A speed test at Harbour [Office] failed"
        assert failed.key == event.key


def outages(words: str, since: int = 1) -> list[tuple[str, int]]:
    """The kinds and rows of what is told of a history, a row for each letter (o f i u, or a dot for none)."""
    kinds = {word.value[0]: word for word in OnlineWord} | {"f": OnlineWord.OFFLINE, "o": OnlineWord.ONLINE}
    start = to_epoch(NOW)
    history = [OnlineRow(start + i * 900, kinds[w]) for i, w in enumerate(words) if w != "."]
    window = Window(NOW, NOW + timedelta(minutes=15 * len(words)))
    events = changes.outage_events(HERE, analyse(history, window), NOW + timedelta(minutes=15 * since - 1))
    return [
        (each.kind.removeprefix("network.outage."), (to_epoch(each.at) - start) // 900) for each in events
    ]


@pytest.mark.parametrize(
    ("words", "events"),
    [
        ("oooo", []),
        ("ooff", [("began", 2)]),
        ("ooffoo", [("began", 2), ("ended", 4)]),
        ("ofifoo", [("began", 1), ("ended", 4)]),
        ("oofuoo", [("began", 2), ("ended", 4)]),
        ("fffooo", [("ended", 3)]),
        ("oof.........", [("began", 2)]),
        ("oof.........oo", [("began", 2), ("ended", 12)]),
        ("oooii", []),
    ],
)
def test_outages(words: str, events: list[tuple[str, int]]) -> None:
    assert outages(words) == events


def test_outages_told_before_are_not_told_again() -> None:
    assert outages("ofooffoo", since=4) == [("began", 4), ("ended", 6)]
    assert outages("offfoo", since=2) == [("ended", 4)]
