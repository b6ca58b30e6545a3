"""Blocks: what they say of themselves, and how each lowers to what every renderer knows."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from core.event import Event, RecordedEvent
from core.message import Message, _
from core.page import (
    Action,
    Block,
    Chart,
    ChartSeries,
    Checklist,
    ChecklistItem,
    Code,
    Conversation,
    Document,
    Fact,
    Facts,
    Freshness,
    Gantt,
    GanttBar,
    Kind,
    Light,
    Lights,
    Meter,
    Note,
    Page,
    Place,
    SourceState,
    Table,
    Threshold,
    Timeline,
    TimelineEntry,
    Utterance,
)
from core.units import Absent, Instant, Quantity, Severity, Span, State, Unit
from tests.render.sample import every_block

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
EPOCH = int(NOON.timestamp())
GOOD = State(Severity.GOOD, _("online"))
OPEN = Action("pod", _("Open"), (("pod", "SIMPOD0001"),))
GAP = Absent(_("gap"))


def mbps(value: float) -> Quantity:
    return Quantity(value, Unit.MEGABIT_PER_SECOND, 2)


def chart(*series: ChartSeries) -> Chart:
    return Chart("wan", _("WAN"), Unit.MEGABIT_PER_SECOND, NOON, NOON + timedelta(hours=1), 900, series)


def meter(value: Quantity | Absent, limit: float = 1000.0) -> Meter:
    thresholds = (
        Threshold(900.0, _("nearly used up"), Severity.SERIOUS),
        Threshold(800.0, _("much"), Severity.WARNING),
    )
    return Meter("cap", _("Volume"), value, Quantity(limit, Unit.MEGABYTE), thresholds, _("since Monday"))


@pytest.mark.parametrize("block", every_block("Reception"), ids=lambda block: type(block).__name__)
def test_every_block_lowers_to_what_every_renderer_knows(block: Block) -> None:
    lowered = block.lower()
    assert isinstance(lowered, Facts | Table | Document)
    assert (lowered.key, lowered.title, lowered.place) == (block.key, block.title, block.place)
    assert lowered.lower() is lowered
    if isinstance(lowered, Table):
        assert all(len(row.cells) == len(lowered.columns) for row in lowered.rows)
        assert len({row.key for row in lowered.rows}) == len(lowered.rows)
        assert len({column.key for column in lowered.columns}) == len(lowered.columns)


def test_the_sample_has_every_block() -> None:
    assert {type(block) for block in every_block("x")} == set(get_args(Block))


@pytest.mark.parametrize("kind", [*get_args(Block), Page], ids=lambda kind: kind.__name__)
def test_pages_and_blocks_can_not_be_changed(kind: type) -> None:
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen


def test_a_chart_becomes_a_row_a_moment_with_its_gaps() -> None:
    down = ChartSeries(_("Down"), ((EPOCH, 1.0), (EPOCH + 900, None), (EPOCH + 1800, 0.0)))
    up = ChartSeries("Up", ((EPOCH + 900, 4.0), (EPOCH + 2700, 5.0)))
    lowered = chart(down, up).lower()
    assert [str(column.title) for column in lowered.columns] == ["Time", "Down", "Up"]
    assert [column.kind for column in lowered.columns] == [Kind.MOMENT, Kind.NUMBER, Kind.NUMBER]
    assert [row.cells for row in lowered.rows] == [
        (Instant(NOON), mbps(1.0), GAP),
        (Instant(NOON + timedelta(minutes=15)), GAP, mbps(4.0)),
        (Instant(NOON + timedelta(minutes=30)), mbps(0.0), GAP),
        (Instant(NOON + timedelta(minutes=45)), GAP, mbps(5.0)),
    ]
    assert (lowered.total, lowered.unfiltered) == (4, 4)


def test_a_series_name_from_outside_is_not_read_as_a_template() -> None:
    lowered = chart(ChartSeries("{x} {", ((EPOCH, 1.0),))).lower()
    assert str(lowered.columns[1].title) == "{x} {"


def test_a_chart_without_series_is_an_empty_table() -> None:
    lowered = chart().lower()
    assert (lowered.rows, str(lowered.empty)) == ((), "No data in this range.")


def test_the_moments_of_a_chart_are_the_same_in_any_zone() -> None:
    nairobi = NOON.astimezone(ZoneInfo("Africa/Nairobi"))
    series = (ChartSeries("x", ((EPOCH, 1.0),)),)
    lowered = dataclasses.replace(chart(*series), start=nairobi).lower()
    assert lowered.rows[0].cells[0] == Instant(NOON)


@pytest.mark.parametrize(
    ("used", "share", "severity"),
    [
        (0.0, 0.0, Severity.GOOD),
        (799.9, 0.7999, Severity.GOOD),
        (800.0, 0.8, Severity.WARNING),
        (950.0, 0.95, Severity.SERIOUS),
        (1200.0, 1.2, Severity.SERIOUS),
    ],
)
def test_a_meter_says_the_worst_threshold_reached(used: float, share: float, severity: Severity) -> None:
    made = meter(Quantity(used, Unit.MEGABYTE))
    assert made.share == pytest.approx(share)
    assert made.severity is severity


def test_a_meter_without_value_or_limit_has_no_share() -> None:
    unknown = meter(Absent(_("not reported")))
    assert (unknown.share, unknown.severity) == (None, Severity.UNKNOWN)
    without_limit = meter(Quantity(850.0, Unit.MEGABYTE), limit=0.0)
    assert (without_limit.share, without_limit.severity) == (None, Severity.WARNING)


def test_a_meter_becomes_its_value_and_its_limit() -> None:
    value = Quantity(850.0, Unit.MEGABYTE)
    assert meter(value).lower().facts == (
        Fact(_("Volume"), value, _("since Monday")),
        Fact(_("Limit"), Quantity(1000.0, Unit.MEGABYTE)),
    )


def test_lights_become_rows_that_still_open() -> None:
    lights = Lights(
        "l", _("Pods"), (Light("a", "Reception", GOOD, _("Ethernet"), OPEN), Light("b", "Yard", GOOD))
    )
    first, second = lights.lower().rows
    assert (first.key, first.cells, first.action) == ("a", (GOOD, "Reception", _("Ethernet")), OPEN)
    assert second.cells == (GOOD, "Yard", "")


def test_a_timeline_says_how_long_each_lasted() -> None:
    entries = (
        TimelineEntry("1", NOON, GOOD, "one", timedelta(minutes=5), action=OPEN),
        TimelineEntry("2", NOON, GOOD, "two", open=True),
        TimelineEntry("3", NOON, GOOD, "three"),
    )
    rows = Timeline("t", _("Events"), entries).lower().rows
    assert rows[0].cells == (Instant(NOON), GOOD, "one", Span(timedelta(minutes=5)))
    assert rows[0].action == OPEN
    assert [row.cells[3] for row in rows[1:]] == [Absent(_("still open")), Absent(_("a moment"))]


def test_a_recorded_event_becomes_a_timeline_entry() -> None:
    event = Event(
        "network.pod.offline", "network", "pod:SIMPOD0001", Severity.SERIOUS, _("Yard went offline"), NOON
    )
    entry = TimelineEntry.of(RecordedEvent(17, NOON + timedelta(minutes=1), event))
    assert (entry.key, entry.start, entry.text) == ("17", NOON, _("Yard went offline"))
    assert entry.state.severity is Severity.SERIOUS


def test_a_checklist_says_who_did_what_when() -> None:
    items = (
        ChecklistItem("1", "Unplug", True, "Amina", NOON),
        ChecklistItem("2", "Call", False, action=OPEN),
    )
    done, still_open = Checklist("c", _("Steps"), items).lower().rows
    assert done.cells == (State(Severity.GOOD, _("done")), "Unplug", "Amina", Instant(NOON))
    assert still_open.cells[0] == State(Severity.IDLE, _("open"))
    assert all(isinstance(cell, Absent) for cell in still_open.cells[2:])
    assert still_open.action == OPEN


def test_a_gantt_becomes_from_and_to() -> None:
    later = NOON + timedelta(hours=2)
    bar = GanttBar("1", "Mast", NOON, later, GOOD, OPEN)
    (row,) = Gantt("g", _("Plan"), NOON, later, (bar,)).lower().rows
    assert (row.cells, row.action) == (("Mast", GOOD, Instant(NOON), Instant(later)), OPEN)


def test_a_conversation_keeps_its_order() -> None:
    said = tuple(Utterance(NOON, author, text) for author, text in (("Amina", "Hello"), ("Ben", "Hi")))
    rows = Conversation("c", _("Talk"), said).lower().rows
    assert [row.cells[1:] for row in rows] == [("Amina", "Hello"), ("Ben", "Hi")]


def test_a_code_says_until_when_it_is_valid() -> None:
    lowered = Code("p", _("Pair"), "K7Q-29M", "https://example.invalid/p", NOON).lower()
    assert [fact.value for fact in lowered.facts] == ["K7Q-29M", Instant(NOON)]


def test_a_note_becomes_a_document_of_its_sentence() -> None:
    assert Note("n", _("Careful.")).lower() == Document("n", _("Note"), (_("Careful."),), Place.WIDE)


def test_a_page_is_live_unless_it_says_otherwise() -> None:
    page = Page("x", _("X"), GOOD, ())
    assert page.source_state == SourceState(Freshness.LIVE)
    assert (page.at, page.as_of, page.actions) == (None, None, ())
    assert isinstance(page.title, Message)
