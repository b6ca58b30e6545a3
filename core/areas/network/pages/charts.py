"""The line drawn over time: its highest rates and its volumes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from core.areas.network.model import SLOT, WanSlot
from core.areas.network.rules.wan import WanBucket, WanBuckets
from core.message import Message, _
from core.moment import Window, to_epoch
from core.page import Chart, ChartSeries, Place
from core.units import Unit

__all__ = ["DOWNLOAD", "UPLOAD", "bucket_charts", "rate_chart", "slot_charts"]

DOWNLOAD, UPLOAD = _("download"), _("upload")

Points = tuple[tuple[int, float | None], ...]


def slot_charts(slots: Sequence[WanSlot], window: Window) -> tuple[Chart, Chart]:
    """The highest rate and the volume of each slot, both directions."""
    volumes = _pair(
        _slot_points(slots, lambda slot: slot.rx_mbytes, window),
        _slot_points(slots, lambda slot: slot.tx_mbytes, window),
    )
    return (
        rate_chart("rates", _("Highest rate in each 15 minutes"), slots, window),
        _chart("volume", _("Volume in each 15 minutes"), Unit.MEGABYTE, window, SLOT, volumes),
    )


def rate_chart(
    key: str, title: Message, slots: Sequence[WanSlot], window: Window, *, place: Place = Place.WIDE
) -> Chart:
    """The highest rate of each slot, both directions."""
    rates = _pair(
        _slot_points(slots, lambda slot: slot.rx_max_mbps, window),
        _slot_points(slots, lambda slot: slot.tx_max_mbps, window),
    )
    return _chart(key, title, Unit.MEGABIT_PER_SECOND, window, SLOT, rates, place)


def bucket_charts(buckets: WanBuckets, window: Window) -> tuple[Chart, Chart]:
    """The same from roll-ups: the highest rate and the total volume of each bucket."""

    def highest(found: Sequence[WanBucket]) -> Points:
        return _every_step({each.start: each.high for each in found}, window, buckets.step)

    def total(found: Sequence[WanBucket]) -> Points:
        return _every_step({each.start: each.total for each in found}, window, buckets.step)

    rates = _pair(highest(buckets.rx_max_mbps), highest(buckets.tx_max_mbps))
    volumes = _pair(total(buckets.rx_mbytes), total(buckets.tx_mbytes))
    hourly = buckets.step == timedelta(hours=1)
    rate_title = _("Highest rate in each hour") if hourly else _("Highest rate in each day (UTC)")
    volume_title = _("Volume in each hour") if hourly else _("Volume in each day (UTC)")
    return (
        _chart("rates", rate_title, Unit.MEGABIT_PER_SECOND, window, buckets.step, rates),
        _chart("volume", volume_title, Unit.MEGABYTE, window, buckets.step, volumes),
    )


def _pair(rx: Points, tx: Points) -> tuple[ChartSeries, ChartSeries]:
    return ChartSeries(DOWNLOAD, rx), ChartSeries(UPLOAD, tx)


def _slot_points(
    slots: Sequence[WanSlot], value: Callable[[WanSlot], float | None], window: Window
) -> Points:
    return _every_step({slot.start: value(slot) for slot in slots}, window, SLOT)


def _every_step(known: Mapping[int, float | None], window: Window, step: timedelta) -> Points:
    """A point for every step of the window: what nobody reported is a gap."""
    seconds = int(step.total_seconds())
    first = -(-to_epoch(window.start) // seconds) * seconds
    return tuple((t, known.get(t)) for t in range(first, to_epoch(window.end), seconds))


def _chart(
    key: str,
    title: Message,
    unit: Unit,
    window: Window,
    step: timedelta,
    series: tuple[ChartSeries, ...],
    place: Place = Place.WIDE,
) -> Chart:
    seconds = int(step.total_seconds())
    return Chart(key, title, unit, window.start, window.end, seconds, series, place=place)
