"""Reading JSON that promises nothing: any body, any envelope, any spelling of a value (plume.md 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.network.client import fields
from core.areas.network.client.parsing import (
    parse_alerts,
    parse_customers,
    parse_devices,
    parse_location,
    parse_locations,
    parse_nodes,
    parse_service_level,
    parse_wifi_networks,
)
from core.areas.network.client.parsing_reports import (
    parse_online_history,
    parse_qoe,
    parse_saturation,
    parse_speed_test,
    parse_speed_tests,
    parse_wan_slots,
)
from core.errors import BadAnswerError

PARSERS: list[Callable[[Any], object]] = [
    parse_customers,
    lambda body: parse_locations(body, "c"),
    lambda body: parse_location(body, "c"),
    parse_service_level,
    parse_nodes,
    parse_wifi_networks,
    parse_devices,
    parse_alerts,
    parse_wan_slots,
    parse_saturation,
    parse_online_history,
    parse_qoe,
    parse_speed_test,
    parse_speed_tests,
]
LIST_PARSERS: list[tuple[str, Callable[[Any], list[Any]]]] = [
    ("nodes", parse_nodes),
    ("devices", parse_devices),
    ("locations", lambda body: parse_locations(body, "c")),
    ("customers", parse_customers),
    ("wifiNetworks", parse_wifi_networks),
]
ROW = {"id": "row-1", "mac": "02:00:00:00:00:01", "ssid": "Staff"}
WORDS = [
    *(
        "id",
        "nodes",
        "devices",
        "data",
        "items",
        "locations",
        "mac",
        "timestamp",
        "value",
        "health",
        "status",
    ),
    *("alerts", "type", "name", "leafToRoot", "speedTest", "download", "endedAt", "statsDateRange", "start"),
    *("locationState", "fifteenMins", "rxMbytes", "rxMaxMbps", "summary", "connectedDeviceCount", "geoIp"),
    *(
        "timezone",
        "serviceLevel",
        "wpaMode",
        "ssid",
        "enabled",
        "downloadSpeeds",
        "failedSpeedTests",
        "score",
    ),
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**300, max_value=10**320)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["2026-01-14T10:00:00Z", "0001-01-01T00:00:00+14:00", "1e999", "NaN", "online", "\ud800"]
    )
)
KEYS = st.sampled_from(WORDS) | st.text(max_size=5)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)


@pytest.mark.parametrize("parse", PARSERS)
def test_any_json_gives_values_or_a_bad_answer(parse: Callable[[Any], object]) -> None:
    @given(JSON)
    def feed(body: Any) -> None:
        try:
            parse(body)
        except BadAnswerError:
            return

    feed()


@pytest.mark.parametrize(("name", "parse"), LIST_PARSERS)
def test_every_envelope_holds_the_same_rows(name: str, parse: Callable[[Any], list[Any]]) -> None:
    plain = parse([ROW])
    assert len(plain) == 1
    for body in (
        {name: [ROW]},
        {name: {name: [ROW]}},
        {"data": [ROW]},
        {"items": [ROW]},
        {"results": [ROW]},
        {"data": {name: [ROW]}},
        {"data": {name: {name: [ROW]}}, "other": [1, 2]},
        [None, 7, "x", ROW, []],
    ):
        assert parse(body) == plain


def test_counts_and_figures_are_numbers_or_absent() -> None:
    for value, count in ((9, 9), ("9", 9), (9.0, 9), (True, None), (-1, None), ("many", None), ("1_0", None)):
        assert fields.count(value) == count
    for value in (float("nan"), float("inf"), "inf", "nan", 10**400, "1e999", [], {}, "٣"):
        assert fields.number(value) is None


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-14T10:00:00.000Z",
        "2026-01-14T10:00:00Z",
        "2026-01-14T13:00:00+03:00",
        "2026-01-14T10:00:00.000000+00:00",
        "2026-01-14 10:00:00",
        1_768_384_800,
        1_768_384_800_000,
        "1768384800",
        "1768384800000",
        1_768_384_800_000.0,
    ],
)
def test_a_moment_is_the_same_in_every_spelling(written: Any) -> None:
    found = fields.moment(written)
    assert found == datetime(2026, 1, 14, 10, tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "written",
    [None, True, "", "yesterday", 0, -1, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", 1e300, []],
)
def test_what_is_no_moment_is_none(written: Any) -> None:
    assert fields.moment(written) is None


def test_ids_are_kept_whole_or_not_at_all() -> None:
    assert fields.identifier({"id": " a1 "}, "id") == "a1"
    assert fields.identifier({"id": 42}, "id") == "42"
    for value in ("", "x" * 129, "a\x1b]0;b", "a\u202eb", "a  b", True, None, {"id": 1}, -5, 1.5):
        assert fields.identifier({"id": value}, "id") == ""
