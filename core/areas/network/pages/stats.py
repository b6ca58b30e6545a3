"""How the connection of a location held: uptime, outages and their times."""

from __future__ import annotations

from datetime import timedelta

from core.area import Request
from core.areas.network.model import OnlineWord
from core.areas.network.pages.common import location_actions, named
from core.areas.network.pages.fleet import choose_page
from core.areas.network.pages.spans import SPANS
from core.areas.network.rules.online import BAR_CELLS, Incident, OnlineAnalysis, analyse
from core.areas.network.store import reading
from core.areas.network.store.polling import part_state
from core.areas.network.store.views import chosen_location
from core.message import Message, _
from core.moment import Window, to_epoch
from core.page import (
    Chart,
    ChartSeries,
    Fact,
    Facts,
    Freshness,
    Page,
    Place,
    SourceState,
    Timeline,
    TimelineEntry,
)
from core.staleness import Keeping, empty, past_notes
from core.units import Absent, Severity, Share, State, Unit, Value
from core.units import Span as Length

__all__ = ["stats_page"]

_TITLE = _("Connection")
_PERCENT = {OnlineWord.ONLINE: 100.0, OnlineWord.INTERMITTENT: 50.0, OnlineWord.OFFLINE: 0.0}
_CHART_STEP = 900
_HOLDS = timedelta(hours=1)


async def stats_page(request: Request) -> Page:
    """Uptime, its label and trend, and every outage of the range."""
    moment = request.moment
    span = SPANS[request.text("span") or "7d"]
    window = Window.last(span.length, moment)
    async with request.services.store.reading() as connection:
        location = await chosen_location(connection, request)
        if location is None:
            return await choose_page(request, connection, "stats", _TITLE)
        source = await part_state(connection, request, location.id, "online")
        # A row before the range still holds into it, and tells whether an outage was open when it began.
        wider = Window(window.start - _HOLDS, window.end)
        rows = await reading.online_history(connection, location.id, wider, moment)
    analysis = analyse(rows, window)
    known = analysis.uptime is not None
    none = _("No outage in this range.") if known else empty(source, _("The cloud reported nothing here."))
    return Page(
        key=f"network.stats:{location.id}:{span.value}",
        title=_TITLE,
        crumb=_("{location}, {span}", location=named(location), span=span.label),
        verdict=_verdict(analysis, source),
        blocks=(
            *(past_notes(request, source, Keeping.SAMPLES) if not known else ()),
            _facts(analysis),
            _incidents(analysis, none),
            _chart(analysis),
        ),
        actions=location_actions(location, "stats"),
        as_of=source.last_good,
        source_state=source,
    )


def _verdict(analysis: OnlineAnalysis, source: SourceState) -> State:
    """The rating, unless what it rests on is too old to stand for now."""
    if source.freshness is Freshness.UNKNOWN:
        return State(Severity.UNKNOWN, _("UNKNOWN"))
    return analysis.rating.state


def _facts(analysis: OnlineAnalysis) -> Facts:
    nothing = Absent(_("no data in this range"))
    uptime: Value = nothing if analysis.uptime is None else Share(analysis.uptime, 2)
    bar = "█" * analysis.bar_cells + "░" * (BAR_CELLS - analysis.bar_cells)
    rows = analysis.rows
    return Facts(
        "uptime",
        _("Uptime"),
        (
            Fact(_("Uptime"), uptime),
            Fact(_("Bar"), nothing if analysis.uptime is None else bar),
            Fact(_("Rating"), analysis.rating.state),
            Fact(_("Trend"), analysis.trend.label),
            Fact(_("Coverage"), Share(analysis.coverage, 1)),
            Fact(_("Rows"), rows.online + rows.offline + rows.intermittent + rows.unknown),
            Fact(_("Online rows"), rows.online),
            Fact(_("Offline rows"), rows.offline),
            Fact(_("Intermittent rows"), rows.intermittent),
            Fact(_("Offline for"), Length(analysis.time.offline)),
            Fact(_("Incidents"), len(analysis.incidents)),
        ),
    )


def _incidents(analysis: OnlineAnalysis, none: Message) -> Timeline:
    entries = tuple(
        TimelineEntry(
            key=str(to_epoch(incident.start)),
            start=incident.start,
            state=State(Severity.CRITICAL, _("offline"))
            if incident.still_open
            else State(Severity.IDLE, _("over")),
            text=_words(incident),
            length=incident.length,
            open=incident.still_open,
        )
        for incident in reversed(analysis.incidents)
    )
    return Timeline("incidents", _("Outages"), entries, none)


def _words(incident: Incident) -> Message:
    if incident.still_open:
        return _("offline, not over yet")
    if incident.ended_in_gap:
        return _("offline until the data stopped")
    if incident.open_at_start:
        return _("offline, began before this range")
    return _("offline")


def _chart(analysis: OnlineAnalysis) -> Chart:
    """The share of each quarter hour that was online; what nobody reported is a gap."""
    window = analysis.window
    first = to_epoch(window.start) // _CHART_STEP * _CHART_STEP
    points: list[tuple[int, float | None]] = []
    stretches = list(analysis.stretches)
    for start in range(first, to_epoch(window.end), _CHART_STEP):
        middle = start + _CHART_STEP // 2
        while len(stretches) > 1 and stretches[0].end.timestamp() <= middle:
            stretches.pop(0)
        points.append((start, _PERCENT.get(stretches[0].word) if stretches else None))
    series = (ChartSeries(_("online"), tuple(points)),)
    return Chart(
        "online", _("Online"), Unit.PERCENT, window.start, window.end, _CHART_STEP, series, place=Place.WIDE
    )
