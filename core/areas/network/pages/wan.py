"""What the line carried, and how the connection held."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.area import Request
from core.areas.network import reading
from core.areas.network.model import SLOT, WanSlot
from core.areas.network.pages.common import choose_page, named, site_actions
from core.areas.network.parts import PARTS
from core.areas.network.settings import NetworkSettings
from core.areas.network.wan import (
    DirectionFigures,
    WanAnalysis,
    WanBucket,
    WanBuckets,
    analyse,
    analyse_buckets,
)
from core.command import Choice
from core.message import Message, _
from core.moment import Window, from_epoch, to_epoch
from core.page import (
    Block,
    Chart,
    ChartSeries,
    Column,
    Fact,
    Facts,
    Freshness,
    Kind,
    Meter,
    Note,
    Page,
    Place,
    Row,
    SourceState,
    Table,
    Threshold,
)
from core.tabulate import tabulate
from core.units import Absent, Instant, Quantity, Severity, Share, State, Unit, Value

__all__ = ["SPANS", "Span", "rate_chart", "saturation_age", "wan_page"]

_TITLE = _("WAN")
_DOWNLOAD, _UPLOAD = _("download"), _("upload")
_NO_DATA = Absent(_("no data in this range"))
_NOT_FROM_ROLL_UPS = Absent(_("only for ranges up to 7 days"))


@dataclass(frozen=True, slots=True)
class Span:
    """A time range on offer, and the step at which it is drawn."""

    value: str
    label: Message
    length: timedelta
    step: timedelta

    @property
    def choice(self) -> Choice:
        return Choice(self.value, self.label)


SPANS = (
    Span("3h", _("3 hours"), timedelta(hours=3), SLOT),
    Span("24h", _("24 hours"), timedelta(hours=24), SLOT),
    Span("7d", _("7 days"), timedelta(days=7), SLOT),
    Span("30d", _("30 days"), timedelta(days=30), timedelta(hours=1)),
    Span("1y", _("1 year"), timedelta(days=365), timedelta(days=1)),
)
"""The ranges of WAN statistics; up to a week from single slots, beyond that from roll-ups."""


def span_window(span: Span, moment: datetime) -> Window:
    """The range that ends with the last finished step before `moment`.

    The slot (or day) that is still filling would count as a whole one in every figure, so it isn't in it.
    """
    seconds = int(span.step.total_seconds())
    end = from_epoch(to_epoch(moment) // seconds * seconds)
    return Window.last(span.length, end)


async def wan_page(request: Request) -> Page:
    """The line's figures, chart, peak windows and how full it is now."""
    moment = request.moment
    span = next(each for each in SPANS if each.value == request.text("span"))
    window = span_window(span, moment)
    async with request.services.store.reading() as connection:
        location = await reading.chosen_location(connection, request)
        if location is None:
            return choose_page("wan", _TITLE, await reading.fleet(connection, request), request.query)
        source = await reading.part_state(connection, request, location.id, "wan")
        now_full = await reading.saturation(connection, location.id, moment, saturation_age(request))
        if span.step == SLOT:
            # The slot still filling is drawn, though no figure counts it.
            drawn = Window(window.start, moment)
            slots = await reading.wan_slots(connection, location.id, drawn, moment)
            analysis = analyse(slots, window)
            charts = (
                rate_chart("rates", _("Highest rate in each 15 minutes"), slots, drawn),
                volume_chart(slots, drawn),
            )
        else:
            buckets = await reading.wan_buckets(connection, location.id, window, span.step, moment)
            analysis = analyse_buckets(buckets, window)
            charts = _bucket_charts(buckets, window)
    threshold = request.services.settings.of(NetworkSettings).saturation_percent
    blocks: list[Block] = [charts[0]]
    if not analysis.has_data:
        blocks.append(Note("nothing", _nothing(source), Severity.NOTICE))
    blocks += [_figures(analysis, request), _meter(now_full, threshold), _quality(analysis, span)]
    blocks += [_windows(analysis, request), charts[1]]
    return Page(
        key=f"network.wan:{location.id}:{span.value}",
        title=_TITLE,
        crumb=_("{location}, last {span}", location=named(location), span=span.label),
        verdict=wan_state(now_full, threshold, source, analysis.has_data),
        blocks=tuple(blocks),
        actions=site_actions(location, "wan"),
        as_of=source.last_good,
        source_state=source,
    )


