"""The speed tests of a location: the line they draw, and all of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from core.area import Request
from core.areas.network.model import SLOT, SpeedTest
from core.areas.network.pages.common import NOT_REPORTED, location_actions, measured, named
from core.areas.network.pages.fleet import choose_page
from core.areas.network.store import reading
from core.areas.network.store.polling import part_state
from core.areas.network.store.views import chosen_location
from core.message import _
from core.moment import from_epoch, to_epoch
from core.page import (
    Action,
    Chart,
    ChartSeries,
    Column,
    Fact,
    Facts,
    Kind,
    Page,
    Place,
    Row,
    SourceState,
    Table,
)
from core.staleness import data_state, empty, past_notes
from core.tabulate import tabulate
from core.units import Absent, Instant, Severity, State, Unit, Value

__all__ = ["last_test_facts", "speed_tests_page"]

_TITLE = _("Speed tests")
_NOT_MEASURED = Absent(_("not measured"))
_DAY = 86_400


async def speed_tests_page(request: Request) -> Page:
    """The measured speed over time, and every test."""
    async with request.services.store.reading() as connection:
        location = await chosen_location(connection, request)
        if location is None:
            return await choose_page(request, connection, "speedtest", _TITLE)
        source = await part_state(connection, request, location.id, "speed_tests")
        tests = await reading.known_speed_tests(connection, location.id, request.moment)
    start = Action("speedtest start", _("Start a speed test"), (("location", location.id),))
    others = (each for each in location_actions(location, "speedtest") if each.command != start.command)
    return Page(
        key=f"network.speedtest:{location.id}",
        title=_TITLE,
        crumb=named(location),
        verdict=data_state(source, bool(tests)),
        blocks=(*past_notes(request, source), *_chart(tests), _table(tests, source, request)),
        actions=(start, *others),
        as_of=source.last_good,
        source_state=source,
    )


def last_test_facts(test: SpeedTest | None) -> Facts:
    """The newest speed test, or that there is none (plume.md 10.2)."""
    title = _("Last speed test")
    if test is None:
        return Facts("speedtest", title, (Fact(_("Result"), Absent(_("no speed test is known"))),))
    when = Fact(_("When"), _ended(test))
    if not test.succeeded:
        return Facts("speedtest", title, (Fact(_("Result"), _result(test)), when))
    return Facts(
        "speedtest",
        title,
        (
            Fact(_("Download"), measured(test.download, Unit.MEGABIT_PER_SECOND)),
            Fact(_("Upload"), measured(test.upload, Unit.MEGABIT_PER_SECOND)),
            Fact(_("Latency"), measured(test.latency, Unit.MILLISECOND)),
            when,
        ),
    )


def _ended(test: SpeedTest) -> Value:
    return NOT_REPORTED if test.ended_at is None else Instant(test.ended_at)


def _result(test: SpeedTest) -> State:
    if test.succeeded:
        return State(Severity.GOOD, _("succeeded"))
    return State(Severity.NOTICE, test.status or _("failed"))


def _chart(tests: Sequence[SpeedTest]) -> tuple[Chart, ...]:
    """Both rates over time; a test that failed is a gap. Nothing while fewer than two succeeded."""
    dated = [(to_epoch(test.ended_at), test) for test in reversed(tests) if test.ended_at is not None]
    if sum(test.succeeded for _ended_at, test in dated) < 2:
        return ()
    series = (
        ChartSeries(
            _("download"), tuple((t, test.download if test.succeeded else None) for t, test in dated)
        ),
        ChartSeries(_("upload"), tuple((t, test.upload if test.succeeded else None) for t, test in dated)),
    )
    step = max((later[0] - earlier[0] for earlier, later in pairwise(dated)), default=_DAY)
    start, end = from_epoch(dated[0][0]), from_epoch(dated[-1][0]) + SLOT
    return (Chart("speeds", _("Measured speed"), Unit.MEGABIT_PER_SECOND, start, end, step, series),)


def _table(tests: Sequence[SpeedTest], source: SourceState, request: Request) -> Table:
    columns = (
        Column("when", _("When"), Kind.MOMENT, 1),
        Column("state", _("Result"), Kind.STATE, 2),
        Column("download", _("Download"), Kind.NUMBER, 1),
        Column("upload", _("Upload"), Kind.NUMBER, 1),
        Column("latency", _("Latency"), Kind.NUMBER, 2),
    )
    rows = [
        Row(
            str(test.ended_at and to_epoch(test.ended_at)),
            (
                _ended(test),
                _result(test),
                measured(test.download, Unit.MEGABIT_PER_SECOND, _NOT_MEASURED),
                measured(test.upload, Unit.MEGABIT_PER_SECOND, _NOT_MEASURED),
                measured(test.latency, Unit.MILLISECOND, _NOT_MEASURED),
            ),
        )
        for test in tests
    ]
    none = empty(source, _("No speed test is known yet; start one with “speedtest start”."))
    return tabulate("tests", _TITLE, columns, rows, request.query, empty=none, place=Place.WIDE)
