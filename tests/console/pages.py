"""Hand-made pages with every kind of block, for the fake backend."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from core.message import Message, _
from core.moment import to_epoch
from core.page import (
    Action,
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
    Row,
    SourceState,
    Table,
    Threshold,
    Timeline,
    TimelineEntry,
    Utterance,
)
from core.query import TableQuery, select
from core.units import Absent, Instant, Quantity, Severity, Share, Span, State, Unit, Value

NOW = datetime(2026, 1, 14, 14, 42, 7, tzinfo=UTC)

GOOD = State(Severity.GOOD, _("good"))
ONLINE = State(Severity.GOOD, _("online"))
OFFLINE = State(Severity.CRITICAL, _("offline"))
DEGRADED = State(Severity.WARNING, _("degraded"))

_DEVICES = (
    "Till",
    "Tablet",
    "Laptop",
    "Printer",
    "Camera",
    "Phone",
    "Scanner",
    "Display",
    "Sensor",
    "Speaker",
)
_ROOMS = ("Reception", "Workshop", "Yard", "Office", "Stores", "Canteen")


def series(
    start: datetime, end: datetime, step: int, base: float, swing: float, phase: float = 0.0
) -> tuple[tuple[int, float | None], ...]:
    """A smooth day and night curve with a hole of an hour."""
    first, last = to_epoch(start), to_epoch(end)
    points: list[tuple[int, float | None]] = []
    for moment in range(first, last, step):
        angle = moment / 86_400 * 2 * math.pi + phase
        value = (
            base
            + swing * math.sin(angle)
            + swing * 0.18 * math.sin(angle * 11)
            + swing * 0.1 * math.sin(angle * 37)
        )
        hole = first + (last - first) * 0.55 < moment < first + (last - first) * 0.6
        points.append((moment, None if hole else max(value, 0.0)))
    return tuple(points)


def wan_chart(now: datetime, hours: int = 24, place: Place = Place.WIDE) -> Chart:
    start = now - timedelta(hours=hours)
    step = max(300, hours * 3600 // 288)
    return Chart(
        "wan",
        _("WAN, last {hours} h", hours=hours),
        Unit.MEGABIT_PER_SECOND,
        start,
        now,
        step,
        (
            ChartSeries(_("down"), series(start, now, step, 120, 90)),
            ChartSeries(_("up"), series(start, now, step, 22, 14, 1.0)),
        ),
        (Threshold(230.0, _("95 % of the line"), Severity.WARNING),),
        place=place,
    )


def devices(now: datetime) -> tuple[Row, ...]:
    rows: list[Row] = []
    for number in range(431):
        name = f"{_DEVICES[number % 10]} {_ROOMS[number % 6]} {number // 10 + 1:02}"
        quality = (GOOD, State(Severity.NOTICE, _("fair")), State(Severity.WARNING, _("poor")))[
            0 if number % 7 else number % 3
        ]
        seen: Value = Instant(now - timedelta(seconds=number * 41 + 3), relative=True)
        signal = (
            Quantity(-40.0 - number % 45, Unit.DECIBEL_MILLIWATT, 0) if number % 9 else Absent(_("wired"))
        )
        rows.append(
            Row(
                f"device-{number:03}",
                (
                    quality,
                    name,
                    _ROOMS[number % 6],
                    signal,
                    Quantity(number * 13.7 % 400, Unit.MEGABYTE, 1),
                    seen,
                ),
                Action("device", _("Open {name}", name=name), (("device", f"device-{number:03}"),)),
            )
        )
    return tuple(rows)


def device_table(now: datetime, query: TableQuery) -> Table:
    columns = (
        Column("quality", _("Quality"), Kind.STATE, 1),
        Column("name", _("Device"), Kind.TEXT, 1),
        Column("pod", _("Pod"), Kind.TEXT, 2),
        Column("signal", _("Signal"), Kind.NUMBER, 2),
        Column("usage", _("24 h"), Kind.NUMBER, 2),
        Column("seen", _("Seen"), Kind.MOMENT, 3),
    )
    keys = [column.key for column in columns]

    def sort_key(row: Row) -> tuple[bool, object]:
        value = row.cells[keys.index(query.sort)]
        if isinstance(value, Absent):
            return True, 0
        if isinstance(value, Quantity):
            return False, value.value
        if isinstance(value, Instant):
            return False, value.moment
        return False, int(value.severity) if isinstance(value, State) else str(value)

    rows, total, everything = select(
        devices(now), query, lambda row: f"{row.cells[1]} {row.cells[2]}", sort_key if query.sort else None
    )
    return Table("devices", _("Devices"), columns, tuple(rows), total, everything, query=query)


def overview(now: datetime) -> Page:
    lights = (
        Light(
            "network",
            _("Network"),
            DEGRADED,
            _("Pod Yard is offline since 16:58"),
            Action("network", _("Network")),
        ),
        Light("wan", _("WAN"), GOOD, _("231 Mbps down, 25 up, 11 ms")),
        Light("usage", _("Usage"), GOOD, _("38.2 GB today, as on other Wednesdays")),
        Light(
            "production",
            _("Production"),
            State(Severity.CRITICAL, _("late")),
            _("Order 4711 is 2 h 10 min behind"),
        ),
        Light(
            "incidents",
            _("Incidents"),
            State(Severity.CRITICAL, _("1 open")),
            _("INC-0042 mains failure, Workshop"),
        ),
        Light("tickets", _("Tickets"), State(Severity.WARNING, _("4 open")), _("1 past its answer time")),
        Light(
            "plant",
            _("Plant"),
            State(Severity.UNKNOWN, _("unknown")),
            _("the gateway has not answered since 16:20"),
        ),
        Light("operations", _("Operations"), GOOD, _("backup 02:00 good, disk 41 %")),
    )
    timeline = Timeline(
        "latest",
        _("Latest"),
        tuple(
            TimelineEntry(
                f"e{i}",
                now - timedelta(minutes=m),
                State(s, w),
                t,
                lasted,
                is_open,
                Action("incident", _("Open"), (("number", str(i)),)),
            )
            for i, (m, s, w, t, lasted, is_open) in enumerate(
                (
                    (44, Severity.CRITICAL, _("offline"), _("Pod Yard stopped answering"), None, True),
                    (
                        51,
                        Severity.WARNING,
                        _("slow"),
                        _("Speed test 38 Mbps, expected 200"),
                        timedelta(minutes=6),
                        False,
                    ),
                    (130, Severity.CRITICAL, _("late"), _("Order 4711 passed its due time"), None, True),
                    (
                        190,
                        Severity.GOOD,
                        _("solved"),
                        _("Ticket 1180 answered by Asha"),
                        timedelta(hours=2),
                        False,
                    ),
                    (265, Severity.NOTICE, _("changed"), _("Guest network password rotated"), None, False),
                    (
                        400,
                        Severity.GOOD,
                        _("done"),
                        _("Nightly backup, 1.2 GB"),
                        timedelta(seconds=74),
                        False,
                    ),
                )
            )
        ),
    )
    today = Facts(
        "today",
        _("Today"),
        (
            Fact(_("Orders done"), 31, _("of 40 planned")),
            Fact(_("On time"), Share(0.925)),
            Fact(_("Open tickets"), 4),
            Fact(_("Downtime"), Span(timedelta(minutes=44))),
            Fact(_("On call"), "Asha Mwangi"),
            Fact(_("Shift"), Absent(_("no roster for today"))),
        ),
    )
    meter = Meter(
        "quota",
        _("Data volume, January"),
        Quantity(842.6, Unit.MEGABYTE, 1),
        Quantity(1000.0, Unit.MEGABYTE, 0),
        (
            Threshold(700, _("70 % used: watch"), Severity.NOTICE),
            Threshold(900, _("90 % used"), Severity.WARNING),
        ),
        _("at this pace full on the 17th"),
    )
    checklist = Checklist(
        "round",
        _("Morning round"),
        (
            ChecklistItem("1", _("Check the UPS display"), True, "Asha", now - timedelta(hours=8)),
            ChecklistItem(
                "2", _("Walk the yard antennas"), True, "Ben", now - timedelta(hours=7, minutes=20)
            ),
            ChecklistItem("3", _("Empty the label printer"), False),
        ),
        Place.SIDE,
    )
    return Page(
        "overview",
        _("Overview"),
        State(Severity.CRITICAL, _("needs you")),
        (Lights("areas", _("Areas"), lights), today, timeline, meter, checklist, wan_chart(now)),
        (Action("refresh", _("Ask all sources now")), Action("incident open", _("Open an incident"))),
        now - timedelta(seconds=12),
        crumb="Harbour Office",
    )


def network(now: datetime, query: TableQuery, span: str) -> Page:
    hours = {"3h": 3, "24h": 24, "7d": 168, "30d": 720}[span]
    pods = (
        ("Reception", ONLINE, "excellent", "Ethernet", 14),
        ("Workshop", State(Severity.WARNING, _("degraded")), "fair", "Mesh", 22),
        ("Yard", OFFLINE, None, None, None),
        ("Office", ONLINE, "good", "Ethernet", 31),
    )
    rows = tuple(
        Row(
            name,
            (
                state,
                name,
                health or Absent(_("the pod is offline")),
                link or Absent(_("the pod is offline")),
                count if count is not None else Absent(_("the pod is offline")),
            ),
            Action("pod", _("Open {name}", name=name), (("pod", name),)),
        )
        for name, state, health, link, count in pods
    )
    pod_table = Table(
        "pods",
        _("Pods"),
        (
            Column("state", _("State"), Kind.STATE, 1),
            Column("name", _("Pod"), Kind.TEXT, 1),
            Column("health", _("Health"), Kind.TEXT, 2),
            Column("link", _("Link"), Kind.TEXT, 3),
            Column("devices", _("Devices"), Kind.NUMBER, 2),
        ),
        rows,
        len(rows),
        len(rows),
    )
    speed = Facts(
        "speed",
        _("Last speed test"),
        (
            Fact(_("Down"), Quantity(231.4, Unit.MEGABIT_PER_SECOND)),
            Fact(_("Up"), Quantity(24.8, Unit.MEGABIT_PER_SECOND)),
            Fact(_("Latency"), Quantity(11, Unit.MILLISECOND, 0)),
            Fact(_("Taken"), Instant(now - timedelta(minutes=37), relative=True)),
        ),
    )
    return Page(
        "network",
        _("Network"),
        DEGRADED,
        (
            Note(
                "note",
                _("Pod Yard went offline at 16:58; its 9 devices moved to Workshop."),
                Severity.WARNING,
            ),
            pod_table,
            speed,
            wan_chart(now, hours, Place.SIDE),
            device_table(now, query),
        ),
        (
            Action("pod reboot", _("Reboot a pod")),
            Action("network optimise", _("Optimise the mesh"), (), _("an optimisation is already running")),
        ),
        now - timedelta(seconds=12),
        crumb="Harbour Office",
    )


def wan(now: datetime, span: str) -> Page:
    hours = {"3h": 3, "24h": 24, "7d": 168, "30d": 720}[span]
    facts = Facts(
        "line",
        _("Line"),
        (
            Fact(_("Provider"), "Harbour Fibre"),
            Fact(_("Address"), "198.51.100.24"),
            Fact(_("Up since"), Instant(now - timedelta(days=12, hours=3))),
            Fact(_("Availability"), Share(0.99871, 3), _("30 days")),
        ),
        Place.MAIN,
    )
    outages = Timeline(
        "outages",
        _("Outages"),
        (
            TimelineEntry(
                "o1", now - timedelta(days=3, hours=2), OFFLINE, _("No link"), timedelta(minutes=8)
            ),
            TimelineEntry(
                "o2",
                now - timedelta(days=9),
                State(Severity.WARNING, _("slow")),
                _("Loss above 5 %"),
                timedelta(hours=1, minutes=12),
            ),
        ),
        place=Place.SIDE,
    )
    return Page(
        "wan",
        _("WAN"),
        GOOD,
        (wan_chart(now, hours), facts, outages),
        (),
        now - timedelta(minutes=9),
        SourceState(
            Freshness.STALE,
            now - timedelta(minutes=9),
            _("Plume does not answer."),
            now + timedelta(seconds=20),
        ),
        crumb="Harbour Office",
    )


def production(now: datetime) -> Page:
    start = now.replace(hour=4, minute=0, second=0)
    states = (
        GOOD,
        State(Severity.CRITICAL, _("late")),
        State(Severity.NOTICE, _("running")),
        State(Severity.IDLE, _("planned")),
    )
    bars = tuple(
        GanttBar(
            f"{4708 + i}",
            f"Order {4708 + i}",
            start + timedelta(hours=i),
            start + timedelta(hours=i + 3 + i % 3),
            states[i % 4],
        )
        for i in range(8)
    )
    talk = Conversation(
        "talk",
        _("Ticket 1180"),
        (
            Utterance(
                now - timedelta(hours=3),
                "Customer",
                "The label printer in the stores prints only half of each label, whatever the roll.",
            ),
            Utterance(
                now - timedelta(hours=2, minutes=40),
                "Asha",
                "Looks like the head, same as in March.",
                internal=True,
            ),
            Utterance(
                now - timedelta(hours=2), "Asha", "Thank you. I'm coming at three with a new print head."
            ),
        ),
    )
    return Page(
        "production",
        _("Production"),
        State(Severity.CRITICAL, _("late")),
        (
            Gantt("plan", _("Plan of the day"), start, start + timedelta(hours=14), bars),
            talk,
            Code(
                "pair",
                _("Pair a phone"),
                "K7Q2M9",
                "https://t.example/opsdeck?start=K7Q2M9",
                now + timedelta(minutes=10),
            ),
            Document(
                "sop",
                _("When an order is late"),
                (
                    _("Find the step that waits. The bar that ends at the dotted line is the one."),
                    _("Tell the supervisor before moving anything."),
                ),
                Place.WIDE,
            ),
        ),
        as_of=now - timedelta(seconds=70),
    )


def device(now: datetime, key: str) -> Page:
    facts: tuple[Block, ...] = (
        Facts(
            "facts",
            _("Device"),
            (Fact(_("Key"), key), Fact(_("First seen"), Instant(now - timedelta(days=40)))),
        ),
    )
    return Page("device", _("Device"), GOOD, facts, crumb=key, as_of=now)


def done(words: Message) -> Page:
    return Page("done", _("Done"), GOOD, (Note("done", words, Severity.GOOD),))
