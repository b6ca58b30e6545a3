"""One page with every kind of block, and the hostile strings of reliability.md 5."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.message import ENGLISH, Message, _
from core.page import (
    Block,
    Chart,
    ChartSeries,
    Checklist,
    ChecklistItem,
    Code,
    Column,
    Conversation,
    Document,
    Fact,
    Facts,
    Gantt,
    GanttBar,
    Kind,
    Light,
    Lights,
    Meter,
    Note,
    Page,
    Row,
    Table,
    Threshold,
    Timeline,
    TimelineEntry,
    Utterance,
)
from core.query import TableQuery
from core.render.values import Formatter
from core.units import Absent, Instant, Money, Quantity, Severity, Share, Span, State, Unit

NOW = datetime(2026, 1, 14, 17, 42, 12, tzinfo=UTC)
START = datetime(2026, 1, 14, 12, 0, tzinfo=UTC)
STEP = 900

CORPUS = (
    "\x1b]0;X\x07",
    "\x1b]52;c;QQ==\x1b\\",
    "\x1b[2J",
    "\x9b31m",
    "\x9d0;X\x9c",
    "\x1bPq\x1b\\",
    "\x1b]8;;https://x.invalid\x1b\\y",
    "lone\x1b",
    "over\rwrite",
    "back\x08\x08",
    "\u202eabc",
    "\u2066abc",
    "a\u2028b",
    "a\x00b",
    "\ud800",
    "[/x]",
    "[/",
    "[b + c",
    "[@click=app.quit]go[/]",
    "[link=https://x.invalid]y",
    "[eth0]",
    "trailing\\",
    '[1a="([',
    "<b>",
    "</b>",
    "&amp;",
    '<a href="tg://user?id=1">',
    "`` ` ```",
    "&" * 5_000,
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\t=1",
    "\r=1",
    '"a","=b"',
    'x\n{"level":"INFO"}',
    "../../x",
    "C:\\x",
    "a/../../b",
    ".",
    "a" * 300,
    "{name}",
    "{0.__class__}",
    "| a | b |",
    "# head",
    "1. one",
    "12) twelve",
    "---",
    "***",
    "> quote",
    "- [ ] item",
    "![i](https://x.invalid/i.png)",
    "https://x.invalid www.x.invalid",
    "~~gone~~ _one_ **two**",
    "\\| \\\\| \\",
    "漢字かな交じり文 👩‍👩‍👧‍👦 ❤️",
)


def repr_of(text: object) -> str:
    """A short name for a test of that text."""
    return ascii(text)[:30]


def formatter(zone: str = "UTC", now: datetime = NOW) -> Formatter:
    return Formatter(ENGLISH, ZoneInfo(zone), now)


def points(
    values: list[float | None], first: datetime = START, step: int = STEP
) -> tuple[tuple[int, float | None], ...]:
    start = int(first.timestamp())
    return tuple((start + index * step, value) for index, value in enumerate(values))


def chart(**changes: object) -> Chart:
    """Six hours and two series of 24 buckets: a gap of nulls, and one of buckets that never came."""
    rising: list[float | None] = [10.0 + index for index in range(24)]
    rising[4:7] = [None, None, None]
    flat = points([2.5] * 24)
    made = Chart(
        "wan",
        _("WAN, last 6 h"),
        Unit.MEGABIT_PER_SECOND,
        START,
        START + timedelta(hours=6),
        STEP,
        (ChartSeries(_("Downstream"), points(rising)), ChartSeries("Upstream", flat[:10] + flat[12:])),
        thresholds=(Threshold(30.0, _("busy")),),
    )
    return replace(made, **changes)


def pods(name: str = "Reception") -> Table:
    columns = (
        Column("name", _("Name"), Kind.TEXT, 1),
        Column("state", _("State"), Kind.STATE, 1),
        Column("signal", _("Signal"), Kind.NUMBER, 2),
        Column("traffic", _("Traffic"), Kind.NUMBER, 2),
        Column("seen", _("Last seen"), Kind.MOMENT, 3),
    )
    online, offline = State(Severity.GOOD, _("online")), State(Severity.CRITICAL, _("offline"))
    rows = (
        Row(
            "SIMPOD0001",
            (
                name,
                online,
                Quantity(-61.0, Unit.DECIBEL_MILLIWATT, 0),
                Quantity(6847.25, Unit.MEGABYTE, 0),
                Instant(NOW - timedelta(seconds=12), relative=True),
            ),
        ),
        Row(
            "SIMPOD0002",
            ("Yard", offline, Absent(_("not reported")), Quantity(0.0, Unit.MEGABYTE, 0), Instant(START)),
        ),
    )
    return Table("pods", _("Pods"), columns, rows, 12_431, 20_000, query=TableQuery(text="pod"))


def page(name: str = "Reception", blocks: tuple[Block, ...] = (), **changes: object) -> Page:
    """The sample page; `name` stands wherever foreign text may."""
    made = Page(
        "network.status",
        _("Network"),
        State(Severity.WARNING, _("degraded")),
        blocks or every_block(name),
        as_of=NOW - timedelta(seconds=12),
        crumb=name,
    )
    return replace(made, **changes)


def every_block(name: str) -> tuple[Block, ...]:
    good, idle = State(Severity.GOOD, name), State(Severity.IDLE, _("planned"))
    hour = timedelta(hours=1)
    return (
        Note("note", _("{name} may be late.", name=name), Severity.NOTICE),
        Facts(
            "figures",
            _("Figures"),
            (
                Fact(_("Mean of peaks"), Quantity(12.978723, Unit.MEGABIT_PER_SECOND)),
                Fact(_("Received"), Quantity(6847.0, Unit.MEGABYTE, 0), _("since midnight")),
                Fact(_("Quality"), Share(94 / 96)),
                Fact(_("Outage"), Span(timedelta(minutes=65))),
                Fact(_("Bill"), Money(Decimal("1234.5"), "EUR")),
                Fact(_("Peak"), Instant(START - timedelta(days=1))),
                Fact(_("Upload"), Absent(_("the speed test failed"))),
                Fact(_("Devices"), 1234),
                Fact(name, name),
            ),
        ),
        pods(name),
        chart(),
        Meter(
            "cap",
            _("Monthly volume"),
            Quantity(850.0, Unit.MEGABYTE, 0),
            Quantity(1000.0, Unit.MEGABYTE, 0),
            (Threshold(800.0, _("nearly used up")),),
        ),
        Lights("lights", _("Areas"), (Light("a", name, good, name), Light("b", _("Usage"), idle))),
        Timeline(
            "events",
            _("Events"),
            (
                TimelineEntry("1", START, good, name, timedelta(minutes=65)),
                TimelineEntry("2", START - timedelta(days=2), idle, _("went away"), open=True),
            ),
        ),
        Checklist(
            "steps",
            _("Steps"),
            (ChecklistItem("1", name, True, name, START), ChecklistItem("2", _("Call"), False)),
        ),
        Gantt("plan", _("Plan"), START, START + hour, (GanttBar("1", name, START, START + hour, idle),)),
        Conversation(
            "talk", _("Conversation"), (Utterance(START, name, f"{name}\nsecond line", internal=True),)
        ),
        Code("pair", _("Pair"), "K7Q-29M", "https://example.invalid/pair", NOW + timedelta(minutes=10)),
        Document("sop", _("Procedure"), (_("Switch it off."), f"{name}\n\nsecond paragraph")),
    )


def foreign(text: str) -> Message:
    """A message that says nothing but a foreign text."""
    return _("{name}", name=text)
