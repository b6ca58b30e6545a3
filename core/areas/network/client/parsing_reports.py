"""From the reports' JSON to values: WAN slots, connection history, saturation, quality, speed tests.

The rules are those of plume.md 4.6 to 4.8, 4.10 and 8.2. As in `parsing`, any JSON at all gives values or
`BadAnswerError`.
"""

from __future__ import annotations

from datetime import datetime

from core.areas.network.client.fields import (
    JsonObject,
    as_list,
    as_object,
    epoch,
    hardware_address,
    identifier,
    moment,
    number,
    rows,
    single,
    word,
)
from core.areas.network.model import (
    SLOT,
    OnlineHistory,
    OnlineRow,
    OnlineWord,
    QoeScore,
    Saturation,
    SpeedTest,
    WanSlot,
)
from core.errors import BadAnswerError
from core.message import _
from core.moment import Window

__all__ = [
    "parse_online_history",
    "parse_qoe",
    "parse_saturation",
    "parse_speed_test",
    "parse_speed_tests",
    "parse_wan_slots",
]

_SLOT_SECONDS = int(SLOT.total_seconds())
_NO_SAMPLE_DBM = -95.0
_DOWNLOAD = ("download", "downloadMbps", "downloadSpeed", "downlink", "rx")
_UPLOAD = ("upload", "uploadMbps", "uploadSpeed", "uplink", "tx")
_LATENCY = ("rtt", "latency", "ping", "latencyMs")
_ENDED = ("endedAt", "completedAt", "createdAt", "timestamp", "testedAt")


def parse_wan_slots(body: object) -> list[WanSlot]:
    """The 15-minute slots in order of time; of a slot sent twice the later row counts (plume.md 8.2)."""
    slots: dict[int, WanSlot] = {}
    for row in rows(body, "fifteenMins", "items", things=_("WAN statistics")):
        stamp = epoch(row.get("timestamp"))
        if stamp is None:
            continue
        start = stamp // _SLOT_SECONDS * _SLOT_SECONDS
        slots[start] = WanSlot(
            start,
            rx_mbytes=_measure(row, "rxMbytes", "rxMb"),
            tx_mbytes=_measure(row, "txMbytes", "txMb"),
            rx_max_mbps=_measure(row, "rxMaxMbps"),
            tx_max_mbps=_measure(row, "txMaxMbps"),
        )
    return [slots[start] for start in sorted(slots)]


def parse_saturation(body: object) -> Saturation:
    """How full the line is (plume.md 4.7, the twin)."""
    row = single(body, thing=_("how full the line is"))
    return Saturation(_measure(row, "rxMaxPercentage"), _measure(row, "txMaxPercentage"))


def parse_online_history(body: object) -> OnlineHistory:
    """The connection history in order of time (plume.md 4.8); a row without a word is unknown."""
    found: dict[int, OnlineRow] = {}
    for row in rows(body, "locationState", things=_("connection states")):
        start = epoch(row.get("timestamp"))
        if start is not None:
            found[start] = OnlineRow(start, _online_word(row.get("value")))
    envelope = as_object(body)
    if "statsDateRange" not in envelope:
        envelope = as_object(envelope.get("data"))
    return OnlineHistory(
        tuple(found[start] for start in sorted(found)), _window(envelope.get("statsDateRange"))
    )


def parse_qoe(body: object) -> list[QoeScore]:
    """The quality of each pod, by its id, and of each device, by its MAC address (plume.md 4.10).

    Raises:
        BadAnswerError: the answer has neither a list of pods nor one of devices.
    """
    answer = single(body, thing=_("the quality of experience"))
    if not isinstance(answer.get("nodes"), list) and not isinstance(answer.get("devices"), list):
        raise BadAnswerError(_("Plume's answer can't be read: it scores neither pods nor devices."))
    pods = (as_object(row) for row in as_list(answer.get("nodes")))
    devices = (as_object(row) for row in as_list(answer.get("devices")))
    scores = [
        *(_qoe_score(identifier(row, "id", "nodeId"), row) for row in pods),
        *(_qoe_score(hardware_address(row, "mac", "macAddress"), row) for row in devices),
    ]
    return list({score.subject: score for score in scores if score.subject}.values())


