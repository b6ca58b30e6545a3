"""What the poll of each part of a location writes: the new state, and the events that it means.

Each runs inside the one transaction that also records the poll, and compares with what the store holds
there and then: of two polls at the same time the second finds nothing new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.areas.network.model import (
    SLOT,
    Alert,
    Device,
    Location,
    Node,
    OnlineHistory,
    QoeScore,
    Saturation,
    SpeedTest,
    WanSlot,
    WifiNetwork,
)
from core.areas.network.rules import changes
from core.areas.network.rules.online import analyse as analyse_online
from core.areas.network.rules.speed_test import choose_speed_test
from core.areas.network.rules.verdict import Verdict, assess
from core.areas.network.store import rows, tables
from core.event import Event
from core.moment import Window, from_epoch, to_epoch
from core.page import Freshness
from core.store import events
from core.store.series import SeriesSamples, read_raw, write_many, write_samples
from core.store.store import Transaction
from core.store.versions import as_of, record

__all__ = [
    "PolledLocation",
    "StatusFound",
    "record_devices",
    "record_online",
    "record_qoe",
    "record_saturation",
    "record_speed_tests",
    "record_status",
    "record_wan",
    "record_wifi",
]

_SLOT_SECONDS = int(SLOT.total_seconds())
_SATURATION_STEP = 60
_DAY = timedelta(days=1)
_NEWS = timedelta(hours=2)
"""How long ago a speed test may have ended and still be news: their history is read every hour."""


@dataclass(frozen=True, slots=True)
class PolledLocation:
    """A location to poll, what the settings say about it, and when this part was last read well."""

    customer: str
    location: Location
    saturation_percent: float
    last_good: datetime | None = None

    @property
    def first(self) -> bool:
        """Whether this is the first poll: then everything is new, and nothing of it is news."""
        return self.last_good is None


@dataclass(frozen=True, slots=True)
class StatusFound:
    """A location with its pods, and its own list of alerts, which says of some that they are muted.

    `alerts` is `None` when that list could not be had.
    """

    location: Location
    nodes: Sequence[Node]
    alerts: Mapping[str, Sequence[Alert]] | None


async def record_status(
    transaction: Transaction, polled: PolledLocation, found: StatusFound, now: datetime
) -> None:
    """The location, its pods and its newest speed test."""
    location = found.location
    connection, here = transaction.connection, transaction.recorded_at
    known = await as_of(connection, tables.nodes, here, location=location.id)
    before = [rows.node_from_row(row) for row in known]
    # Without the list of alerts a muted one stays muted: that it can't be read is no news about it.
    said = {node.id: node.alerts for node in before} if found.alerts is None else found.alerts
    nodes = [replace(node, alerts=_with_mutes(node.alerts, said.get(node.id, ()))) for node in found.nodes]
    earlier = await as_of(connection, tables.locations, here, id=location.id)
    await record(transaction, tables.locations, [rows.location_row(location)])
    node_rows = [rows.node_row(location.id, node) for node in nodes]
    await record(transaction, tables.nodes, node_rows, scope={"location": location.id})
    if polled.last_good is not None and earlier:
        old = rows.location_from_row(earlier[0])
        was: Verdict | None = assess(old, before, Freshness.LIVE).verdict
        if was is Verdict.UNKNOWN:
            was = await _last_verdict(transaction, location.id)
        await transaction.emit(
            *changes.pod_events(location, before, nodes, since=polled.last_good, at=now),
            *changes.service_events(old, location, now),
            *changes.verdict_events(location, was, assess(location, nodes, Freshness.LIVE), now),
        )
    test = choose_speed_test(location, nodes)
    if test is not None:
        await record_speed_tests(transaction, polled, [test], now)


async def record_saturation(
    transaction: Transaction, polled: PolledLocation, found: Saturation | None, now: datetime
) -> None:
    """How full the line is; nothing where the cloud does not offer that."""
    used = {} if found is None else {"rx": found.rx_percent, "tx": found.tx_percent}
    shares = {direction: percent for direction, percent in used.items() if percent is not None}
    if not shares:
        return
    location = polled.location
    for direction, percent in shares.items():
        key = tables.saturation_key(location.id, direction)
        sample = (to_epoch(now), percent)
        await write_samples(transaction, key, [sample], step=_SATURATION_STEP, unit="%")
    told = await _last_event(transaction, location.id, *changes.SATURATION_KINDS)
    last = told.kind if told else None
    news = changes.saturation_events(location, max(shares.values()), polled.saturation_percent, last, now)
    await transaction.emit(*news)


async def record_wan(
    transaction: Transaction, polled: PolledLocation, slots: Sequence[WanSlot], _now: datetime
) -> None:
    """The WAN slots, each number a series of its own."""
    batch = [
        SeriesSamples(
            tables.wan_key(polled.location.id, field),
            [(slot.start, getattr(slot, field)) for slot in slots],
            _SLOT_SECONDS,
            unit,
        )
        for field, unit in rows.WAN_UNITS.items()
    ]
    await write_many(transaction, batch)


async def record_online(
    transaction: Transaction, polled: PolledLocation, history: OnlineHistory, now: datetime
) -> None:
    """The connection history, and the outages that began or ended since what was known of it."""
    key = tables.online_key(polled.location.id)
    day = Window.last(_DAY, now)
    known = await read_raw(transaction.connection, key, day, transaction.recorded_at)
    samples = [(row.start, rows.ONLINE_VALUES.get(row.word)) for row in history.rows]
    await write_samples(transaction, key, samples, step=_SLOT_SECONDS)
    if known:
        recent = [row for row in history.rows if row.start >= day.start.timestamp()]
        since = from_epoch(max(moment for moment, _value in known)) - SLOT
        await transaction.emit(*changes.outage_events(polled.location, analyse_online(recent, day), since))


async def record_wifi(
    transaction: Transaction, polled: PolledLocation, networks: Sequence[WifiNetwork], _now: datetime
) -> None:
    """The Wi-Fi networks, all there are."""
    here = polled.location.id
    found = [rows.wifi_row(here, network) for network in networks]
    await record(transaction, tables.wifi_networks, found, scope={"location": here})


async def record_devices(
    transaction: Transaction, polled: PolledLocation, devices: Sequence[Device], _now: datetime
) -> None:
    """The devices, all there are."""
    here = polled.location.id
    found = [rows.device_row(here, device) for device in devices]
    await record(transaction, tables.devices, found, scope={"location": here})


async def record_qoe(
    transaction: Transaction, polled: PolledLocation, scores: Sequence[QoeScore], now: datetime
) -> None:
    """The quality of experience of the pods; that of single devices isn't kept."""
    here = polled.location.id
    known = await as_of(transaction.connection, tables.nodes, transaction.recorded_at, location=here)
    pods = {row["id"] for row in known}
    slot = to_epoch(now) // _SLOT_SECONDS * _SLOT_SECONDS
    batch = [
        SeriesSamples(tables.qoe_key(here, score.subject), [(slot, score.score)], _SLOT_SECONDS)
        for score in scores
        if score.subject in pods and score.score is not None
    ]
    await write_many(transaction, batch)


