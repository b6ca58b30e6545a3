"""Reading WAN slots, histories, quality and speed tests (plume.md 4.6 to 4.8, 4.10, 8.2)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.areas.network.client.parsing import (
    parse_location,
)
from core.areas.network.client.parsing_reports import (
    parse_online_history,
    parse_qoe,
    parse_saturation,
    parse_speed_test,
    parse_speed_tests,
    parse_wan_slots,
)
from core.areas.network.model import (
    OnlineRow,
    OnlineWord,
    QoeScore,
    Saturation,
    SpeedTest,
    WanSlot,
)
from core.errors import BadAnswerError
from core.moment import Window, to_epoch


def test_a_null_list_of_other_things_is_empty() -> None:
    assert parse_wan_slots({"fifteenMins": None}) == []
    assert parse_online_history({"locationState": None}).rows == ()


def wan_row(stamp: Any, **figures: Any) -> dict[str, Any]:
    return {"timestamp": stamp, "rxMbytes": 60, "txMbytes": 15, "rxMaxMbps": 10, "txMaxMbps": 2} | figures


def test_wan_slots_are_sorted_and_the_last_duplicate_counts() -> None:
    rows = [
        wan_row("2026-01-14T10:15:00Z"),
        wan_row("2026-01-14T10:00:00Z", rxMbytes=1),
        wan_row(1_768_384_800_000, rxMbytes=2),
        wan_row("2026-01-14T13:00:00.120+03:00", rxMbytes="3.5", txMaxMbps=None),
        wan_row("never"),
    ]
    start = to_epoch(datetime(2026, 1, 14, 10, tzinfo=UTC))
    assert parse_wan_slots({"fifteenMins": rows}) == [
        WanSlot(start, 3.5, 15, 10, None),
        WanSlot(start + 900, 60, 15, 10, 2),
    ]


def test_a_wan_figure_that_can_not_be_is_absent_and_zero_is_zero() -> None:
    row = wan_row("2026-01-14T10:00:00Z", rxMbytes=0, txMbytes=-1, rxMaxMbps=True, txMaxMbps=float("nan"))
    (slot,) = parse_wan_slots([row])
    assert (slot.rx_mbytes, slot.tx_mbytes, slot.rx_max_mbps, slot.tx_max_mbps) == (0, None, None, None)


def test_the_twins_names_are_read_too() -> None:
    row = {"timestamp": "2026-01-14T10:00:00Z", "rxMb": 5, "txMb": 6, "rxMaxMbps": 1, "txMaxMbps": 2}
    (slot,) = parse_wan_slots({"items": [row]})
    assert (slot.rx_mbytes, slot.tx_mbytes) == (5, 6)


def test_saturation() -> None:
    assert parse_saturation({"rxMaxPercentage": 91.5, "txMaxPercentage": None}) == Saturation(91.5, None)


@pytest.mark.parametrize(
    "date_range",
    [
        {"start": "2026-01-07T10:00:00.000Z", "end": "2026-01-14T10:00:00.000Z"},
        {"startAt": 1_767_780_000_000, "endAt": 1_768_384_800_000},
        [{"id": "x", "start": ["2026-01-07T10:00:00.000Z"], "end": ["2026-01-14T10:00:00.000Z"]}],
    ],
)
def test_a_history_says_its_window_in_three_shapes(date_range: Any) -> None:
    window = Window(datetime(2026, 1, 7, 10, tzinfo=UTC), datetime(2026, 1, 14, 10, tzinfo=UTC))
    body = {"statsDateRange": date_range, "locationState": []}
    assert parse_online_history(body).window == window
    assert parse_online_history({"data": body}).window == window


@pytest.mark.parametrize(
    "date_range", [None, {}, [], [{}], {"start": "2026-01-14T10:00:00Z", "end": "2026-01-14T10:00:00Z"}]
)
def test_a_history_without_a_window_has_none(date_range: Any) -> None:
    assert parse_online_history({"statsDateRange": date_range, "locationState": []}).window is None


def test_a_history_is_sorted_and_its_words_are_read() -> None:
    words = ["online", "OFFLINE", "flapping", None, 7]
    rows = [{"timestamp": 1_768_384_800 + 900 * place, "value": word} for place, word in enumerate(words)]
    history = parse_online_history(
        {"locationState": [*reversed(rows), {"timestamp": "x", "value": "online"}]}
    )
    assert history.rows == tuple(
        OnlineRow(1_768_384_800 + 900 * place, word)
        for place, word in enumerate(
            (
                *(OnlineWord.ONLINE, OnlineWord.OFFLINE, OnlineWord.INTERMITTENT),
                *(OnlineWord.UNKNOWN, OnlineWord.UNKNOWN),
            )
        )
    )


def test_quality_scores_of_pods_and_devices() -> None:
    body = {
        "nodes": [{"id": "P1", "score": 4.5, "rssiDbm": -60, "interferencePercent": 12, "snrDb": 35}],
        "devices": [{"mac": "02:00:00:00:AA:01", "score": 9, "rssiDbm": -95}, {"score": 3}],
    }
    assert parse_qoe(body) == [QoeScore("P1", 4.5, -60, 35, 12), QoeScore("02:00:00:00:aa:01")]
    with pytest.raises(BadAnswerError):
        parse_qoe({"score": 5})


@pytest.mark.parametrize(
    ("row", "test"),
    [
        ({"status": "SUCCEEDED", "download": "10"}, SpeedTest(True, "succeeded", 10)),
        (
            {"status": "failed", "downloadMbps": None, "endedAt": 1_768_384_800},
            SpeedTest(False, "failed", ended_at=datetime(2026, 1, 14, 10, tzinfo=UTC)),
        ),
        (
            {
                "status": "succeeded",
                "downloadSpeed": 1,
                "uploadSpeed": 2,
                "ping": 3,
                "testedAt": 1_768_384_800_000,
            },
            SpeedTest(True, "succeeded", 1, 2, 3, datetime(2026, 1, 14, 10, tzinfo=UTC)),
        ),
        ({"status": "succeeded", "downlink": 1, "latencyMs": 4}, SpeedTest(True, "succeeded", 1, None, 4)),
        ({"download": 5}, SpeedTest(False, "", 5)),
        ({"status": None}, None),
        ({}, None),
        (None, None),
        ("fast", None),
    ],
)
def test_speed_tests_under_all_their_names(row: Any, test: SpeedTest | None) -> None:
    assert parse_speed_test(row) == test


def test_the_older_place_of_a_speed_test_has_no_status() -> None:
    body = {"id": "l", "ispSpeedTestResult": {"download": 5, "upload": 1, "latency": 9}}
    assert parse_location(body, "c").speed_test == SpeedTest(True, "", 5, 1, 9)


def test_the_history_of_speed_tests_joins_its_lists_by_time() -> None:
    first, second = "2026-01-13T03:12:00.500Z", "2026-01-14T03:12:00Z"
    body = {
        "statsDateRange": [{"start": first, "end": second}],
        "downloadSpeeds": [{"timestamp": second, "value": 200}, {"timestamp": first, "value": 190}],
        "uploadSpeeds": [{"timestamp": first, "value": 20}, {"timestamp": second, "value": None}],
        "failedSpeedTests": [{"timestamp": "2026-01-12T03:12:00Z", "status": "failed"}, {"timestamp": None}],
    }
    failed, earlier, later = parse_speed_tests({"data": body})
    assert parse_speed_tests(body) == [failed, earlier, later]
    assert (failed.succeeded, failed.download) == (False, None)
    assert (earlier.download, earlier.upload) == (190, 20)
    assert (later.succeeded, later.download, later.upload) == (True, 200, None)
    assert later.ended_at == datetime(2026, 1, 14, 3, 12, tzinfo=UTC)