def parse_speed_test(value: object, *, without_status: bool = False) -> SpeedTest | None:
    """One speed test under any of the names of plume.md 4.6; nothing when there is no such object.

    Only the status `succeeded` makes its figures usable. `without_status` says that this place never has
    a status, so that its figures count as they are.
    """
    row = as_object(value)
    if not row:
        return None
    status = word(row, "status")
    figures = (_measure(row, *_DOWNLOAD), _measure(row, *_UPLOAD), _measure(row, *_LATENCY))
    succeeded = status == "succeeded"
    if without_status and not status:
        succeeded = any(figure is not None for figure in figures)
    if not status and not succeeded and not any(figure is not None for figure in figures):
        return None
    ended = next((at for name in _ENDED if (at := moment(row.get(name))) is not None), None)
    return SpeedTest(succeeded, status, *figures, ended_at=ended)


def parse_speed_tests(body: object) -> list[SpeedTest]:
    """The history of a node's tests, oldest first: parallel lists (plume.md 4.6), or a list of tests."""
    lists = _parallel_lists(body)
    if lists is None:
        listed = rows(body, "speedTests", "speedTestResults", things=_("speed tests"))
        tests = (parse_speed_test(row, without_status=True) for row in listed)
        dated = {test.ended_at: test for test in tests if test is not None and test.ended_at is not None}
        return [dated[at] for at in sorted(dated)]
    downloads = _dated_values(lists.get("downloadSpeeds"))
    uploads = _dated_values(lists.get("uploadSpeeds"))
    latencies = _dated_values(lists.get("latencies"))
    tests_by_end = {
        at: SpeedTest(True, "succeeded", downloads.get(at), uploads.get(at), latencies.get(at), at)
        for at in downloads.keys() | uploads.keys()
    }
    for row in map(as_object, as_list(lists.get("failedSpeedTests"))):
        at = next((at for name in _ENDED if (at := moment(row.get(name))) is not None), None)
        if at is not None:
            tests_by_end.setdefault(at, SpeedTest(False, word(row, "status") or "failed", ended_at=at))
    return [tests_by_end[at] for at in sorted(tests_by_end)]


def _parallel_lists(body: object) -> JsonObject | None:
    """The object that holds the parallel lists, whether wrapped in `data` or not."""
    answer = as_object(body)
    names = {"downloadSpeeds", "uploadSpeeds", "failedSpeedTests"}
    for candidate in (answer, as_object(answer.get("data")), as_object(answer.get("result"))):
        if names & candidate.keys():
            return candidate
    return None


def _dated_values(value: object) -> dict[datetime, float]:
    pairs = ((moment(row.get("timestamp")), _measure(row, "value")) for row in map(as_object, as_list(value)))
    return {at: figure for at, figure in pairs if at is not None and figure is not None}


def _measure(row: JsonObject, *names: str) -> float | None:
    """The first of these fields that holds a number not below zero."""
    return next((figure for name in names if (figure := number(row.get(name), 0)) is not None), None)


def _qoe_score(subject: str, row: JsonObject) -> QoeScore:
    strength = number(row.get("rssiDbm"), -150, 0)
    return QoeScore(
        subject,
        score=number(row.get("score"), 0, 5),
        rssi_dbm=None if strength is not None and strength <= _NO_SAMPLE_DBM else strength,
        snr_db=number(row.get("snrDb"), -50, 150),
        interference_percent=number(row.get("interferencePercent"), 0, 100),
    )


def _online_word(value: object) -> OnlineWord:
    said = value.strip().lower() if isinstance(value, str) else ""
    if not said:
        return OnlineWord.UNKNOWN
    return {"online": OnlineWord.ONLINE, "offline": OnlineWord.OFFLINE}.get(said, OnlineWord.INTERMITTENT)


def _window(value: object) -> Window | None:
    """`statsDateRange` in any of its three shapes (plume.md 4.8)."""
    ranges = [as_object(each) for each in as_list(value) or [value]]
    starts = [at for row in ranges for at in _moments(row, "start", "startAt")]
    ends = [at for row in ranges for at in _moments(row, "end", "endAt")]
    if not starts or not ends or min(starts) >= max(ends):
        return None
    return Window(min(starts), max(ends))


def _moments(row: JsonObject, *names: str) -> list[datetime]:
    values = (row.get(name) for name in names)
    flat = (each for value in values for each in as_list(value) or [value])
    return [at for each in flat if (at := moment(each)) is not None]
