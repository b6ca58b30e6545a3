"""What the line carried: figures, charts, busiest hours, and how full it is now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from core.area import Request
from core.areas.network.model import SLOT
from core.areas.network.pages.charts import DOWNLOAD, UPLOAD, bucket_charts, slot_charts
from core.areas.network.pages.common import location_actions, measured, named
from core.areas.network.pages.fleet import choose_page
from core.areas.network.pages.spans import SPANS
from core.areas.network.rules.wan import DirectionFigures, Peak, WanAnalysis, analyse, analyse_buckets
from core.areas.network.settings import NetworkSettings
from core.areas.network.store import reading
from core.areas.network.store.polling import part_state
from core.areas.network.store.views import chosen_location
from core.message import Message, _
from core.moment import Window
from core.page import (
    Block,
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
from core.staleness import Keeping, empty, past_notes
from core.tabulate import tabulate
from core.units import Absent, Instant, Quantity, Severity, Share, State, Unit, Value

__all__ = ["wan_page", "wan_state"]

_TITLE = _("WAN")
_NO_DATA = Absent(_("no data in this range"))
_NOT_FROM_ROLL_UPS = Absent(_("only for ranges up to 7 days"))


async def wan_page(request: Request) -> Page:
    """The line's figures, charts and busiest hours in a range, and how full it is now."""
    moment = request.moment
    span = SPANS[request.text("span") or "24h"]
    window = span.window(moment)
    async with request.services.store.reading() as connection:
        location = await chosen_location(connection, request)
        if location is None:
            return await choose_page(request, connection, "wan", _TITLE)
        source = await part_state(connection, request, location.id, "wan")
        used, use_source = await reading.line_use(connection, request, location.id)
        if span.step == SLOT:
            # The slot still filling is drawn, though no figure counts it.
            drawn = Window(window.start, span.drawn(moment).end)
            slots = await reading.wan_slots(connection, location.id, drawn, moment)
            analysis, charts = analyse(slots, window), slot_charts(slots, drawn)
            keeping = Keeping.SAMPLES
        else:
            buckets = await reading.wan_buckets(connection, location.id, window, span.step, moment)
            analysis, charts = analyse_buckets(buckets, window), bucket_charts(buckets, window)
            keeping = Keeping.FOR_GOOD
    threshold = request.services.settings.of(NetworkSettings).saturation_percent
    blocks: list[Block] = [
        *(past_notes(request, source, keeping) if not analysis.has_data else ()),
        charts[0],
    ]
    if not analysis.has_data:
        none = _("The cloud reported no WAN statistics for this range.")
        blocks.append(Note("nothing", empty(source, none), Severity.NOTICE))
    blocks += [_figures(analysis), _meter(used, use_source, threshold), _quality(analysis)]
    blocks += [_windows(analysis), charts[1]]
    return Page(
        key=f"network.wan:{location.id}:{span.value}",
        title=_TITLE,
        crumb=_("{location}, {span}", location=named(location), span=span.label),
        verdict=wan_state(used, threshold, source, has_data=analysis.has_data),
        blocks=tuple(blocks),
        actions=location_actions(location, "wan"),
        as_of=source.last_good,
        source_state=source,
    )


def wan_state(used: Mapping[str, float], threshold: float, source: SourceState, *, has_data: bool) -> State:
    """The verdict on a line: saturated now, carrying, or without data. `used` is in percent."""
    if max(used.values(), default=0.0) >= threshold:
        return State(Severity.WARNING, _("SATURATED"))
    if source.freshness in (Freshness.UNKNOWN, Freshness.NEVER):
        return State(Severity.UNKNOWN, _("UNKNOWN"))
    return State(Severity.GOOD, _("CARRYING")) if has_data else State(Severity.NOTICE, _("NO DATA"))


