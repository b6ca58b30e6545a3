"""How well we respond: times to acknowledge and to resolve, and promises kept, by severity."""

from __future__ import annotations

from datetime import timedelta

from core.area import Request
from core.areas.incidents.rules.figures import Attainment, Figures, SeverityFigures, Times, figures_of
from core.areas.incidents.rules.targets import severity_state
from core.areas.incidents.store import reading
from core.message import Message, _, plural
from core.moment import Window
from core.page import Action, Column, Fact, Facts, Kind, Note, Page, Place, Row, Table
from core.tabulate import tabulate
from core.units import Absent, Severity, Share, Span, State, Value

__all__ = ["figures_page", "figures_table"]

_NONE = Absent(_("none in this time"))


async def figures_page(request: Request) -> Page:
    """The figures of the last 30 or 90 days."""
    days = int(request.text("days") or 30)
    moment = request.moment
    async with request.services.store.reading() as connection:
        incidents = await reading.all_incidents(connection, moment)
    window = Window(moment - timedelta(days=days), moment + timedelta(microseconds=1))
    before = Window(window.start - timedelta(days=days), window.start)
    figures, earlier = figures_of(incidents, window), figures_of(incidents, before)
    other = 90 if days == 30 else 30
    return Page(
        key="incidents.figures",
        title=_("Incident figures"),
        crumb=plural("last {count} day", "last {count} days", days),
        verdict=_verdict(figures),
        blocks=(
            figures_table(figures),
            _summary(figures, earlier),
            Note(
                "meaning",
                _(
                    "From creation to the first acknowledgement by a person, and to the resolution."
                    " Cancelled and merged incidents don’t count."
                ),
                Severity.IDLE,
            ),
        ),
        actions=(
            Action("incidents figures", _("The other length of time"), (("days", str(other)),)),
            Action("incidents", _("Incidents")),
        ),
        as_of=moment,
    )


def figures_table(figures: Figures) -> Table:
    """Two rows for each severity and for all: how long it took to acknowledge, and to resolve."""
    columns = (
        Column("severity", _("Severity"), Kind.STATE, 1),
        Column("what", _("Time to"), Kind.TEXT, 1),
        Column("count", _("n"), Kind.NUMBER, 1),
        Column("mean", _("Mean"), Kind.NUMBER, 1),
        Column("median", _("Median"), Kind.NUMBER, 2),
        Column("p90", _("90th percentile"), Kind.NUMBER, 2),
        Column("kept", _("In time"), Kind.NUMBER, 1),
    )
    rows = [row for each in (*figures.rows, figures.total) for row in _rows(each)]
    return tabulate("figures", _("Response and resolution"), columns, rows, place=Place.WIDE)


def _rows(each: SeverityFigures) -> tuple[Row, Row]:
    key = each.severity.value if each.severity else "all"
    name = severity_state(each.severity) if each.severity else State(Severity.IDLE, _("all"))
    return (
        Row(f"{key}:mtta", (name, _("acknowledge"), *_times(each.acknowledge), _kept(each.response))),
        Row(f"{key}:mttr", (name, _("resolve"), *_times(each.resolve), _kept(each.resolution))),
    )


def _times(times: Times) -> tuple[Value, Value, Value, Value]:
    return times.count, _span(times.mean), _span(times.median), _span(times.p90)


def _span(length: timedelta | None) -> Value:
    return _NONE if length is None else Span(timedelta(seconds=round(length.total_seconds())))


def _kept(attainment: Attainment) -> Value:
    return _NONE if attainment.share is None else Share(attainment.share)


def _summary(figures: Figures, earlier: Figures) -> Facts:
    """The quality of classification, and the same figures of the time before."""
    share: Value = Absent(_("none in this time"))
    if figures.classified:
        share = Share(figures.overridden / figures.classified)
    return Facts(
        "summary",
        _("Against the time before"),
        (
            Fact(_("Incidents"), figures.total.count, _("before: {count}", count=earlier.total.count)),
            Fact(
                _("Mean time to acknowledge"),
                _span(figures.total.acknowledge.mean),
                _before(earlier.total.acknowledge),
            ),
            Fact(
                _("Mean time to resolve"), _span(figures.total.resolve.mean), _before(earlier.total.resolve)
            ),
            Fact(_("Severities changed by a person"), share),
        ),
        Place.WIDE,
    )


def _before(times: Times) -> Message:
    if times.mean is None:
        return _("before: none")
    return _("before: {length}", length=_span(times.mean))


def _verdict(figures: Figures) -> State:
    total = figures.total
    late = (total.response.stopped - total.response.met) + (total.resolution.stopped - total.resolution.met)
    if not total.count:
        return State(Severity.IDLE, _("NO INCIDENTS"))
    return State(Severity.WARNING, _("SOME LATE")) if late else State(Severity.GOOD, _("IN TIME"))