def saturation_age(request: Request) -> timedelta:
    """How old a saturation figure may be and still be the present."""
    seconds = request.services.settings.of(NetworkSettings).fleet_poll_seconds
    part = next(part for part in PARTS if part.name == "saturation")
    return 3 * part.interval(timedelta(seconds=seconds))


def wan_state(now_full: dict[str, float], threshold: float, source: SourceState, has_data: bool) -> State:
    """The verdict on a line: saturated now, or carrying."""
    if source.freshness in (Freshness.UNKNOWN, Freshness.NEVER):
        return State(Severity.UNKNOWN, _("UNKNOWN"))
    if max(now_full.values(), default=0.0) >= threshold:
        return State(Severity.WARNING, _("SATURATED"))
    return State(Severity.GOOD, _("CARRYING")) if has_data else State(Severity.NOTICE, _("NO DATA"))


def _nothing(source: SourceState) -> Message:
    if source.freshness is Freshness.NEVER:
        return _("WAN statistics have not been read yet.")
    return _("The cloud reported no WAN statistics for this range.")


def rate_chart(
    key: str, title: Message, slots: Sequence[WanSlot], window: Window, *, place: Place = Place.WIDE
) -> Chart:
    """The highest rate of each slot, both directions."""
    return _chart(
        key,
        title,
        Unit.MEGABIT_PER_SECOND,
        window,
        SLOT,
        [
            ChartSeries(_DOWNLOAD, _points(slots, lambda slot: slot.rx_max_mbps, window)),
            ChartSeries(_UPLOAD, _points(slots, lambda slot: slot.tx_max_mbps, window)),
        ],
        place=place,
    )


def volume_chart(slots: Sequence[WanSlot], window: Window) -> Chart:
    """The volume of each slot, both directions."""
    return _chart(
        "volume",
        _("Volume in each 15 minutes"),
        Unit.MEGABYTE,
        window,
        SLOT,
        [
            ChartSeries(_DOWNLOAD, _points(slots, lambda slot: slot.rx_mbytes, window)),
            ChartSeries(_UPLOAD, _points(slots, lambda slot: slot.tx_mbytes, window)),
        ],
    )


def _points(
    slots: Sequence[WanSlot], value: Callable[[WanSlot], float | None], window: Window
) -> tuple[tuple[int, float | None], ...]:
    """A point for every step of the window: a slot nobody reported is a gap."""
    known = {slot.start: value(slot) for slot in slots}
    return _every_step(known, window, SLOT)