async def record_speed_tests(
    transaction: Transaction, polled: PolledLocation, tests: Sequence[SpeedTest], now: datetime
) -> None:
    """Each test that has ended; those that ended lately and were not known are news.

    The cloud tells of a test in several places, not all of which say everything: what one place said is
    not forgotten because another does not say it.
    """
    here = polled.location.id
    found = await as_of(transaction.connection, tables.speed_tests, transaction.recorded_at, location=here)
    known = {row["ended_at"]: rows.speed_test_from_row(row) for row in found}
    new: list[dict[str, object]] = []
    for test in tests:
        if test.ended_at is None:
            continue
        earlier = known.get(to_epoch(test.ended_at))
        new.append(rows.speed_test_row(here, _merged(earlier, test), test.ended_at))
        if earlier is None and not polled.first and now - test.ended_at < _NEWS:
            await transaction.emit(*changes.speed_test_events(polled.location, test, now))
    await record(transaction, tables.speed_tests, new)


async def _last_verdict(transaction: Transaction, location: str) -> Verdict | None:
    """The last verdict that was told of."""
    told = await _last_event(transaction, location, changes.VERDICT_CHANGED)
    return None if told is None else Verdict[str(told.facts["after"])]


async def _last_event(transaction: Transaction, location: str, *kinds: str) -> Event | None:
    """The newest event of these kinds about a location."""
    told = await events.recent(
        transaction.connection,
        at=transaction.recorded_at,
        subject=f"location:{location}",
        kinds=kinds,
        limit=1,
    )
    return told[0].event if told else None


def _with_mutes(alerts: Sequence[Alert], said: Sequence[Alert]) -> tuple[Alert, ...]:
    muted = {alert.type for alert in said if alert.muted}
    return tuple(replace(alert, muted=alert.muted or alert.type in muted) for alert in alerts)


def _merged(earlier: SpeedTest | None, test: SpeedTest) -> SpeedTest:
    """What two places say of one test, taken together; the earlier holds where they differ in words."""
    if earlier is None:
        return test
    return replace(
        test,
        succeeded=test.succeeded or earlier.succeeded,
        status=earlier.status if earlier.succeeded >= test.succeeded and earlier.status else test.status,
        download=earlier.download if test.download is None else test.download,
        upload=earlier.upload if test.upload is None else test.upload,
        latency=earlier.latency if test.latency is None else test.latency,
    )