def _figures(analysis: WanAnalysis) -> Table:
    """Both directions side by side, one row for each figure (plume.md 8.2)."""
    columns = (
        Column("figure", _("Figure"), Kind.TEXT, 1),
        Column("rx", _("Download"), Kind.NUMBER, 1),
        Column("tx", _("Upload"), Kind.NUMBER, 1),
    )
    rolled = analysis.has_data and analysis.peak_windows is None and analysis.rx.percentile95_mbps is None

    def row(key: str, label: Value, figure: Callable[[DirectionFigures], Value]) -> Row:
        return Row(key, (label, figure(analysis.rx), figure(analysis.tx)))

    rows = [
        row("peak", _("Peak"), lambda each: _mbps(None if each.peak is None else each.peak.mbps)),
        row("peak_at", _peak_label(analysis), lambda each: _peak_time(each.peak)),
        row("mean_of_peaks", _("Mean of 15-min peaks"), lambda each: _mbps(each.mean_of_peaks_mbps)),
        row("mean_throughput", _("Mean throughput"), lambda each: _mbps(each.mean_throughput_mbps)),
        row(
            "percentile95",
            _("95th percentile of 15-min peaks"),
            lambda each: _mbps(each.percentile95_mbps, _NOT_FROM_ROLL_UPS if rolled else _NO_DATA),
        ),
        row(
            "total",
            _("Volume"),
            lambda each: (
                _NO_DATA if each.total_mbytes is None else Quantity(each.total_mbytes, Unit.MEGABYTE, 0)
            ),
        ),
        row(
            "quality",
            _("Slots reported"),
            lambda each: _NO_DATA if each.quality is None else Share(each.quality, 1),
        ),
    ]
    return tabulate("figures", _("Figures"), columns, rows, place=Place.WIDE)


def _mbps(value: float | None, reason: Absent = _NO_DATA) -> Value:
    return measured(value, Unit.MEGABIT_PER_SECOND, reason)


def _peak_label(analysis: WanAnalysis) -> Message:
    """What the time of the peak is: a roll-up tells only its hour or its day."""
    within = max((each.peak.within for each in (analysis.rx, analysis.tx) if each.peak), default=SLOT)
    if within <= SLOT:
        return _("Peak at")
    return _("Peak within the hour from") if within <= timedelta(hours=1) else _("Peak on the day (UTC)")


def _peak_time(peak: Peak | None) -> Value:
    """When the peak was, as far as `_peak_label` says that it is known."""
    if peak is None:
        return _NO_DATA
    return Instant(peak.at) if peak.within <= timedelta(hours=1) else peak.at.date().isoformat()


def _meter(used: Mapping[str, float], source: SourceState, threshold: float) -> Meter:
    """How full the line is now, in its fuller direction."""
    title, limit = _("Line in use now"), Quantity(100, Unit.PERCENT, 0)
    marks = (Threshold(threshold, _("saturated"), Severity.WARNING),)
    if not used:
        offered = source.freshness in (Freshness.NEVER, Freshness.UNKNOWN) or source.reason is not None
        late = source.reason or _("not read lately")
        reason = late if offered else _("the cloud offers no such figure for this location")
        return Meter("saturation", title, Absent(reason), limit, marks)
    direction = max(used, key=lambda each: used[each])
    note = _("fuller direction: {direction}", direction=DOWNLOAD if direction == "rx" else UPLOAD)
    return Meter("saturation", title, Quantity(used[direction], Unit.PERCENT, 0), limit, marks, note)


def _quality(analysis: WanAnalysis) -> Facts:
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


def _windows(analysis: WanAnalysis) -> Table:
    columns = (
        Column("from", _("From"), Kind.MOMENT, 1),
        Column("to", _("To"), Kind.MOMENT, 1),
        Column("kind", _("Load"), Kind.TEXT, 1),
        Column("mean", _("Mean peak"), Kind.NUMBER, 1),
    )
    none = _("No hour stood out.")
    if analysis.peak_windows is None:
        none = _("Busy hours are told for ranges up to 7 days.") if analysis.has_data else _("No data.")
    rows = [
        Row(str(i), (Instant(each.start), Instant(each.end), each.kind.label, _mbps(each.mean_mbps)))
        for i, each in enumerate(analysis.peak_windows or ())
    ]
    return tabulate("windows", _("Busiest hours"), columns, rows, empty=none)