def _every_step(
    known: dict[int, float | None], window: Window, step: timedelta
) -> tuple[tuple[int, float | None], ...]:
    seconds = int(step.total_seconds())
    first = -(-to_epoch(window.start) // seconds) * seconds
    return tuple((t, known.get(t)) for t in range(first, to_epoch(window.end), seconds))


def _bucket_charts(buckets: WanBuckets, window: Window) -> tuple[Chart, Chart]:
    """The same two charts from roll-ups: the highest rate and the total volume of each bucket."""

    def highest(found: Sequence[WanBucket]) -> tuple[tuple[int, float | None], ...]:
        return _every_step({each.start: each.high for each in found}, window, buckets.step)

    def total(found: Sequence[WanBucket]) -> tuple[tuple[int, float | None], ...]:
        return _every_step({each.start: each.total for each in found}, window, buckets.step)

    hourly = buckets.step == timedelta(hours=1)
    rates = _chart(
        "rates",
        _("Highest rate in each hour") if hourly else _("Highest rate in each day"),
        Unit.MEGABIT_PER_SECOND,
        window,
        buckets.step,
        [
            ChartSeries(_DOWNLOAD, highest(buckets.rx_max_mbps)),
            ChartSeries(_UPLOAD, highest(buckets.tx_max_mbps)),
        ],
    )
    volumes = _chart(
        "volume",
        _("Volume in each hour") if hourly else _("Volume in each day"),
        Unit.MEGABYTE,
        window,
        buckets.step,
        [ChartSeries(_DOWNLOAD, total(buckets.rx_mbytes)), ChartSeries(_UPLOAD, total(buckets.tx_mbytes))],
    )
    return rates, volumes


def _chart(
    key: str,
    title: Message,
    unit: Unit,
    window: Window,
    step: timedelta,
    series: Sequence[ChartSeries],
    *,
    place: Place = Place.WIDE,
) -> Chart:
    start, end, seconds = window.start, window.end, int(step.total_seconds())
    return Chart(key, title, unit, start, end, seconds, tuple(series), place=place)


def _figures(analysis: WanAnalysis, request: Request) -> Table:
    """Both directions side by side, one row for each figure (plume.md 8.2)."""
    columns = (
        Column("figure", _("Figure"), Kind.TEXT, 1),
        Column("rx", _("Download"), Kind.NUMBER, 1),
        Column("tx", _("Upload"), Kind.NUMBER, 1),
    )
    rolled = analysis.peak_windows is None

    def row(key: str, label: Message, figure: Callable[[DirectionFigures], Value]) -> Row:
        return Row(key, (label, figure(analysis.rx), figure(analysis.tx)))

    rows = [
        row("peak", _("Peak"), lambda each: _mbps(None if each.peak is None else each.peak.mbps)),
        row("peak_at", _("Peak at"), lambda each: _NO_DATA if each.peak is None else Instant(each.peak.at)),
        row("mean_of_peaks", _("Mean of 15-min peaks"), lambda each: _mbps(each.mean_of_peaks_mbps)),
        row("mean_throughput", _("Mean throughput"), lambda each: _mbps(each.mean_throughput_mbps)),
        row(
            "percentile95",
            _("95th percentile of 15-min peaks"),
            lambda each: _mbps(each.percentile95_mbps, _NOT_FROM_ROLL_UPS if rolled else _NO_DATA),
        ),
        row("total", _("Volume"), lambda each: _megabytes(each.total_mbytes)),
        row(
            "quality",
            _("Slots reported"),
            lambda each: _NO_DATA if each.quality is None else Share(each.quality, 1),
        ),
    ]
    return tabulate("figures", _("Figures"), columns, rows, empty=_("No data."))


def _mbps(value: float | None, reason: Absent = _NO_DATA) -> Value:
    return reason if value is None else Quantity(value, Unit.MEGABIT_PER_SECOND, 2)


def _megabytes(value: float | None) -> Value:
    return _NO_DATA if value is None else Quantity(value, Unit.MEGABYTE, 0)


def _meter(now_full: dict[str, float], threshold: float) -> Meter:
    """How full the line is now, in its fuller direction."""
    limit = Quantity(100, Unit.PERCENT, 0)
    marks = (Threshold(threshold, _("saturated"), Severity.WARNING),)
    if not now_full:
        absent = Absent(_("the cloud offers no saturation figure for this location"))
        return Meter("saturation", _("Line in use now"), absent, limit, marks)
    direction = max(now_full, key=lambda each: now_full[each])
    note = _("fuller direction: {direction}", direction=_DOWNLOAD if direction == "rx" else _UPLOAD)
    value = Quantity(now_full[direction], Unit.PERCENT, 0)
    return Meter("saturation", _("Line in use now"), value, limit, marks, note)


def _quality(analysis: WanAnalysis, span: Span) -> Facts:
    share: Value = _NO_DATA if analysis.quality is None else Share(analysis.quality, 1)
    slots = _("{complete} of {expected}", complete=analysis.complete, expected=analysis.expected)
    return Facts(
        "quality",
        _("Data quality"),
        (
            Fact(_("Complete"), share),
            Fact(_("Slots"), slots),
            Fact(_("From"), Instant(analysis.window.start)),
            Fact(_("To"), Instant(analysis.window.end)),
        ),
    )


def _windows(analysis: WanAnalysis, request: Request) -> Table:
    columns = (
        Column("from", _("From"), Kind.MOMENT, 1),
        Column("to", _("To"), Kind.MOMENT, 1),
        Column("kind", _("Load"), Kind.TEXT, 1),
        Column("mean", _("Mean download peak"), Kind.NUMBER, 1),
    )
    empty = _("No hour stood out.")
    if analysis.peak_windows is None:
        empty = _("Busy hours are told for ranges up to 7 days.") if analysis.has_data else _("No data.")
    rows = [
        Row(str(i), (Instant(each.start), Instant(each.end), each.kind.label, _mbps(each.mean_mbps)))
        for i, each in enumerate(analysis.peak_windows or ())
    ]
    return tabulate("windows", _("Busiest hours"), columns, rows, empty=empty)
