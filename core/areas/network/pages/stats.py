"""How the connection of a location held: uptime, outages and their times."""

from __future__ import annotations

from datetime import timedelta

from core.area import Request
from core.areas.network import reading
from core.areas.network.model import OnlineWord
from core.areas.network.online import BAR_CELLS, Incident, OnlineAnalysis, analyse
from core.areas.network.pages.common import choose_page, named, site_actions
from core.areas.network.pages.wan import SPANS
from core.message import _
from core.moment import Window, to_epoch
from core.page import (
    Chart,
    ChartSeries,
    Fact,
    Facts,
    Page,
    Place,
    Timeline,
    TimelineEntry,
)
from core.units import Absent, Severity, Share, State, Unit, Value
from core.units import Span as Length

__all__ = ["STATS_SPANS", "stats_page"]

_TITLE = _("Connection")
STATS_SPANS = tuple(span for span in SPANS if span.value in ("3h", "24h", "7d"))
"""The ranges of the connection history (plume.md 9.1)."""

_PERCENT = {OnlineWord.ONLINE: 100.0, OnlineWord.INTERMITTENT: 50.0, OnlineWord.OFFLINE: 0.0}
_CHART_STEP = 900


async def stats_page(request: Request) -> Page:
    """Uptime, its label and trend, and every outage of the range."""
    moment = request.moment
    span = next(each for each in STATS_SPANS if each.value == request.text("span"))
    window = Window.last(span.length, moment)
    async with request.services.store.reading() as connection:
        location = await reading.chosen_location(connection, request)
        if location is None:
            return choose_page("stats", _TITLE, await reading.fleet(connection, request), request.query)
        source = await reading.part_state(connection, request, location.id, "online")
        # One row more on the left, so that the word that held when the range began is known.
        wider = Window(window.start - timedelta(hours=1), window.end)
        rows = await reading.online_history(connection, location.id, wider, moment)
    analysis = analyse(rows, window)
    return Page(
        key=f"network.stats:{location.id}:{span.value}",
        title=_TITLE,
        crumb=_("{location}, last {span}", location=named(location), span=span.label),
        verdict=analysis.rating.state,
        blocks=(_facts(analysis), _incidents(analysis), _chart(analysis)),
        actions=site_actions(location, "stats"),
        as_of=source.last_good,
        source_state=source,
    )


def _facts(analysis: OnlineAnalysis) -> Facts:
    nothing = Absent(_("no data in this range"))
    uptime: Value = nothing if analysis.uptime is None else Share(analysis.uptime, 2)
    filled = analysis.bar_cells
    rows = analysis.rows
    return Facts(
        "uptime",
        _("Uptime"),
        (
            Fact(_("Uptime"), uptime),
            Fact(_("Bar"), nothing if analysis.uptime is None else "█" * filled + "░" * (BAR_CELLS - filled)),
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


def _incidents(analysis: OnlineAnalysis) -> Timeline:
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
    return Timeline("incidents", _("Outages"), entries, _("No outage in this range."))


def _words(incident: Incident):
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
